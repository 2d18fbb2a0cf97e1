// The ground rules: read as sentences, changed by both leads, signed.

import { Person } from "./people.ts";
import { expect, test } from "./world.ts";

test("rules are read as sentences and signed; then they are in force for both", async ({ relay, browser }) => {
  const anna = await Person.sitDown(browser, "Anna Orlova", { zone: "Europe/Moscow" });
  const link = await anna.found(relay.link, { own: "Morosha", other: "Harbor", lead: "Dana Reyes" });
  await anna.open();
  const dana = await Person.sitDown(browser, "Dana Reyes");
  await dana.page.goto(link);
  await dana.press("web-join-go");
  await dana.press("web-recovery-kept");
  await expect(dana.page.getByRole("heading", { name: dana.say("web-agree-title") })).toBeVisible();
  await expect(dana.page.getByText("Each team's lead and account managers fill their own column", { exact: false })).toBeVisible();
  await dana.press("web-agree-sign");
  for (const person of [anna, dana]) {
    await person.page.getByRole("link", { name: person.say("web-rules"), exact: true }).first().click();
    await expect(person.page.getByText(/^In force since/)).toBeVisible();
    await expect(person.page.getByText(/Dana Reyes \(New York\) signed/)).toBeVisible();
    person.calm();
  }
});

test("a change of the rules waits for the other team's lead", async ({ world: { anna, dana } }) => {
  await anna.page.getByRole("link", { name: anna.say("web-rules"), exact: true }).first().click();
  await anna.press("web-rules-as-text");
  const dialog = anna.page.getByRole("dialog");
  const text = dialog.getByLabel(anna.say("web-rules-text"));
  const toml = await text.inputValue();
  const changed = toml.replace('en = "own column"', 'en = "own column first"');
  expect(changed).not.toBe(toml);
  await text.fill(changed);
  await dialog.getByLabel(anna.say("web-tray-message")).fill("Clearer this way.");
  await dialog.getByRole("button", { name: anna.say("web-rules-propose") }).click();
  await expect(dialog).toBeHidden();
  await dana.page.getByRole("link", { name: dana.say("web-needs-you", { count: 1 }) }).click();
  const card = dana.page.getByRole("article");
  await expect(card).toContainText("Clearer this way.");
  await card.getByRole("button", { name: dana.say("web-approve"), exact: true }).click();
  await dana.page.getByRole("link", { name: dana.say("web-rules"), exact: true }).first().click();
  await expect(dana.page.getByRole("heading", { name: "Own column first" })).toBeVisible();
});

test("a rule is made in a form, by choosing, and reads as a sentence before it is proposed", async ({ world: { anna, dana } }) => {
  await anna.page.getByRole("link", { name: anna.say("web-rules"), exact: true }).first().click();
  await anna.press("web-rule-new");
  const dialog = anna.page.getByRole("dialog");
  await dialog.getByLabel("What the rule is called, English").fill("Translations");
  await dialog.getByLabel("What the rule is called, Russian").fill("Переводы");
  await dialog.getByRole("group", { name: "Brief" }).getByLabel("For every market").check();
  await dialog.getByLabel("Role").selectOption("translator");
  await dialog.getByRole("button", { name: anna.say("web-add"), exact: true }).click();
  await dialog.getByLabel(/^Translator.*: Write$/).check();
  await expect(dialog.getByRole("status")).toContainText(/translator/i);
  await dialog.getByRole("button", { name: anna.say("web-rules-propose") }).click();
  await expect(dialog).toBeHidden();
  await dana.page.getByRole("link", { name: dana.say("web-needs-you", { count: 1 }) }).click();
  await dana.page.getByRole("article").getByRole("button", { name: dana.say("web-approve"), exact: true }).click();
  await anna.page.getByRole("link", { name: anna.say("web-rules"), exact: true }).first().click();
  await expect(anna.page.getByRole("heading", { name: "Translations" })).toBeVisible();

  // And one is taken away again.
  await anna.page.getByRole("button", { name: anna.say("web-rule-change-named", { name: "Translations" }) }).click();
  await anna.press("web-rule-remove");
  await expect(dialog).toBeHidden();
  await dana.page.getByRole("link", { name: dana.say("web-inbox") }).first().click();
  await dana.page.getByRole("article").getByRole("button", { name: dana.say("web-approve"), exact: true }).click();
  await expect(anna.page.getByRole("heading", { name: "Translations" })).toBeHidden();
});
