// A document on paper: A4, both languages, nothing to press.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Person } from "./people.ts";
import { expect, test } from "./world.ts";

const FOLDER = resolve(import.meta.dirname, "../screenshots");
/** A4 without its margins, at 96 dots to the inch. */
const SHEET = { width: 688, height: 1000 };

for (const lang of ["en", "ru"] as const) {
  for (const kind of ["matrix", "brief"]) {
    test.describe(`${kind} (${lang})`, () => {
      test.use({ lang, kind });

      test("prints all of it in both languages, and comes back to the screen", async ({ world: { anna } }) => {
        const { page } = anna;
        if (kind === "matrix") await anna.claim("moscow", lang === "ru" ? "Креатив" : "Creative", lang === "ru" ? "ведём" : "own");
        else await write(anna);
        await page.setViewportSize(SHEET);
        await page.emulateMedia({ media: "print" });
        await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
        const paper = page.locator(".paper");
        await expect(paper).toBeVisible();
        await expect(page.locator("button:visible, textarea:visible, input:visible")).toHaveCount(0);
        await expect(paper.locator(":lang(ru)").first()).toBeAttached();
        const words = kind === "matrix" ? ["Креатив", "Creative"] : ["Зима без спешки.", "An unhurried winter."];
        for (const word of words) await expect(paper).toContainText(word);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider).toBe(0);
        mkdirSync(resolve(FOLDER, lang), { recursive: true });
        await page.screenshot({ path: resolve(FOLDER, lang, `paper-${kind}.png`), fullPage: true });
        await page.evaluate(() => dispatchEvent(new Event("afterprint")));
        await page.emulateMedia({ media: "screen" });
        await expect(paper).toBeHidden();
      });
    });
  }
}

async function write(person: Person): Promise<void> {
  const goal = person.page.locator("[id='at-universal.goal']");
  await goal.locator('textarea[lang="ru"]').fill("Зима без спешки.");
  await goal.locator('textarea[lang="en"]').fill("An unhurried winter.");
  await person.page.keyboard.press("Tab");
  await person.sent();
}
