// Every screen in both languages, wide and on a phone, light and dark: no violation that axe finds, no
// sideways scrolling, no sentence missing; and a picture of each, to be looked at.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Person } from "./people.ts";
import type { Lang } from "./words.ts";
import { expect, test } from "./world.ts";

const FOLDER = resolve(import.meta.dirname, "../screenshots");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LOOKS = [
  { name: "wide-light", width: 1280, height: 860, colorScheme: "light" },
  { name: "wide-dark", width: 1280, height: 860, colorScheme: "dark" },
  { name: "phone-light", width: 360, height: 740, colorScheme: "light" },
  { name: "phone-dark", width: 360, height: 740, colorScheme: "dark" },
] as const;
/** Enough for most screens: each size once, each scheme once. */
const BOTH = [LOOKS[0], LOOKS[3]];

class Album {
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

for (const lang of ["en", "ru"] as Lang[]) {
  test(`every screen (${lang})`, async ({ relay, browser }) => {
    test.setTimeout(600_000);
    const album = new Album(lang);
    const anna = await Person.sitDown(browser, lang === "ru" ? "Анна Орлова" : "Anna Orlova", { lang, zone: "Europe/Moscow" });
    const { page } = anna;
    await page.goto(new URL("/", relay.link).href);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await album.take(page, "welcome");
    await page.goto(relay.link);
    await expect(page.getByRole("group", { name: anna.say("web-found-own") })).toBeVisible();
    await album.take(page, "found");
    const link = await anna.found(relay.link, { own: "Мороша", other: "Harbor Creative", lead: "Dana Reyes" });
    await album.take(page, "ready");
    await anna.open();

    const dana = await Person.sitDown(browser, "Dana Reyes", { lang });
    await dana.page.goto(link);
    await expect(dana.button("web-join-go")).toBeVisible();
    await album.take(dana.page, "join");
    await dana.press("web-join-go");
    await expect(dana.button("web-recovery-kept")).toBeVisible();
    await album.take(dana.page, "recovery-key");
    await dana.press("web-recovery-kept");
    await expect(dana.button("web-agree-sign")).toBeEnabled();
    await album.take(dana.page, "agree");
    await dana.press("web-agree-sign");
    await expect(dana.page.getByRole("grid")).toBeVisible();

    // A matrix with something of everything.
    const own = lang === "ru" ? "ведём" : "own";
    const none = lang === "ru" ? "не делаем" : "none";
    const [creative, outreach, logistics] = lang === "ru" ? ["Креатив", "Исходящие контакты", "Логистика"] : ["Creative", "Outreach", "Logistics"];
    await anna.claim("moscow", creative, own);
    await anna.claim("moscow", outreach, none);
    await dana.claim("newyork", creative, own);
    await dana.claim("newyork", outreach, none);
    await dana.claim("moscow", logistics, own);
    await expect(dana.page.getByRole("complementary", { name: dana.say("web-tray") })).toBeVisible();
    await album.take(dana.page, "matrix-suggesting");
    await dana.press("web-tray-review");
    await album.take(dana.page, "tray");
    await dana.page.getByRole("dialog").getByRole("button", { name: dana.say("web-tray-send", { count: 1 }) }).click();
    await expect(dana.page.getByRole("dialog")).toBeHidden();
    await album.take(dana.page, "matrix", LOOKS);
    await dana.click(dana.cell("newyork", creative));
    await album.take(dana.page, "cell-own");
    await dana.page.keyboard.press("Escape");
    await dana.click(dana.cell("moscow", logistics));
    await album.take(dana.page, "cell-theirs");
    await dana.page.keyboard.press("Escape");

    await dana.page.getByRole("link", { name: dana.say("web-talk") }).first().click();
    await dana.page.getByLabel(dana.say("web-talk-say")).fill("Who talks to the customs broker? · Кто говорит с брокером?");
    await dana.press("web-talk-send");
    await album.take(dana.page, "talk");
    await dana.page.getByRole("link", { name: dana.say("web-history") }).click();
    await dana.page.getByRole("button", { name: dana.say("web-compare-from") }).last().click();
    await album.take(dana.page, "history");

    await anna.page.getByRole("link", { name: anna.say("web-inbox") }).first().click();
    await expect(page.getByRole("article")).toBeVisible();
    await album.take(page, "inbox");

    await page.getByRole("link", { name: anna.say("web-documents") }).first().click();
    await album.take(page, "documents");
    for (const kind of ["brief", "playbook"]) {
      await page.getByRole("link", { name: anna.say("web-documents") }).first().click();
      await anna.press("web-new-document");
      if (kind === "brief") await album.take(page, "new-document");
      await page.locator(`input[value=${kind}]`).check();
      await anna.press("web-create");
      await expect(page.getByRole("dialog")).toBeHidden();
      await expect(page.getByRole("region").first()).toBeVisible();
      await album.take(page, kind, kind === "brief" ? LOOKS : BOTH);
    }
    await page.getByRole("link", { name: anna.say("web-people") }).first().click();
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await album.take(page, "people");
    await page.getByRole("button", { name: anna.say("web-invite"), exact: true }).click();
    await album.take(page, "invite");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: anna.say("web-hours-change") }).first().click();
    await album.take(page, "hours");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: anna.say("web-rules"), exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await album.take(page, "rules");
    await anna.press("web-suggest");
    await album.take(page, "rules-change");
    await page.keyboard.press("Escape");
    await page.getByLabel(anna.say("web-more"), { exact: true }).click();
    await page.getByRole("link", { name: anna.say("web-device") }).click();
    await anna.press("web-device-add");
    await expect(page.getByRole("img", { name: anna.say("web-device-qr") })).toBeVisible();
    await anna.press("web-check-go");
    await expect(page.getByRole("status").filter({ hasText: anna.say("verify-all-good") })).toBeVisible();
    await album.take(page, "device");
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByRole("combobox").fill(creative);
    await expect(page.getByRole("option").first()).toBeVisible();
    await album.take(page, "search");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+Slash");
    await album.take(page, "keys");

    expect(album.found).toEqual([]);
    anna.calm();
    dana.calm();
    await anna.context.close();
    await dana.context.close();
  });
}
