// Founded: the link for the other lead with a message ready to send, and the team's recovery key.

import { useState } from "preact/hooks";
import { problemText } from "../core.ts";
import { CopyButton, ShareButton } from "../parts/copy.tsx";
import { when } from "../times.ts";
import { type Lang, lang, t } from "../words.ts";
import { beginning } from "./beginning.ts";
import { forgetLink } from "./link.ts";
import { StartPage } from "./page.tsx";
import { RecoveryKeySheet } from "./recovery-key.tsx";

export function ReadyPage() {
  const now = beginning.value;
  if (!now) return null;
  const go = () => {
    forgetLink(now.state === "ready" ? { at: "document", name: now.document } : { at: "documents" });
    beginning.value = null;
  };
  if (now.state === "stuck") {
    return (
      <StartPage title={t("web-founded-title")}>
        <p class="note grave" role="alert">
          {problemText(now.error)}
        </p>
        <RecoveryKeySheet recovery={now.recovery} />
        <button type="button" class="button main" onClick={go}>
          {t("web-continue")}
        </button>
      </StartPage>
    );
  }
  return (
    <StartPage title={t("web-founded-title")} lead={t("web-founded-lead")}>
      {now.state === "working" ? (
        <p class="sheet" role="status">
          {t("web-found-busy")}
        </p>
      ) : (
        <Invitation name={now.lead} link={now.invited.link} message={now.invited.message} expires={now.invited.expires_ms} />
      )}
      <RecoveryKeySheet recovery={now.recovery} />
      <button type="button" class="button main large" disabled={now.state === "working"} onClick={go}>
        {t("web-founded-go")}
      </button>
    </StartPage>
  );
}

type InvitationProps = { name: string; link: string; message: { ru: string; en: string }; expires: number };

/** A link for somebody, with a message in either language or in both. */
export function Invitation({ name, link, message, expires }: InvitationProps) {
  const [tongue, setTongue] = useState<Lang | "both">("both");
  const text = tongue === "both" ? [message[lang.value], message[lang.value === "ru" ? "en" : "ru"]].join("\n\n") : message[tongue];
  return (
    <section class="sheet stack" aria-labelledby="invitation-title">
      <h2 id="invitation-title">{t("web-invitation-for", { person: name })}</h2>
      <p class="soft">{t("web-invitation-until", { until: when(expires), name })}</p>
      <div class="row segments" role="group" aria-label={t("web-invitation-tongue")}>
        {(["both", "ru", "en"] as const).map((one) => (
          <button type="button" key={one} class="button small" aria-pressed={tongue === one} onClick={() => setTongue(one)}>
            {t(`web-tongue-${one}`)}
          </button>
        ))}
      </div>
      <p class="message" tabIndex={0} role="group" aria-label={t("web-invitation-message")}>
        {text}
      </p>
      <div class="row">
        <CopyButton main text={text} label={t("web-copy-message")} />
        <ShareButton text={text} />
        <CopyButton text={link} label={t("web-copy-link")} />
      </div>
    </section>
  );
}
