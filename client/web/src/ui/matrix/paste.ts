// Cells of a spreadsheet pasted into the matrix: words become claims, the rest of a cell the person.
// Own columns are written at once; what falls into another team's column is collected as a suggestion.

import type { EditCommand, MatrixView } from "../../core/contract.ts";
import { attempt, look } from "../core.ts";
import { accessOf, type Doc } from "../document/context.ts";
import { change, plain, scalar, string, write } from "../document/edit.ts";
import { peopleOf, teamLabel } from "../names.ts";
import { lang, side } from "../words.ts";
import { cellPath, claimChoices, claimLabel, sectionOf } from "./model.ts";

export type Pasted = { written: number; suggested: number; skipped: number };

export async function paste(doc: Doc, matrix: MatrixView, at: { row: number; column: number }, text: string): Promise<Pasted> {
  const lines = rowsOf(text);
  const done: Pasted = { written: 0, suggested: 0, skipped: 0 };
  const functions = await namesFor(doc, matrix, at, lines, done);
  const own = new Map<string, EditCommand[]>();
  for (const [down, cells] of lines.entries()) {
    const fn = functions[down];
    for (const [across, cell] of cells.entries()) {
      const column = at.column + across;
      const party = matrix.columns[column - 1]?.party;
      if (column === 0) continue;
      const said = claimIn(doc, cell);
      if (!fn || !party || !said) {
        if (cell.trim()) done.skipped++;
        continue;
      }
      const section = sectionOf(party);
      const path = cellPath(fn);
      const claim = scalar([...path, "claim"], string(said.claim));
      if (accessOf(doc, section)?.access === "edit") {
        const commands = own.get(section) ?? [];
        commands.push(claim);
        if (said.person) commands.push(scalar([...path, "person"], string(personValue(said.person))));
        own.set(section, commands);
        done.written++;
      } else {
        const place = plain(`${teamLabel(party)} · ${side(matrix.functions.find((one) => one.id === fn)?.label ?? plain(""))}`);
        await change(doc, { section, path: [...path, "claim"], command: claim, place, shown: claimLabel(doc, said.claim) });
        done.suggested++;
      }
    }
  }
  for (const [section, commands] of own) await write(doc, section, commands);
  return done;
}

/** The function of each pasted line; pasted names rename nothing, but new ones become new functions. */
async function namesFor(doc: Doc, matrix: MatrixView, at: { row: number; column: number }, lines: string[][], done: Pasted): Promise<(string | undefined)[]> {
  const standing = lines.map((_, down) => matrix.functions[at.row + down]?.id);
  if (at.column !== 0) return standing;
  const found: (string | undefined)[] = [];
  let after = matrix.functions.at(-1)?.id ?? null;
  for (const cells of lines) {
    const name = cells[0]?.trim() ?? "";
    const known = matrix.functions.find((one) => [one.label.ru, one.label.en].some((label) => label.toLowerCase() === name.toLowerCase()));
    if (known || !name) {
      found.push(known?.id);
      continue;
    }
    const place = await attempt(look("order", { document: doc.id, section: "functions", path: ["functions"], after }));
    if (!place) {
      found.push(undefined);
      continue;
    }
    const id = crypto.randomUUID();
    const label = { map: { [lang.value]: string(name), source: string(lang.value) } };
    const command = { add_row: { path: ["functions"], id, order: place.order, fields: { label } } };
    await change(doc, { section: "functions", path: ["functions", id], command, place: plain(name), shown: plain(name) });
    accessOf(doc, "functions")?.access === "edit" ? done.written++ : done.suggested++;
    after = id;
    found.push(id);
  }
  return found;
}

/** Lines and cells of tab-separated text; a quoted cell may hold tabs and line ends. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < clean.length; at++) {
    const letter = clean.charAt(at);
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (clean.charAt(at + 1) === '"') cell += clean.charAt(++at);
      else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t" || letter === "\n") {
      rows.at(-1)?.push(cell);
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  rows.at(-1)?.push(cell);
  return rows;
}

/** `own`, «ведём», `OWN Anna Orlova`: the claim's word in either language, then perhaps a person. */
function claimIn(doc: Doc, cell: string): { claim: string; person: string } | undefined {
  const text = cell.trim();
  const lower = text.toLowerCase();
  for (const { word, label } of claimChoices(doc)) {
    for (const name of [label.ru, label.en, word]) {
      if (lower.startsWith(name.toLowerCase()) && !/[\p{L}]/u.test(lower.charAt(name.length))) {
        return { claim: word, person: text.slice(name.length).replace(/^[\s,:;–—-]+/, "").trim() };
      }
    }
  }
  return /^[-–—]$/.test(text) ? { claim: "none", person: "" } : undefined;
}

function personValue(name: string): string {
  return peopleOf(null).find((one) => one.name.toLowerCase() === name.toLowerCase())?.id ?? name;
}
