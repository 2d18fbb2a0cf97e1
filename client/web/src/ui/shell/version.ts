// A new version of the app that waits to be used.

import { signal } from "@preact/signals";

/** What changes to the new version, once there is one. */
export const newVersion = signal<(() => void) | null>(null);
