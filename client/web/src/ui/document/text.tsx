// A text that several people may type in: every input is one splice, and what others typed meanwhile
// is merged in without moving the caret.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { EditCommand, Path, SectionId } from "../../core/contract.ts";
import { moved, spliceOf } from "../parts/splice.ts";
import { codePoints } from "../../core/text.ts";
import { useDoc } from "./context.ts";
import { commitNow, type } from "./edit.ts";

type Props = {
  section: SectionId;
  path: Path;
  value: string;
  lang?: string;
  label: string;
  describedBy?: string;
  placeholder?: string;
};

export function LiveText({ section, path, value, lang, label, describedBy, placeholder }: Props) {
  const doc = useDoc();
  const area = useRef<HTMLTextAreaElement>(null);
  /** What the text field showed last, and how many of its splices the core has not answered yet. */
  const shown = useRef(value);
  const underway = useRef(0);
  const newest = useRef(value);
  newest.current = value;

  useLayoutEffect(() => {
    if (area.current) area.current.value = value;
  }, []);

  const adopt = () => {
    const text = area.current;
    if (!text || underway.current > 0) return;
    const wanted = newest.current;
    const splice = spliceOf(shown.current, wanted);
    if (!splice) return;
    const [start, end] = [text.selectionStart, text.selectionEnd];
    const scroll = text.scrollTop;
    text.value = wanted;
    shown.current = wanted;
    if (document.activeElement === text) {
      text.setSelectionRange(moved(start, splice), moved(end, splice), text.selectionDirection);
      text.scrollTop = scroll;
    }
  };
  useEffect(adopt, [value]);

  const onInput = (event: Event) => {
    const text = event.currentTarget as HTMLTextAreaElement;
    const splice = spliceOf(shown.current, text.value, text.selectionEnd);
    if (!splice) return;
    const before = shown.current;
    shown.current = text.value;
    underway.current++;
    type(doc, section, command(path, before, splice)).finally(() => {
      underway.current--;
    });
  };

  return (
    <textarea
      ref={area}
      class="live"
      rows={1}
      lang={lang}
      dir="auto"
      spellcheck
      aria-label={label}
      aria-describedby={describedBy}
      placeholder={placeholder}
      onInput={onInput}
      onBlur={commitNow}
    />
  );
}

/** The core counts code points; the browser counts UTF-16 units. */
function command(path: Path, before: string, splice: { at: number; remove: number; insert: string }): EditCommand {
  const gone = before.slice(splice.at, splice.at + splice.remove);
  return {
    splice_text: {
      path,
      at: codePoints(before, splice.at),
      delete: codePoints(gone, gone.length),
      insert: splice.insert,
    },
  };
}
