// Splices and word differences, over random texts: nothing that anybody wrote is lost, nothing stands twice.

import { expect, test } from "@playwright/test";
import { wordDiff } from "../src/ui/held/words-diff.ts";
import { type Splice, applied, moved, over, spliceOf } from "../src/ui/parts/splice.ts";

/** The same numbers in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function spliceIn(text: string, letters: string, pick: (below: number) => number): Splice {
  const at = pick(text.length + 1);
  const remove = pick(Math.min(4, text.length - at) + 1);
  const insert = letters.slice(0, pick(letters.length + 1));
  return { at, remove, insert };
}

test("one splice makes the new text of the old one, wherever the caret is said to be", () => {
  const pick = random(1);
  const wrong: unknown[] = [];
  for (let round = 0; round < 5_000; round++) {
    const before = "aab ба😀".slice(0, pick(8)).repeat(pick(3));
    const after = applied(before, spliceIn(before, "ab😀б", pick));
    const splice = spliceOf(before, after, pick(after.length + 1));
    if ((splice ? applied(before, splice) : before) !== after) wrong.push({ before, after, splice });
  }
  expect(wrong).toEqual([]);
});

test("a splice never cuts a character in two", () => {
  const splice = spliceOf("😀", "😁", 2);
  expect(splice).toEqual({ at: 0, remove: 2, insert: "😁" });
});

test("what two people did to one text is all there, once, in either order of arrival", () => {
  const pick = random(2);
  const wrong: unknown[] = [];
  for (let round = 0; round < 20_000; round++) {
    const base = "0123456789".slice(0, pick(11));
    const mine = spliceIn(base, "abc", pick);
    const theirs = spliceIn(base, "XYZ", pick);
    const text = applied(applied(base, theirs), over(mine, theirs));
    const gone = (one: Splice, at: number) => at >= one.at && at < one.at + one.remove;
    const kept = [...base].filter((_, at) => !gone(mine, at) && !gone(theirs, at)).join("");
    const isWhole =
      text.replace(/[^0-9]/g, "") === kept && text.replace(/[^a-c]/g, "") === mine.insert && text.replace(/[^X-Z]/g, "") === theirs.insert;
    if (!isWhole) wrong.push({ base, mine, theirs, text });
  }
  expect(wrong).toEqual([]);
});

test("a caret stays between the same letters when somebody else writes before it", () => {
  expect(moved(5, { at: 2, remove: 1, insert: "xyz" })).toBe(7);
  expect(moved(2, { at: 2, remove: 0, insert: "xyz" })).toBe(2);
  expect(moved(3, { at: 2, remove: 4, insert: "" })).toBe(2);
});

test("a difference by words gives back both texts", () => {
  const pick = random(3);
  const wrong: unknown[] = [];
  const words = ["red", "green", "blue", "снег", "лёд"];
  const text = () => Array.from({ length: pick(12) }, () => words[pick(words.length)]).join(" ");
  for (let round = 0; round < 2_000; round++) {
    const [before, after] = [text(), text()];
    const pieces = wordDiff(before, after);
    const side = (gone: string) => pieces.filter((piece) => piece.kind !== gone).map((piece) => piece.text).join("");
    if (side("new") !== before || side("gone") !== after) wrong.push({ before, after, pieces });
  }
  expect(wrong).toEqual([]);
});
