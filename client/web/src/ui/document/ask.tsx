// A question to the person who decides, put into the talk beside the document: it waits in their inbox.

import { useState } from "preact/hooks";
import type { Path, PersonRef, SectionAccess, SectionId } from "../../core/contract.ts";
import { attempt, call } from "../core.ts";
import { isMe, nameOf, peopleOf } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { say } from "../parts/toast.tsx";
import { lang, t } from "../words.ts";
import { accessOf, useDoc } from "./context.ts";
import { commitSoon } from "./edit.ts";

type Props = { section: SectionId; path: Path; about: string; people: PersonRef[] };

export function AskButton(props: Props) {
  const doc = useDoc();
  const [open, setOpen] = useState(false);
  const talk = accessOf(doc, "talk");
  const [decider] = candidates(accessOf(doc, props.section), props.people);
  // Where there is no talk, or the reader may not write in it, nobody can be asked.
  if (!talk || talk.access === "read" || talk.access === "none" || !decider) return null;
  return (
    <>
      <button type="button" class="button small" onClick={() => setOpen(true)}>
        {t("web-ask-person", { person: nameOf(decider) })}
      </button>
      {open && <Ask {...props} first={decider} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Who could be asked, whoever decides there first. */
function candidates(access: SectionAccess | undefined, people: PersonRef[]): PersonRef[] {
  return [...(access?.deciders ?? []), ...(access?.writers ?? []), ...people].filter((one) => !isMe(one.id));
}

function Ask({ section, path, about, first, onClose }: Props & { first: PersonRef; onClose: () => void }) {
  const doc = useDoc();
  const [person, setPerson] = useState(first.id);
  const [text, setText] = useState(about);
  const send = async (event: Event) => {
    event.preventDefault();
    const saying = { text: text.trim(), place: [section, path] as [SectionId, Path], ask: person };
    const answer = await attempt(call("say", { document: doc.id, saying, lang: lang.value }));
    if (!answer) return;
    onClose();
    say(t("web-asked", { person: peopleOf(null).find((one) => one.id === person)?.name ?? nameOf(first) }));
    commitSoon(false);
  };
  return (
    <Dialog title={t("web-ask-title")} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <label class="field">
          <span class="label">{t("web-ask-whom")}</span>
          <select class="input" value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
            {peopleOf(null)
              .filter((one) => !isMe(one.id))
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
          </select>
        </label>
        <AreaField label={t("web-ask-text")} help={t("web-ask-help")} value={text} rows={5} required onText={setText} />
        <div class="row end">
          <button type="submit" class="button main" disabled={!text.trim() || !person}>
            {t("web-ask-send")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
