// Shortcuts by physical key, so that they work under a Russian layout, and the page that lists them.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { go, route } from "../router.ts";
import { t } from "../words.ts";
import { openPalette, shownPalette } from "./palette.tsx";
import { redoHere, undoHere } from "../document/undo.ts";

export const shownHelp = signal(false);

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Shortcuts() {
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return null;
}

function onKey(event: KeyboardEvent): void {
  const command = isMac ? event.metaKey : event.ctrlKey;
  if (command && !event.altKey && event.code === "KeyK") {
    event.preventDefault();
    shownPalette.value ? (shownPalette.value = false) : openPalette();
    return;
  }
  // Inside a text the browser undoes; elsewhere the document does.
  if (command && event.code === "KeyZ" && !isTyping(event.target)) {
    event.preventDefault();
    if (event.shiftKey) redoHere();
    else undoHere();
    return;
  }
  if (command && event.code === "KeyY" && !isTyping(event.target)) {
    event.preventDefault();
    redoHere();
    return;
  }
  if (command && event.code === "Slash") {
    event.preventDefault();
    shownHelp.value = true;
    return;
  }
  // Alt and a digit, never a letter alone: speech input would press it (WCAG 2.1.4).
  if (event.altKey && !command && !event.shiftKey) {
    const to = { Digit1: "documents", Digit2: "people", Digit3: "rules", Digit4: "inbox" } as const;
    const at = to[event.code as keyof typeof to];
    if (!at) return;
    event.preventDefault();
    go({ at });
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}

export function KeyHelp() {
  const command = isMac ? "⌘" : "Ctrl";
  const rows: [string[], string][] = [
    [[command, "K"], t("web-search")],
    [[command, "Z"], t("web-undo")],
    [[command, "Shift", "Z"], t("web-redo")],
    [["Alt", "1"], t("web-documents")],
    [["Alt", "2"], t("web-people")],
    [["Alt", "3"], t("web-rules")],
    [["Alt", "4"], t("web-inbox")],
    [[command, "/"], t("web-keys")],
    [["←", "↑", "→", "↓"], t("web-key-arrows")],
    [["Home", "End"], t("web-key-home")],
    [["Enter", "F2"], t("web-key-edit")],
    [["Esc"], t("web-key-escape")],
    [[command, "V"], t("web-key-paste")],
  ];
  return (
    <Dialog title={t("web-keys")} onClose={() => (shownHelp.value = false)}>
      <table class="keys">
        <tbody>
          {rows.map(([keys, text]) => (
            <tr key={text}>
              <th scope="row">
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft fine">{route.value.at === "document" ? t("web-keys-grid") : t("web-keys-layout")}</p>
    </Dialog>
  );
}
