// Who is here: seen by those who look at the same document, with the part that they are in, in words;
// gone when they leave, and not there at all for somebody who does not take part.

import { Album } from "./album.ts";
import type { Person } from "./people.ts";
import { expect, test } from "./world.ts";

for (const lang of ["en", "ru"] as const) {
  test.describe(lang, () => {
    test.use({ lang });

    test("people see who else looks at a document and in which part, unless they do not take part", async ({ world: { anna, dana } }) => {
      const album = new Album(lang);
      const here = (person: Person) => person.page.getByRole("list", { name: person.say("web-presence") });
      for (const [person, other] of [[anna, "Dana Reyes"], [dana, "Anna Orlova"]] as const) {
        await expect(here(person)).toContainText(other);
      }
      await anna.cell("moscow", lang === "ru" ? "Креатив" : "Creative").focus();
      await expect(here(dana)).toContainText(lang === "ru" ? "Anna Orlova: Москва" : "Anna Orlova: Moscow");
      await album.take(dana.page, "presence");

      const document = anna.page.url();
      await anna.page.getByRole("link", { name: anna.say("web-people") }).first().click();
      await expect(here(dana)).toBeHidden();
      await anna.page.getByLabel(anna.say("web-more"), { exact: true }).click();
      await anna.page.getByRole("link", { name: anna.say("web-device") }).click();
      await anna.page.getByLabel(anna.say("web-presence-on")).uncheck();
      await album.take(anna.page, "device-presence-off");
      await anna.page.goto(document);
      await expect(anna.page.getByRole("grid")).toBeVisible();
      // Long enough for it to be told, if it were.
      await anna.page.waitForTimeout(4_000);
      await expect(here(dana)).toBeHidden();
      await expect(here(anna)).toBeHidden();
      // It is kept on the device.
      await anna.page.reload();
      await expect(anna.page.getByRole("grid")).toBeVisible();
      await anna.page.goto(`${new URL(document).origin}/#/device`);
      await expect(anna.page.getByLabel(anna.say("web-presence-on"))).not.toBeChecked();
      await anna.page.getByLabel(anna.say("web-presence-on")).check();
      await anna.page.goto(document);
      await expect(here(dana)).toContainText("Anna Orlova");
      expect(album.found).toEqual([]);
    });
  });
}
