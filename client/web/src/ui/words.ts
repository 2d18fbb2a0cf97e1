// Every sentence of the interface, in the language chosen: the catalogues shared with the command line.

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { computed, signal } from "@preact/signals";

export type Lang = "ru" | "en";
/** A text in both languages. */
export type Both = { ru: string; en: string };

const CHOSEN = "entente-language";
const load: Record<Lang, () => Promise<string[]>> = {
  en: async () => (await import("./catalogue.en.ts")).default,
  ru: async () => (await import("./catalogue.ru.ts")).default,
};

/** The language of the interface. */
export const lang = signal<Lang>(chosen());
const bundles = signal<Partial<Record<Lang, FluentBundle>>>({});
const bundle = computed(() => bundles.value[lang.value]);

function chosen(): Lang {
  const kept = localStorage.getItem(CHOSEN);
  if (kept === "ru" || kept === "en") return kept;
  return navigator.languages.find((one) => /^(ru|en)\b/.test(one))?.startsWith("ru") ? "ru" : "en";
}

/** Loads a language's sentences and shows the interface in it. */
export async function speak(wanted: Lang): Promise<void> {
  if (!bundles.peek()[wanted]) {
    const made = new FluentBundle(wanted, { useIsolating: false });
    for (const text of await load[wanted]()) {
      const problems = made.addResource(new FluentResource(text));
      if (problems.length > 0) throw problems[0];
    }
    bundles.value = { ...bundles.peek(), [wanted]: made };
  }
  lang.value = wanted;
  document.documentElement.lang = wanted;
}

/** Chooses a language for good. */
export async function choose(wanted: Lang): Promise<void> {
  localStorage.setItem(CHOSEN, wanted);
  await speak(wanted);
}

/** Says a sentence; one that does not exist gives its id, which the tests find. */
export function t(id: string, values?: Record<string, FluentVariable>): string {
  return sayIn(bundle.value, id, values);
}

/** Says a sentence in a language that is not the reader's: messages to the other side. */
export async function sayAs(language: Lang, id: string, values?: Record<string, FluentVariable>): Promise<string> {
  const mine = lang.peek();
  if (!bundles.peek()[language]) {
    await speak(language);
    await speak(mine);
  }
  return sayIn(bundles.peek()[language], id, values);
}

function sayIn(made: FluentBundle | undefined, id: string, values?: Record<string, FluentVariable>): string {
  const [name, form] = id.split(".", 2) as [string, string?];
  const message = made?.getMessage(name);
  const pattern = form ? message?.attributes[form] : message?.value;
  return pattern && made ? made.formatPattern(pattern, values, []) : id;
}

/** Tells whether a sentence exists. */
export function has(id: string): boolean {
  return bundle.value?.hasMessage(id) ?? false;
}

/** Joins names: `a, b and c`. */
export function list(items: string[]): string {
  const last = items.at(-1);
  if (last === undefined) return "";
  if (items.length === 1) return last;
  const first = items.slice(0, -1).reduce((all, next) => t("list-comma", { first: all, last: next }));
  return t("list-and", { first, last });
}

/** The reader's side of a text in both languages; the other side where it is empty. */
export function side(text: Both): string {
  return lang.value === "ru" ? text.ru || text.en : text.en || text.ru;
}

/** Begins a text with a capital letter. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(lang.value) + text.slice(1);
}
