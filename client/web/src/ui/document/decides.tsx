// "Who decides what", generated from the ground rules: one line for each part of the document.

import { Icon } from "../parts/icon.tsx";
import { narrow } from "../parts/narrow.ts";
import { side, t } from "../words.ts";
import { useDoc } from "./context.ts";

export function Decides() {
  const doc = useDoc();
  const lines = side(doc.answer.decides_said)
    .split("\n")
    .filter((line) => line.trim());
  if (lines.length === 0) return null;
  return (
    <details class="decides" open={!narrow.value}>
      <summary>
        <Icon mark="people" /> <strong>{t("web-who-decides")}</strong>
      </summary>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
