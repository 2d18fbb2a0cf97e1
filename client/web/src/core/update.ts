/** The service worker, as the interface sees it: whether a new version of the app is ready. */

import { signal } from "@preact/signals";

/** Whether a new version waits for the person's word. */
export const isUpdateReady = signal(false);

let waiting: ServiceWorker | null = null;

/** Makes the app start without a network; in a page that is not secure nothing happens. */
export async function installOffline(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "classic", updateViaCache: "none" });
  const note = (worker: ServiceWorker | null): void => {
    // The first version of all takes over by itself: there is nothing to replace.
    if (!worker || !navigator.serviceWorker.controller) return;
    waiting = worker;
    isUpdateReady.value = true;
  };
  note(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && note(worker));
  });
  if (navigator.serviceWorker.controller) {
    navigator.serviceWorker.addEventListener("controllerchange", () => (isUpdateReady.value = true));
  }
  setInterval(() => void registration.update().catch(() => undefined), 60 * 60 * 1000);
}

/** Starts the new version. What was written is in the store already. */
export function startUpdate(): void {
  // Another tab has started it: this one only has to be loaded anew.
  if (!waiting || waiting.state === "activated") return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("update");
}
