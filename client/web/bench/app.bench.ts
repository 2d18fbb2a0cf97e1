// How quick the app is in a real browser, beside the floor of the same run: an empty page, a plain
// textarea. Prints a table and writes it as JSON where `ENTENTE_BENCH` says.

import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Person } from "../tests/people.ts";
import { expect, test } from "../tests/world.ts";

const QUICK = process.env["ENTENTE_BENCH_QUICK"] === "1";
const EDITS = QUICK ? 300 : 10_000;
const LETTERS = 50_000;
const KEYS = QUICK ? 60 : 400;
const VISITS = QUICK ? 3 : 10;

type Row = { name: string; unit: string; floor: number; app: number; aim: number };
const rows: Row[] = [];

test.setTimeout(1_800_000);

test.afterAll(() => {
  console.log(rows.map(({ name, unit, floor, app, aim }) => `${name}: ${app} ${unit} (floor ${floor} ${unit}, aim ${aim} ${unit})`).join("\n"));
  const file = process.env["ENTENTE_BENCH"];
  if (file) writeFileSync(file, JSON.stringify(rows, null, 2));
});

test("second visit without network, until the document can be edited", async ({ world: { anna } }) => {
  const field = text(anna);
  await field.click();
  for (let typed = 0; typed < EDITS; typed += 100) {
    await field.pressSequentially("nine words of it and then some more of the same text, again and again, until it is long enough now. ".slice(0, 100));
  }
  await anna.sent();
  const { page } = anna;
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await anna.context.setOffline(true);
  const app: number[] = [];
  const floor: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    await page.reload({ waitUntil: "commit" });
    app.push(await page.evaluate(editable, "[role=grid] [tabindex='0']"));
    floor.push(await blank(page));
  }
  rows.push({ name: `second visit offline, ${EDITS} edits`, unit: "ms", floor: middle(floor), app: middle(app), aim: 1_000 });
  await anna.context.setOffline(false);
});

test("typing in a long text while a colleague types in it", async ({ world: { anna, dana } }) => {
  const long = "A sentence of the text that is long. ".repeat(Math.ceil(LETTERS / 37)).slice(0, LETTERS);
  const [mine, theirs] = [text(anna), text(dana)];
  await mine.click();
  await mine.press("ControlOrMeta+a");
  await anna.page.keyboard.insertText(long);
  await expect(theirs).toHaveValue(long);
  await mine.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(100, 100));
  await theirs.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(area.value.length, area.value.length));
  const app = await typed(anna.page, mine, () => theirs.pressSequentially("x".repeat(KEYS), { delay: 60 }));
  const plain = await anna.context.newPage();
  await plain.setContent(`<textarea rows="20" cols="80"></textarea>`);
  const area = plain.locator("textarea");
  await area.evaluate((area: HTMLTextAreaElement, long) => {
    area.value = long;
    area.focus();
    area.setSelectionRange(100, 100);
  }, long);
  const floor = await typed(plain, area, () => Promise.resolve());
  rows.push({ name: `typing in ${LETTERS} letters, p95`, unit: "ms", floor, app, aim: 50 });
});

/** When an element is there that can be edited, in milliseconds since the visit began. */
function editable(selector: string): Promise<number> {
  return new Promise((done) => {
    const look = () => (document.querySelector(selector) ? done(Math.round(performance.now())) : requestAnimationFrame(look));
    look();
  });
}

/** The same for a page that holds one word. */
async function blank(page: Page): Promise<number> {
  const other = await page.context().newPage();
  await other.goto("data:text/html,<p id=here>here", { waitUntil: "commit" });
  const took = await other.evaluate(editable, "#here");
  await other.close();
  return took;
}

/** From a key until the frame after it is shown: the time of the slowest but one in twenty. */
async function typed(page: Page, field: ReturnType<Page["locator"]>, meanwhile: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    const took: number[] = [];
    Object.assign(globalThis, { took });
    addEventListener("keydown", (event) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => took.push(performance.now() - event.timeStamp);
      requestAnimationFrame(() => channel.port2.postMessage(null));
    });
  });
  await Promise.all([field.pressSequentially("y".repeat(KEYS), { delay: 60 }), meanwhile()]);
  const took = await page.evaluate(() => (globalThis as unknown as { took: number[] }).took);
  took.sort((one, other) => one - other);
  return Math.round(took[Math.floor(took.length * 0.95)] ?? 0);
}

function middle(numbers: number[]): number {
  return numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** A text that both leads write. */
function text(person: Person) {
  return person.page.getByRole("region", { name: "Escalation" }).getByRole("textbox", { name: /What escalates, English/ }).last();
}
