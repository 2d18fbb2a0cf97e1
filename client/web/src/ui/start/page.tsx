// The frame of every page before a partnership is open.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Languages } from "../parts/languages.tsx";
import { t } from "../words.ts";

export function StartPage({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Entente`;
    heading.current?.focus();
  }, [title]);
  return (
    <div class="start">
      <header class="start-top no-print">
        <Brand />
        <Languages />
      </header>
      <main class="start-main">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </main>
      <footer class="start-foot soft fine no-print">{t("web-start-foot")}</footer>
    </div>
  );
}

export function Brand() {
  return (
    <span class="brand">
      <svg class="brand-mark" viewBox="0 0 28 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" />
        <circle cx="18" cy="10" r="7" />
      </svg>
      Entente
    </span>
  );
}
