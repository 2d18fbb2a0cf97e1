// The matrix on a phone: one card for each function.

import type { ComponentChildren } from "preact";
import type { ConflictField, MatrixView } from "../../core/contract.ts";
import { anchor } from "../document/context.ts";
import { teamLabel } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { capital, side, t } from "../words.ts";
import { CellText } from "./cell-text.tsx";
import type { Editing } from "./matrix.tsx";
import { stateOf, stateText } from "./model.ts";

type Props = {
  matrix: MatrixView;
  conflicts: ConflictField[];
  rail: ComponentChildren;
  onEdit: (editing: Editing) => void;
  onAdd: () => void;
};

export function Cards({ matrix, conflicts, rail, onEdit, onAdd }: Props) {
  return (
    <>
      {rail}
      <ul class="fn-cards">
        {matrix.functions.map((fn) => {
          const state = stateOf(matrix, fn.id);
          const name = capital(side(fn.label)) || t("web-unnamed");
          return (
            <li class="fn-card" key={fn.id} id={anchor("functions", ["functions", fn.id])}>
              <div class="fn-card-head">
                <h3>{name}</h3>
                {state && (
                  <span class={`fn-state state-${state}`}>
                    <Icon mark={state === "nobody" ? "nobody" : state === "agreed" ? "done" : "both"} />
                    {stateText(state)}
                  </span>
                )}
                <button type="button" class="button plain small square" aria-label={t("web-edit-named", { name })} onClick={() => onEdit({ fn: fn.id, party: null })}>
                  <Icon mark="edit" />
                </button>
              </div>
              {matrix.columns.map((column, place) => (
                <button type="button" class="fn-card-cell" key={column.party} data-address={`${column.party}/${fn.id}`} onClick={() => onEdit({ fn: fn.id, party: column.party })}>
                  <span class="fn-card-team">{teamLabel(column.party)}</span>
                  <CellText at={{ fn, party: column.party, cell: fn.cells[place] ?? null }} conflicts={conflicts} />
                  <Icon mark="right" />
                </button>
              ))}
            </li>
          );
        })}
      </ul>
      <button type="button" class="button wide" onClick={onAdd}>
        <Icon mark="plus" />
        {t("web-function-add")}
      </button>
    </>
  );
}
