// Both wrote one field without seeing each other: nothing is lost, one is chosen, and all have it.

import type { Person } from "./people.ts";
import { expect, test } from "./world.ts";

test("two rules for one overlap, written offline, are shown with who and when, and one is kept", async ({ world: { anna, dana } }) => {
  await anna.claim("moscow", "Creative", "own");
  await dana.claim("newyork", "Creative", "own");
  for (const person of [anna, dana]) await expect(person.page.getByRole("heading", { name: person.say("web-both") })).toBeVisible();
  await anna.context.setOffline(true);
  await dana.context.setOffline(true);
  for (const person of [anna, dana]) await expect(person.page.getByText(/^No connection/)).toBeVisible();
  await anna.page.getByRole("radio", { name: "Split by market" }).check();
  await anna.press("web-agree-choice");
  await dana.page.getByRole("radio", { name: "Create together" }).check();
  await dana.press("web-agree-choice");
  await expect(dana.page.getByText(/1 change waiting/)).toBeVisible();
  await anna.context.setOffline(false);
  await dana.context.setOffline(false);

  const look = (person: Person) => person.page.getByRole("complementary").getByRole("button", { name: person.say("web-conflict-look") });
  for (const person of [anna, dana]) await expect(look(person)).toBeVisible();
  await look(anna).click();
  const dialog = anna.page.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await expect(dialog).toContainText("Anna Orlova");
  await expect(dialog).toContainText("Dana Reyes");
  await expect(dialog).toContainText(/MSK.*NY|NY.*MSK/);
  await dialog.getByRole("button", { name: 'Keep "split by market"' }).click();
  for (const person of [anna, dana]) {
    await expect(look(person)).toBeHidden();
    await expect(person.page.getByText(person.say("web-agreed-count", { count: 1 }))).toBeVisible();
  }
});
