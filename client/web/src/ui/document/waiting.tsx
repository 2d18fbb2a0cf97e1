// What waits for a decision at a place, and what the reader suggests there and has not sent yet.

import type { Path, SectionId } from "../../core/contract.ts";
import { ProposalCard } from "../held/card.tsx";
import { collected, dropCollected } from "../held/tray-state.ts";
import { Icon } from "../parts/icon.tsx";
import { side, t } from "../words.ts";
import { isBelow, useDoc } from "./context.ts";

export function Waiting({ section, path }: { section: SectionId; path: Path }) {
  const doc = useDoc();
  const mine = collected.value.filter((one) => one.document === doc.id && one.section === section && isBelow(one.path, path));
  const held = doc.waiting.value.filter((one) => one.changes.some((line) => line.place.section === section && isBelow(line.place.path, path)));
  if (mine.length === 0 && held.length === 0) return null;
  return (
    <div class="stack waiting">
      {mine.map((one) => (
        <div class="note dashed-note" key={one.path.join("/")}>
          <p class="row apart">
            <span class="grow">
              <Icon mark="edit" /> {t("web-you-suggest")} <strong>{side(one.shown)}</strong> <small>{t("web-not-sent")}</small>
            </span>
            <button type="button" class="button plain small" onClick={() => dropCollected(one)}>
              {t("web-drop")}
            </button>
          </p>
        </div>
      ))}
      {held.map((proposal) => (
        <ProposalCard key={proposal.statement} proposal={proposal} only={{ section, path }} />
      ))}
    </div>
  );
}
