// Ctrl or ⌘ K: go anywhere, and search all documents, offline too. A combobox over a list.

import { signal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SearchAnswer } from "../../core/contract.ts";
import { look, seen } from "../core.ts";
import { Icon, type Mark } from "../parts/icon.tsx";
import { type Route, go } from "../router.ts";
import { side, t } from "../words.ts";

export const shownPalette = signal(false);

export function openPalette(): void {
  shownPalette.value = true;
}

type Item = { key: string; mark: Mark; text: string; hit?: { before: string; hit: string; after: string }; note?: string; to: Route };

const HITS_MAX = 40;

export function Palette() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [found, setFound] = useState<SearchAnswer>();
  const [at, setAt] = useState(0);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted.length < 2) {
      setFound(undefined);
      return;
    }
    let stale = false;
    look("search", { text: wanted, limit: HITS_MAX })
      .then((answer) => !stale && setFound(answer))
      .catch(() => !stale && setFound(undefined));
    return () => {
      stale = true;
    };
  }, [text]);

  const items = itemsFor(text, found);
  const chosen = Math.min(at, items.length - 1);
  const open = (item: Item | undefined) => {
    if (!item) return;
    shownPalette.value = false;
    go(item.to);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (step && items.length > 0) {
      event.preventDefault();
      const next = (chosen + step + items.length) % items.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(items[chosen]);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label={t("web-search")}
      onClose={() => (shownPalette.value = false)}
      onMouseDown={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="palette-input">
        <Icon mark="search" />
        <input
          type="text"
          role="combobox"
          aria-label={t("web-search")}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          placeholder={t("web-search-hint")}
          autocomplete="off"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <button type="button" class="button plain small" onClick={() => dialog.current?.close()}>
          {t("web-close")}
        </button>
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={t("web-search-results")}>
        {items.map((item, place) => (
          <li
            key={item.key}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === chosen}
            onClick={() => open(item)}
            onMouseMove={() => place !== at && setAt(place)}
          >
            <Icon mark={item.mark} />
            <span class="grow">
              {item.text}
              {item.hit && (
                <span class="palette-hit">
                  {item.hit.before}
                  <mark>{item.hit.hit}</mark>
                  {item.hit.after}
                </span>
              )}
            </span>
            {item.note && <small>{item.note}</small>}
          </li>
        ))}
      </ul>
      <p class="palette-foot soft fine" role="status">
        {found ? t("web-search-count", { count: found.hits.length }) : t("web-search-offline")}
      </p>
    </dialog>
  );
}

function itemsFor(text: string, found: SearchAnswer | undefined): Item[] {
  const wanted = text.trim().toLowerCase();
  const documents = seen("documents", {})?.documents ?? [];
  const places: Item[] = [
    ...documents.map((one) => ({
      key: one.document,
      mark: "document" as const,
      text: one.title,
      note: t(`kind-${one.kind}`),
      to: { at: "document" as const, name: one.document },
    })),
    { key: "documents", mark: "list", text: t("web-documents"), to: { at: "documents" } },
    { key: "people", mark: "people", text: t("web-people"), to: { at: "people" } },
    { key: "rules", mark: "rules", text: t("web-rules"), to: { at: "rules" } },
    { key: "inbox", mark: "inbox", text: t("web-inbox"), to: { at: "inbox" } },
    { key: "device", mark: "device", text: t("web-device"), to: { at: "device" } },
  ];
  const fitting = places.filter((item) => item.text.toLowerCase().includes(wanted));
  const hits = (found?.hits ?? [])
    .filter((hit) => hit.place)
    .map((hit, place): Item => ({
      key: `hit-${place}`,
      mark: "search",
      text: hit.place ? side(hit.place.label) : hit.title,
      hit,
      note: hit.title,
      to: { at: "document", name: hit.document, part: "at", focus: hit.place?.address },
    }));
  return [...fitting, ...hits];
}
