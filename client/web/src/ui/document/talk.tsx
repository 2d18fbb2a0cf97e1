// The talk beside a document, in threads, so that decisions are not lost in e-mail: what a message is
// about, whom it asks, and what was decided.

import { useState } from "preact/hooks";
import type { Message as Said, PlaceRef, Thread as View } from "../../core/contract.ts";
import { attempt, call, seen } from "../core.ts";
import { isMe, nameOf, nameOrYou } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { capital, lang, side, t } from "../words.ts";
import { accessOf, isBelow, useDoc } from "./context.ts";
import { commitSoon } from "./edit.ts";
import { Waiting } from "./waiting.tsx";

/** `about`: the place to begin a thread about, as `section:path`. */
export function Talk({ about }: { about?: string }) {
  const doc = useDoc();
  const talk = seen("talk", { document: doc.id });
  const writes = accessOf(doc, "talk")?.access === "edit" || accessOf(doc, "talk")?.access === "suggest";
  if (!talk) return <p class="soft">{t("web-moment")}</p>;
  return (
    <div class="talk stack wide">
      {talk.threads.length === 0 && (
        <div class="empty">
          <h2>{t("web-talk-empty")}</h2>
          <p>{t("web-talk-help")}</p>
        </div>
      )}
      <ol class="threads stack">
        {talk.threads.map((thread) => (
          <li key={thread.message.id}>
            <Thread thread={thread} writes={writes} />
          </li>
        ))}
      </ol>
      <Waiting section="talk" path={["messages"]} />
      {writes && <Begin about={about} />}
    </div>
  );
}

function Begin({ about }: { about?: string }) {
  const doc = useDoc();
  const [text, setText] = useState("");
  const [section, keys] = about?.split(":") ?? [];
  const place = section ? ([section, keys ? keys.split("/") : []] as [string, string[]]) : undefined;
  const label = seen("place", { document: doc.id, section: place?.[0] ?? "talk", path: place?.[1] ?? [] })?.label;
  const send = async (event: Event) => {
    event.preventDefault();
    if (!text.trim()) return;
    const answer = await attempt(call("say", { document: doc.id, saying: { text: text.trim(), place }, lang: lang.value }));
    if (!answer) return;
    setText("");
    commitSoon(false);
  };
  return (
    <form class="sheet close stack" onSubmit={send}>
      {place && label && <p class="soft">{t("web-talk-about", { place: side(label) })}</p>}
      <AreaField label={t("web-talk-say")} value={text} rows={2} onText={setText} />
      <div class="row end">
        <button type="submit" class="button main" disabled={!text.trim()}>
          {t("web-talk-send")}
        </button>
      </div>
    </form>
  );
}

export function Thread({ thread, writes }: { thread: View; writes: boolean }) {
  const doc = useDoc();
  const [asking, setAsking] = useState<"reply" | "decide" | null>(null);
  const { message, replies, decision } = thread;
  const head = [
    thread.asks && t("web-talk-asks", { person: isMe(thread.asks.id) ? t("you") : nameOf(thread.asks) }),
    thread.place && t("web-talk-about", { place: side(thread.place.label) }),
  ].filter(Boolean);
  return (
    <article class={`sheet close stack thread ${decision ? "decided" : ""}`} aria-label={`${nameOf(message.author)}: ${message.text.slice(0, 60)}`}>
      {head.length > 0 && (
        <p class="soft fine">
          {head.join(" · ")}
          {thread.place && (
            <>
              {" "}
              <a href={href({ at: "document", name: doc.id, part: "at", focus: thread.place.address })}>{t("web-talk-there")}</a>
            </>
          )}
        </p>
      )}
      <Message said={message} />
      {replies.length > 0 && (
        <ol class="messages">
          {replies.map((reply) => (
            <li key={reply.id}>
              <Message said={reply} />
            </li>
          ))}
        </ol>
      )}
      {decision && (
        <div class="note good decision">
          <p>
            <Icon mark="done" /> <strong>{t("web-decided")}</strong>
          </p>
          <Message said={decision} />
          {thread.decides && <p class="soft fine">{t("web-decided-stands", { place: side(thread.decides.label) })}</p>}
        </div>
      )}
      {writes && (
        <div class="row no-print">
          <button type="button" class="button plain small" onClick={() => setAsking("reply")}>
            {t("web-talk-reply")}
          </button>
          <button type="button" class="button plain small" onClick={() => setAsking("decide")}>
            {t(decision ? "web-decide-anew" : "web-decide")}
          </button>
        </div>
      )}
      {asking && <Answer thread={thread} kind={asking} onClose={() => setAsking(null)} />}
    </article>
  );
}

function Answer({ thread, kind, onClose }: { thread: View; kind: "reply" | "decide"; onClose: () => void }) {
  const doc = useDoc();
  const [text, setText] = useState("");
  const id = thread.message.id;
  const stands = standsAt(thread.decides);
  const send = async (event: Event) => {
    event.preventDefault();
    const saying = kind === "reply" ? { text: text.trim(), reply: id } : { text: text.trim(), decides: id };
    const answer = await attempt(call("say", { document: doc.id, saying, lang: lang.value }));
    if (!answer) return;
    onClose();
    commitSoon(false);
    if (answer.became === "suggested") say(side(answer.said));
  };
  return (
    <Dialog title={t(kind === "reply" ? "web-talk-reply" : "web-decide")} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <p class="quote">{thread.message.text}</p>
        <AreaField
          label={t(kind === "reply" ? "web-talk-say" : "web-decide-text")}
          help={kind === "reply" ? undefined : stands}
          value={text}
          rows={3}
          required
          onText={setText}
        />
        <div class="row end">
          <button type="submit" class="button main" disabled={!text.trim()}>
            {t(kind === "reply" ? "web-talk-send" : "web-decide-go")}
          </button>
        </div>
      </form>
    </Dialog>
  );

  function standsAt(place: PlaceRef | null): string {
    const writes = place && accessOf(doc, place.section)?.access === "edit";
    return writes ? t("web-decide-stands", { place: side(place.label) }) : t("web-decide-here");
  }
}

function Message({ said }: { said: Said }) {
  return (
    <div class={`message-row ${isMe(said.author?.id) ? "mine" : ""}`}>
      <p class="fine">
        <strong>{capital(nameOrYou(said.author))}</strong> {said.at_ms !== null && <span class="soft">{when(said.at_ms)}</span>}
      </p>
      <p class="text">{said.text}</p>
    </div>
  );
}

/** How many threads about a place have no decision yet. */
export function openThreads(threads: View[], section: string, path: string[]): number {
  return threads.filter((one) => one.place?.section === section && isBelow(one.place.path, path) && !one.decision).length;
}
