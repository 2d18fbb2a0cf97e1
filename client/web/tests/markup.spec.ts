// Text is text: nothing that people write becomes part of the page.

import { expect, test } from "./world.ts";

const HOSTILE = `<img src=x onerror="window.broken=1"><script>window.broken=1</script> &amp; {{x}} "quoted" <b>bold</b>`;

test("a text full of markup shows as text, for its writer and for its reader", async ({ world: { anna, dana } }) => {
  await anna.press("web-function-add");
  const dialog = anna.page.getByRole("dialog");
  await dialog.getByRole("textbox").fill(HOSTILE.slice(0, 120));
  await dialog.getByRole("button", { name: anna.say("web-add") }).click();
  for (const person of [anna, dana]) {
    await expect(person.page.getByRole("rowheader").last()).toContainText('<img src=x onerror="window.broken=1">');
    expect(await person.page.evaluate(() => "broken" in window)).toBe(false);
    expect(await person.page.locator(".grid img, .grid script, .grid b").count()).toBe(0);
  }
});

test("every page comes under a policy that runs no foreign script and speaks to no third host", async ({ world: { relay, anna } }) => {
  const hosts = new Set<string>();
  anna.page.on("request", (request) => hosts.add(new URL(request.url()).host));
  const answer = await anna.page.goto(new URL("/", relay.link).href);
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain("unsafe-inline");
  await expect(anna.page.getByRole("heading", { level: 1 })).toBeVisible();
  expect([...hosts]).toEqual([new URL(relay.link).host]);
});
