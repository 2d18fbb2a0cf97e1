// A line that is written when the reader is done with it; until then nothing that arrives disturbs it.

import { useState } from "preact/hooks";

type Props = {
  id?: string;
  class?: string;
  type?: "text" | "number" | "date";
  list?: string;
  label: string;
  placeholder?: string;
  value: string;
  onDone: (text: string) => void;
};

export function Draft({ id, class: look, type, list, label, placeholder, value, onDone }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      id={id}
      class={look ?? "input"}
      type={(type ?? "text") as "text"}
      list={list}
      aria-label={label}
      autocomplete="off"
      placeholder={placeholder}
      value={draft ?? value}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onChange={(event) => {
        const text = event.currentTarget.value.trim();
        setDraft(null);
        if (text !== value) onDone(text);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
