// A text that several people may type in. What one types goes out as one splice at a time, made on the
// text that the core has; what others typed meanwhile is merged in without moving the caret.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { CallError } from "../../core/client.ts";
import type { EditCommand, Path, SectionId } from "../../core/contract.ts";
import { codePoints, markOf } from "../../core/text.ts";
import { call, look, problemText } from "../core.ts";
import { type Splice, applied, moved, over, spliceOf } from "../parts/splice.ts";
import { say } from "../parts/toast.tsx";
import { askToKeep } from "../shell/safety.ts";
import { side } from "../words.ts";
import { useDoc } from "./context.ts";
import { commitNow, commitSoon } from "./edit.ts";

type Props = {
  section: SectionId;
  path: Path;
  value: string;
  lang?: string;
  label: string;
  describedBy?: string;
  placeholder?: string;
};

/** From this length on a field scrolls instead of growing: measuring it anew with each key takes long. */
const LONG = 4_000;

/** How long the reader has paused when what others wrote is put into the field, and how long it waits
 * for that at most, in milliseconds: putting it in takes longer than a key. */
const LOOK_PAUSE_MS = 250;
const LOOK_MAX_MS = 1_000;

type Place = { document: string; section: SectionId; path: Path };

export function LiveText({ section, path, value, lang, label, describedBy, placeholder }: Props) {
  const doc = useDoc();
  const area = useRef<HTMLTextAreaElement>(null);
  const typing = useRef<Typing>(undefined);
  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.value = value;
    typing.current = new Typing(area.current, { document: doc.id, section, path }, value);
  }, []);
  useEffect(() => {
    typing.current?.shown(value);
  }, [value]);
  return (
    <textarea
      ref={area}
      class={value.length > LONG ? "live long" : "live"}
      rows={1}
      lang={lang}
      // Finding out the direction takes long with each key; long texts here are Russian or English.
      dir={value.length > LONG ? "ltr" : "auto"}
      spellcheck
      aria-label={label}
      aria-describedby={describedBy}
      placeholder={placeholder}
      onInput={() => typing.current?.typed()}
      onBlur={commitNow}
    />
  );
}

/** Keeps a text field and the core's text the same while both change. */
class Typing {
  /** What the field showed last. */
  private here: string;
  /** The newest text that the core is known to have had; what `here` has more is not sent yet. */
  private core: string;
  /** What the view showed last, be it old or new. */
  private view: string;
  private isUnderway = false;
  private typedMs = 0;
  /** When what others wrote is looked into at the latest. */
  private lookMs: number | null = null;
  private looking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly field: HTMLTextAreaElement,
    private readonly place: Place,
    text: string,
  ) {
    this.here = text;
    this.core = text;
    this.view = text;
  }

  typed(): void {
    this.here = this.field.value;
    this.typedMs = Date.now();
    void this.send();
  }

  /** Looks into what others wrote once the reader pauses, or has typed on for long. */
  private lookSoon(): void {
    const now = Date.now();
    this.lookMs ??= now + LOOK_MAX_MS;
    clearTimeout(this.looking);
    const due = Math.min(this.typedMs + LOOK_PAUSE_MS, this.lookMs);
    this.looking = setTimeout(() => {
      this.lookMs = null;
      void this.send(true);
    }, Math.max(0, due - now));
  }

  /** The view shows a text. While something is underway it may be older than what was typed; then
   * the core is asked once everything has arrived. */
  shown(text: string): void {
    this.view = text;
    if (!this.isUnderway && text !== this.core) this.lookSoon();
  }

  private async send(isAsking = false): Promise<void> {
    if (this.isUnderway) return;
    this.isUnderway = true;
    try {
      let mustLook = isAsking;
      while (true) {
        if (mustLook) this.meet((await look("text", this.place)).text);
        const splice = spliceOf(this.core, this.here, this.field.selectionEnd);
        if (splice) {
          mustLook = await this.write(splice);
          continue;
        }
        // What the view showed meanwhile is looked into before the field comes to rest.
        if (!mustLook && this.view !== this.core) this.lookSoon();
        return;
      }
    } catch (error) {
      say(problemText(error));
    } finally {
      this.isUnderway = false;
    }
  }

  /** Sends one splice. Tells whether the core's text has to be looked at before the next. */
  private async write(splice: Splice): Promise<boolean> {
    const { document, section, path } = this.place;
    const edits = [{ section, commands: [commandOf(path, this.core, splice)] }];
    const on = { section, path, mark: markOf(this.core) };
    void askToKeep();
    try {
      const answer = await call("edit", { document, edits, on });
      this.core = applied(this.core, splice);
      commitSoon(true);
      if (answer.became === "suggested") say(side(answer.said));
      return answer.became === "suggested";
    } catch (error) {
      if (error instanceof CallError && error.problem.code === "stale") return true;
      // It was not taken: the field goes back to what stands, and the reader is told.
      this.here = this.core;
      this.field.value = this.core;
      throw error;
    }
  }

  /** Takes in the core's text: what others changed is moved under what is typed here. */
  private meet(text: string): void {
    const theirs = spliceOf(this.core, text);
    const mine = spliceOf(this.core, this.here);
    this.core = text;
    if (!theirs && this.field.value === this.here) return;
    const rebased = theirs && mine ? over(mine, theirs) : mine;
    const wanted = rebased ? applied(text, rebased) : text;
    const shift = spliceOf(this.here, wanted);
    this.here = wanted;
    if (this.field.value === wanted) return;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = this.field;
    this.field.value = wanted;
    if (document.activeElement !== this.field || !shift) return;
    this.field.setSelectionRange(moved(selectionStart, shift), moved(selectionEnd, shift), selectionDirection);
    this.field.scrollTop = scrollTop;
  }
}

/** The core counts code points; the browser counts UTF-16 units. */
function commandOf(path: Path, before: string, splice: Splice): EditCommand {
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
