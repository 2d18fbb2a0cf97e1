// Where the reader is. The path stays `/`; the place stands behind `#`, so that nothing of it is ever
// sent to a server, and one cached page serves every place offline.

import { computed, signal } from "@preact/signals";

export type Route =
  | { at: "documents" }
  | { at: "document"; name: string; part?: string; focus?: string }
  | { at: "people" }
  | { at: "rules" }
  | { at: "inbox"; id?: string }
  | { at: "device" };

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** The place that the address names. */
export const route = computed<Route>(() => parse(hash.value));

export function parse(text: string): Route {
  const [at, ...rest] = text.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  switch (at) {
    case "doc":
      return rest[0] ? { at: "document", name: rest[0], part: rest[1], focus: rest[2] } : { at: "documents" };
    case "people":
    case "rules":
    case "device":
      return { at };
    case "inbox":
      return { at, id: rest[0] };
    default:
      return { at: "documents" };
  }
}

export function href(to: Route): string {
  const parts = (() => {
    switch (to.at) {
      case "documents":
        return [];
      case "document":
        return ["doc", to.name, to.part, to.focus];
      case "inbox":
        return ["inbox", to.id];
      default:
        return [to.at];
    }
  })();
  return `#/${parts.filter((part) => part !== undefined).map((part) => encodeURIComponent(part)).join("/")}`;
}

export function go(to: Route): void {
  location.hash = href(to);
}

/** Forgets the link by which the reader came, secrets included, and shows the app. */
export function leaveArrival(to: Route): void {
  history.replaceState(null, "", `/${href(to)}`);
  hash.value = location.hash;
}
