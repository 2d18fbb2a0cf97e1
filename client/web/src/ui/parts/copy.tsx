// Taking a text along: by the clipboard, or by what the device shares with.

import { useState } from "preact/hooks";
import { t } from "../words.ts";
import { Icon } from "./icon.tsx";

export function CopyButton({ text, label, main }: { text: string; label: string; main?: boolean }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 4_000);
  };
  return (
    <button type="button" class={`button ${main ? "main" : ""}`} onClick={copy}>
      <Icon mark={done ? "done" : "copy"} />
      <span aria-live="polite">{done ? t("web-copied") : label}</span>
    </button>
  );
}

export function ShareButton({ text }: { text: string }) {
  if (!navigator.share) return null;
  return (
    <button type="button" class="button" onClick={() => navigator.share({ text }).catch(() => undefined)}>
      <Icon mark="share" />
      {t("web-share")}
    </button>
  );
}

/** Gives a file to the person. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
