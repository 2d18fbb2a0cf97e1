/** Positions in texts: the core counts Unicode code points, the browser UTF-16 units. */

import type { EditCommand, Path } from "./contract";

/** The one edit that makes `after` of `before`; `null` if they are equal. */
export function spliceOf(path: Path, before: string, after: string): EditCommand | null {
  if (before === after) return null;
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  // Not between the halves of one code point.
  if (isLow(before, start) || isLow(after, start)) start--;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end++;
  }
  if (isLow(before, before.length - end) || isLow(after, after.length - end)) end--;
  const gone = before.slice(start, before.length - end);
  const come = after.slice(start, after.length - end);
  return {
    splice_text: { path, at: codePoints(before, start), delete: codePoints(gone, gone.length), insert: come },
  };
}

/** How many code points the first `units` UTF-16 units of a text are. */
export function codePoints(text: string, units: number): number {
  let count = 0;
  for (let unit = 0; unit < units; unit++) {
    if (!isLow(text, unit)) count++;
  }
  return count;
}

function isLow(text: string, unit: number): boolean {
  const code = text.charCodeAt(unit);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Tells texts apart: equal texts have equal marks (FNV-1a over UTF-16 units, with the length). */
export function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let unit = 0; unit < text.length; unit++) hash = Math.imul(hash ^ text.charCodeAt(unit), 0x01000193);
  return `${text.length}-${hash >>> 0}`;
}
