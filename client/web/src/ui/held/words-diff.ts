// Which words stayed, came and went between two texts.

export type Piece = { kind: "same" | "new" | "gone"; text: string };

/** Beyond this many words on both sides the middle is shown as replaced whole. */
const WORDS_MAX = 1_500;

/** Words, what stands between them, and spaces. */
const PARTS = /\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]+/gu;

export function wordDiff(before: string, after: string): Piece[] {
  const old = before.match(PARTS) ?? [];
  const fresh = after.match(PARTS) ?? [];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  const middle = between(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  const pieces: Piece[] = [
    { kind: "same", text: old.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: old.slice(old.length - tail).join("") },
  ];
  return joined(pieces);
}

/** The longest common subsequence of what differs. */
function between(old: string[], fresh: string[]): Piece[] {
  if (old.length === 0 || fresh.length === 0 || old.length + fresh.length > WORDS_MAX) {
    return [
      { kind: "gone", text: old.join("") },
      { kind: "new", text: fresh.join("") },
    ];
  }
  const width = fresh.length + 1;
  const length = new Uint16Array((old.length + 1) * width);
  const at = (one: number, other: number) => length[one * width + other] ?? 0;
  for (let one = old.length - 1; one >= 0; one--) {
    for (let other = fresh.length - 1; other >= 0; other--) {
      length[one * width + other] = old[one] === fresh[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
    }
  }
  const pieces: Piece[] = [];
  let [one, other] = [0, 0];
  while (one < old.length || other < fresh.length) {
    if (one < old.length && other < fresh.length && old[one] === fresh[other]) {
      pieces.push({ kind: "same", text: old[one++] ?? "" });
      other++;
    } else if (other >= fresh.length || (one < old.length && at(one + 1, other) >= at(one, other + 1))) {
      pieces.push({ kind: "gone", text: old[one++] ?? "" });
    } else {
      pieces.push({ kind: "new", text: fresh[other++] ?? "" });
    }
  }
  return pieces;
}

function joined(pieces: Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else if (piece.text) all.push({ ...piece });
  }
  return all;
}
