// Versions that ask for approval and signatures that lock, between two leads: in both languages, clean
// under axe.

import type { Locator } from "@playwright/test";
import { Album } from "./album.ts";
import type { Person } from "./people.ts";
import { expect, test } from "./world.ts";

// Two browsers, and pictures of each screen on the way.
test.setTimeout(300_000);

for (const lang of ["en", "ru"] as const) {
  test.describe(`a brief (${lang})`, () => {
    test.use({ lang, kind: "brief" });

    test("a version is sent, comes back with a comment, is revised and approved", async ({ world: { anna, dana } }) => {
      const album = new Album(lang);
      await framing(dana).fill("An unhurried winter.");
      const part = us(dana);
      await expect(state(part)).toHaveText(dana.say("web-state-draft"));
      await part.getByRole("button", { name: dana.say("web-send-version") }).click();
      const dialog = dana.page.getByRole("dialog");
      await expect(dialog).toContainText("Anna Orlova");
      await expect(dialog).toContainText(said(dana, "standing-round-of", { round: 1, rounds: 2 }));
      await expect(dialog).toContainText(lang === "ru" ? /МСК.*(НЙ|Нью)|(НЙ|Нью).*МСК/ : /MSK.*NY|NY.*MSK/);
      await expect(dialog).toContainText(dana.say("web-version-first-own"));
      await album.take(dana.page, "version-send");
      await dialog.getByLabel(dana.say("web-tray-message")).fill("One reel instead of two.");
      await dialog.getByRole("button", { name: dana.say("web-send-go") }).click();
      await expect(dialog).toBeHidden();
      await expect(state(part)).toContainText(dana.say("standing-round-of", { round: 1, rounds: 2 }));

      // Anna sees it where it stands and in her inbox, and sends it back.
      await anna.page.getByRole("link", { name: anna.say("web-needs-you", { count: 1 }) }).click();
      const card = anna.page.getByRole("article");
      await expect(card).toContainText("One reel instead of two.");
      await expect(card).toContainText(anna.say("web-version-first"));
      await card.getByRole("button", { name: anna.say("web-send-back") }).click();
      const reason = anna.page.getByRole("dialog");
      await reason.getByRole("textbox").fill("Too long for a reel.");
      await reason.getByRole("button", { name: anna.say("web-send-back") }).click();
      await expect(card).toBeHidden();

      // Dana reads why, revises, and sends the next version: the second round.
      await expect(part).toContainText("Too long for a reel.");
      await dana.page.getByRole("link", { name: dana.say("web-inbox") }).first().click();
      await expect(dana.page.getByText("Too long for a reel.")).toBeVisible();
      await album.take(dana.page, "inbox-came-back");
      await dana.page.getByRole("link", { name: dana.say("web-send-next") }).click();
      await expect(dialog).toContainText("Too long for a reel.");
      await dana.page.keyboard.press("Escape");
      await framing(dana).fill("An unhurried winter, short.");
      await part.getByRole("button", { name: dana.say("web-send-next") }).click();
      await expect(dialog).toContainText("An unhurried winter, short.");
      await expect(dialog).toContainText(said(dana, "standing-round-of", { round: 2, rounds: 2 }));
      await album.take(dana.page, "version-send-next");
      await dialog.getByRole("button", { name: dana.say("web-send-go") }).click();
      await expect(dialog).toBeHidden();
      await expect(part.getByRole("article")).toBeVisible();
      await part.getByText(dana.say("web-version-look")).click();
      await expect(part.getByRole("img")).toBeVisible();
      await album.take(dana.page, "version-waits");

      // Writing goes on; Anna's answer is about what was sent.
      await framing(dana).fill("An unhurried winter, short and warm.");
      await expect(anna.page.getByRole("article")).toContainText(anna.say("web-version-moved"));
      const next = anna.page.getByRole("article");
      await expect(next).toContainText("An unhurried winter, short.");
      await expect(next).not.toContainText("warm");
      await album.take(anna.page, "inbox-version");
      await next.getByRole("button", { name: anna.say("web-approve"), exact: true }).click();
      await expect(next).toBeHidden();
      await expect(state(part)).toHaveText(dana.say("web-state-changed"));
      expect(album.found).toEqual([]);
    });
  });

  test.describe(`a playbook (${lang})`, () => {
    test.use({ lang, kind: "playbook" });

    test("beside a row and a paragraph of the playbook both teams talk", async ({ world: { anna, dana } }) => {
      // Decisions are central: Dana does not write there, and talks about a row all the same.
      const row = section(dana, "decisions").locator(".row-item").first();
      await row.getByRole("link", { name: new RegExp(dana.say("web-talk-about", { place: "" }).trim()) }).first().click();
      await dana.page.getByLabel(dana.say("web-talk-say")).fill("Who decides this in August?");
      await dana.press("web-talk-send");
      await expect(dana.page.getByRole("article")).toContainText("Who decides this in August?");
      await anna.page.getByRole("link", { name: anna.say("web-talk") }).first().click();
      const thread = anna.page.getByRole("article");
      await expect(thread).toContainText("Who decides this in August?");
      await thread.getByRole("link", { name: anna.say("web-talk-there") }).click();
      await expect(section(anna, "decisions")).toBeVisible();
      await section(anna, "who").getByRole("link", { name: new RegExp(anna.say("web-talk-about", { place: "" }).trim()) }).last().click();
      await anna.page.getByLabel(anna.say("web-talk-say")).fill("Lee, from August on.");
      await anna.press("web-talk-send");
      await expect(dana.page.getByRole("article")).toHaveCount(2);
    });
  });

  test.describe(`a matrix (${lang})`, () => {
    test.use({ lang });

    test("the split is settled and signed by both; then a change of it waits for the other lead", async ({ world: { anna, dana } }) => {
      const album = new Album(lang);
      const rail = anna.page.getByRole("complementary", { name: new RegExp(anna.say("web-to-settle-before")) });
      await expect(state(rail)).toHaveText(anna.say("web-state-draft-unsigned", { done: 0, needed: 2 }));

      // Nothing is settled yet: the dialog says what is missing, and leads there.
      await rail.getByRole("button", { name: anna.say("web-sign-open") }).click();
      const dialog = anna.page.getByRole("dialog");
      const sign = dialog.getByRole("button", { name: anna.say("web-sign-go"), exact: true });
      await expect(sign).toBeDisabled();
      await expect(dialog.getByRole("group", { name: new RegExp(settleFirst(anna)) }).getByRole("link")).not.toHaveCount(0);
      await album.take(anna.page, "sign-not-ready");
      await dialog.getByRole("link", { name: lang === "ru" ? /Логистика|логистика/ : /logistics/i }).click();
      await expect(dialog).toBeHidden();
      await expect(anna.page.locator(":focus")).toContainText(lang === "ru" ? "Логистика" : "Logistics");

      await everyFunction(anna, "moscow", lang === "ru" ? "не делаем" : "none");
      await everyFunction(dana, "newyork", lang === "ru" ? "ведём" : "own");
      await expect(rail).toContainText(anna.say("web-all-settled"));
      // The agreement in both languages, one lead each.
      for (const person of [anna, dana]) await section(person, "split").getByRole("button", { name: person.say("web-both-languages") }).first().click();
      await agreement(dana, "en").fill("New York runs it; Moscow reviews twice a year.");
      await expect(agreement(anna, "en")).toHaveValue(/twice a year/);
      await agreement(anna, "ru").fill("Ведёт Нью-Йорк, Москва смотрит дважды в год.");

      await rail.getByRole("button", { name: anna.say("web-sign-open") }).click();
      await expect(dialog).toContainText("New York runs it; Moscow reviews twice a year.");
      await expect(dialog).toContainText("Ведёт Нью-Йорк, Москва смотрит дважды в год.");
      // Whose translation it is has to say that it says the same; the dialog leads there.
      await expect(sign).toBeDisabled();
      await dialog.getByRole("group", { name: new RegExp(settleFirst(anna)) }).getByRole("link").click();
      await anna.page.locator(":focus").getByRole("button", { name: anna.say("web-translation-mark") }).click();
      await rail.getByRole("button", { name: anna.say("web-sign-open") }).click();
      await expect(sign).toBeEnabled();
      await album.take(anna.page, "sign");
      await sign.click();
      await expect(dialog).toBeHidden();
      await expect(state(rail)).toHaveText(anna.say("web-state-signed", { done: 1, needed: 2 }));

      // Dana is asked in her inbox, and signs the same text.
      await dana.page.getByRole("link", { name: dana.say("web-needs-you", { count: 1 }) }).click();
      await album.take(dana.page, "inbox-sign");
      await dana.page.getByRole("link", { name: dana.say("web-sign-open") }).click();
      const hers = dana.page.getByRole("dialog");
      await expect(hers).toContainText("Anna Orlova");
      await hers.getByRole("button", { name: dana.say("web-sign-go"), exact: true }).click();
      await expect(hers).toBeHidden();
      const split = section(dana, "split");
      await expect(state(split)).toHaveText(dana.say("web-state-signed", { done: 2, needed: 2 }));
      await expect(split).toContainText(dana.say("web-locked", { people: "Anna Orlova" }));
      await album.take(dana.page, "signed");

      // An amendment: it says who must agree, waits as a card with what it changes, and stays signed.
      await split.getByRole("button", { name: dana.say("web-amend") }).click();
      await agreement(dana, lang).fill(lang === "ru" ? "Ведёт Нью-Йорк, Москва смотрит один раз в год." : "New York runs it; Moscow reviews once a year.");
      await agreement(dana, lang).blur();
      await dana.press("web-tray-review");
      await expect(hers).toContainText("Anna Orlova");
      await hers.getByRole("button", { name: dana.say("web-tray-send", { count: 1 }) }).click();
      await expect(hers).toBeHidden();
      await anna.page.getByRole("link", { name: anna.say("web-needs-you", { count: 1 }) }).click();
      const card = anna.page.getByRole("article");
      await expect(card).toContainText(anna.say("web-amendment"));
      await expect(card.locator("ins")).toContainText(lang === "ru" ? "один раз" : "once");
      await album.take(anna.page, "amendment");
      await card.getByRole("button", { name: anna.say("web-approve"), exact: true }).click();
      await expect(card).toBeHidden();
      await expect(split).toContainText(lang === "ru" ? "один раз в год" : "once a year");
      await expect(state(split)).toHaveText(dana.say("web-state-signed", { done: 2, needed: 2 }));
      expect(album.found).toEqual([]);
    });
  });
}

const section = (person: Person, id: string) => person.page.locator(`section[data-section="${id}"]`);
const us = (person: Person) => section(person, "market/us");
const state = (inside: Locator) => inside.locator(".standing .chip").first();

/** Sentences begin with a capital where they stand alone. */
const said = (person: Person, id: string, values: Record<string, string | number>) => new RegExp(person.say(id, values), "i");
const settleFirst = (person: Person) => person.say("web-sign-first-settle", { count: 2 }).split(":")[0] ?? "";

function framing(person: Person): Locator {
  return us(person).locator('textarea[lang="en"]').first();
}

/** What was agreed about the first function, in one language. */
function agreement(person: Person, tongue: "en" | "ru"): Locator {
  return section(person, "split").locator(`textarea[lang="${tongue}"]`).first();
}

/** Pastes one word into every cell of a team's column. */
async function everyFunction(person: Person, team: string, word: string): Promise<void> {
  const cells = person.page.getByRole("grid").locator(`[data-address^="${team}/"]`);
  const count = await cells.count();
  await cells.first().focus();
  await person.page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, `${word}\n`.repeat(count));
  await expect(cells.last()).toContainText(word);
}
