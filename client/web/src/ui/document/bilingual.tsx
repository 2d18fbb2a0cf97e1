// A text in both languages, side by side: which one is the source, and whether the other still says
// the same.

import { useId, useState } from "preact/hooks";
import type { Bilingual, Path, SectionId } from "../../core/contract.ts";
import { seen } from "../core.ts";
import { Diff } from "../held/diff.tsx";
import { collectedFor } from "../held/tray-state.ts";
import { Icon } from "../parts/icon.tsx";
import { type Both, type Lang, lang, side, t } from "../words.ts";
import { isBelow, useDoc } from "./context.ts";
import { change, plain, write, type Mode } from "./edit.ts";
import { LiveText } from "./text.tsx";

type Props = { section: SectionId; path: Path; value: Bilingual; label: Both; mode: Mode; compact?: boolean };

const TONGUES: Record<Lang, string> = { ru: "RU", en: "EN" };

export function BilingualField({ section, path, value, label, mode, compact }: Props) {
  const doc = useDoc();
  const [open, setOpen] = useState(false);
  // The reader's language stands first, as both clocks do.
  const order: Lang[] = lang.value === "ru" ? ["ru", "en"] : ["en", "ru"];
  const suggested = order.some((one) => collectedFor(doc.id, section, [...path, one]));
  const source = value.source ?? (value.ru ? "ru" : "en");
  const isEmpty = !value.ru && !value.en && !suggested;
  if (mode === "read" && isEmpty) return <p class="soft">{t("web-not-written")}</p>;
  const one = compact && !open && !suggested;
  return (
    <div class={`pair ${one ? "alone" : ""}`}>
      {(one ? order.slice(0, 1) : order).map((tongue) => (
        <Side key={tongue} section={section} path={path} value={value} tongue={tongue} label={label} mode={mode} />
      ))}
      {compact && !suggested && (
        <button type="button" class="button plain small square pair-more no-print" aria-expanded={open} aria-label={t("web-both-languages")} title={t("web-both-languages")} onClick={() => setOpen(!open)}>
          <Icon mark="translate" />
        </button>
      )}
      {value.translation === "outdated" && !one && value[source] && <SourceThen section={section} path={path} value={value} mode={mode} />}
    </div>
  );
}

/** What has changed in the source text since it was translated. */
function SourceThen({ section, path, value, mode }: Omit<Props, "compact" | "label">) {
  const doc = useDoc();
  const [open, setOpen] = useState(false);
  const source = value.source ?? (value.ru ? "ru" : "en");
  const mark = () => write(doc, section, [{ mark_translated: { path } }]);
  return (
    <div class="pair-then no-print">
      <p class="row">
        <button type="button" class="button plain small" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon mark="choose" />
          {t(`web-source-changed-${source}`)}
        </button>
        {mode === "edit" && (
          <button type="button" class="button small" onClick={mark}>
            {t("web-translation-mark")}
          </button>
        )}
      </p>
      {open && <SourceDiff section={section} path={path} now={value[source]} />}
    </div>
  );
}

function SourceDiff({ section, path, now }: { section: SectionId; path: Path; now: string }) {
  const doc = useDoc();
  const translated = seen("translated", { document: doc.id, section, path });
  if (!translated) return <p class="soft">{t("web-moment")}</p>;
  if (translated.then === null) return <p class="soft">{t("web-source-then-unknown")}</p>;
  return (
    <div lang={translated.source}>
      <Diff before={translated.then} after={now} whole />
    </div>
  );
}

function Side({ section, path, value, tongue, label, mode }: Omit<Props, "compact"> & { tongue: Lang }) {
  const doc = useDoc();
  const id = useId();
  const text = value[tongue];
  const at = [...path, tongue];
  const name = t("web-in-tongue", { label: side(label), tongue: t(`web-tongue-${tongue}`) });
  const waiting = doc.waiting.value.some((one) => one.changes.some((line) => line.place.section === section && isBelow(line.place.path, at)));
  return (
    <div class={`pair-side ${waiting ? "has-waiting" : ""}`}>
      <p class="pair-head" id={id}>
        <abbr title={t(`web-tongue-${tongue}`)}>{TONGUES[tongue]}</abbr>
        <State value={value} tongue={tongue} />
      </p>
      {mode === "edit" && <LiveText section={section} path={at} value={text} lang={tongue} label={name} describedBy={id} />}
      {mode === "suggest" && <SuggestText section={section} path={at} text={text} tongue={tongue} name={name} label={label} />}
      {mode === "read" && (
        <p class="text" lang={tongue}>
          {text || <span class="soft">{t("web-not-written")}</span>}
        </p>
      )}
    </div>
  );
}

function State({ value, tongue }: { value: Bilingual; tongue: Lang }) {
  const source = value.source ?? (value.ru ? "ru" : "en");
  if (value.translation === "empty") return null;
  if (tongue === source) return <span class="soft">{t("web-source")}</span>;
  switch (value.translation) {
    case "current":
      return (
        <span class="soft">
          <Icon mark="done" /> {t("web-translation-current")}
        </span>
      );
    case "missing":
      return (
        <span class="state-wait">
          <Icon mark="nobody" /> {t("web-translation-missing")}
        </span>
      );
    default:
      return (
        <span class="state-wait">
          <Icon mark="choose" /> {t(`web-translation-outdated-${source}`)}
        </span>
      );
  }
}

function SuggestText({ section, path, text, tongue, name, label }: { section: SectionId; path: Path; text: string; tongue: Lang; name: string; label: Both }) {
  const doc = useDoc();
  const mine = collectedFor(doc.id, section, path);
  const suggested = mine && "set_text" in mine.command ? mine.command.set_text.new : text;
  return (
    <textarea
      class="live suggesting"
      rows={1}
      lang={tongue}
      aria-label={name}
      value={suggested}
      onChange={(event) => {
        const wanted = event.currentTarget.value;
        if (wanted === suggested) return;
        change(doc, {
          section,
          path,
          command: { set_text: { path, new: wanted } },
          place: { ru: `${label.ru} (${TONGUES[tongue]})`, en: `${label.en} (${TONGUES[tongue]})` },
          shown: plain(wanted),
        });
      }}
    />
  );
}
