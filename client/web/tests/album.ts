// Pictures of screens, to be looked at, and what is wrong with them: nothing that axe finds, no sideways
// scrolling, no sentence missing.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";
import type { Lang } from "./words.ts";

const FOLDER = resolve(import.meta.dirname, "../screenshots");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export const LOOKS = [
  { name: "wide-light", width: 1280, height: 860, colorScheme: "light" },
  { name: "wide-dark", width: 1280, height: 860, colorScheme: "dark" },
  { name: "phone-light", width: 360, height: 740, colorScheme: "light" },
  { name: "phone-dark", width: 360, height: 740, colorScheme: "dark" },
] as const;
/** Enough for most screens: each size once, each scheme once. */
export const BOTH = [LOOKS[0], LOOKS[3]];

export class Album {
  readonly found: string[] = [];

  constructor(private readonly lang: Lang) {
    mkdirSync(resolve(FOLDER, lang), { recursive: true });
  }

  /** Takes a screen in each of the looks. */
  async take(page: Page, name: string, looks: readonly (typeof LOOKS)[number][] = BOTH): Promise<void> {
    // Before its view is here, a page has no heading.
    await expect(page.locator("h1").first()).toBeAttached();
    for (const look of looks) {
      await page.setViewportSize(look);
      await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => scrollTo(0, 0));
      await page.evaluate(() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)));
      await page.screenshot({ path: resolve(FOLDER, this.lang, `${name}-${look.name}.png`), fullPage: true });
      const at = `${this.lang} ${name} ${look.name}`;
      // A bar that stays at the edge covers what can be scrolled from under it.
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      for (const one of violations) {
        const nodes = one.nodes.filter((node) => !node.any.some((check) => /partially obscured/.test(check.message)));
        if (nodes.length > 0) this.found.push(`${at}: ${one.id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.any[0]?.message ?? ""}`);
      }
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wider > 0) this.found.push(`${at}: ${wider} px wider than the screen`);
      const unsaid = await page.evaluate(() => document.body.innerText.match(/\b(?:web|kind|held|rules|duration)-[a-z-]+\b/g));
      if (unsaid) this.found.push(`${at}: not said: ${unsaid.join(" ")}`);
    }
    await page.setViewportSize(LOOKS[0]);
  }
}
