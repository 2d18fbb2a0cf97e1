// Who else looks at this document, and in which part; and the reader's wish not to be seen.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { attempt, call, seen } from "../core.ts";
import { initials, nameOf } from "../names.ts";
import { side, t } from "../words.ts";
import { useDoc } from "./context.ts";

/** Kept on this device: `off` for somebody who is not seen, and does not see others. */
const KEY = "presence";
/** Moving through a document is told at most this often, in milliseconds. */
const PAUSE_MS = 1_500;

const section = signal<string | null>(null);

export function isPresenceOff(): boolean {
  return seen("memory", { key: KEY })?.value === "off";
}

export function setPresence(on: boolean): void {
  attempt(call("remember", { key: KEY, value: on ? null : "off" }));
}

export function Presence() {
  const doc = useDoc();
  const memory = seen("memory", { key: KEY });
  const off = memory?.value === "off";
  const people = seen("presence", { document: doc.id })?.people ?? [];
  const here = section.value;
  useEffect(() => follow(), []);
  useEffect(() => {
    if (!memory) return;
    const tell = () => attend(off || document.hidden ? null : doc.id, here);
    const timer = setTimeout(tell, PAUSE_MS);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [doc.id, here, off, !memory]);
  useEffect(() => () => attend(null, null), [doc.id]);
  if (off) return null;
  return (
    <ul class="presence no-print" aria-label={t("web-presence")} hidden={people.length === 0}>
      {people.map(({ person, section }) => (
        <li key={person.id}>
          <span class="presence-mark" aria-hidden="true">
            {initials(nameOf(person))}
          </span>
          <span>{section ? t("web-presence-in", { person: nameOf(person), section: side(section) }) : nameOf(person)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Takes part or not: on the page about this device. */
export function PresenceChoice() {
  const off = isPresenceOff();
  return (
    <section class="sheet close stack" aria-labelledby="presence-title">
      <h2 id="presence-title">{t("web-presence-title")}</h2>
      <p class="soft">{t("web-presence-help")}</p>
      <label class="check">
        <input type="checkbox" checked={!off} onChange={(event) => setPresence(event.currentTarget.checked)} /> <span>{t("web-presence-on")}</span>
      </label>
    </section>
  );
}

/** Which section the reader is in: where the keyboard is. */
function follow(): () => void {
  const look = (event: FocusEvent) => {
    const place = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-section], [data-address]") : null;
    // A cell of the matrix stands in the column of its team.
    const here = place?.dataset.section ?? (place?.dataset.address ? `party/${place.dataset.address.split("/")[0]}` : undefined);
    if (here) section.value = here;
  };
  document.addEventListener("focusin", look);
  return () => {
    document.removeEventListener("focusin", look);
    section.value = null;
  };
}

function attend(document: string | null, section: string | null): void {
  call("attend", { document, section }).catch(() => undefined);
}
