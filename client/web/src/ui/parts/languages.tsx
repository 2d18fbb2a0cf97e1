// РУ | EN.

import { attempt, call } from "../core.ts";
import { type Lang, choose, lang, t } from "../words.ts";

const NAMES: { lang: Lang; short: string; full: string }[] = [
  { lang: "ru", short: "РУ", full: "Русский" },
  { lang: "en", short: "EN", full: "English" },
];

export function Languages() {
  const pick = async (wanted: Lang) => {
    await choose(wanted);
    // A page without a secure connection has no core.
    if (isSecureContext) await attempt(call("set-lang", { lang: wanted }));
  };
  return (
    <div class="languages" role="group" aria-label={t("web-language")}>
      {NAMES.map((one) => (
        <button
          type="button"
          key={one.lang}
          lang={one.lang}
          aria-pressed={one.lang === lang.value}
          aria-label={`${one.short}: ${one.full}`}
          title={one.full}
          onClick={() => pick(one.lang)}
        >
          {one.short}
        </button>
      ))}
    </div>
  );
}
