// Rows of a section in their order: read as a list, written in place, added, moved and removed.

import { look } from "../core.ts";
import { attempt } from "../core.ts";
import type { FieldSchema, FieldValue, Path, RowView, SectionId } from "../../core/contract.ts";
import { Icon } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { type Both, side, t } from "../words.ts";
import { href } from "../router.ts";
import { accessOf, anchor, useDoc } from "./context.ts";
import { change, write } from "./edit.ts";
import { Labelled } from "./labelled.tsx";
import { TalkLink } from "./talk-link.tsx";
import { type FieldProps, valueText } from "./value.tsx";

export function Rows({ section, path, schema, rows, mode }: FieldProps & { rows: RowView[] }) {
  const doc = useDoc();
  const of = schema.rows;
  if (!of) return null;
  // Rows that belong to those of another section come and go with them.
  const own = of.of === null;
  const add = async () => {
    const after = rows.at(-1)?.id ?? null;
    const place = await attempt(look("order", { document: doc.id, section, path, after }));
    if (!place) return;
    const id = crypto.randomUUID();
    const command = { add_row: { path, id, order: place.order, fields: {} } };
    if (mode === "edit") await write(doc, section, [command]);
    else await change(doc, { section, path: [...path, id], command, place: of.label, shown: { ru: t("web-new-row"), en: t("web-new-row") } });
  };
  return (
    <div class={`rows-of rows-${schema.key}`}>
      {rows.length === 0 && <p class="soft">{t("web-no-rows")}</p>}
      <ol>
        {rows.map((row, at) => (
          <Row key={row.id} section={section} path={[...path, row.id]} row={row} schema={schema} mode={mode} own={own} rows={rows} at={at} />
        ))}
      </ol>
      {own && mode !== "read" && (
        <button type="button" class="button small add-row no-print" onClick={add}>
          <Icon mark="plus" />
          {t("web-add-row", { what: side(of.label) })}
        </button>
      )}
    </div>
  );
}

type RowProps = {
  section: SectionId;
  path: Path;
  row: RowView;
  schema: FieldSchema;
  mode: FieldProps["mode"];
  own: boolean;
  rows: RowView[];
  at: number;
};

function Row({ section, path, row, schema, mode, own, rows, at }: RowProps) {
  const of = schema.rows;
  if (!of) return null;
  const name = rowName(row, of.main, of.fields, of.label);
  const fields = of.fields.map((field) => ({ field, value: row.fields.find((one) => one.key === field.key)?.value ?? ("empty" as FieldValue) }));
  const filled = mode === "read" ? fields.filter(({ field, value }) => field.key === of.main || !isEmpty(field, value)) : fields;
  return (
    <li class="row-item" id={anchor(section, path)}>
      {row.of && <h3>{side(row.of)}</h3>}
      <div class="row-fields">
        {filled.map(({ field, value }) => {
          const label: Both = { ru: `${name.ru} · ${field.label.ru}`, en: `${name.en} · ${field.label.en}` };
          const conflicted = row.fields.find((one) => one.key === field.key)?.conflicted ?? false;
          const isMain = field.key === of.main && !row.of;
          return (
            <Labelled key={field.key} section={section} path={[...path, field.key]} schema={field} value={value} label={label} mode={mode} conflicted={conflicted} quiet={isMain} compact />
          );
        })}
      </div>
      {!(own && mode === "edit") && <TalkLink section={section} path={path} name={side(name)} />}
      {own && mode === "edit" && <RowMenu section={section} path={path} rows={rows} at={at} name={side(name)} />}
    </li>
  );
}

function RowMenu({ section, path, rows, at, name }: { section: SectionId; path: Path; rows: RowView[]; at: number; name: string }) {
  const doc = useDoc();
  const move = async (after: string | null) => {
    const place = await attempt(look("order", { document: doc.id, section, path: path.slice(0, -1), after }));
    if (place) await write(doc, section, [{ move_row: { path, order: place.order } }]);
  };
  return (
    <Menu label={<Icon mark="more" />} name={t("web-row-menu", { name })} class="plain small square">
      {at > 0 && (
        <li>
          <button type="button" onClick={() => move(rows[at - 2]?.id ?? null)}>
            <Icon mark="up" />
            {t("web-move-up")}
          </button>
        </li>
      )}
      {at < rows.length - 1 && (
        <li>
          <button type="button" onClick={() => move(rows[at + 1]?.id ?? null)}>
            <Icon mark="down" />
            {t("web-move-down")}
          </button>
        </li>
      )}
      {accessOf(doc, "talk") && (
        <li>
          <a href={href({ at: "document", name: doc.id, part: "talk", focus: `${section}:${path.join("/")}` })}>
            <Icon mark="talk" />
            {t("web-talk-begin")}
          </a>
        </li>
      )}
      <li>
        <button type="button" onClick={() => write(doc, section, [{ remove_row: { path } }])}>
          <Icon mark="close" />
          {t("web-remove")}
        </button>
      </li>
    </Menu>
  );
}

/** Names of rows stand in the names of their controls: the beginning is enough. */
const NAME_MAX = 60;

function rowName(row: RowView, main: string | null, fields: FieldSchema[], label: Both): Both {
  const name = wholeName(row, main, fields, label);
  return { ru: shortened(name.ru), en: shortened(name.en) };
}

function shortened(text: string): string {
  return text.length > NAME_MAX ? `${text.slice(0, NAME_MAX)}…` : text;
}

function wholeName(row: RowView, main: string | null, fields: FieldSchema[], label: Both): Both {
  if (row.of) return row.of;
  const field = fields.find((one) => one.key === main);
  const value = row.fields.find((one) => one.key === main)?.value;
  if (field && value && typeof value === "object") {
    if ("bilingual" in value) return { ru: value.bilingual.ru || value.bilingual.en || label.ru, en: value.bilingual.en || value.bilingual.ru || label.en };
    const text = valueText(field, value);
    if (text) return { ru: text, en: text };
  }
  return label;
}

export function isEmpty(schema: FieldSchema, value: FieldValue): boolean {
  if (value === "empty") return true;
  if ("rows" in value) return value.rows.length === 0;
  return valueText(schema, value) === "";
}
