// What differs between two versions of a section, field by field.

import type { ChangeLine } from "../../core/contract.ts";
import { Diff } from "../held/diff.tsx";
import { side, t } from "../words.ts";

export function Changes({ lines }: { lines: ChangeLine[] }) {
  if (lines.length === 0) return <p class="soft">{t("web-compare-same")}</p>;
  return (
    <ul class="changes">
      {lines.map((line) => (
        <li key={`${line.place.section} ${line.place.path.join("/")}`}>
          <span class="change-place">{side(line.place.label)}</span>
          <Diff before={side(line.before.label)} after={side(line.after.label)} />
        </li>
      ))}
    </ul>
  );
}
