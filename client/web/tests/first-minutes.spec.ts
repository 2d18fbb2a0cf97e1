// The first five minutes, with a stopwatch, in each language: from the operator's link until both leads
// have signed the ground rules and see the same matrix.

import { Person } from "./people.ts";
import type { Lang } from "./words.ts";
import { expect, test } from "./world.ts";

const INPUTS_MAX = 12;
const MINUTES_MAX = 5;

for (const lang of ["en", "ru"] as Lang[]) {
  test(`two leads are in the same matrix with at most ${INPUTS_MAX} inputs (${lang})`, async ({ relay, browser }) => {
    const began = Date.now();
    const anna = await Person.sitDown(browser, "Анна Орлова", { lang, zone: "Europe/Moscow" });
    const link = await anna.found(relay.link, { own: "Мороша", other: "Harbor Creative", lead: "Dana Reyes", kind: "matrix" });
    await anna.open();
    const dana = await Person.sitDown(browser, "Dana Reyes", { lang });
    await dana.join(link);
    const inputs = anna.inputs + dana.inputs;

    for (const person of [anna, dana]) {
      await expect(person.page.getByRole("grid")).toBeVisible();
      await expect(person.page.getByRole("row")).toHaveCount(10);
    }
    const own = lang === "ru" ? "ведём" : "own";
    const none = lang === "ru" ? "не делаем" : "none";
    const [creative, outreach] = lang === "ru" ? ["Креатив", "Исходящие контакты"] : ["Creative", "Outreach"];
    for (const [person, team] of [[anna, "moscow"], [dana, "newyork"]] as const) {
      await person.claim(team, creative, own);
      await person.claim(team, outreach, none);
    }
    for (const person of [anna, dana]) {
      const rail = person.page.getByRole("complementary", { name: person.say("web-to-settle-before") });
      await expect(rail.getByRole("heading", { name: person.say("web-both") })).toBeVisible();
      await expect(rail.getByRole("heading", { name: person.say("web-nobody") })).toBeVisible();
      person.calm();
    }

    const minutes = (Date.now() - began) / 60_000;
    test.info().annotations.push({ type: "measured", description: `${inputs} inputs, ${minutes.toFixed(2)} minutes` });
    expect(inputs).toBeLessThanOrEqual(INPUTS_MAX);
    expect(minutes).toBeLessThan(MINUTES_MAX);
    await anna.context.close();
    await dana.context.close();
  });
}

test("opening an invitation uses up nothing: it can be opened twice and joined once", async ({ relay, browser }) => {
  const anna = await Person.sitDown(browser, "Anna Orlova", { zone: "Europe/Moscow" });
  const link = await anna.found(relay.link, { own: "Morosha", other: "Harbor", lead: "Dana Reyes" });
  const curious = await Person.sitDown(browser, "Curious");
  await curious.page.goto(link);
  await expect(curious.button("web-join-go")).toBeVisible();
  await expect(curious.page.getByText("Morosha", { exact: false }).first()).toBeVisible();
  await curious.context.close();
  const dana = await Person.sitDown(browser, "Dana Reyes");
  await dana.join(link);
  await expect(dana.page.getByRole("grid")).toBeVisible();
  const late = await Person.sitDown(browser, "Late");
  await late.page.goto(link);
  await expect(late.page.getByRole("alert")).toBeVisible();
  await expect(late.button("web-join-go")).toBeHidden();
});

test("inside another app's window the page asks for a real browser", async ({ relay, browser }) => {
  const context = await browser.newContext({
    userAgent: "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Telegram-Android/10.5",
    locale: "en-US",
  });
  const page = await context.newPage();
  await page.goto(relay.link.replace("/#found-", "/join#"));
  await page.goto("about:blank");
  const anna = await Person.sitDown(browser, "Anna Orlova", { zone: "Europe/Moscow" });
  const link = await anna.found(relay.link, { own: "Morosha", other: "Harbor", lead: "Dana Reyes" });
  await page.goto(link);
  await expect(page.getByRole("heading", { name: anna.say("web-inapp-title") })).toBeVisible();
  await expect(page.getByRole("button", { name: anna.say("web-join-go") })).toBeHidden();
  await context.close();
});
