// A disclosure that lists actions; it closes on a choice, on Esc and on a click elsewhere.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

type Props = { label: ComponentChildren; name: string; class?: string; children: ComponentChildren };

export function Menu({ label, name, class: look, children }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const elsewhere = (event: Event) => {
      const menu = details.current;
      if (menu?.open && !menu.contains(event.target as Node)) menu.open = false;
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, []);
  const close = (focus: boolean) => {
    const menu = details.current;
    if (!menu?.open) return;
    menu.open = false;
    if (focus) menu.querySelector("summary")?.focus();
  };
  return (
    <details
      ref={details}
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !details.current?.open) return;
        event.stopPropagation();
        close(true);
      }}
      onFocusOut={(event) => {
        const to = event.relatedTarget as Node | null;
        if (to && !details.current?.contains(to)) close(false);
      }}
    >
      <summary class={`button ${look ?? "plain square"}`} aria-label={name} title={name}>
        {label}
      </summary>
      <ul onClick={() => close(false)}>{children}</ul>
    </details>
  );
}
