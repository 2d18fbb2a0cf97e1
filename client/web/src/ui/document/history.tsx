// The record of a document in sentences, by person and working session; two moments compared; an
// earlier state brought back as a new edit.

import { useEffect, useState } from "preact/hooks";
import type { DocDiff, LogLine, PointWish } from "../../core/contract.ts";
import { attempt, call, look, seen } from "../core.ts";
import { Diff } from "../held/diff.tsx";
import { nameOf, nameOrYou } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { date, when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { useDoc } from "./context.ts";
import { commitSoon } from "./edit.ts";

/** Entries of one person that follow each other within this time are one working session. */
const SESSION_MS = 45 * 60_000;

type Session = { lines: { line: LogLine; said: string }[]; from: number; to: number };

export function History() {
  const doc = useDoc();
  const log = seen("log", { document: doc.id });
  const [from, setFrom] = useState<number>();
  const [to, setTo] = useState<number>();
  if (!log) return <p class="soft">{t("web-moment")}</p>;
  const lines = log.entries.map((line, at) => ({ line, said: log.said[at] ? side(log.said[at]) : line.act })).reverse();
  const sessions = sessionsOf(lines);
  return (
    <div class="history">
      <section class="stack grow" aria-label={t("web-history")}>
        {lines.length === 0 && <p class="soft">{t("doc-log-empty")}</p>}
        <ol class="sessions">
          {sessions.map((session) => {
            const first = session.lines[0]?.line;
            if (!first) return null;
            return (
              <li class="session" key={first.seq}>
                <p class="session-head">
                  <strong>{capital(nameOrYou(first.person))}</strong>
                  <span class="soft fine">{when(session.to)}</span>
                </p>
                <ul>
                  {session.lines.map(({ line, said }) => (
                    <li class="row" key={line.seq}>
                      <span class="grow">
                        {capital(said)}
                        {line.text && <span class="quote">{line.text}</span>}
                      </span>
                      <span class="row no-print">
                        <button type="button" class="button plain small" aria-pressed={from === line.seq} onClick={() => setFrom(line.seq)}>
                          {t("web-compare-from")}
                        </button>
                        <button type="button" class="button plain small" aria-pressed={to === line.seq} disabled={from === undefined || line.seq <= from} onClick={() => setTo(line.seq)}>
                          {t("web-compare-to")}
                        </button>
                      </span>
                    </li>
                  ))}
                </ul>
              </li>
            );
          })}
        </ol>
      </section>
      {from !== undefined && <Compare from={{ seq: from }} to={to !== undefined && to > from ? { seq: to } : "now"} onClose={() => setFrom(undefined)} />}
    </div>
  );
}

/** Of a message its text says enough. */
function shown(diff: DocDiff): DocDiff["changes"] {
  return diff.changes.filter((line) => line.place.section !== "talk" || !["at", "author"].includes(line.place.path.at(-1) ?? ""));
}

function sessionsOf(lines: Session["lines"]): Session[] {
  const sessions: Session[] = [];
  for (const one of lines) {
    const last = sessions.at(-1);
    const same = last && last.lines[0]?.line.person?.id === one.line.person?.id && last.from - one.line.time_ms < SESSION_MS;
    if (last && same) {
      last.lines.push(one);
      last.from = one.line.time_ms;
    } else sessions.push({ lines: [one], from: one.line.time_ms, to: one.line.time_ms });
  }
  return sessions;
}

function Compare({ from, to, onClose }: { from: { seq: number }; to: PointWish; onClose: () => void }) {
  const doc = useDoc();
  const [diff, setDiff] = useState<DocDiff>();
  const wanted = typeof to === "object" && "seq" in to ? to.seq : to;
  useEffect(() => {
    let stale = false;
    attempt(look("diff", { document: doc.id, from, to })).then((answer) => !stale && setDiff(answer));
    return () => {
      stale = true;
    };
  }, [from.seq, wanted, doc.answer.version]);
  const restore = async (section: string, path: string[]) => {
    const answer = await attempt(call("restore", { document: doc.id, section, path, to: from, message: diff ? t("web-restored-message", { when: date(diff.from.time_ms) }) : undefined }));
    if (!answer) return;
    say(answer.became === "suggested" ? side(answer.said) : t("web-restored"));
    commitSoon(false);
  };
  return (
    <aside class="compare sheet stack" aria-labelledby="compare-title">
      <div class="row apart">
        <h2 id="compare-title">{t("web-compare")}</h2>
        <button type="button" class="button plain small square" aria-label={t("web-close")} onClick={onClose}>
          <Icon mark="close" />
        </button>
      </div>
      {diff && (
        <>
          <p class="soft fine">
            {when(diff.from.time_ms)} → {to === "now" ? t("web-now") : when(diff.to.time_ms)}
          </p>
          {shown(diff).length === 0 && <p>{t("web-compare-same")}</p>}
          <ul class="lines">
            {shown(diff).map((line) => (
              <li class="stack tight" key={`${line.place.section} ${line.place.path.join("/")}`}>
                <span class="change-place">{side(line.place.label)}</span>
                <Diff before={side(line.before.label)} after={side(line.after.label)} />
                <span class="row apart">
                  <small>{list((diff.authors[line.place.section] ?? []).map(nameOf))}</small>
                  <button type="button" class="button small no-print" onClick={() => restore(line.place.section, line.place.path)}>
                    {t("web-restore")}
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
