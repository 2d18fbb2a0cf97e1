// Which page stands on the screen: by how far this browser is with a partnership, then by the address.

import { useEffect, useState } from "preact/hooks";
import { attempt, call, look, problemText, seen, viewed } from "./core.ts";
import { go } from "./router.ts";
import { Toasts } from "./parts/toast.tsx";
import { Shell } from "./shell/shell.tsx";
import { AgreePage, KeyPage } from "./start/agree.tsx";
import { beginning } from "./start/beginning.ts";
import { FoundPage } from "./start/found.tsx";
import { JoinPage, OpenInvitation } from "./start/join.tsx";
import { forgetLink, link, newcomer } from "./start/link.ts";
import { StartPage } from "./start/page.tsx";
import { ReadyPage } from "./start/ready.tsx";
import { RecoverPage } from "./start/recover.tsx";
import { shownKey } from "./start/recovery-key.tsx";
import { WelcomePage } from "./start/welcome.tsx";
import { side, t } from "./words.ts";

export function App() {
  return (
    <>
      <Screen />
      <Toasts />
    </>
  );
}

function Screen() {
  const app = viewed("app", {});
  if (app.state === "not-here") return <Broken text={side(app.problem.said)} />;
  if (app.state === "pending") return <p class="waiting-page soft">{t("web-moment")}</p>;
  if (beginning.value) return <ReadyPage />;
  if (shownKey.value) return <KeyPage />;
  const leave = () => forgetLink({ at: "documents" });
  switch (app.view.stage) {
    case "broken":
      return <Broken text={app.view.problem ? side(app.view.problem.said) : ""} profile={app.view.profiles[0]?.id} />;
    case "founding":
    case "joining":
      return (
        <StartPage title={t("web-joining-title")}>
          <p role="status">{t(app.view.link.state === "offline" ? "web-joining-offline" : "web-joining")}</p>
        </StartPage>
      );
    case "member":
    case "ended":
      if (link.value) return <LinkPage link={link.value} onLeave={leave} />;
      if (newcomer.value) {
        return (
          <AgreePage
            onDone={() => {
              newcomer.value = false;
              openFirst();
            }}
            onDiffer={() => {
              newcomer.value = false;
              go({ at: "rules" });
            }}
          />
        );
      }
      return <Shell />;
    default:
      if (link.value) return <LinkPage link={link.value} onLeave={leave} />;
      if (app.view.stage === "invited") return <OpenInvitation />;
      return <WelcomePage onLink={(text) => (link.value = text)} />;
  }
}

/** A newcomer begins with the one document that there is. */
async function openFirst(): Promise<void> {
  const { documents } = await look("documents", {});
  const [only, ...others] = documents;
  go(only && others.length === 0 ? { at: "document", name: only.document } : { at: "documents" });
}

/** A link leads to founding, joining or recovering; what it holds is read by the core alone. */
function LinkPage({ link: text, onLeave }: { link: string; onLeave: () => void }) {
  const [is, setIs] = useState<string>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    setIs(undefined);
    call("read-link", { link: text })
      .then((read) => {
        // The partnership of this link is open here already.
        if (read.profile !== null && read.is !== "recovery" && seen("app", {})?.profile === read.profile) onLeave();
        else setIs(read.is);
      })
      .catch((error) => setProblem(problemText(error)));
  }, [text]);
  const again = (next: string) => (link.value = next);
  if (is === "founding") return <FoundPage link={text} />;
  if (is === "invitation") return <JoinPage link={text} />;
  if (is === "recovery") return <RecoverPage link={text} onLink={again} />;
  if (is === "none" || problem) return <WelcomePage problem={problem || t("web-link-none")} onLink={again} />;
  return <p class="waiting-page soft">{t("web-moment")}</p>;
}

function Broken({ text, profile }: { text: string; profile?: string }) {
  const again = async () => {
    if (profile) await attempt(call("retry", { profile }));
    location.reload();
  };
  return (
    <StartPage title={t("web-broken-title")}>
      <p class="note grave" role="alert">
        {text}
      </p>
      <button type="button" class="button" onClick={again}>
        {t("web-reload")}
      </button>
    </StartPage>
  );
}
