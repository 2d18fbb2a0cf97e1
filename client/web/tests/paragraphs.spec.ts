// One paragraph edited by two people who did not see each other, a translation that is older than its
// source, and a question that ends in a decision: in both languages, clean under axe.

import type { Locator } from "@playwright/test";
import { Album } from "./album.ts";
import type { Person } from "./people.ts";
import { expect, test } from "./world.ts";

for (const lang of ["en", "ru"] as const) {
  test.describe(lang, () => {
    test.use({ lang });

    test("both edited a paragraph offline: who, when and what each changed; one version is kept", async ({ world: { anna, dana } }) => {
      const album = new Album(lang);
      await put(text(anna), "Budget questions.");
      await expect(text(dana)).toHaveValue("Budget questions.");
      await bothEdit(anna, dana);
      for (const person of [anna, dana]) {
        await expect(text(person)).toHaveValue("Budget and date questions above $500.");
        const strip = person.page.getByRole("region", { name: person.say("web-both-edited") });
        await expect(strip).toContainText(person === anna ? "Dana Reyes" : "Anna Orlova");
        await expect(strip).toContainText(person.say("you"));
        await expect(strip).toContainText(lang === "ru" ? /МСК.*(НЙ|Нью)|(НЙ|Нью).*МСК/ : /MSK.*NY|NY.*MSK/);
      }
      const strip = dana.page.getByRole("region", { name: dana.say("web-both-edited") });
      await strip.getByRole("button", { name: dana.say("web-both-compare") }).click();
      await expect(strip.locator("ins").first()).toContainText("and date");
      await expect(strip.locator("ins").last()).toContainText("$500");
      await album.take(dana.page, "both-edited");
      await strip.getByRole("button", { name: dana.say("web-keep-theirs", { person: "Anna Orlova" }) }).click();
      for (const person of [anna, dana]) {
        await expect(text(person)).toHaveValue("Budget and date questions.");
        await expect(person.page.getByRole("region", { name: person.say("web-both-edited") })).toBeHidden();
      }
      expect(album.found).toEqual([]);
    });

    test("the decider is asked about it, answers, and the decision stands with the thread", async ({ world: { anna, dana } }) => {
      const album = new Album(lang);
      await put(text(anna), "Budget questions.");
      await expect(text(dana)).toHaveValue("Budget questions.");
      await bothEdit(anna, dana);
      const strip = dana.page.getByRole("region", { name: dana.say("web-both-edited") });
      await strip.getByRole("button", { name: dana.say("web-ask-person", { person: "Anna Orlova" }) }).click();
      await album.take(dana.page, "ask");
      await dana.page.getByRole("dialog").getByRole("button", { name: dana.say("web-ask-send"), exact: true }).click();
      await anna.page.getByRole("link", { name: anna.say("web-inbox") }).first().click();
      await expect(anna.page.getByRole("heading", { name: anna.say("web-asked-you") })).toBeVisible();
      await album.take(anna.page, "inbox-question");
      await anna.page.getByRole("link", { name: anna.say("web-talk-open", { title: lang === "ru" ? "Кто что делает" : "Who does what" }) }).click();
      await anna.press("web-decide");
      const dialog = anna.page.getByRole("dialog");
      await dialog.getByRole("textbox").fill("Above $500 only.");
      await dialog.getByRole("button", { name: anna.say("web-decide-go"), exact: true }).click();
      await expect(dialog).toBeHidden();
      await dana.page.getByRole("link", { name: dana.say("web-talk"), exact: false }).first().click();
      const decision = dana.page.locator(".decision");
      await expect(decision).toContainText("Above $500 only.");
      await expect(decision).toContainText("Anna Orlova");
      await album.take(dana.page, "talk-decided");
      await anna.page.getByRole("link", { name: anna.say("web-inbox") }).first().click();
      await expect(anna.page.getByRole("heading", { name: anna.say("web-asked-you") })).toBeHidden();
      expect(album.found).toEqual([]);
    });

    test("a decision about a function stands in the agreed split", async ({ world: { anna, dana } }) => {
      const creative = lang === "ru" ? "Креатив" : "Creative";
      const own = lang === "ru" ? "ведём" : "own";
      await anna.claim("moscow", creative, own);
      await dana.claim("newyork", creative, own);
      await anna.click(anna.cell("moscow", creative));
      await anna.page.getByRole("link", { name: anna.say("web-talk-begin") }).click();
      await anna.page.getByLabel(anna.say("web-talk-say")).fill("Who briefs the studio?");
      await anna.press("web-talk-send");
      await dana.page.getByRole("link", { name: dana.say("web-talk"), exact: false }).first().click();
      await expect(dana.page.getByRole("article")).toContainText("Who briefs the studio?");
      await dana.press("web-talk-reply");
      await dana.page.getByRole("dialog").getByRole("textbox").fill("We could.");
      await dana.page.getByRole("dialog").getByRole("button", { name: dana.say("web-talk-send"), exact: true }).click();
      await expect(anna.page.getByRole("article")).toContainText("We could.");
      await anna.press("web-decide");
      await anna.page.getByRole("dialog").getByRole("textbox").fill("New York briefs the studio.");
      await anna.page.getByRole("dialog").getByRole("button", { name: anna.say("web-decide-go"), exact: true }).click();
      await expect(dana.page.locator(".decision")).toContainText("New York briefs the studio.");
      await dana.page.getByRole("link", { name: dana.say("web-content"), exact: true }).click();
      await expect(dana.page.getByText("New York briefs the studio.").first()).toBeVisible();
    });

    test("a translation that is behind shows what changed in its source, and is marked as current", async ({ world: { anna } }) => {
      const album = new Album(lang);
      const region = anna.page.getByRole("region", { name: lang === "ru" ? "Кто решает спор" : "Escalation" });
      await region.getByRole("button", { name: anna.say("web-both-languages") }).last().click();
      const [original, translation] = [text(anna, "ru"), text(anna, "en")];
      await put(original, "Спор о бюджете.");
      await put(translation, "A dispute about the budget.");
      const mark = region.getByRole("button", { name: anna.say("web-translation-mark") });
      await mark.first().click();
      await expect(mark).toHaveCount(0);
      // What was written first is the source, whichever language it is.
      await insert(translation, "A dispute about the budget".length, " above 500 dollars");
      const since = region.getByRole("button", { name: anna.say("web-source-changed-en") });
      await since.first().click();
      const diff = region.locator(".pair-then");
      await expect(diff.locator("ins").first()).toContainText("above 500");
      await album.take(anna.page, "translation-behind");
      await mark.first().click();
      await expect(since).toHaveCount(0);
      expect(album.found).toEqual([]);
    });
  });
}

/** A text that both leads write: the last question of what escalates. */
function text(person: Person, tongue: "ru" | "en" = person.lang): Locator {
  const section = person.lang === "ru" ? "Кто решает спор" : "Escalation";
  const field = person.lang === "ru" ? "Что передаём выше" : "What escalates";
  const name = person.say("web-in-tongue", { label: field, tongue: person.say(`web-tongue-${tongue}`) });
  return person.page.getByRole("region", { name: section }).getByRole("textbox", { name: new RegExp(`${name}$`) }).last();
}

async function put(field: Locator, text: string): Promise<void> {
  await field.click();
  await field.press("ControlOrMeta+a");
  await field.pressSequentially(text);
  await field.blur();
}

async function insert(field: Locator, at: number, text: string): Promise<void> {
  await field.click();
  await field.evaluate((area: HTMLTextAreaElement, at) => area.setSelectionRange(at, at), at);
  await field.pressSequentially(text);
  await field.blur();
}

/** Both write offline; Anna is back first, and Dana some seconds later. */
async function bothEdit(anna: Person, dana: Person): Promise<void> {
  for (const person of [anna, dana]) await person.sent();
  for (const person of [anna, dana]) await person.context.setOffline(true);
  for (const person of [anna, dana]) await expect(person.page.locator(".sync")).toContainText(person.lang === "ru" ? /Нет связи|нет связи/ : /No connection/);
  await insert(text(anna), "Budget".length, " and date");
  await insert(text(dana), "Budget questions".length, " above $500");
  await anna.context.setOffline(false);
  await anna.sent();
  // Longer than people who are connected take to see each other's letters.
  await dana.page.waitForTimeout(3_500);
  await dana.context.setOffline(false);
}
