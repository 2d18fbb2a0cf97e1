// Sending a version for approval: where it goes, what changed since the last one, and a message.

import { useState } from "preact/hooks";
import type { SectionId, StandingLine } from "../../core/contract.ts";
import { call, problemText, seen } from "../core.ts";
import { useDoc } from "../document/context.ts";
import { nameOf } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { say } from "../parts/toast.tsx";
import { when } from "../times.ts";
import { list, t } from "../words.ts";
import { Earlier, Stages } from "./chain.tsx";
import { Changes } from "./changes.tsx";

type Props = { section: SectionId; standing: StandingLine; onClose: () => void };

export function SendVersion({ section, standing, onClose }: Props) {
  const doc = useDoc();
  const versions = seen("versions", { document: doc.id, section });
  const compared = seen("compared", { document: doc.id, section });
  const [message, setMessage] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const back = standing.came_back;
  const since = compared?.since_sent;
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await call("ask", { document: doc.id, section, message: message.trim() || undefined });
      say(t("web-version-sent", { people: list(answer.deciders.map(nameOf)) }));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("web-send-title", { number: standing.versions + 1 })} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <p class="soft">{t("web-send-help")}</p>
        {back && (
          <div class="note waits stack tight">
            <p>{t("web-came-back", { person: nameOf(back.by), when: when(back.answered_ms ?? back.asked_ms) })}</p>
            {back.reason && <p class="quote">{back.reason}</p>}
          </div>
        )}
        <h3>{t("web-send-to")}</h3>
        {versions && <Stages stages={versions.stages} />}
        <h3>{t("web-version-since")}</h3>
        {compared && (since ? <Changes lines={since.changes} /> : <p class="soft">{t("web-version-first-own")}</p>)}
        {versions && <Earlier versions={versions.versions} />}
        <AreaField label={t("web-tray-message")} help={t("web-send-message-help")} value={message} rows={2} onText={setMessage} />
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="submit" class="button main" disabled={busy || !compared}>
            {t("web-send-go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
