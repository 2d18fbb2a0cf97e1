// What a person did to a text, as one splice; and where a caret goes when somebody else's splice arrives.
// Positions are UTF-16 units, as in the browser's own text fields.

export type Splice = { at: number; remove: number; insert: string };

/** The one change that makes `after` of `before`; `caret` is where it ended, if that is known. */
export function spliceOf(before: string, after: string, caret = after.length): Splice | undefined {
  if (before === after) return undefined;
  // What stands behind the caret was not touched, as far as it is the same.
  let tail = 0;
  const most = Math.min(before.length, after.length, after.length - Math.min(caret, after.length));
  while (tail < most && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  let head = 0;
  const limit = Math.min(before.length, after.length) - tail;
  while (head < limit && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  // A change that did not end at the caret, such as dropped text, may leave more at its end unchanged.
  const rest = Math.min(before.length, after.length) - head;
  while (tail < rest && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  // Never between the halves of one character.
  if (head > 0 && isHigh(before.charCodeAt(head - 1))) head--;
  if (tail > 0 && isLow(before.charCodeAt(before.length - tail))) tail--;
  return { at: head, remove: before.length - tail - head, insert: after.slice(head, after.length - tail) };
}

/** Where a position stands after a splice by somebody else. */
export function moved(position: number, splice: Splice): number {
  if (position <= splice.at) return position;
  const end = splice.at + splice.remove;
  return position >= end ? position + splice.insert.length - splice.remove : splice.at + splice.insert.length;
}

/** A splice, made on the same text as another one, as it is to be done after that one. What both
 * remove is gone once; where both insert at one place, the other's text stands first. */
export function over(mine: Splice, theirs: Splice): Splice {
  const [mineEnd, theirsEnd] = [mine.at + mine.remove, theirs.at + theirs.remove];
  const grown = theirs.insert.length - theirs.remove;
  if (mineEnd <= theirs.at && !(mine.at === theirs.at && mine.remove === 0)) return mine;
  if (mine.at >= theirsEnd) return { ...mine, at: mine.at + grown };
  // They overlap: what is left for this one to remove lies before or behind what the other put in.
  const before = Math.max(0, theirs.at - mine.at);
  const behind = Math.max(0, mineEnd - theirsEnd);
  if (before > 0 && behind > 0) return { at: mine.at, remove: before + theirs.insert.length + behind, insert: mine.insert + theirs.insert };
  if (before > 0) return { at: mine.at, remove: before, insert: mine.insert };
  return { at: theirs.at + theirs.insert.length, remove: behind, insert: mine.insert };
}

export function applied(text: string, splice: Splice): string {
  return text.slice(0, splice.at) + splice.insert + text.slice(splice.at + splice.remove);
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
