// A phone of 360 px, in Russian: the same work by thumb.

import { expect, test } from "./world.ts";

test.use({ lang: "ru", phone: true });

test("functions are cards, a cell is changed by tapping, and nothing scrolls sideways", async ({ world: { anna, dana } }) => {
  const { page } = dana;
  await expect(page.getByRole("heading", { name: "Логистика", level: 3 }).first()).toBeVisible();
  await page.locator('[data-address^="newyork/"]').last().tap();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "помогаем" }).check();
  await dialog.getByRole("button", { name: dana.say("web-done") }).tap();
  await expect(anna.page.locator('[data-address^="newyork/"]').last()).toContainText("помогаем");
  for (const place of ["web-documents", "web-people", "web-rules", "web-inbox"]) {
    await page.getByRole("navigation").getByRole("link", { name: dana.say(place) }).last().tap();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, place).toBeLessThanOrEqual(0);
  }
});
