// A function itself: its name and what it covers in both languages, its place, and a new one.

import { useState } from "preact/hooks";
import type { MatrixView, Value } from "../../core/contract.ts";
import { attempt, look } from "../core.ts";
import { accessOf, useDoc } from "../document/context.ts";
import { change, modeOf, plain, startSuggesting, write } from "../document/edit.ts";
import { BilingualField } from "../document/bilingual.tsx";
import { Access } from "../document/section.tsx";
import { Waiting } from "../document/waiting.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { type Both, lang, side, t } from "../words.ts";
import type { MatrixFunction } from "./model.ts";

const SECTION = "functions";

export function FunctionEditor({ fn, onClose }: { fn: MatrixFunction; onClose: () => void }) {
  const doc = useDoc();
  const path = ["functions", fn.id];
  const mode = modeOf(doc, SECTION);
  const rows = doc.answer.matrix?.functions ?? [];
  const at = rows.findIndex((one) => one.id === fn.id);
  const named: Both = { ru: fn.label.ru || fn.label.en, en: fn.label.en || fn.label.ru };
  const move = async (after: string | null) => {
    const place = await attempt(look("order", { document: doc.id, section: SECTION, path: ["functions"], after }));
    if (place) await write(doc, SECTION, [{ move_row: { path, order: place.order } }]);
  };
  const remove = async () => {
    const shown = { ru: t("web-removed"), en: t("web-removed") };
    if (await change(doc, { section: SECTION, path, command: { remove_row: { path } }, place: named, shown })) onClose();
  };
  return (
    <Dialog title={side(fn.label) || t("web-unnamed")} kind="side" onClose={onClose}>
      <Access section={SECTION} />
      {(["label", "scope"] as const).map((key) => (
        <div class="field" key={key}>
          <span class="label">{t(`web-function-${key}`)}</span>
          <BilingualField section={SECTION} path={[...path, key]} value={fn[key]} label={named} mode={mode} />
        </div>
      ))}
      <Waiting section={SECTION} path={path} />
      {mode !== "read" && (
        <div class="row">
          {mode === "edit" && (
            <>
              <button type="button" class="button small" disabled={at <= 0} onClick={() => move(rows[at - 2]?.id ?? null)}>
                <Icon mark="up" />
                {t("web-move-up")}
              </button>
              <button type="button" class="button small" disabled={at >= rows.length - 1} onClick={() => move(rows[at + 1]?.id ?? null)}>
                <Icon mark="down" />
                {t("web-move-down")}
              </button>
            </>
          )}
          <button type="button" class="button small grave" onClick={remove}>
            {t("web-function-remove")}
          </button>
        </div>
      )}
    </Dialog>
  );
}

export function NewFunction({ matrix, onClose }: { matrix: MatrixView; onClose: () => void }) {
  const doc = useDoc();
  const [name, setName] = useState("");
  const add = async (event: Event) => {
    event.preventDefault();
    const after = matrix.functions.at(-1)?.id ?? null;
    const place = await attempt(look("order", { document: doc.id, section: SECTION, path: ["functions"], after }));
    if (!place) return;
    const id = crypto.randomUUID();
    const label: Value = { map: { [lang.value]: { string: name.trim() }, source: { string: lang.value } } };
    const command = { add_row: { path: ["functions"], id, order: place.order, fields: { label } } };
    if (accessOf(doc, SECTION)?.access !== "edit") startSuggesting(doc, SECTION);
    const place_: Both = { ru: t("web-function-add"), en: t("web-function-add") };
    if (await change(doc, { section: SECTION, path: ["functions", id], command, place: place_, shown: plain(name.trim()) })) onClose();
  };
  return (
    <Dialog title={t("web-function-add")} onClose={onClose}>
      <form class="stack" onSubmit={add}>
        <TextField label={t("web-function-label")} help={t("web-function-new-help")} required maxLength={120} value={name} onText={setName} />
        <div class="row end">
          <button type="submit" class="button main">
            {t("web-add")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
