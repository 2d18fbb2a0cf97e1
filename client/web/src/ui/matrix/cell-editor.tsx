// One cell beside the matrix: the claim, the person, a note in both languages and evidence. In another
// team's column the same controls collect a suggestion.

import { useEffect } from "preact/hooks";
import { useId } from "preact/hooks";
import type { Path } from "../../core/contract.ts";
import { accessOf, useDoc } from "../document/context.ts";
import { Conflict } from "../document/conflict.tsx";
import { change, commitNow, emptied, modeOf, scalar, startSuggesting, stopSuggesting, string } from "../document/edit.ts";
import { Access } from "../document/section.tsx";
import { FieldControl, PersonInput } from "../document/value.tsx";
import { Waiting } from "../document/waiting.tsx";
import { collectedFor } from "../held/tray-state.ts";
import { teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Options } from "../parts/field.tsx";
import { type Both, lang, side, t } from "../words.ts";
import { type CellAt, cellPath, claimChoices, personIn, sectionOf } from "./model.ts";

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
      <Waiting section={section} path={path} />
      <div class="row end" lang={lang.value}>
        <button type="button" class="button" onClick={(event) => event.currentTarget.closest("dialog")?.close()}>
          {t("web-done")}
        </button>
      </div>
    </Dialog>
  );
}
