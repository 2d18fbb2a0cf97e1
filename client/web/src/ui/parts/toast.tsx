// What has just happened, said once, politely; it can be undone where that is possible.

import { signal } from "@preact/signals";
import { t } from "../words.ts";
import { Icon } from "./icon.tsx";

type Toast = { key: number; text: string; action?: { label: string; run: () => void } };

const SHOWN_MS = 9_000;
const toasts = signal<Toast[]>([]);
let next = 0;

export function say(text: string, action?: Toast["action"]): void {
  const key = next++;
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text).slice(-2), { key, text, action }];
  setTimeout(() => forget(key), SHOWN_MS);
}

function forget(key: number): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key);
}

export function Toasts() {
  return (
    <div class="toasts no-print" role="status" aria-live="polite">
      {toasts.value.map(({ key, text, action }) => (
        <div class="toast" key={key}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              class="button small"
              onClick={() => {
                forget(key);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="button small square" aria-label={t("web-close")} onClick={() => forget(key)}>
            <Icon mark="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
