// Every screen in both languages, wide and on a phone, light and dark: no violation that axe finds, no
// sideways scrolling, no sentence missing; and a picture of each, to be looked at.

import { Album, BOTH, LOOKS } from "./album.ts";
import { Person } from "./people.ts";
import type { Lang } from "./words.ts";
import { expect, test } from "./world.ts";

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
    await page.locator("#rule-own-column").getByRole("button").click();
    await expect(page.getByRole("dialog").getByText(anna.say("web-rule-says"))).toBeVisible();
    await album.take(page, "rule-change");
    await page.keyboard.press("Escape");
    await anna.press("web-rules-as-text");
    await album.take(page, "rules-text");
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
