// A field with its name, its help, what waits for it and what competes in it.

import { Conflict } from "./conflict.tsx";
import { anchor } from "./context.ts";
import { FieldControl, type FieldProps } from "./value.tsx";
import { Waiting } from "./waiting.tsx";
import { side } from "../words.ts";

type Props = FieldProps & { conflicted: boolean; quiet?: boolean };

export function Labelled({ conflicted, quiet, ...field }: Props) {
  const { section, path, schema } = field;
  return (
    <div class={`labelled type-${schema.type} ${quiet ? "quiet" : ""}`} id={anchor(section, path)} tabIndex={-1}>
      <div class="labelled-head">
        <span class={quiet ? "unseen" : "label"}>{side(schema.label)}</span>
        {!quiet && schema.help && field.mode !== "read" && <small>{side(schema.help)}</small>}
      </div>
      <FieldControl {...field} />
      {conflicted && schema.type !== "rows" && <Conflict section={section} path={path} />}
      {schema.type !== "rows" && <Waiting section={section} path={path} />}
    </div>
  );
}
