// A document: its head, its content in the form of its kind, and its record.

import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { DocumentAnswer, KindSchema, Problem } from "../../core/contract.ts";
import { attempt, call, seen, viewed } from "../core.ts";
import { BriefBody } from "../brief/brief.tsx";
import { MatrixBody } from "../matrix/matrix.tsx";
import { PlaybookBody } from "../playbook/playbook.tsx";
import { nameOf } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { type Route, href } from "../router.ts";
import { share } from "../share.ts";
import { side, t } from "../words.ts";
import { Doc, DocContext } from "./context.ts";
import { saveDocument } from "../device/copy.ts";
import { History } from "./history.tsx";
import { Paper } from "./paper.tsx";
import { Presence } from "./presence.tsx";
import { Section } from "./section.tsx";
import { Talk } from "./talk.tsx";
import { printing } from "./printing.ts";
import { redoHere, undoHere } from "./undo.ts";

export function DocumentPage({ name, part, focus }: { name: string; part?: string; focus?: string }) {
  const answer = viewed("document", { document: name });
  const kinds = seen("kinds", {})?.kinds;
  const here = answer.state === "here";
  useEffect(() => {
    if (here && part === "at" && focus) leadTo(focus);
  }, [here, part, focus]);
  if (answer.state === "not-here") return <NotHere problem={answer.problem} />;
  if (answer.state === "pending" || !kinds) return <p class="soft">{t("web-moment")}</p>;
  const kind = kinds.find((one) => one.id === answer.view.kind);
  if (!kind) return <p class="note waits">{t("unknown-kind", { name: answer.view.kind })}</p>;
  return <Shown key={kind.id} name={name} kind={kind} first={answer.view} part={part} focus={focus} />;
}

/** Why there is nothing to show; what was set aside can be tried again. */
function NotHere({ problem }: { problem: Problem }) {
  const profile = seen("app", {})?.profile;
  return (
    <div class="note waits stack" role="alert">
      <h1 class="small">{t(problem.code === "set-aside" ? "web-set-aside" : "web-not-here")}</h1>
      <p>{side(problem.said)}</p>
      {problem.code === "set-aside" && profile && (
        <p>
          <button type="button" class="button" onClick={() => attempt(call("retry", { profile }))}>
            {t("web-set-aside-retry")}
          </button>
        </p>
      )}
    </div>
  );
}

type ShownProps = { name: string; kind: KindSchema; first: DocumentAnswer; part?: string; focus?: string };

function Shown({ name, kind, first, part, focus }: ShownProps) {
  const doc = useMemo(() => {
    let last = first;
    const now = computed(() => {
      const seen = viewed("document", { document: name });
      if (seen.state === "here" && seen.view !== last) last = share(last, seen.view);
      return last;
    });
    return new Doc(first.document, kind, now);
  }, [kind]);
  return (
    <DocContext.Provider value={doc}>
      <Head doc={doc} part={part} />
      {doc.answer.being_checked && <p class="note">{t("web-being-checked")}</p>}
      <Presence />
      {doc.answer.stopped && <p class="note grave">{side(doc.answer.stopped)}</p>}
      {part === "history" ? <History /> : part === "talk" ? <Talk about={focus} /> : <Body doc={doc} />}
    </DocContext.Provider>
  );
}

function Body({ doc }: { doc: Doc }) {
  if (printing.value) return <Paper />;
  switch (doc.answer.kind) {
    case "matrix":
      return <MatrixBody />;
    case "brief":
      return <BriefBody />;
    case "playbook":
      return <PlaybookBody />;
    default:
      return (
        <>
          {doc.answer.content.sections.filter((section) => section.id !== "talk").map((section) => (
            <Section key={section.id} view={section} />
          ))}
        </>
      );
  }
}

function Head({ doc, part }: { doc: Doc; part?: string }) {
  const { answer } = doc;
  const talk = answer.content.sections.find((section) => section.id === "talk");
  const field = talk?.fields?.find((one) => one.key === "messages")?.value;
  const messages = typeof field === "object" && "rows" in field ? field.rows.length : 0;
  useEffect(() => {
    document.title = `${answer.title} · Entente`;
  }, [answer.title]);
  const to = (part?: string): Route => ({ at: "document", name: answer.document, part });
  return (
    <div class="doc-head">
      <div class="doc-title">
        <div class="grow">
          <h1>{answer.title}</h1>
          <p class="soft fine">{kindLine(doc)}</p>
        </div>
        <div class="row doc-tools no-print">
          <button type="button" class="button plain square" disabled={!answer.can_undo} aria-label={t("web-undo")} title={t("web-undo")} onClick={undoHere}>
            <Icon mark="undo" />
          </button>
          <button type="button" class="button plain square" disabled={!answer.can_redo} aria-label={t("web-redo")} title={t("web-redo")} onClick={redoHere}>
            <Icon mark="redo" />
          </button>
          <Menu label={<Icon mark="more" />} name={t("web-document-menu")}>
            <li>
              <button type="button" onClick={() => saveDocument(doc.id)}>
                <Icon mark="download" />
                {t("web-download-document")}
              </button>
            </li>
            <li>
              <button type="button" onClick={() => print()}>
                <Icon mark="print" />
                {t("web-print")}
              </button>
            </li>
          </Menu>
        </div>
      </div>
      <nav class="tabs no-print" aria-label={t("web-document-parts")}>
        <Tab to={to()} here={!part || part === "at"} text={t("web-content")} />
        {talk?.fields && <Tab to={to("talk")} here={part === "talk"} text={t("web-talk")} count={messages} />}
        <Tab to={to("history")} here={part === "history"} text={t("web-history")} />
      </nav>
    </div>
  );
}

function kindLine(doc: Doc): string {
  const changed = doc.answer.access.flatMap((one) => (one.changed ? [one.changed] : []));
  const last = changed.sort((one, other) => other.time_ms - one.time_ms)[0];
  const kind = side(doc.kind.label);
  const parts = [kind === doc.answer.title ? "" : kind, last ? t("web-last-changed", { person: nameOf(last.person) }) : ""];
  return parts.filter(Boolean).join(" · ");
}

function Tab({ to, here, text, count }: { to: Route; here: boolean; text: string; count?: number }) {
  return (
    <a href={href(to)} aria-current={here ? "page" : undefined}>
      {text}
      {!!count && <span class="soft"> {count}</span>}
    </a>
  );
}

/** Leads to the place that a search found: its address ends with the field. */
function leadTo(address: string): void {
  const wanted = address.replace(/[^\w.-]/g, "-");
  const places = [...document.querySelectorAll<HTMLElement>("[id^='at-'], [data-address]")];
  const place = places.find((one) => one.dataset.address === address) ?? places.find((one) => one.id.endsWith(wanted));
  place?.scrollIntoView({ block: "center" });
  place?.focus();
}
