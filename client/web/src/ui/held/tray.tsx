// The suggestions collected in a document, sent as one with one message.

import { useEffect, useState } from "preact/hooks";
import type { ForeseenAnswer } from "../../core/contract.ts";
import { call, problemText, seen } from "../core.ts";
import { decidersText } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { side, t } from "../words.ts";
import { type Collected, collected, dropCollected, loadCollected, sendCollected } from "./tray-state.ts";

export function Tray() {
  const profile = seen("app", {})?.profile;
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    loadCollected();
  }, [profile]);
  const documents = [...new Set(collected.value.map((one) => one.document))];
  const titles = seen("documents", {})?.documents ?? [];
  if (documents.length === 0) return null;
  return (
    <aside class="tray no-print" aria-label={t("web-tray")}>
      {documents.map((document) => {
        const count = collected.value.filter((one) => one.document === document).length;
        return (
          <div class="row apart" key={document}>
            <span class="grow">
              <Icon mark="edit" /> {t("web-tray-count", { count, title: titles.find((one) => one.document === document)?.title ?? t("web-rules") })}
            </span>
            <button type="button" class="button main small" onClick={() => setOpen(document)}>
              {t("web-tray-review")}
            </button>
          </div>
        );
      })}
      {open && <Review document={open} onClose={() => setOpen(null)} />}
    </aside>
  );
}

function Review({ document, onClose }: { document: string; onClose: () => void }) {
  const mine = collected.value.filter((one) => one.document === document);
  const [message, setMessage] = useState("");
  const [problem, setProblem] = useState("");
  const [foreseen, setForeseen] = useState<ForeseenAnswer>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (mine.length === 0) {
      onClose();
      return;
    }
    const sections = [...new Set(mine.map((one) => one.section))];
    const edits = sections.map((section) => ({ section, commands: mine.filter((one) => one.section === section).map((one) => one.command) }));
    call("foresee", { document, edits }).then(setForeseen, (error) => setProblem(problemText(error)));
  }, [mine.length]);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await sendCollected(document, message);
      say(answer.became === "suggested" ? side(answer.said) : t("web-saved"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("web-tray")} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <ul class="lines">
          {mine.map((one) => (
            <Line key={`${one.section} ${one.path.join("/")}`} one={one} />
          ))}
        </ul>
        {foreseen && foreseen.would === "suggest" && <p class="soft">{foreseen.deciders.length > 0 ? t("web-tray-deciders", { deciders: decidersText(foreseen.deciders) }) : side(foreseen.said)}</p>}
        {foreseen && foreseen.would === "refuse" && <p class="note waits">{side(foreseen.said)}</p>}
        <AreaField label={t("web-tray-message")} help={t("web-tray-message-help")} value={message} rows={2} onText={setMessage} />
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="submit" class="button main" disabled={busy || foreseen?.would === "refuse"}>
            {t("web-tray-send", { count: mine.length })}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Line({ one }: { one: Collected }) {
  return (
    <li class="row apart">
      <span class="grow">
        <span class="soft fine">{side(one.place)}</span>
        <br />
        <strong>{side(one.shown)}</strong>
      </span>
      <button type="button" class="button plain small square" aria-label={t("web-remove-named", { name: side(one.place) })} onClick={() => dropCollected(one)}>
        <Icon mark="close" />
      </button>
    </li>
  );
}
