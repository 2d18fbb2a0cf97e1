// What a change does to a value: short ones as `before → after`, texts word by word.

import { t } from "../words.ts";
import { type Piece, wordDiff } from "./words-diff.ts";

const SHORT = 40;

/** `whole` shows a short text word by word, too. */
export function Diff(values: { before: string; after: string; whole?: boolean }) {
  const [before, after] = [written(values.before), written(values.after)];
  if (!values.whole && before.length <= SHORT && after.length <= SHORT) {
    return (
      <span class="diff-short">
        {before ? <span>{before}</span> : <span class="soft">{t("none")}</span>}
        <span aria-hidden="true"> → </span>
        <span class="unseen"> {t("web-becomes")} </span>
        {after ? <strong>{after}</strong> : <span class="soft">{t("none")}</span>}
      </span>
    );
  }
  return <p class="text diff">{wordDiff(before, after).map(piece)}</p>;
}

/** What stands for nothing is nothing. */
function written(text: string): string {
  return text === "—" || text === "–" ? "" : text;
}

function piece({ kind, text }: Piece, at: number) {
  if (kind === "same") return <span key={at}>{text}</span>;
  if (kind === "new") return <ins key={at}>{text}</ins>;
  return <del key={at}>{text}</del>;
}
