// Terms of work with a creator: a rate moves within its band, in words beside it, and what goes beyond
// waits or is answered for with a reason.

import { Album } from "./album.ts";
import { expect, test } from "./world.ts";

for (const lang of ["en", "ru"] as const) {
  test.describe(lang, () => {
    test.use({ lang });

    test("a rate is answered for once, moves within its band, and waits beyond it", async ({ world: { anna, dana } }) => {
      const album = new Album(lang);
      const { page } = dana;
      await page.getByRole("link", { name: dana.say("web-documents") }).first().click();
      await dana.press("web-new-document");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("radio", { name: dana.say("kind-terms"), exact: false }).check();
      await dialog.getByLabel(dana.say("web-new-title")).fill("Mia Chen");
      await dialog.getByRole("button", { name: dana.say("web-create"), exact: true }).click();
      const offer = page.locator('section[data-section="offer/us"]');
      const rate = offer.getByRole("textbox", { name: lang === "ru" ? "Ставка" : "Rate", exact: true });
      const card = offer.getByRole("article");
      const type = async (text: string) => {
        await rate.fill(text);
        await rate.blur();
      };

      // Nothing is agreed yet: the first amount waits, or its author answers for it.
      await type("1200 USD");
      await expect(card).toBeVisible();
      await card.getByRole("button", { name: dana.say("web-override") }).click();
      await dialog.getByRole("textbox").fill("As in the last campaign.");
      await dialog.getByRole("button", { name: dana.say("web-override") }).click();
      await expect(card).toBeHidden();
      await expect(rate).toHaveValue(/1.?200/);
      await expect(offer.locator(".band-line")).toContainText("15");

      // Within the band it stands at once, beyond it waits.
      await type("1300 USD");
      await expect(rate).toHaveValue(/1.?300/);
      await expect(card).toBeHidden();
      await type("2000 USD");
      await expect(card).toContainText(/2.?000/);
      await expect(rate).toHaveValue(/1.?300/);
      await album.take(page, "terms");
      await anna.page.getByRole("link", { name: anna.say("web-documents") }).first().click();
      await expect(anna.page.getByRole("link", { name: "Mia Chen" })).toBeVisible();
      expect(album.found).toEqual([]);
    });
  });
}
