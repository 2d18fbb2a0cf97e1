// The whole text of a section as it would be signed: every field that says something, in both
// languages.

import type { FieldSchema, FieldValue, SectionSchema, SectionView } from "../../core/contract.ts";
import { fieldSchema } from "../document/context.ts";
import { isEmpty } from "../document/rows.tsx";
import { valueText } from "../document/value.tsx";
import { type Lang, lang, side, t } from "../words.ts";

export function WholeText({ view, schema }: { view: SectionView; schema: SectionSchema | undefined }) {
  const written = (view.fields ?? []).flatMap((field) => {
    const of = fieldSchema(schema?.fields, field.key);
    return of && says(of, field.value) ? [{ field, of }] : [];
  });
  if (written.length === 0) return <p class="soft">{t("web-not-written")}</p>;
  return (
    <dl class="whole-text">
      {written.map(({ field, of }) => (
        <div key={field.key}>
          <dt>{side(field.label)}</dt>
          <dd>
            <ValueText schema={of} value={field.value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether a value says anything; rows do if a field of one does. */
export function says(schema: FieldSchema, value: FieldValue): boolean {
  if (typeof value !== "object" || !("rows" in value)) return !isEmpty(schema, value);
  const of = (key: string) => fieldSchema(schema.rows?.fields, key);
  return value.rows.some((row) =>
    row.fields.some((field) => {
      const known = of(field.key);
      return known !== undefined && says(known, field.value);
    }),
  );
}

function ValueText({ schema, value }: { schema: FieldSchema; value: FieldValue }) {
  if (typeof value === "object" && "bilingual" in value) {
    const tongues: Lang[] = lang.value === "ru" ? ["ru", "en"] : ["en", "ru"];
    return (
      <div class="both-tongues">
        {tongues.map((tongue) => (
          <p lang={tongue} class="text" key={tongue}>
            {value.bilingual[tongue] || <span class="soft">{t("web-not-written")}</span>}
          </p>
        ))}
      </div>
    );
  }
  if (typeof value === "object" && "rows" in value) {
    return (
      <ol class="whole-rows">
        {value.rows.map((row) => {
          const fields = row.fields.flatMap((field) => {
            const of = fieldSchema(schema.rows?.fields, field.key);
            return of && says(of, field.value) ? [{ field, of }] : [];
          });
          if (fields.length === 0) return null;
          return (
            <li key={row.id}>
              {row.of && <strong>{side(row.of)}</strong>}
              <dl>
                {fields.map(({ field, of }) => (
                  <div key={field.key}>
                    <dt class={field.key === schema.rows?.main ? "unseen" : undefined}>{side(field.label)}</dt>
                    <dd>
                      <ValueText schema={of} value={field.value} />
                    </dd>
                  </div>
                ))}
              </dl>
            </li>
          );
        })}
      </ol>
    );
  }
  return <p class="text">{valueText(schema, value)}</p>;
}
