// Two values for one field: both with who, where and when, and the choice between them.

import { useState } from "preact/hooks";
import type { ConflictField, Path, SectionId } from "../../core/contract.ts";
import { seen } from "../core.ts";
import { nameOf, teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { when } from "../times.ts";
import { side, t } from "../words.ts";
import { AskButton } from "./ask.tsx";
import { accessOf, isBelow, useDoc } from "./context.ts";
import { change } from "./edit.ts";

export function Conflict({ section, path }: { section: SectionId; path: Path }) {
  const doc = useDoc();
  const [open, setOpen] = useState(false);
  const fields = seen("conflicts", { document: doc.id })?.fields.filter(
    (field) => field.place.section === section && isBelow(field.place.path, path),
  );
  if (!fields || fields.length === 0) return null;
  return (
    <div class="note waits conflict">
      <p class="row apart">
        <span class="grow">
          <Icon mark="choose" /> {t("web-conflict", { count: fields[0]?.values.length ?? 2 })}
        </span>
        <button type="button" class="button small" onClick={() => setOpen(true)}>
          {t("web-conflict-look")}
        </button>
      </p>
      {open && (
        <Dialog title={t("web-conflict-title")} kind="large" onClose={() => setOpen(false)}>
          {fields.map((field) => (
            <Values key={field.place.address} field={field} onDone={() => setOpen(false)} />
          ))}
        </Dialog>
      )}
    </div>
  );
}

function question(field: ConflictField): string {
  const values = field.values.map((value) => `${nameOf(value.person)}: ${t("quoted", { text: side(value.shown.label) })}`);
  return [t("web-ask-which", { place: side(field.place.label) }), ...values].join("\n");
}

function Values({ field, onDone }: { field: ConflictField; onDone: () => void }) {
  const doc = useDoc();
  const { section, path } = field.place;
  const access = accessOf(doc, section);
  const writes = access?.access === "edit";
  const keep = async (value: ConflictField["values"][number]) => {
    const command = { resolve: { path, value: value.shown.value ?? ("null" as const) } };
    if (await change(doc, { section, path, command, place: field.place.label, shown: value.shown.label })) onDone();
  };
  return (
    <section class="stack">
      <h3>{side(field.place.label)}</h3>
      <p class="soft">{t("web-conflict-why")}</p>
      <ul class="conflict-values">
        {field.values.map((value, at) => (
          <li class="sheet close stack tight" key={value.key}>
            <p class="conflict-value">{side(value.shown.label)}</p>
            <p class="soft fine">
              {nameOf(value.person)}
              {value.person?.party && ` · ${teamLabel(value.person.party)}`}
              {value.written_ms !== null && ` · ${when(value.written_ms)}`}
            </p>
            {at === field.values.length - 1 && <p class="soft fine">{t("web-conflict-stands")}</p>}
            <button type="button" class="button small" disabled={access?.access === "read"} onClick={() => keep(value)}>
              {t(writes ? "web-conflict-keep" : "web-conflict-suggest", { value: side(value.shown.label) })}
            </button>
          </li>
        ))}
      </ul>
      <p class="soft fine">{t("web-conflict-new")}</p>
      <div class="row">
        <AskButton section={section} path={path} about={question(field)} people={field.values.flatMap((value) => (value.person ? [value.person] : []))} />
      </div>
    </section>
  );
}
