// What is not mine to edit: suggestions are collected, sent as one, and decided by those who may.

import { expect, test } from "./world.ts";

test("two suggestions go out as one; one lead approves, and it stands for both", async ({ world: { anna, dana } }) => {
  await dana.claim("moscow", "Logistics", "own");
  await dana.claim("moscow", "Outreach", "support");
  // Nothing has left this device yet.
  await expect(dana.page.getByText(dana.say("web-unsent", { count: 2 }))).toBeVisible();
  await expect(anna.cell("moscow", "Logistics")).not.toContainText("suggests");

  await dana.press("web-tray-review");
  const review = dana.page.getByRole("dialog");
  await expect(review).toContainText("Anna Orlova");
  await review.getByLabel(dana.say("web-tray-message")).fill("You know the customs broker.");
  await review.getByRole("button", { name: dana.say("web-tray-send", { count: 2 }) }).click();
  await expect(dana.cell("moscow", "Logistics")).toContainText("You suggest: own");

  await expect(anna.cell("moscow", "Logistics")).toContainText("Dana Reyes suggests: own");
  await anna.page.getByRole("link", { name: anna.say("web-needs-you", { count: 1 }) }).click();
  const card = anna.page.getByRole("article");
  await expect(card).toHaveCount(1);
  await expect(card).toContainText("You know the customs broker.");
  await card.getByRole("button", { name: anna.say("web-approve"), exact: true }).click();
  await expect(anna.page.getByRole("heading", { name: anna.say("web-waits-for-you") })).toBeHidden();

  await expect(dana.cell("moscow", "Logistics")).toContainText("own");
  await expect(dana.cell("moscow", "Logistics")).not.toContainText("suggest");
  await expect(dana.cell("moscow", "Outreach")).toContainText("support");
});

test("what is not taken comes back with its reason, and the record keeps both", async ({ world: { anna, dana } }) => {
  await dana.claim("moscow", "Outreach", "none");
  await dana.press("web-tray-review");
  await dana.page.getByRole("dialog").getByRole("button", { name: dana.say("web-tray-send", { count: 1 }) }).click();
  await anna.page.getByRole("link", { name: anna.say("web-needs-you", { count: 1 }) }).click();
  await anna.page.getByRole("article").getByRole("button", { name: anna.say("web-not-take") }).click();
  const dialog = anna.page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("We keep outreach for Russia. Split by market?");
  await dialog.getByRole("button", { name: anna.say("web-not-take") }).click();
  await expect(dialog).toBeHidden();
  await expect(dana.cell("moscow", "Outreach")).not.toContainText("suggest");
  await dana.page.getByRole("link", { name: dana.say("web-history") }).click();
  await expect(dana.page.getByText("We keep outreach for Russia. Split by market?").first()).toBeVisible();
});

test("a suggestion can be taken back, and be said why it waits", async ({ world: { anna, dana } }) => {
  await dana.claim("moscow", "Creative", "own");
  await dana.press("web-tray-review");
  await dana.page.getByRole("dialog").getByRole("button", { name: dana.say("web-tray-send", { count: 1 }) }).click();
  await expect(anna.cell("moscow", "Creative")).toContainText("Dana Reyes suggests");
  await dana.page.getByRole("link", { name: dana.say("web-waits-others", { count: 1 }) }).click();
  const card = dana.page.getByRole("article");
  await card.getByRole("button", { name: dana.say("web-why-waits") }).click();
  await expect(dana.page.getByRole("dialog")).toContainText("Anna Orlova");
  await dana.page.keyboard.press("Escape");
  await card.getByRole("button", { name: dana.say("web-take-back") }).click();
  await expect(card).toBeHidden();
  await expect(anna.cell("moscow", "Creative")).not.toContainText("suggests");
});
