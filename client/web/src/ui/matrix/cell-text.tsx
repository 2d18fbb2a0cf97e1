// What a cell says: the word, the person, and a mark for what waits or competes; never by colour alone.

import type { ConflictField, Proposal } from "../../core/contract.ts";
import { useDoc } from "../document/context.ts";
import { nameOf } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { side, t } from "../words.ts";
import { type CellAt, claimLabel, collectedIn, conflictIn, personIn, waitingIn } from "./model.ts";

export function CellText({ at, conflicts }: { at: CellAt; conflicts: ConflictField[] }) {
  const doc = useDoc();
  const { cell } = at;
  if (!cell) return <span class="soft">{t("web-hidden-cell")}</span>;
  const person = personIn(cell);
  const note = side(cell.note);
  const conflict = conflictIn(conflicts, at);
  const waiting = waitingIn(doc, at);
  const mine = collectedIn(doc, at);
  const suggested = (proposal: Proposal) =>
    proposal.changes
      .filter((line) => line.place.section === `party/${at.party}` && line.place.path[1] === at.fn.id)
      .map((line) => side(line.after.label))
      .join(", ");
  return (
    <span class="cell">
      <span class="cell-line">
        <span class={`claim claim-${cell.claim}`}>{side(claimLabel(doc, cell.claim))}</span>
        {person && <span class="cell-person">{person}</span>}
      </span>
      {note && <span class="cell-note">{note}</span>}
      {cell.evidence.length > 0 && (
        <span class="cell-note">
          <Icon mark="link" /> {t("web-evidence-count", { count: cell.evidence.length })}
        </span>
      )}
      {conflict && (
        <span class="cell-mark">
          <Icon mark="choose" /> {t("web-two-values")}
        </span>
      )}
      {waiting.map((proposal) => (
        <span class="cell-mark" key={proposal.statement}>
          <Icon mark="waits" />{" "}
          {proposal.own
            ? t("web-cell-you-suggest", { value: suggested(proposal) })
            : t("web-cell-suggests", { person: nameOf(proposal.author), value: suggested(proposal) })}
        </span>
      ))}
      {mine.length > 0 && (
        <span class="cell-mark dashed-mark">
          <Icon mark="edit" /> {t("web-cell-you-suggest", { value: mine.map((one) => side(one.shown)).join(", ") })} · {t("web-not-sent")}
        </span>
      )}
    </span>
  );
}
