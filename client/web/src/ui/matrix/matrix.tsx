// Who does what: the grid of functions and teams, what is still to settle, and what each team says of
// itself.

import { useState } from "preact/hooks";
import { seen } from "../core.ts";
import { useDoc } from "../document/context.ts";
import { Section } from "../document/section.tsx";
import { narrow } from "../parts/narrow.ts";
import { t } from "../words.ts";
import { Cards } from "./cards.tsx";
import { CellEditor } from "./cell-editor.tsx";
import { FunctionEditor, NewFunction } from "./function-editor.tsx";
import { Grid } from "./grid.tsx";
import type { CellAt } from "./model.ts";
import { Rail } from "./rail.tsx";
import { Fields } from "../document/section.tsx";

export type Editing = { fn: string; party: string | null };

export function MatrixBody() {
  const doc = useDoc();
  const conflicts = seen("conflicts", { document: doc.id })?.fields ?? [];
  const [editing, setEditing] = useState<Editing | null>(null);
  const [adding, setAdding] = useState(false);
  const matrix = doc.answer.matrix;
  if (!matrix) return null;
  const at = editing && matrix.functions.find((one) => one.id === editing.fn);
  const column = matrix.columns.findIndex((one) => one.party === editing?.party);
  const cell: CellAt | null = at && editing?.party ? { fn: at, party: editing.party, cell: at.cells[column] ?? null } : null;
  const parts = { matrix, conflicts, onEdit: setEditing, onAdd: () => setAdding(true) };
  const sections = doc.answer.content.sections;
  return (
    <div class="matrix">
      <div class="matrix-main">{narrow.value ? <Cards {...parts} rail={<Rail matrix={matrix} />} /> : <Grid {...parts} />}</div>
      {!narrow.value && <Rail matrix={matrix} />}
      <div class="matrix-below stack wide">
        <h2 class="part-title">{t("web-matrix-about")}</h2>
        <div class="columns">
          {sections
            .filter((section) => section.id.startsWith("party/"))
            .map((section) => (
              <Section key={section.id} view={section}>
                <Fields view={section} only={["unique", "can", "cannot", "need"]} />
              </Section>
            ))}
        </div>
        {sections
          .filter((section) => section.id === "split" || section.id === "escalation")
          .map((section) => (
            <Section key={section.id} view={section} />
          ))}
      </div>
      {cell && <CellEditor at={cell} onClose={() => setEditing(null)} />}
      {at && editing?.party === null && <FunctionEditor fn={at} onClose={() => setEditing(null)} />}
      {adding && <NewFunction matrix={matrix} onClose={() => setAdding(false)} />}
    </div>
  );
}
