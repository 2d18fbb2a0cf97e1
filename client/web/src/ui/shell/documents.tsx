// All documents: what is settled, what waits, and a new one.

import { useEffect, useState } from "preact/hooks";
import type { DocLine, OpenLine } from "../../core/contract.ts";
import { attempt, call, seen } from "../core.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Options, TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { go, href } from "../router.ts";
import { when } from "../times.ts";
import { capital, side, t } from "../words.ts";

export function DocumentsPage() {
  const list = seen("documents", {});
  const open = seen("status", {})?.documents ?? [];
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHead title={t("web-documents")}>
        <button type="button" class="button main" onClick={() => setMaking(true)}>
          <Icon mark="plus" />
          {t("web-new-document")}
        </button>
      </PageHead>
      <RulesHint />
      {list && list.documents.length === 0 && (
        <div class="empty">
          <h2>{t("web-no-documents")}</h2>
          <p>{t("web-no-documents-help")}</p>
        </div>
      )}
      <ul class="cards">
        {list?.documents.map((line) => (
          <DocumentCard key={line.document} line={line} open={open.find((one) => one.document === line.document)} />
        ))}
      </ul>
      {making && <NewDocument onClose={() => setMaking(false)} />}
    </>
  );
}

export function PageHead({ title, note, children }: { title: string; note?: string; children?: preact.ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Entente`;
  }, [title]);
  return (
    <div class="page-head">
      <div class="grow">
        <h1>{title}</h1>
        {note && <p class="soft">{note}</p>}
      </div>
      <div class="row no-print">{children}</div>
    </div>
  );
}

function DocumentCard({ line, open }: { line: DocLine; open: OpenLine | undefined }) {
  return (
    <li class="card">
      <a class="card-link" href={href({ at: "document", name: line.document })}>
        {line.title}
      </a>
      <p class="soft fine">{capital(t(`kind-${line.kind}`))}</p>
      <ul class="row">
        {open && open.overlaps.length > 0 && <Fact mark="both" text={t("web-both-count", { count: open.overlaps.length })} />}
        {open && open.gaps.length > 0 && <Fact mark="nobody" text={t("web-nobody-count", { count: open.gaps.length })} />}
        {open && open.conflicts.length > 0 && <Fact mark="choose" text={t("web-conflict-count", { count: open.conflicts.length })} />}
        {line.waiting > 0 && <Fact mark="waits" text={t("web-waiting-count", { count: line.waiting })} />}
        {!line.on_relay && <Fact mark="device" text={t("web-not-on-relay")} />}
      </ul>
      {line.being_checked && <p class="soft fine">{t("web-being-checked")}</p>}
      {line.stopped && <p class="problem">{t(line.set_aside ? "web-set-aside" : "web-stopped")}</p>}
      {line.changed_ms !== null && <p class="soft fine">{t("web-changed", { when: when(line.changed_ms) })}</p>}
    </li>
  );
}

function Fact({ mark, text }: { mark: "both" | "nobody" | "choose" | "waits" | "device"; text: string }) {
  return (
    <li class={`chip ${mark === "device" ? "" : "waits"}`}>
      <Icon mark={mark} />
      {text}
    </li>
  );
}

/** Until all have signed, much waits; so say it where people begin. */
function RulesHint() {
  const rules = seen("rules", {});
  if (!rules || rules.in_force) return null;
  return (
    <div class="note waits row apart">
      <p class="grow">{side(rules.signed_said)}</p>
      <a class="button small" href={href({ at: "rules" })}>
        {t(rules.may_sign && !rules.has_signed ? "web-agree-read" : "web-rules-read")}
      </a>
    </div>
  );
}

function NewDocument({ onClose }: { onClose: () => void }) {
  const kinds = (seen("kinds", {})?.kinds ?? []).filter((kind) => kind.id !== "charter");
  const [kind, setKind] = useState("matrix");
  const [title, setTitle] = useState("");
  const create = async (event: Event) => {
    event.preventDefault();
    const label = kinds.find((one) => one.id === kind)?.label;
    const made = await attempt(call("create", { kind, title: title.trim() || (label ? side(label) : kind) }));
    if (!made) return;
    onClose();
    go({ at: "document", name: made.document });
  };
  return (
    <Dialog title={t("web-new-document")} onClose={onClose}>
      <form class="stack" onSubmit={create}>
        <Options
          legend={t("web-new-kind")}
          name="kind"
          value={kind}
          options={kinds.map((one) => ({ value: one.id, label: side(one.label), help: one.help ? side(one.help) : undefined }))}
          onPick={setKind}
        />
        <TextField label={t("web-new-title")} help={t("web-new-title-help")} maxLength={120} value={title} onText={setTitle} />
        <div class="row end">
          <button type="submit" class="button main">
            {t("web-create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
