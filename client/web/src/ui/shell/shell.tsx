// The frame of every page of an open partnership: where one can go, how far everything is kept, what
// time it is for both teams.

import { useEffect, useRef } from "preact/hooks";
import { seen } from "../core.ts";
import { Icon, type Mark } from "../parts/icon.tsx";
import { Languages } from "../parts/languages.tsx";
import { Menu } from "../parts/menu.tsx";
import { type Route, href, route } from "../router.ts";
import { Brand } from "../start/page.tsx";
import { side, t } from "../words.ts";
import { Clocks } from "./clocks.tsx";
import { DocumentsPage } from "./documents.tsx";
import { KeyHelp, Shortcuts, shownHelp } from "./keys.tsx";
import { Notices } from "./notices.tsx";
import { Palette, openPalette, shownPalette } from "./palette.tsx";
import { SyncState } from "./sync.tsx";
import { Tray } from "../held/tray.tsx";
import { DocumentPage } from "../document/page.tsx";
import { InboxPage } from "../held/inbox.tsx";
import { PeoplePage } from "../people/page.tsx";
import { RulesPage } from "../rules/page.tsx";
import { DevicePage } from "../device/page.tsx";

export function Shell() {
  const here = route.value;
  return (
    <div class="shell">
      <a class="skip unseen" href="#main" onClick={skip}>
        {t("web-skip")}
      </a>
      <TopBar />
      <StateBar />
      <main id="main" class="page" tabIndex={-1}>
        <Notices />
        <Page here={here} />
      </main>
      <Tray />
      <BottomBar />
      {shownPalette.value && <Palette />}
      {shownHelp.value && <KeyHelp />}
      <Shortcuts />
    </div>
  );
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Page({ here }: { here: Route }) {
  // A new place begins at its top, and the keyboard in it.
  const isFirst = useRef(true);
  useEffect(() => {
    const leads = here.at === "document" && here.part === "at";
    if (!isFirst.current && !leads) document.getElementById("main")?.focus({ preventScroll: true });
    isFirst.current = false;
    if (!leads) scrollTo(0, 0);
  }, [here.at, here.at === "document" ? `${here.name}/${here.part ?? ""}` : ""]);
  switch (here.at) {
    case "documents":
      return <DocumentsPage />;
    case "document":
      return <DocumentPage key={here.name} name={here.name} part={here.part} focus={here.focus} />;
    case "people":
      return <PeoplePage />;
    case "rules":
      return <RulesPage />;
    case "inbox":
      return <InboxPage id={here.id} />;
    case "device":
      return <DevicePage />;
  }
}

type Place = { to: Route; mark: Mark; label: string; count?: number };

function places(): Place[] {
  const waiting = forMe() + (seen("questions", {})?.for_you.length ?? 0);
  return [
    { to: { at: "documents" }, mark: "document", label: t("web-documents") },
    { to: { at: "people" }, mark: "people", label: t("web-people") },
    { to: { at: "rules" }, mark: "rules", label: t("web-rules") },
    { to: { at: "inbox" }, mark: "inbox", label: t("web-inbox"), count: waiting },
  ];
}

/** Decisions and signatures that wait for the reader. */
function forMe(): number {
  const status = seen("status", {});
  return status ? status.waiting_for_you + status.to_sign : 0;
}

function isHere(to: Route): boolean {
  const at = route.value.at;
  return at === to.at || (at === "document" && to.at === "documents");
}

function Links() {
  return (
    <ul>
      {places().map(({ to, mark, label, count }) => (
        <li key={label}>
          <a href={href(to)} aria-current={isHere(to) ? "page" : undefined}>
            <Icon mark={mark} />
            <span>{label}</span>
            {!!count && (
              <span class="count">
                {count}
                <span class="unseen"> {t("web-needs-you-short")}</span>
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}

function TopBar() {
  const app = seen("app", {});
  const title = app?.title ? side(app.title) : "";
  return (
    <header class="top no-print">
      <a class="top-title" href={href({ at: "documents" })} title={title}>
        <Brand />
        <span class="top-name">{title}</span>
      </a>
      <nav class="top-nav" aria-label={t("web-places")}>
        <Links />
      </nav>
      <div class="top-tools">
        <button type="button" class="button search-button" aria-label={t("web-search")} onClick={openPalette}>
          <Icon mark="search" />
          <span>{t("web-search")}</span>
          <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <Languages />
        <Menu label={<Icon mark="more" />} name={t("web-more")}>
          <li>
            <a href={href({ at: "device" })}>
              <Icon mark="device" />
              {t("web-device")}
            </a>
          </li>
          <li>
            <button type="button" onClick={() => (shownHelp.value = true)}>
              <Icon mark="keyboard" />
              {t("web-keys")}
            </button>
          </li>
        </Menu>
      </div>
    </header>
  );
}

function BottomBar() {
  return (
    <nav class="bottom no-print" aria-label={t("web-places")}>
      <Links />
    </nav>
  );
}

function StateBar() {
  return (
    <section class="state no-print" aria-label={t("web-state")}>
      <SyncState />
      <Clocks />
    </section>
  );
}
