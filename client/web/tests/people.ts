// People at their browsers: each has a browser profile of their own, and speaks one language.

import { type Browser, type BrowserContext, type Locator, type Page, expect } from "@playwright/test";
import { type Lang, type Say, words } from "./words.ts";

type Look = { lang?: Lang; zone?: string; width?: number; height?: number; dark?: boolean };

export class Person {
  /** How often they clicked, chose or filled something in. */
  inputs = 0;
  readonly problems: string[] = [];

  private constructor(
    readonly name: string,
    readonly lang: Lang,
    readonly say: Say,
    readonly context: BrowserContext,
    public page: Page,
  ) {}

  static async sitDown(browser: Browser, name: string, look: Look = {}): Promise<Person> {
    const lang = look.lang ?? "en";
    const width = look.width ?? 1280;
    const context = await browser.newContext({
      viewport: { width, height: look.height ?? 860 },
      locale: lang === "ru" ? "ru-RU" : "en-US",
      timezoneId: look.zone ?? "America/New_York",
      colorScheme: look.dark ? "dark" : "light",
      ...(width < 500 && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
    });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const person = new Person(name, lang, words(lang), context, await context.newPage());
    person.watch(person.page);
    return person;
  }

  /** One more tab of the same browser. */
  async tab(): Promise<Page> {
    const page = await this.context.newPage();
    this.watch(page);
    return page;
  }

  private watch(page: Page): void {
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/net::ERR_|WebSocket/.test(message.text())) this.problems.push(message.text());
    });
  }

  button(id: string, values?: Record<string, string | number>): Locator {
    return this.page.getByRole("button", { name: this.say(id, values), exact: true });
  }

  async click(what: Locator): Promise<void> {
    this.inputs++;
    await what.click();
  }

  async press(id: string): Promise<void> {
    await this.click(this.button(id));
  }

  async fill(what: Locator, text: string): Promise<void> {
    this.inputs++;
    await what.fill(text);
  }

  /** From the founding link to the link for the other lead. */
  async found(link: string, wish: { own: string; other: string; lead: string; kind?: string }): Promise<string> {
    await this.page.goto(link);
    const own = this.page.getByRole("group", { name: this.say("web-found-own") });
    const other = this.page.getByRole("group", { name: this.say("web-found-other") });
    await this.fill(own.getByLabel(this.say("web-team-name")), wish.own);
    await this.fill(own.getByLabel(this.say("web-found-me")), this.name);
    await this.fill(other.getByLabel(this.say("web-team-name")), wish.other);
    await this.fill(other.getByLabel(this.say("web-found-lead-name")), wish.lead);
    if (wish.kind) await this.click(this.page.getByRole("radio", { name: this.say(`web-begin-${wish.kind}`) }));
    await this.press("web-found-go");
    await this.press("web-copy-link");
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  async open(): Promise<void> {
    await this.press("web-founded-go");
  }

  /** From an invitation to the first document. */
  async join(link: string): Promise<void> {
    await this.page.goto(link);
    await this.press("web-join-go");
    const kept = this.button("web-recovery-kept");
    await kept.waitFor();
    await this.click(kept);
    await this.press("web-agree-sign");
  }

  cell(team: string, fn: string): Locator {
    const row = this.page.getByRole("row", { name: fn });
    return row.locator(`[data-address^="${team}/"]`);
  }

  /** Chooses what a team does in a function. */
  async claim(team: string, fn: string, word: string): Promise<void> {
    await this.click(this.cell(team, fn));
    const dialog = this.page.getByRole("dialog");
    await this.click(dialog.getByRole("radio", { name: word, exact: false }).first());
    await this.click(dialog.getByRole("button", { name: this.say("web-done"), exact: true }));
    await expect(dialog).toBeHidden();
  }

  /** Waits until everything of this person is on the relay. */
  async sent(): Promise<void> {
    await expect(this.page.getByText(new RegExp(`^${this.say("web-on-relay", { when: "" }).trim()}`))).toBeVisible();
  }

  calm(): void {
    expect(this.problems, `errors in ${this.name}'s browser`).toEqual([]);
  }
}
