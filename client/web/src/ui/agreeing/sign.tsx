// Signing: exactly what is signed, in both languages; what changed since somebody last signed; what is
// still open, with the way to each place; what the signature does.

import { useState } from "preact/hooks";
import type { SectionId, SigningLine, StandingLine, Unready } from "../../core/contract.ts";
import { call, problemText, seen } from "../core.ts";
import { anchor, schemaOf, useDoc } from "../document/context.ts";
import { nameOf, roleOf } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { Changes } from "./changes.tsx";
import { WholeText } from "./text.tsx";

const DAY_MS = 86_400_000;

type Props = { section: SectionId; standing: StandingLine; onClose: () => void };

export function SignSection({ section, standing, onClose }: Props) {
  const doc = useDoc();
  const view = doc.answer.content.sections.find((one) => one.id === section);
  const compared = seen("compared", { document: doc.id, section });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const signing = compared?.signing;
  const title = view ? side(view.title) : section;
  const sign = async (event: Event) => {
    event.preventDefault();
    if (!signing) return;
    setBusy(true);
    try {
      await call("sign", { document: doc.id, section, digest: signing.digest });
      say(t("web-signed"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("web-sign-title", { title })} kind="large" onClose={onClose}>
      <form class="stack sign-form" onSubmit={sign}>
        {signing && signing.unready.length > 0 && <NotReady section={section} unready={signing.unready} onClose={onClose} />}
        <h3>{t("web-sign-text")}</h3>
        <div class="sign-text" tabIndex={0} role="group" aria-label={t("web-sign-text")}>
          {view && <WholeText view={view} schema={schemaOf(doc, section)} />}
        </div>
        <h3>{t("web-sign-since")}</h3>
        {compared?.since_signed ? (
          <>
            <p class="soft fine">{t("web-state-signed-then", { person: nameOf(compared.since_signed.person), when: when(compared.since_signed.at_ms) })}</p>
            <Changes lines={compared.since_signed.changes} />
          </>
        ) : (
          <p class="soft">{t("web-sign-first")}</p>
        )}
        {signing && <WhatItDoes signing={signing} standing={standing} />}
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="submit" class="button main" disabled={busy || !signing?.may_sign}>
            <Icon mark="sign" />
            {t("web-sign-go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function WhatItDoes({ signing, standing }: { signing: SigningLine; standing: StandingLine }) {
  const signers = standing.signing?.signers ?? [];
  const missing = signers.filter((one) => !one.statement).map((one) => roleOf(one.role));
  return (
    <>
      <h3>{t("web-sign-does")}</h3>
      <ul class="plain-list">
        <li>{t(signing.locks ? "web-sign-locks" : "web-sign-holds")}</li>
        {signing.expires_ms !== null && <li>{t("web-sign-expires", { days: Math.round(signing.expires_ms / DAY_MS) })}</li>}
        {missing.length > 0 && <li>{t("web-sign-missing", { people: list(missing) })}</li>}
        <li>{t("web-sign-record")}</li>
      </ul>
    </>
  );
}

type ReadyProps = { section: SectionId; unready: SigningLine["unready"]; onClose: () => void };

/** What is to be settled first; each line leads to its place. */
function NotReady({ section, unready, onClose }: ReadyProps) {
  const lead = (event: Event, reason: Unready) => {
    event.preventDefault();
    onClose();
    // The dialog gives focus back where it came from before the place can take it.
    requestAnimationFrame(() => {
      const place = placeOf(section, reason);
      for (let around = place?.parentElement; around; around = around.parentElement) {
        if (around instanceof HTMLDetailsElement) around.open = true;
      }
      place?.scrollIntoView({ block: "center" });
      place?.focus();
    });
  };
  return (
    <div class="note waits stack tight" role="group" aria-labelledby="not-ready">
      <h3 id="not-ready">
        <Icon mark="waits" /> {t("web-sign-first-settle", { count: unready.length })}
      </h3>
      <ul class="plain-list">
        {unready.map((reason, at) => (
          <li key={at}>
            <a href="#" onClick={(event) => lead(event, reason)}>
              {capital(side(reason.said))}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function placeOf(section: SectionId, reason: Unready): HTMLElement | null {
  const find = (id: string) => document.getElementById(id);
  switch (reason.unready) {
    case "one-sided":
      return find(anchor(`party/${reason.party}`, [])) ?? find(anchor(section, []));
    case "overlap":
    case "gap":
      return find(`settle-${reason.row}`) ?? find(anchor(section, []));
    case "waiting":
      return find(`held-${reason.hold}`) ?? find(anchor(section, []));
    default:
      return find(anchor(section, reason.path)) ?? find(anchor(section, reason.path.slice(0, 1))) ?? find(anchor(section, []));
  }
}
