// A field of any type: its control where the reader writes or suggests, its value where they read.

import { useId } from "preact/hooks";
import type { FieldSchema, FieldValue, Path, SectionId, Value } from "../../core/contract.ts";
import { collectedFor } from "../held/tray-state.ts";
import { peopleOf, personText, teamLabel } from "../names.ts";
import { Draft } from "../parts/draft.tsx";
import { Icon } from "../parts/icon.tsx";
import { parties, plainDate, when } from "../times.ts";
import { type Both, side, t } from "../words.ts";
import { BilingualField } from "./bilingual.tsx";
import { useDoc } from "./context.ts";
import { change, emptied, type Mode, plain, scalar, string, write } from "./edit.ts";
import { Rows } from "./rows.tsx";
import { LiveText } from "./text.tsx";

export type FieldProps = {
  section: SectionId;
  path: Path;
  schema: FieldSchema;
  value: FieldValue;
  mode: Mode;
  /** What people call this place, rows included. */
  label: Both;
  compact?: boolean;
};

export function FieldControl(props: FieldProps) {
  const { section, path, schema, value, mode, label } = props;
  switch (schema.type) {
    case "bilingual": {
      const text = typeof value === "object" && "bilingual" in value ? value.bilingual : EMPTY;
      return <BilingualField section={section} path={path} value={text} label={label} mode={mode} compact={props.compact} />;
    }
    case "rows":
      return <Rows {...props} rows={typeof value === "object" && "rows" in value ? value.rows : []} />;
    case "links":
    case "texts":
      return <Items {...props} items={typeof value === "object" && "items" in value ? value.items : []} />;
    case "text":
      if (mode === "edit") {
        const text = typeof value === "object" && "text" in value ? value.text : "";
        return <LiveText section={section} path={path} value={text} label={side(label)} />;
      }
      return <Reading {...props} />;
    case "time":
    case "map":
      return <Reading {...props} />;
    default:
      return mode === "read" ? <Reading {...props} /> : <Scalar {...props} />;
  }
}

const EMPTY = { ru: "", en: "", source: null, translation: "empty" } as const;

/** What a value says. */
export function valueText(schema: FieldSchema, value: FieldValue): string {
  if (value === "empty") return "";
  if ("choice" in value) return value.choice.label ? side(value.choice.label) : value.choice.word;
  if ("person" in value) return personText(value.person);
  if ("text" in value) return schema.key === "side" || schema.key === "team" ? teamOrText(value.text) : value.text;
  if ("number" in value) return String(value.number);
  if ("money" in value) return moneyText(value.money);
  if ("date" in value) return plainDate(value.date);
  if ("time" in value) return when(value.time);
  if ("flag" in value) return t(value.flag ? "web-yes" : "web-no");
  if ("items" in value) return value.items.join(", ");
  if ("bilingual" in value) return side(value.bilingual);
  return "";
}

/** An amount as people read it; typed so, it is understood. */
export function moneyText(stored: string): string {
  const [minor = "", currency = ""] = stored.split(" ");
  if (!/^[A-Z]{3}$/.test(currency)) return stored;
  const format = new Intl.NumberFormat(side({ ru: "ru", en: "en" }), { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(Number(minor) / 10 ** decimals);
}

function teamOrText(text: string): string {
  return parties().some((party) => party.party === text) ? teamLabel(text) : text;
}

function Reading({ schema, value }: FieldProps) {
  const text = valueText(schema, value);
  if (!text) return <p class="soft">{t("web-not-written")}</p>;
  if (schema.type === "choice" && typeof value === "object" && "choice" in value) {
    return (
      <p>
        <ChoiceChip field={schema.key} word={value.choice.word} text={text} />
      </p>
    );
  }
  return <p class="text">{text}</p>;
}

/** A chosen word as a chip; what is fixed and what is flexible also differ by mark and edge. */
export function ChoiceChip({ field, word, text }: { field: string; word: string; text: string }) {
  if (field === "flexibility") {
    const fixed = word === "fixed";
    return (
      <span class={`chip ${fixed ? "" : "dashed"}`}>
        <Icon mark={fixed ? "lock" : "flexible"} />
        {text}
      </span>
    );
  }
  return <span class="chip">{text}</span>;
}

/** A field that holds one value: what is chosen or typed replaces it. */
function Scalar({ section, path, schema, value, label, mode }: FieldProps) {
  const doc = useDoc();
  const id = useId();
  const mine = mode === "suggest" ? collectedFor(doc.id, section, path) : undefined;
  const raw = mine && "set_scalar" in mine.command ? rawOf(mine.command.set_scalar.value) : rawText(value);
  const put = (text: string, shown: Both) =>
    change(doc, { section, path, command: scalar(path, valueOf(schema, text)), place: label, shown: text ? shown : emptied() });
  const name = side(label);

  if (schema.type === "choice") {
    return (
      <select
        class="input"
        aria-label={name}
        value={raw}
        onChange={(event) => {
          const choice = schema.choices.find((one) => one.word === event.currentTarget.value);
          put(event.currentTarget.value, choice?.label ?? plain(""));
        }}
      >
        <option value="">{t("web-choose")}</option>
        {schema.choices.map((choice) => (
          <option key={choice.word} value={choice.word}>
            {side(choice.label)}
          </option>
        ))}
      </select>
    );
  }
  if (schema.type === "flag") {
    return (
      <input type="checkbox" aria-label={name} checked={raw === "true"} onChange={(event) => put(String(event.currentTarget.checked), plain(t(event.currentTarget.checked ? "web-yes" : "web-no")))} />
    );
  }
  if (schema.type === "string" && (schema.key === "side" || schema.key === "team")) {
    return (
      <select class="input" aria-label={name} value={raw} onChange={(event) => put(event.currentTarget.value, plain(teamLabel(event.currentTarget.value)))}>
        <option value="">{t("web-choose")}</option>
        {parties().map((party) => (
          <option key={party.party} value={party.party}>
            {side(party.label)}
          </option>
        ))}
      </select>
    );
  }
  if (schema.type === "person") {
    const shown = mine ? personOfRaw(raw) : valueText(schema, value);
    return <PersonInput id={id} name={name} shown={shown} party={null} onPick={put} />;
  }
  return (
    <Draft type={schema.type === "number" || schema.type === "date" ? schema.type : "text"} label={name} value={raw} onDone={(text) => put(text, plain(text))} />
  );
}

type PersonProps = { id: string; name: string; shown: string; party: string | null; onPick: (raw: string, shown: Both) => void };

/** One person by name: a member from the list, or anybody else. */
export function PersonInput({ id, name, shown, party, onPick }: PersonProps) {
  const people = peopleOf(party);
  return (
    <>
      <Draft
        list={`${id}-people`}
        label={name}
        placeholder={t("web-person-hint")}
        value={shown}
        onDone={(text) => {
          const member = people.find((person) => person.name.toLowerCase() === text.toLowerCase());
          onPick(member?.id ?? text, plain(text));
        }}
      />
      <datalist id={`${id}-people`}>
        {people.map((person) => (
          <option key={person.id} value={person.name} />
        ))}
      </datalist>
    </>
  );
}

function personOfRaw(raw: string): string {
  return peopleOf(null).find((person) => person.id === raw)?.name ?? raw;
}

/** Links and lists of texts: one to a line. */
function Items({ section, path, schema, items, mode, label }: FieldProps & { items: string[] }) {
  const doc = useDoc();
  const isLink = schema.type === "links";
  const add = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const input = form.elements.namedItem("item") as HTMLInputElement;
    const item = input.value.trim();
    if (!item) return;
    const command = { list_insert: { path, at: items.length, item } };
    if (await change(doc, { section, path, command, place: label, shown: plain(item) })) form.reset();
  };
  return (
    <div class="items">
      <ul>
        {items.map((item, at) => (
          <li class="row" key={`${at} ${item}`}>
            {isLink && /^https?:\/\//i.test(item) ? (
              <a class="grow" href={item} target="_blank" rel="noreferrer noopener">
                {item.replace(/^https?:\/\//i, "")}
              </a>
            ) : (
              <span class="grow">{item}</span>
            )}
            {mode === "edit" && (
              <button
                type="button"
                class="button plain small square"
                aria-label={t("web-remove-named", { name: item })}
                onClick={() => write(doc, section, [{ list_remove: { path, at } }])}
              >
                <Icon mark="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {mode !== "read" && (
        <form class="row" onSubmit={add}>
          <input class="input grow" name="item" type={(isLink ? "url" : "text") as "text"} aria-label={side(label)} placeholder={isLink ? "https://…" : ""} />
          <button type="submit" class="button small">
            {t("web-add")}
          </button>
        </form>
      )}
      {mode === "read" && items.length === 0 && <p class="soft">{t("web-not-written")}</p>}
    </div>
  );
}

function rawText(value: FieldValue): string {
  if (value === "empty") return "";
  if ("choice" in value) return value.choice.word;
  if ("text" in value) return value.text;
  if ("number" in value) return String(value.number);
  if ("money" in value) return moneyText(value.money);
  if ("date" in value) return value.date;
  if ("flag" in value) return String(value.flag);
  return "";
}

function rawOf(value: Value): string {
  if (value === "null") return "";
  if ("string" in value) return value.string;
  if ("int" in value) return String(value.int);
  if ("bool" in value) return String(value.bool);
  return "";
}

function valueOf(schema: FieldSchema, text: string): Value {
  if (text === "") return "null";
  if (schema.type === "number") return { int: Math.trunc(Number(text)) };
  if (schema.type === "flag") return { bool: text === "true" };
  // `1200 USD` is also how a document holds twelve dollars; with the currency first it is what people type.
  if (schema.type === "money") return string(text.replace(/^([\d\s.,]+?)\s*([A-Za-z]{3})$/, "$2 $1"));
  return string(text);
}
