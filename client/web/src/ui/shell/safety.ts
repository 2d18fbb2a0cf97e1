// Keeping what is stored here: asked for on the first edit, so that people know why.

import { signal } from "@preact/signals";
import { isInstalled } from "../start/browser.ts";

type InstallPrompt = Event & { prompt: () => Promise<unknown> };

/** What the browser offers for installing the app, once it does. */
export const installOffer = signal<(() => void) | null>(null);
/** Whether the browser promised to keep what is stored; unknown before the first edit. */
export const isKept = signal<boolean | null>(null);

let asked = false;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  const offer = event as InstallPrompt;
  installOffer.value = () => {
    installOffer.value = null;
    offer.prompt().catch(() => undefined);
  };
});
addEventListener("appinstalled", () => {
  installOffer.value = null;
});

export async function askToKeep(): Promise<void> {
  if (asked || !navigator.storage?.persist) return;
  asked = true;
  isKept.value = (await navigator.storage.persisted()) || (await navigator.storage.persist()) || isInstalled();
}
