// A native dialog: focus stays inside, Esc closes, focus goes back to where it came from.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../words.ts";
import { Icon } from "./icon.tsx";

type Props = {
  title: string;
  /** Beside the page instead of over it, or wider than a message. */
  kind?: "side" | "large";
  onClose: () => void;
  children: ComponentChildren;
};

export function Dialog({ title, kind, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={kind ?? ""}
      aria-labelledby={id}
      onClose={onClose}
      onMouseDown={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="button plain square" aria-label={t("web-close")} onClick={() => dialog.current?.close()}>
          <Icon mark="close" />
        </button>
      </div>
      <div class="body">{children}</div>
    </dialog>
  );
}
