// One brief: what holds everywhere above, what it means in each market side by side below.

import type { BriefView, SectionView } from "../../core/contract.ts";
import { accessOf, anchor, schemaOf, useDoc } from "../document/context.ts";
import { Decides } from "../document/decides.tsx";
import { Fields, Section } from "../document/section.tsx";
import { Icon } from "../parts/icon.tsx";
import { nameOrYou } from "../names.ts";
import { narrow } from "../parts/narrow.ts";
import { useState } from "preact/hooks";
import { list, side, t } from "../words.ts";

const LISTS = ["must_have", "your_choice"];

export function BriefBody() {
  const doc = useDoc();
  const sections = doc.answer.content.sections;
  const universal = sections.find((section) => section.id === "universal");
  const markets = sections.filter((section) => section.id.startsWith("market/"));
  const [shown, setShown] = useState("");
  const parts = [...(universal ? [universal] : []), ...markets];
  return (
    <>
      <Decides />
      {doc.answer.brief && <Missing missing={doc.answer.brief.missing} />}
      {narrow.value && (
        <div class="segments row no-print" role="group" aria-label={t("web-brief-parts")}>
          {[{ id: "", text: t("web-all") }, ...parts.map((one) => ({ id: one.id, text: marketName(one) }))].map((one) => (
            <button type="button" class="button small" key={one.id} aria-pressed={shown === one.id} onClick={() => setShown(one.id)}>
              {one.text}
            </button>
          ))}
        </div>
      )}
      {universal && (!shown || shown === universal.id) && <Section view={universal} />}
      <div class="columns">
        {markets.filter((one) => !shown || shown === one.id).map((market) => (
          <Market key={market.id} view={market} />
        ))}
      </div>
    </>
  );

  function marketName(view: SectionView): string {
    return side(view.title);
  }
}

function Market({ view }: { view: SectionView }) {
  const doc = useDoc();
  const all = schemaOf(doc, view.id)?.fields.map((field) => field.key) ?? [];
  const writers = accessOf(doc, view.id)?.writers ?? [];
  return (
    <Section view={view}>
      {writers.length > 0 && <p class="unseen">{t("web-writes", { people: list(writers.map(nameOrYou)) })}</p>}
      <Fields view={view} only={["framing", "framing_why", "market_style"]} />
      <div class="must-and-choice">
        {LISTS.map((key) => (
          <div key={key} class={`list-${key}`}>
            <Fields view={view} only={[key]} />
          </div>
        ))}
      </div>
      <Fields view={view} only={all.filter((key) => !LISTS.includes(key) && !["framing", "framing_why", "market_style"].includes(key))} />
    </Section>
  );
}

/** What must be written before the brief goes out; each leads to its place. */
function Missing({ missing }: { missing: BriefView["missing"] }) {
  const doc = useDoc();
  if (missing.length === 0) {
    return (
      <p class="note good">
        <span>
          <Icon mark="done" /> {t("web-brief-complete")}
        </span>
      </p>
    );
  }
  const name = (section: string, key: string | undefined) => {
    const field = schemaOf(doc, section)?.fields.find((one) => one.key === key);
    const view = doc.answer.content.sections.find((one) => one.id === section);
    return `${view ? side(view.title) : section}: ${field ? side(field.label) : key}`;
  };
  const what = (lack: BriefView["missing"][number]["what"]) => {
    if (lack === "empty") return "";
    if ("language" in lack) return t(`web-lacks-${lack.language}`);
    return t("web-lacks-pillars", { count: lack.pillar_count });
  };
  return (
    <details class="missing note waits">
      <summary>
        <Icon mark="nobody" /> {t("web-brief-missing", { count: missing.length })}
      </summary>
      <ul>
        {missing.map((one) => (
          <li key={`${one.section} ${one.path.join("/")}`}>
            <a href={`#${anchor(one.section, one.path)}`} onClick={(event) => lead(event, anchor(one.section, one.path))}>
              {name(one.section, one.path[0])}
            </a>{" "}
            <small>{what(one.what)}</small>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Places inside a document are not addresses of their own: the address behind `#` names the document. */
function lead(event: Event, id: string): void {
  event.preventDefault();
  const place = document.getElementById(id);
  place?.scrollIntoView({ block: "center" });
  place?.focus();
}
