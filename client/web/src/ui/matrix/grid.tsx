// The grid after the ARIA pattern: one tab stop, arrows between cells, Enter or F2 to edit.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConflictField, MatrixView } from "../../core/contract.ts";
import { accessOf, anchor, useDoc } from "../document/context.ts";
import { nameOf } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { capital, side, t } from "../words.ts";
import { teamLabel } from "../names.ts";
import { CellText } from "./cell-text.tsx";
import type { Editing } from "./matrix.tsx";
import { sectionOf, stateOf, stateText } from "./model.ts";
import { paste } from "./paste.ts";

type Props = {
  matrix: MatrixView;
  conflicts: ConflictField[];
  onEdit: (editing: Editing) => void;
  onAdd: () => void;
};

export function Grid({ matrix, conflicts, onEdit, onAdd }: Props) {
  const doc = useDoc();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const moving = useRef(false);
  const [rows, columns] = [matrix.functions.length, matrix.columns.length];
  const here = { row: Math.min(at.row, Math.max(0, rows - 1)), column: Math.min(at.column, columns) };

  useLayoutEffect(() => {
    if (!moving.current) return;
    moving.current = false;
    table.current?.querySelector<HTMLElement>(`[data-at="${here.row}-${here.column}"]`)?.focus();
  }, [here.row, here.column]);

  const move = (row: number, column: number) => {
    moving.current = true;
    setAt({ row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns, column)) });
  };
  const edit = (row: number, column: number) => {
    const fn = matrix.functions[row];
    if (fn) onEdit({ fn: fn.id, party: column === 0 ? null : (matrix.columns[column - 1]?.party ?? null) });
  };
  const onKey = (event: KeyboardEvent) => {
    const { row, column } = here;
    const moves: Record<string, () => void> = {
      ArrowUp: () => move(row - 1, column),
      ArrowDown: () => move(row + 1, column),
      ArrowLeft: () => move(row, column - 1),
      ArrowRight: () => move(row, column + 1),
      Home: () => move(event.ctrlKey ? 0 : row, 0),
      End: () => move(event.ctrlKey ? rows - 1 : row, columns),
      PageUp: () => move(row - 8, column),
      PageDown: () => move(row + 8, column),
      Enter: () => edit(row, column),
      F2: () => edit(row, column),
    };
    const action = moves[event.key];
    if (!action || event.altKey || event.metaKey) return;
    event.preventDefault();
    action();
  };
  const onPaste = async (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    const done = await paste(doc, matrix, here, text);
    say(t("web-pasted", done));
  };

  const cellProps = (row: number, column: number) => ({
    "data-at": `${row}-${column}`,
    tabIndex: row === here.row && column === here.column ? 0 : -1,
    onFocus: () => (row !== here.row || column !== here.column) && setAt({ row, column }),
    onDblClick: () => edit(row, column),
  });

  return (
    <div class="grid-frame">
      <table ref={table} class="grid" role="grid" aria-label={doc.answer.title} aria-rowcount={rows + 1} aria-colcount={columns + 1} onKeyDown={onKey} onPaste={onPaste}>
        <thead>
          <tr role="row">
            <th role="columnheader" scope="col">
              {t("web-function")}
            </th>
            {matrix.columns.map((column) => (
              <th key={column.party} role="columnheader" scope="col">
                {teamLabel(column.party)}
                <small>{fills(doc, column.party)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.functions.map((fn, row) => {
            const state = stateOf(matrix, fn.id);
            return (
              <tr role="row" key={fn.id} id={anchor("functions", ["functions", fn.id])}>
                <th role="rowheader" scope="row" {...cellProps(row, 0)} class={state ? `is-${state}` : ""} onClick={(event) => event.detail === 1 && (event.target as HTMLElement).closest("button") && edit(row, 0)}>
                  <span class="fn">
                    <span class="fn-name">
                      {capital(side(fn.label)) || t("web-unnamed")}
                      {state && (
                        <span class={`fn-state state-${state}`}>
                          <Icon mark={state === "nobody" ? "nobody" : state === "agreed" ? "done" : "both"} />
                          {stateText(state)}
                        </span>
                      )}
                    </span>
                    <button type="button" class="button plain small square fn-edit" tabIndex={-1} aria-label={t("web-edit-named", { name: side(fn.label) })}>
                      <Icon mark="edit" />
                    </button>
                  </span>
                </th>
                {matrix.columns.map((column, place) => {
                  const cell = { fn, party: column.party, cell: fn.cells[place] ?? null };
                  return (
                    <td
                      role="gridcell"
                      key={column.party}
                      {...cellProps(row, place + 1)}
                      data-address={`${column.party}/${fn.id}`}
                      aria-readonly={accessOf(doc, sectionOf(column.party))?.access === "edit" ? undefined : "true"}
                      onClick={() => edit(row, place + 1)}
                    >
                      <CellText at={cell} conflicts={conflicts} />
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      <div class="grid-foot row apart no-print">
        <button type="button" class="button small" onClick={onAdd}>
          <Icon mark="plus" />
          {t("web-function-add")}
        </button>
        <span class="soft fine">{t("web-grid-hint")}</span>
      </div>
    </div>
  );
}

function fills(doc: ReturnType<typeof useDoc>, party: string): string {
  const access = accessOf(doc, sectionOf(party));
  if (access?.access === "edit") return t("web-you-fill");
  const writer = access?.writers[0];
  return writer ? t("web-fills", { person: nameOf(writer) }) : "";
}
