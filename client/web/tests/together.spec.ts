// Two people at once: what one writes the other sees; what both write is kept.

import type { Locator, Page } from "@playwright/test";
import type { Person } from "./people.ts";
import { expect, test } from "./world.ts";

test("what one lead fills in, the other sees", async ({ world: { anna, dana } }) => {
  await anna.claim("moscow", "Creative", "own");
  await expect(dana.cell("moscow", "Creative")).toContainText("own");
  await dana.claim("newyork", "Creative", "support");
  await expect(anna.cell("newyork", "Creative")).toContainText("support");
});

test("both type in one text at the same time, and both texts stay", async ({ world: { anna, dana } }) => {
  const [left, right] = [goal(anna), goal(dana)];
  await clear(left);
  await left.pressSequentially("Shared: ");
  await expect(right).toHaveValue("Shared: ");
  await right.click();
  await right.press("End");
  await left.press("Home");
  await Promise.all([
    left.pressSequentially("one two three four five ", { delay: 25 }),
    right.pressSequentially("uno dos tres cuatro cinco", { delay: 25 }),
  ]);
  const wanted = "one two three four five Shared: uno dos tres cuatro cinco";
  await expect(left).toHaveValue(wanted);
  await expect(right).toHaveValue(wanted);
});

test("an emoji, a flag and a pasted paragraph arrive whole", async ({ world: { anna, dana } }) => {
  const [left, right] = [goal(anna), goal(dana)];
  await clear(left);
  await anna.page.keyboard.insertText("Снег ❄️ 👩‍💻 🇷🇺🇺🇸 ");
  await anna.page.keyboard.insertText("two\nlines");
  await expect(right).toHaveValue("Снег ❄️ 👩‍💻 🇷🇺🇺🇸 two\nlines");
  for (let pressed = 0; pressed < "two\nlines".length; pressed++) await left.press("Backspace");
  await expect(right).toHaveValue("Снег ❄️ 👩‍💻 🇷🇺🇺🇸 ");
});

test("undo takes back one's own edit and leaves the other's", async ({ world: { anna, dana } }) => {
  await anna.claim("moscow", "Creative", "own");
  await dana.claim("newyork", "Creative", "own");
  await expect(anna.cell("newyork", "Creative")).toContainText("own");
  await anna.page.getByRole("grid").click({ position: { x: 5, y: 5 } });
  // The key, not the letter: it works under a Russian layout.
  await anna.page.evaluate(() => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyZ", key: "я", ctrlKey: true, bubbles: true })));
  await expect(dana.cell("moscow", "Creative")).toContainText("to discuss");
  await expect(dana.cell("newyork", "Creative")).toContainText("own");
});

test("cells of a spreadsheet are pasted into one's own column", async ({ world: { anna, dana } }) => {
  await anna.cell("moscow", "Creative").focus();
  await paste(anna.page, "own Anna Orlova\nподдержка\nsupport: Pavel Zimin\n");
  await expect(dana.cell("moscow", "Creative")).toContainText("own");
  await expect(dana.cell("moscow", "Creative")).toContainText("Anna Orlova");
  await expect(dana.cell("moscow", "Brief-writing")).toContainText("support");
  await expect(dana.cell("moscow", "Brief-writing")).toContainText("Pavel Zimin");
  await expect(dana.cell("moscow", "Influencer relations")).toContainText("to discuss");
});

test("the grid is one tab stop, and Enter, arrows and Esc lead through it", async ({ world: { anna } }) => {
  const { page } = anna;
  await anna.cell("moscow", "Creative").focus();
  await page.keyboard.press("ArrowDown");
  await expect(anna.cell("moscow", "Influencer relations")).toBeFocused();
  await page.keyboard.press("End");
  await expect(anna.cell("newyork", "Influencer relations")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(anna.cell("newyork", "Influencer relations")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("grid").locator(":focus")).toHaveCount(0);
  expect(await page.getByRole("grid").locator("[tabindex='0']").count()).toBe(1);
});

/** A text that both leads write: what to do if teams do not agree. */
function goal(person: Person) {
  return person.page
    .getByRole("region", { name: "Escalation" })
    .getByRole("textbox", { name: /What escalates, English/ })
    .last();
}

async function clear(text: Locator): Promise<void> {
  await text.press("ControlOrMeta+a");
  await text.press("Delete");
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
