// An invitation: who invites, where, and who can read what is stored. Reading it uses up nothing.

import { useEffect, useState } from "preact/hooks";
import type { InvitationView } from "../../core/contract.ts";
import { attempt, call, problemText, seen } from "../core.ts";
import { nameOf } from "../names.ts";
import { CopyButton } from "../parts/copy.tsx";
import { when } from "../times.ts";
import { side, t } from "../words.ts";
import { deviceName, isAndroid, isInApp, isIosBrowser } from "./browser.ts";
import { forgetLink, newcomer } from "./link.ts";
import { StartPage } from "./page.tsx";
import { shownKey } from "./recovery-key.tsx";

export function JoinPage({ link }: { link: string }) {
  const [problem, setProblem] = useState("");
  const [stays, setStays] = useState(false);
  const away = isInApp() || (isIosBrowser() && !stays);
  useEffect(() => {
    if (!away) call("open-invitation", { link }).catch((error) => setProblem(problemText(error)));
  }, [link, away]);

  if (isInApp()) return <InAppPage link={link} />;
  if (away) return <HomeScreenPage link={link} onStay={() => setStays(true)} />;
  if (problem) {
    return (
      <StartPage title={t("web-join-title-plain")}>
        <p class="note grave" role="alert">
          {problem}
        </p>
      </StartPage>
    );
  }
  return <OpenInvitation />;
}

/** The invitation that is open in this browser. */
export function OpenInvitation() {
  const view = seen("invitation", {});
  if (!view || view.state === "arriving") {
    return (
      <StartPage title={t("web-join-title-plain")}>
        <p role="status">{t("web-join-arriving")}</p>
      </StartPage>
    );
  }
  if (view.problem) {
    return (
      <StartPage title={t("web-join-title-plain")}>
        <p class="note waits" role="alert">
          {side(view.problem.said)}
        </p>
      </StartPage>
    );
  }
  return <Invited view={view} />;
}

function Invited({ view }: { view: InvitationView }) {
  const [busy, setBusy] = useState(false);
  const name = nameOf(view.person);
  const join = async () => {
    setBusy(true);
    const joined = await attempt(call("join", { device: deviceName() }));
    setBusy(false);
    if (!joined) return;
    shownKey.value = joined.recovery;
    newcomer.value = !view.is_device;
    forgetLink({ at: "documents" });
  };
  const inviter = nameOf(view.inviter);
  const title = view.title ? side(view.title) : "";
  return (
    <StartPage title={t("web-join-title", { title })} lead={view.is_device ? t("web-join-device", { person: name }) : t("web-join-lead", { inviter })}>
      <section class="sheet stack wide">
        <dl class="facts">
          <div>
            <dt>{t("web-join-you")}</dt>
            <dd>{name}</dd>
          </div>
          <div>
            <dt>{t("web-join-as")}</dt>
            <dd>
              {view.roles_said ? side(view.roles_said) : ""}
              {view.party_label && <span class="soft"> · {side(view.party_label)}</span>}
            </dd>
          </div>
          <div>
            <dt>{t("web-join-relay")}</dt>
            <dd>
              {view.operator ? t("web-join-operator", { operator: view.operator }) : t("web-join-operator-unknown")}
            </dd>
          </div>
        </dl>
        <div class="row">
          <button type="button" class="button main large" disabled={busy} onClick={join}>
            {busy ? t("web-join-busy") : t("web-join-go")}
          </button>
          <span class="soft fine">
            {t("web-join-uses-up")}
            {view.expires_ms !== null && ` ${t("web-join-until", { until: when(view.expires_ms) })}`}
          </span>
        </div>
      </section>
      <p class="soft fine measure">{t("web-join-key")}</p>
    </StartPage>
  );
}

function InAppPage({ link }: { link: string }) {
  return (
    <StartPage title={t("web-inapp-title")} lead={t("web-inapp-why")}>
      <ol class="steps sheet">
        <li>
          <p>{t("web-inapp-copy")}</p>
          <CopyButton main text={link} label={t("web-copy-link")} />
        </li>
        <li>{t(isAndroid() ? "web-inapp-open-android" : "web-inapp-open-ios")}</li>
      </ol>
      <p class="soft fine">{t("web-join-nothing-used")}</p>
    </StartPage>
  );
}

function HomeScreenPage({ link, onStay }: { link: string; onStay: () => void }) {
  return (
    <StartPage title={t("web-home-title")} lead={t("web-home-why")}>
      <ol class="steps sheet">
        <li>
          <p>{t("web-home-copy")}</p>
          <CopyButton main text={link} label={t("web-copy-link")} />
        </li>
        <li>{t("web-home-add")}</li>
        <li>{t("web-home-open")}</li>
      </ol>
      <button type="button" class="button" onClick={onStay}>
        {t("web-home-stay")}
      </button>
    </StartPage>
  );
}
