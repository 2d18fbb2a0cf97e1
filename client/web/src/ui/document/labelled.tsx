// A field with its name, its help, what waits for it and what competes in it.

import { BothEdited } from "./both.tsx";
import { Conflict } from "./conflict.tsx";
import { memo } from "../parts/memo.tsx";
import { anchor, samePath } from "./context.ts";
import { Band } from "./band.tsx";
import { FieldControl, type FieldProps } from "./value.tsx";
import { Waiting } from "./waiting.tsx";
import { side } from "../words.ts";
import { TalkLink } from "./talk-link.tsx";

type Props = FieldProps & { conflicted: boolean; quiet?: boolean };

/** Most fields of a document stay as they are while somebody types in one. */
export const Labelled = memo(Field, (one, other) => {
  const same = (Object.keys({ ...one, ...other }) as (keyof Props)[]).every((key) => key === "path" || key === "label" || one[key] === other[key]);
  return same && samePath(one.path, other.path) && one.label.ru === other.label.ru && one.label.en === other.label.en;
});

function Field({ conflicted, quiet, ...field }: Props) {
  const { section, path, schema } = field;
  return (
    <div class={`labelled type-${schema.type} ${quiet ? "quiet" : ""}`} id={anchor(section, path)} tabIndex={-1}>
      <div class="labelled-head">
        <span class={quiet ? "unseen" : "label"}>{side(schema.label)}</span>
        {!quiet && !field.compact && schema.type !== "rows" && <TalkLink section={section} path={path} name={side(field.label)} />}
        {!quiet && !field.compact && schema.help && field.mode !== "read" && <small>{side(schema.help)}</small>}
      </div>
      <FieldControl {...field} />
      {schema.type === "money" && <Band section={section} path={path} />}
      {conflicted && schema.type !== "rows" && <Conflict section={section} path={path} />}
      {(schema.type === "bilingual" || schema.type === "text") && <BothEdited section={section} path={path} />}
      {schema.type !== "rows" && <Waiting section={section} path={path} />}
    </div>
  );
}
