// A relay and two leads who have founded, joined and signed.

import { type Browser, test as base } from "@playwright/test";
import { Person } from "./people.ts";
import { Relay } from "./relay.ts";
import type { Lang } from "./words.ts";

type World = {
  relay: Relay;
  /** The lead of Moscow, who founds. */
  anna: Person;
  /** The lead of New York, who joins. */
  dana: Person;
};

export const test = base.extend<{ relay: Relay; lang: Lang; phone: boolean; kind: string; world: World }>({
  lang: ["en", { option: true }],
  phone: [false, { option: true }],
  kind: ["matrix", { option: true }],
  relay: async ({}, use) => {
    const relay = await Relay.start();
    await use(relay);
    await relay.end();
  },
  world: async ({ relay, browser, lang, phone, kind }, use) => {
    const world = await meet(relay, browser, lang, phone, kind);
    await use(world);
    world.anna.calm();
    world.dana.calm();
    await world.anna.context.close();
    await world.dana.context.close();
  },
});

export { expect } from "@playwright/test";

async function meet(relay: Relay, browser: Browser, lang: Lang, phone: boolean, kind: string): Promise<World> {
  const look = phone ? { lang, width: 360, height: 740 } : { lang };
  // Whoever founds is in Moscow, whatever language they speak.
  const anna = await Person.sitDown(browser, "Anna Orlova", { ...look, zone: "Europe/Moscow" });
  const dana = await Person.sitDown(browser, "Dana Reyes", look);
  const link = await anna.found(relay.link, { own: "Morosha", other: "Harbor", lead: "Dana Reyes", kind });
  await anna.open();
  await dana.join(link);
  return { relay, anna, dana };
}
