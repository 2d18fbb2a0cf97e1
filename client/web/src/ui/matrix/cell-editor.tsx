// One cell beside the matrix: the claim, the person, a note in both languages and evidence. In another
// team's column the same controls collect a suggestion.

import { useEffect } from "preact/hooks";
import { useId } from "preact/hooks";
import type { Path } from "../../core/contract.ts";
import { type Doc, accessOf, useDoc } from "../document/context.ts";
import { BothEdited } from "../document/both.tsx";
import { Conflict } from "../document/conflict.tsx";
import { change, commitNow, emptied, modeOf, scalar, startSuggesting, stopSuggesting, string } from "../document/edit.ts";
import { Access } from "../document/section.tsx";
import { FieldControl, PersonInput } from "../document/value.tsx";
import { Waiting } from "../document/waiting.tsx";
import { collectedFor } from "../held/tray-state.ts";
import { teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Options } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { href } from "../router.ts";
import { type Both, lang, side, t } from "../words.ts";
import { type CellAt, cellPath, claimChoices, personIn, sectionOf } from "./model.ts";

/** What was agreed about a function, in words. */
function agreedText(doc: Doc, fn: string): string {
  const rows = doc.answer.content.sections.find((one) => one.id === "split")?.fields?.find((one) => one.key === "agreements")?.value;
  const row = typeof rows === "object" && "rows" in rows ? rows.rows.find((one) => one.id === fn) : undefined;
  const text = row?.fields.find((one) => one.key === "text")?.value;
  return typeof text === "object" && "bilingual" in text ? side(text.bilingual) : "";
}

export function CellEditor({ at, onClose }: { at: CellAt; onClose: () => void }) {
  const doc = useDoc();
  const id = useId();
  const section = sectionOf(at.party);
  const path = cellPath(at.fn.id);
  const access = accessOf(doc, section)?.access;
  useEffect(() => {
    // Opening another team's cell is the way to suggest something for it.
    const opens = access === "suggest" && modeOf(doc, section) === "read";
    if (opens) startSuggesting(doc, section);
    return () => {
      commitNow();
      if (opens) stopSuggesting(doc, section);
    };
  }, []);
  const { cell } = at;
  if (!cell) return null;
  const mode = modeOf(doc, section);
  const team = teamLabel(at.party);
  const agreed = agreedText(doc, at.fn.id);
  const where: Both = { ru: `${team} · ${at.fn.label.ru || at.fn.label.en}`, en: `${team} · ${at.fn.label.en || at.fn.label.ru}` };
  const claimAt: Path = [...path, "claim"];
  const mine = collectedFor(doc.id, section, claimAt)?.command;
  const suggested = mine && "set_scalar" in mine ? mine.set_scalar.value : undefined;
  const claim = typeof suggested === "object" && "string" in suggested ? suggested.string : cell.claim;
  const fields = doc.kind.sections.find((one) => one.family === "party")?.fields.find((one) => one.key === "cells")?.rows?.fields;
  const [note, evidence] = [fields?.find((one) => one.key === "note"), fields?.find((one) => one.key === "evidence")];
  return (
    <Dialog title={`${side(at.fn.label)} · ${team}`} kind="side" onClose={onClose}>
      {side(at.fn.scope) && <p class="soft">{side(at.fn.scope)}</p>}
      <Access section={section} />
      {agreed && (
        <p class="note good text">
          {t("web-agreed-text")}: {agreed}
        </p>
      )}
      {mode === "suggest" && <p class="note fine">{t("web-suggesting-cell")}</p>}
      <Conflict section={section} path={path} />
      {mode === "read" ? (
        <p class="text">{t("web-read-only-cell")}</p>
      ) : (
        <>
          <Options
            legend={t("web-claim")}
            name={`${id}-claim`}
            value={claim}
            options={claimChoices(doc).map((one) => ({ value: one.word, label: side(one.label), help: one.help ? side(one.help) : undefined }))}
            onPick={(word) => {
              const choice = claimChoices(doc).find((one) => one.word === word);
              return change(doc, { section, path: claimAt, command: scalar(claimAt, string(word)), place: where, shown: choice?.label ?? { ru: word, en: word } });
            }}
          />
          <div class="field">
            <span class="label">{t("web-person")}</span>
            <PersonInput
              id={`${id}-person`}
              name={t("web-person")}
              shown={personIn(cell)}
              party={at.party}
              onPick={(raw, shown) => {
                const person = [...path, "person"];
                change(doc, { section, path: person, command: scalar(person, raw ? string(raw) : "null"), place: where, shown: raw ? shown : emptied() });
              }}
            />
          </div>
        </>
      )}
      {note && (
        <div class="field">
          <span class="label">{side(note.label)}</span>
          <FieldControl section={section} path={[...path, "note"]} schema={note} value={{ bilingual: cell.note }} mode={mode} label={where} />
        </div>
      )}
      {evidence && (
        <div class="field">
          <span class="label">{side(evidence.label)}</span>
          {evidence.help && <p class="help soft fine">{side(evidence.help)}</p>}
          <FieldControl section={section} path={[...path, "evidence"]} schema={evidence} value={{ items: cell.evidence }} mode={mode} label={{ ru: evidence.label.ru, en: evidence.label.en }} />
        </div>
      )}
      <BothEdited section={section} path={path} />
      <Waiting section={section} path={path} />
      <p class="no-print">
        <a class="button plain small" href={href({ at: "document", name: doc.id, part: "talk", focus: `${section}:${path.join("/")}` })}>
          <Icon mark="talk" />
          {t("web-talk-begin")}
        </a>
      </p>
      <div class="row end" lang={lang.value}>
        <button type="button" class="button" onClick={(event) => event.currentTarget.closest("dialog")?.close()}>
          {t("web-done")}
        </button>
      </div>
    </Dialog>
  );
}
