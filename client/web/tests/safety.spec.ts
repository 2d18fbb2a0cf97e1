// Nothing that was written is lost, and nothing is done twice: two tabs, a worker that dies, a document
// that kills it, a new version of the app, a file from another device, a team that lost its devices.

import { readFileSync } from "node:fs";
import { type Page, chromium } from "@playwright/test";
import { Person } from "./people.ts";
import { Proxy } from "./proxy.ts";
import { expect, test } from "./world.ts";

/** Loads the app anew from the network, not from what it keeps for being offline. */
async function afresh(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.reload();
}

/** Ends the worker as the browser does that needs its memory: nobody is told. */
async function killWorker(page: Page): Promise<void> {
  const [worker] = page.workers();
  await worker?.evaluate(() => self.close()).catch(() => undefined);
}

/** The worker was ended on purpose, and the browser's log says so. */
function forgive(person: Person): void {
  const said = person.problems.filter((problem) => !/the core stopped and is started anew/.test(problem));
  person.problems.splice(0, person.problems.length, ...said);
}

const workers = (page: Page) => expect.poll(() => page.workers().length);

test("two tabs are one profile: what one writes the other shows, and when the one that works closes, the other goes on", async ({ world: { anna, dana } }) => {
  const second = await anna.tab();
  await second.goto(anna.page.url());
  const there = second.getByRole("row", { name: "Creative" }).locator("[data-address^='moscow/']");
  await anna.claim("moscow", "Creative", "own");
  await expect(there).toContainText("own");
  expect(second.workers().length).toBe(0);
  // Offline, so that only this browser has it.
  await anna.context.setOffline(true);
  await expect(second.getByText(/^No connection/)).toBeVisible();
  await anna.claim("moscow", "Creative", "support");
  await expect(there).toContainText("support");
  await anna.page.close();
  anna.page = second;
  await workers(second).toBe(1);
  await expect(there).toContainText("support");
  await anna.claim("moscow", "Logistics", "own");
  await expect(second.getByText(/Saved on this device · 1 change waiting/)).toBeVisible();
  await anna.context.setOffline(false);
  await expect(dana.cell("moscow", "Creative")).toContainText("support");
  await expect(dana.cell("moscow", "Logistics")).toContainText("own");
});

test("the worker is killed again and again while somebody types: every letter is there, once", async ({ world: { anna, dana } }) => {
  const text = (person: Person) =>
    person.page.getByRole("region", { name: "Escalation" }).getByRole("textbox", { name: /What escalates, English/ }).last();
  const field = text(anna);
  await field.press("ControlOrMeta+a");
  await field.press("Delete");
  const words = "The quick brown fox jumps over the lazy dog and nobody loses a letter of it. ";
  for (const part of [words.slice(0, 30), words.slice(30, 55), words.slice(55)]) {
    await Promise.all([field.pressSequentially(part, { delay: 15 }), anna.page.waitForTimeout(120).then(() => killWorker(anna.page))]);
    await workers(anna.page).toBe(1);
  }
  await expect(field).toHaveValue(words);
  await expect(text(dana)).toHaveValue(words);
  await anna.sent();
  await anna.page.reload();
  await expect(text(anna)).toHaveValue(words);
  forgive(anna);
});

test("a tab that is killed mid-edit has kept what was typed", async ({ world: { anna, dana } }) => {
  await anna.claim("moscow", "Creative", "own");
  const session = await anna.context.newCDPSession(anna.page);
  const url = anna.page.url();
  // As the system kills a tab: no handler runs any more.
  const crashed = anna.page.waitForEvent("crash");
  void session.send("Page.crash").catch(() => undefined);
  await crashed;
  anna.page = await anna.tab();
  await anna.page.goto(url);
  await expect(anna.cell("moscow", "Creative")).toContainText("own");
  await expect(dana.cell("moscow", "Creative")).toContainText("own");
});

test("commands that a dying worker may have carried out are not carried out twice", async ({ world: { anna, dana } }) => {
  const { page } = anna;
  await page.getByRole("link", { name: anna.say("web-documents") }).first().click();
  const titles = ["One", "Two", "Three", "Four", "Five", "Six"];
  for (const [at, title] of titles.entries()) {
    await anna.press("web-new-document");
    await page.locator("input[value=brief]").check();
    await page.getByRole("dialog").getByLabel(anna.say("web-new-title")).fill(title);
    // Later and later: before it is carried out, while it is written down, after it is answered.
    await Promise.all([anna.press("web-create"), page.waitForTimeout(at * 12).then(() => killWorker(page))]);
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await page.getByRole("link", { name: anna.say("web-documents") }).first().click();
  }
  await dana.page.getByRole("link", { name: dana.say("web-documents") }).first().click();
  for (const person of [anna, dana]) {
    for (const title of titles) await expect(person.page.getByRole("link", { name: title, exact: true })).toHaveCount(1);
    forgive(person);
  }
});

test("founding survives the worker's death, with the same recovery key", async ({ relay, browser }) => {
  const anna = await Person.sitDown(browser, "Anna Orlova", { zone: "Europe/Moscow" });
  const { page } = anna;
  await page.goto(relay.link);
  const own = page.getByRole("group", { name: anna.say("web-found-own") });
  const other = page.getByRole("group", { name: anna.say("web-found-other") });
  await own.getByLabel(anna.say("web-team-name")).fill("Morosha");
  await own.getByLabel(anna.say("web-found-me")).fill("Anna Orlova");
  await other.getByLabel(anna.say("web-team-name")).fill("Harbor");
  await other.getByLabel(anna.say("web-found-lead-name")).fill("Dana Reyes");
  await Promise.all([anna.press("web-found-go"), page.waitForTimeout(60).then(() => killWorker(page))]);
  await expect(page.locator(".recovery .key")).toBeVisible();
  await expect(anna.button("web-founded-go")).toBeEnabled();
  const key = (await page.locator(".recovery .key").innerText()).trim();
  const link = await page.evaluate(() => document.querySelector(".recovery .print-only:last-of-type")?.textContent ?? "");
  await anna.open();
  await expect(page.getByRole("grid")).toBeVisible();
  await anna.context.close();

  // The key that was shown lets the team back in.
  const again = await Person.sitDown(browser, "Anna again", { zone: "Europe/Moscow" });
  await again.page.goto(link);
  await again.page.getByLabel(again.say("web-recover-key")).fill(key);
  await again.page.getByLabel(again.say("web-recover-name")).fill("Anna Orlova");
  await again.press("web-recover-go");
  await again.press("web-recover-join");
  await again.press("web-join-go");
  await expect(again.page.getByRole("heading", { name: again.say("web-documents") })).toBeVisible();
  await again.page.getByRole("link", { name: "Who does what" }).click();
  await expect(again.page.getByRole("grid")).toBeVisible();
  again.calm();
  await again.context.close();
});

test("a wrong recovery key is said to be wrong", async ({ world: { relay, anna }, browser }) => {
  const lost = await Person.sitDown(browser, "Lost");
  const partnership = await anna.page.evaluate(async () => {
    const open = indexedDB.open("entente");
    await new Promise((done) => (open.onsuccess = done));
    const rows = open.result.transaction("profiles").objectStore("profiles").getAllKeys();
    await new Promise((done) => (rows.onsuccess = done));
    return String(rows.result[0]);
  });
  await lost.page.goto(new URL(`/recover#${partnership}`, relay.link).href);
  const key = lost.page.getByLabel(lost.say("web-recover-key"));
  if (await key.isVisible().catch(() => false)) {
    await key.fill("aaaa ".repeat(14));
    await lost.page.getByLabel(lost.say("web-recover-name")).fill("Anna Orlova");
    await lost.press("web-recover-go");
  }
  await expect(lost.page.getByRole("alert").or(lost.page.locator(".problem"))).toBeVisible();
  await lost.context.close();
});

test("a file with unsent edits is taken in once, whoever dies meanwhile", async ({ world: { anna, dana } }) => {
  await dana.sent();
  await dana.context.setOffline(true);
  await expect(dana.page.getByText(/^No connection/)).toBeVisible();
  await dana.claim("newyork", "Logistics", "own");
  await expect(dana.page.getByText(/1 change waiting/)).toBeVisible();
  await dana.page.goto(`${new URL(dana.page.url()).origin}/#/device`);
  const download = dana.page.waitForEvent("download");
  await dana.button("web-copy-mine").click();
  const path = await (await download).path();

  await anna.page.getByLabel(anna.say("web-more"), { exact: true }).click();
  await anna.page.getByRole("link", { name: anna.say("web-device") }).click();
  const input = anna.page.locator("input[type=file]");
  const file = { name: "dana.entente", mimeType: "application/octet-stream", buffer: readFileSync(path) };
  await Promise.all([input.setInputFiles(file), anna.page.waitForTimeout(15).then(() => killWorker(anna.page))]);
  const said = anna.page.locator(".toasts");
  await expect(said).toContainText(/1/);
  await anna.page.getByRole("link", { name: anna.say("web-documents") }).first().click();
  await anna.page.getByRole("link", { name: "Who does what" }).click();
  await expect(anna.cell("newyork", "Logistics")).toContainText("own");
  // The author hands over the same: it stands once.
  await dana.context.setOffline(false);
  await dana.sent();
  await anna.page.getByRole("link", { name: anna.say("web-history") }).click();
  await expect(anna.page.getByText("Changed New York")).toHaveCount(1);

  await anna.page.getByLabel(anna.say("web-more"), { exact: true }).click();
  await anna.page.getByRole("link", { name: anna.say("web-device") }).click();
  await input.setInputFiles({ ...file, buffer: Buffer.from("no such file") });
  await expect(anna.page.locator(".problem")).toContainText("Nothing was taken in");
  expect(await anna.page.locator(".problem").innerText()).not.toMatch(/^ | {2}|--/);
  forgive(anna);
});

test("a document at which the core stops twice is set aside with words, and the others go on", async ({ relay, browser }) => {
  const proxy = await Proxy.before(relay.link);
  let poison = "none";
  // The core works on that document, and stops as it does where it cannot go on.
  proxy.rewrite((path, body) => {
    if (!/\/assets\/worker/.test(path)) return undefined;
    return `const __begin = WebAssembly.instantiateStreaming;
      WebAssembly.instantiateStreaming = async (...all) => {
        const made = await __begin.apply(WebAssembly, all);
        const exports = { ...made.instance.exports };
        const view = exports.core_view;
        exports.core_view = (self, at, length) => {
          const asked = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, at, length));
          if (!asked.startsWith('{"document"') || !asked.includes("${poison}")) return view(self, at, length);
          const text = new TextEncoder().encode('{"text":{"document":"${poison}","section":"split","path":[]}}');
          const there = exports.__wbindgen_malloc(text.length, 1);
          new Uint8Array(exports.memory.buffer, there, text.length).set(text);
          const isLeftAlone = view(self, there, text.length)[3];
          if (isLeftAlone) return view(self, at, length);
          throw new WebAssembly.RuntimeError("unreachable");
        };
        return { module: made.module, instance: { exports } };
      };
      ${body}`;
  });
  const anna = await Person.sitDown(browser, "Anna Orlova", { zone: "Europe/Moscow" });
  await anna.found(proxy.link(relay.link), { own: "Morosha", other: "Harbor", lead: "Dana Reyes" });
  await anna.open();
  await expect(anna.page.getByRole("grid")).toBeVisible();
  const name = new URL(anna.page.url()).hash.split("/")[2] ?? "";
  await anna.page.getByRole("link", { name: anna.say("web-documents") }).first().click();
  await anna.press("web-new-document");
  await anna.page.locator("input[value=brief]").check();
  await anna.press("web-create");
  await expect(anna.page.getByRole("region").first()).toBeVisible();

  // The app is loaded anew from the network, and the matrix is one that it cannot bear.
  poison = name;
  await afresh(anna.page);
  await expect(anna.page.getByRole("region").first()).toBeVisible();
  await anna.page.getByRole("link", { name: anna.say("web-documents") }).first().click();
  await anna.page.getByRole("link", { name: "Who does what" }).click();
  await expect(anna.page.getByRole("alert")).toContainText(anna.say("doc-set-aside"));
  await anna.page.getByRole("link", { name: anna.say("web-documents") }).first().click();
  await expect(anna.page.getByText(anna.say("web-set-aside"))).toBeVisible();
  const brief = anna.page.getByRole("listitem").filter({ hasNotText: anna.say("web-set-aside") }).getByRole("link").last();
  await brief.click();
  await expect(anna.page.getByRole("region").first()).toBeVisible();

  // Mended, it can be tried again at once.
  poison = "none";
  await afresh(anna.page);
  await anna.page.goto(`${new URL(anna.page.url()).origin}/#/doc/${name}`);
  await anna.press("web-set-aside-retry");
  await expect(anna.page.getByRole("grid")).toBeVisible();
  await anna.context.close();
  await proxy.end();
});

test("a new version of the app keeps what was not sent, and leaves other tabs working", async ({ relay, browser }) => {
  const proxy = await Proxy.before(relay.link);
  const anna = await Person.sitDown(browser, "Anna Orlova", { zone: "Europe/Moscow" });
  await anna.found(proxy.link(relay.link), { own: "Morosha", other: "Harbor", lead: "Dana Reyes" });
  await anna.open();
  const { page } = anna;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await anna.sent();
  const other = await anna.tab();
  await other.goto(page.url());
  await expect(other.getByRole("grid")).toBeVisible();
  proxy.cut();
  await expect(page.getByText(/^No connection/)).toBeVisible();
  await anna.claim("moscow", "Creative", "own");
  await expect(page.getByText(/Saved on this device · 1 change waiting/)).toBeVisible();

  proxy.rewrite((path, body) => (path.startsWith("/sw.js") ? body.replace(/(version\\*":\\*")[0-9a-f]{16}/, "$10123456789abcdef") : undefined));
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one?.update()).then(() => undefined));
  await expect(page.getByText(anna.say("web-new-version"))).toBeVisible();
  await Promise.all([page.waitForEvent("load"), anna.press("web-new-version-go")]);
  expect(await page.evaluate(() => caches.keys())).toContain("entente-0123456789abcdef");
  await expect(anna.cell("moscow", "Creative")).toContainText("own");
  await expect(page.getByText(/Saved on this device · 1 change waiting/)).toBeVisible();
  // The other tab still shows the version before, works, and is told of the new one.
  await expect(other.getByText(anna.say("web-new-version"))).toBeVisible();
  await expect(other.getByRole("row", { name: "Creative" })).toContainText("own");
  proxy.mend();
  await anna.sent();
  anna.calm();
  await anna.context.close();
  await proxy.end();
});

test("offline, no file of the app is missing", async ({ world: { dana } }) => {
  const { page } = dana;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await dana.context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("grid")).toBeVisible();
  const named = await page.evaluate(async () => {
    const links = [...document.querySelectorAll<HTMLLinkElement>("link[href]")].map((link) => link.href);
    const manifest = await (await fetch("/manifest.webmanifest")).json();
    const icons = manifest.icons.map((icon: { src: string }) => new URL(icon.src, location.href).href);
    const all = [...links, ...icons];
    const answers = await Promise.all(all.map((url) => fetch(url).then((answer) => answer.ok, () => false)));
    return all.filter((_, at) => !answers[at]);
  });
  expect(named).toEqual([]);
});

for (const lang of ["en", "ru"] as const) {
  test(`over plain http from another host the page says what it needs (${lang})`, async ({ relay }, info) => {
    const use = info.project.use.launchOptions ?? {};
    const host = new URL(relay.link);
    const browser = await chromium.launch({ ...use, args: [...(use.args ?? []), "--host-resolver-rules=MAP relay.test 127.0.0.1"] });
    const anna = await Person.sitDown(browser, "Anna Orlova", { lang });
    await anna.page.goto(`http://relay.test:${host.port}/${host.hash}`);
    await expect(anna.page.getByRole("heading", { level: 1, name: anna.say("web-unsafe-title") })).toBeVisible();
    const safe = anna.page.getByRole("link", { name: anna.say("web-unsafe-go", { host: `relay.test:${host.port}` }) });
    await expect(safe).toHaveAttribute("href", `https://relay.test:${host.port}/${host.hash}`);
    await anna.page.getByRole("button", { name: "Русский" }).click();
    await expect(anna.page.getByRole("heading", { level: 1 })).toContainText("защищённое");
    // The browser says in its log that some headers need a secure connection, too.
    expect(anna.problems.filter((problem) => !/header has been ignored/.test(problem))).toEqual([]);
    await browser.close();
  });
}
