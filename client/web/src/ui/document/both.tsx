// A text that two people edited without seeing each other: who, when, what each changed; and the choice.

import { useState } from "preact/hooks";
import type { Path, SectionId, TextConflict, TextVersion } from "../../core/contract.ts";
import { attempt, call, seen } from "../core.ts";
import { Diff } from "../held/diff.tsx";
import { isMe, nameOf, nameOrYou } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { when } from "../times.ts";
import { capital, side, t } from "../words.ts";
import { AskButton } from "./ask.tsx";
import { accessOf, anchor, isBelow, useDoc } from "./context.ts";
import { change, plain } from "./edit.ts";

/** The strip at a text, if two have edited it. */
export function BothEdited({ section, path }: { section: SectionId; path: Path }) {
  const doc = useDoc();
  const here = doc.answer.both_edited.some((one) => one.section === section && isBelow(one.path, path));
  return here ? <Strips section={section} path={path} /> : null;
}

function Strips({ section, path }: { section: SectionId; path: Path }) {
  const doc = useDoc();
  const texts = seen("conflicts", { document: doc.id })?.texts ?? [];
  const left = useLeft(doc.id);
  const shown = texts.filter((text) => text.place.section === section && isBelow(text.place.path, path) && !left.has(markOf(text)));
  return (
    <>
      {shown.map((text) => (
        <Strip key={markOf(text)} text={text} onLeave={() => left.add(markOf(text))} />
      ))}
    </>
  );
}

function Strip({ text, onLeave }: { text: TextConflict; onLeave: () => void }) {
  const doc = useDoc();
  const [open, setOpen] = useState(false);
  const { section, path } = text.place;
  const access = accessOf(doc, section);
  const [first, second] = text.versions;
  if (!first || !second) return null;
  const keep = async (version: TextVersion) => {
    // It stands so already: nothing has to be written.
    if (version.text === text.stands) return onLeave();
    const command = { set_text: { path, new: version.text } };
    await change(doc, { section, path, command, place: text.place.label, shown: plain(version.text) });
  };
  const writeNew = () => {
    const place = document.getElementById(anchor(section, path)) ?? document.getElementById(anchor(section, path.slice(0, -1)));
    const fields = [...(place?.querySelectorAll<HTMLTextAreaElement>("textarea") ?? [])];
    (fields.find((field) => field.lang === path.at(-1)) ?? fields[0])?.focus();
  };
  const reads = access?.access === "read";
  return (
    <section class="note waits both-edited stack tight" aria-label={t("web-both-edited")}>
      <p>
        <Icon mark="both" /> <strong>{t("web-both-edited")}</strong>{" "}
        <span>
          {text.versions.map((one) => `${nameOrYou(one.person)} ${when(one.written_ms)}`).join(" · ")}
        </span>
      </p>
      <button type="button" class="button plain small no-print" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? "web-both-hide" : "web-both-compare")}
      </button>
      {open && (
        <dl class="both-versions">
          {text.versions.map((one) => (
            <div key={one.key}>
              <dt>{t("web-both-wrote", { person: capital(nameOrYou(one.person)) })}</dt>
              <dd lang={path.at(-1)}>
                <Diff before={text.base} after={one.text} whole />
              </dd>
            </div>
          ))}
          <div>
            <dt>{t("web-both-stands")}</dt>
            <dd class="text" lang={path.at(-1)}>
              {text.stands}
            </dd>
          </div>
        </dl>
      )}
      <div class="row no-print">
        {text.versions.map((one) => (
          <button type="button" class="button small" key={one.key} disabled={reads} onClick={() => keep(one)}>
            {one.mine ? t("web-keep-mine") : t("web-keep-theirs", { person: nameOf(one.person) })}
          </button>
        ))}
        {access?.access === "edit" && (
          <button type="button" class="button small" onClick={writeNew}>
            {t("web-write-new")}
          </button>
        )}
        <button type="button" class="button small" onClick={onLeave}>
          {t("web-both-leave")}
        </button>
        <AskButton section={section} path={path} about={question(text)} people={text.versions.flatMap((one) => (one.person && !isMe(one.person.id) ? [one.person] : []))} />
      </div>
    </section>
  );
}

function question(text: TextConflict): string {
  const versions = text.versions.map((one) => `${nameOf(one.person)}: ${t("quoted", { text: one.text })}`);
  return [t("web-ask-which", { place: side(text.place.label) }), ...versions].join("\n");
}

function markOf(text: TextConflict): string {
  return text.versions.map((one) => one.statement).join(" ");
}

/** What the reader has looked at and left as it is, on this device. */
function useLeft(document: string) {
  const key = `left ${document}`;
  const kept = seen("memory", { key })?.value;
  const all = kept ? (JSON.parse(kept) as string[]) : [];
  return {
    has: (mark: string) => all.includes(mark),
    add: (mark: string) => attempt(call("remember", { key, value: JSON.stringify([...all, mark].slice(-200)) })),
  };
}
