// A bad line: work goes on, survives a reload without any network, and merges when it is back.

import { expect, test } from "./world.ts";

test("edits made offline survive a reload offline and merge on the way back", async ({ world: { anna, dana } }) => {
  // The service worker has the app once it controls the page.
  await dana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => dana.page.evaluate(() => caches.keys().then((keys) => keys.length))).toBeGreaterThan(0);
  await dana.context.setOffline(true);
  await expect(dana.page.getByText(/^No connection/)).toBeVisible();
  await dana.claim("newyork", "Logistics", "support");
  await expect(dana.page.getByText(/Saved on this device · 1 change waiting/)).toBeVisible();
  await dana.page.reload();
  await expect(dana.cell("newyork", "Logistics")).toContainText("support");
  await expect(dana.page.getByText(/Saved on this device · 1 change waiting/)).toBeVisible();

  await anna.claim("moscow", "Logistics", "own");
  await dana.context.setOffline(false);
  await expect(anna.cell("newyork", "Logistics")).toContainText("support");
  await expect(dana.cell("moscow", "Logistics")).toContainText("own");
  await expect(dana.page.getByText(/^On relay/)).toBeVisible();
});

test("the relay is killed mid-edit and comes back: what was typed meanwhile arrives", async ({ world: { relay, anna, dana } }) => {
  await relay.kill();
  await anna.claim("moscow", "Creative", "own");
  await expect(anna.page.getByText(/Saved on this device · 1 change waiting/)).toBeVisible();
  await relay.again();
  await expect(dana.cell("moscow", "Creative")).toContainText("own", { timeout: 60_000 });
});
