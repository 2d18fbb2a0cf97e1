// A section of any kind: who writes it, its fields, and the way to suggest where it is not the reader's.

import type { ComponentChildren } from "preact";
import type { FieldSchema, FieldView, SectionView } from "../../core/contract.ts";
import { SectionState, standingOf } from "../agreeing/standing.tsx";
import { me, nameOf, nameOrYou } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { presence, when } from "../times.ts";
import { list, side, t } from "../words.ts";
import { accessOf, anchor, fieldSchema, schemaOf, useDoc } from "./context.ts";
import { modeOf, startSuggesting, stopSuggesting } from "./edit.ts";
import { Labelled } from "./labelled.tsx";
import { isEmpty } from "./rows.tsx";

export function Section({ view, children }: { view: SectionView; children?: ComponentChildren }) {
  const doc = useDoc();
  const schema = schemaOf(doc, view.id);
  return (
    <section class={`section section-${view.id.split("/", 1)[0]}`} id={anchor(view.id, [])} data-section={view.id} aria-labelledby={`title-${view.id}`} tabIndex={-1}>
      <header class="section-head">
        <h2 id={`title-${view.id}`}>{side(view.title)}</h2>
        <Access section={view.id} />
      </header>
      <SectionState section={view.id} />
      {schema?.help && <p class="soft measure section-help">{side(schema.help)}</p>}
      {view.fields === null ? <Unreadable section={view.id} /> : (children ?? <Fields view={view} />)}
    </section>
  );
}

function Unreadable({ section }: { section: string }) {
  const doc = useDoc();
  return (
    <p class="note">
      {t("web-section-unreadable")} {doc.answer.hidden[section] ?? ""}
    </p>
  );
}

/** Fields in the order of the kind; each reason stands beside what it is the reason for. */
export function Fields({ view, only }: { view: SectionView; only?: string[] }) {
  const doc = useDoc();
  const mode = modeOf(doc, view.id);
  const schemas = schemaOf(doc, view.id)?.fields;
  const fields = (view.fields ?? []).filter((field) => !only || only.includes(field.key));
  return (
    <div class="fields">
      {grouped(fields).map(({ what, why }) => (
        <div class={`field-group ${why ? "with-why" : ""}`} key={what[0]?.key ?? why?.key}>
          <div class="stack">
            {what.map((field) => (
              <One key={field.key} view={view} field={field} schema={fieldSchema(schemas, field.key)} mode={mode} />
            ))}
          </div>
          {why && (
            <aside class="why">
              <One view={view} field={why} schema={fieldSchema(schemas, why.key)} mode={mode} />
            </aside>
          )}
        </div>
      ))}
    </div>
  );
}

function One({ view, field, schema, mode }: { view: SectionView; field: FieldView; schema: FieldSchema | undefined; mode: ReturnType<typeof modeOf> }) {
  if (!schema) return null;
  if (mode === "read" && isEmpty(schema, field.value) && schema.type !== "rows" && schema.key.endsWith("_why")) {
    return <p class="soft fine">{t("web-no-reason")}</p>;
  }
  return <Labelled section={view.id} path={[field.key]} schema={schema} value={field.value} label={field.label} mode={mode} conflicted={field.conflicted} />;
}

type Group = { what: FieldView[]; why: FieldView | undefined };

/** Puts `audience_age`, `audience_income`, … together with `audience_why`. */
function grouped(fields: FieldView[]): Group[] {
  const stems = fields.filter((field) => field.key.endsWith("_why")).map((field) => field.key.slice(0, -4));
  const groups: Group[] = [];
  for (const field of fields) {
    if (field.key.endsWith("_why")) continue;
    const stem = stems.find((one) => field.key === one || field.key.startsWith(`${one}_`));
    const why = stem ? fields.find((other) => other.key === `${stem}_why`) : undefined;
    const last = groups.at(-1);
    if (why && last?.why === why) last.what.push(field);
    else groups.push({ what: [field], why });
  }
  return groups;
}

/** Who writes here; what the reader can do about it. */
export function Access({ section }: { section: string }) {
  const doc = useDoc();
  const access = accessOf(doc, section);
  if (!access) return null;
  const mode = modeOf(doc, section);
  const reader = me();
  const named = access.writers.map(nameOrYou);
  // Whoever decides here writes here, too.
  if (access.access === "edit" && reader && !access.writers.some((one) => one.id === reader.id)) named.unshift(t("you"));
  const writers = named.length > 0 ? list(named) : side(access.writers_said);
  const decider = access.deciders[0];
  const isLocked = standingOf(doc, section)?.signing?.is_locked ?? false;
  return (
    <div class="access">
      <p class="soft fine">
        {isLocked ? (
          t("web-locked", { people: list(access.deciders.map(nameOf)) })
        ) : access.access === "edit" ? (
          t("web-writes", { people: writers })
        ) : (
          <>
            {t("web-theirs", { people: writers })}
            {decider && ` · ${t("web-decides", { person: nameOf(decider), presence: presence(decider.at_work, decider.opens_at_ms) })}`}
          </>
        )}
        {access.changed && ` · ${t("web-changed-by", { person: nameOf(access.changed.person), when: when(access.changed.time_ms) })}`}
      </p>
      {access.access === "suggest" && mode === "read" && (
        <button type="button" class="button small no-print" onClick={() => startSuggesting(doc, section)}>
          <Icon mark="edit" />
          {t(isLocked ? "web-amend" : "web-suggest")}
        </button>
      )}
      {mode === "suggest" && (
        <button type="button" class="button small no-print" aria-pressed="true" onClick={() => stopSuggesting(doc, section)}>
          <Icon mark="done" />
          {t("web-suggest-stop")}
        </button>
      )}
    </div>
  );
}
