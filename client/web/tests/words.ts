// What the interface says, for finding it: the same catalogues that it reads.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

export type Lang = "ru" | "en";
export type Say = (id: string, values?: Record<string, FluentVariable>) => string;

const FOLDER = resolve(import.meta.dirname, "../../messages");

export function words(lang: Lang): Say {
  const bundle = new FluentBundle(lang, { useIsolating: false });
  for (const file of [`${lang}.ftl`, `web.${lang}.ftl`]) {
    bundle.addResource(new FluentResource(readFileSync(resolve(FOLDER, file), "utf8")));
  }
  return (id, values) => {
    const pattern = bundle.getMessage(id)?.value;
    if (!pattern) throw new Error(`there is no sentence ${id} in ${lang}`);
    return bundle.formatPattern(pattern, values);
  };
}
