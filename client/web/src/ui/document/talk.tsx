// The conversation beside a document, so that decisions are not lost in e-mail.

import { useState } from "preact/hooks";
import type { FieldValue, RowView, Value } from "../../core/contract.ts";
import { attempt, look } from "../core.ts";
import { isMe, me, personText } from "../names.ts";
import { AreaField } from "../parts/field.tsx";
import { when } from "../times.ts";
import { t } from "../words.ts";
import { accessOf, useDoc } from "./context.ts";
import { write } from "./edit.ts";
import { Waiting } from "./waiting.tsx";

const PATH = ["messages"];

export function Talk() {
  const doc = useDoc();
  const [text, setText] = useState("");
  const section = doc.answer.content.sections.find((one) => one.id === "talk");
  const field = section?.fields?.find((one) => one.key === "messages")?.value;
  const messages = typeof field === "object" && "rows" in field ? field.rows : [];
  const writes = accessOf(doc, "talk")?.access !== "read";
  const say = async (event: Event) => {
    event.preventDefault();
    const mine = me();
    if (!text.trim() || !mine) return;
    const place = await attempt(look("order", { document: doc.id, section: "talk", path: PATH, after: messages.at(-1)?.id ?? null }));
    if (!place) return;
    const fields: Record<string, Value> = {
      author: { string: mine.id },
      at: { timestamp: Date.now() },
      text: { text: text.trim() },
    };
    const command = { add_row: { path: PATH, id: crypto.randomUUID(), order: place.order, fields } };
    if (await write(doc, "talk", [command])) setText("");
  };
  return (
    <div class="talk stack wide">
      {messages.length === 0 && (
        <div class="empty">
          <h2>{t("web-talk-empty")}</h2>
          <p>{t("web-talk-help")}</p>
        </div>
      )}
      <ol class="messages">
        {messages.map((message) => (
          <Message key={message.id} row={message} />
        ))}
      </ol>
      <Waiting section="talk" path={PATH} />
      {writes && (
        <form class="sheet close stack" onSubmit={say}>
          <AreaField label={t("web-talk-say")} value={text} rows={2} onText={setText} />
          <div class="row end">
            <button type="submit" class="button main" disabled={!text.trim()}>
              {t("web-talk-send")}
            </button>
          </div>
        </form>
      )}
    </div>
  );
}

function Message({ row }: { row: RowView }) {
  const value = (key: string): FieldValue => row.fields.find((one) => one.key === key)?.value ?? "empty";
  const [author, at, text] = [value("author"), value("at"), value("text")];
  const person = typeof author === "object" && "person" in author ? author.person : undefined;
  const mine = person && "member" in person && isMe(person.member);
  return (
    <li class={`message-row ${mine ? "mine" : ""}`}>
      <p class="fine">
        <strong>{person ? personText(person) : t("someone-unknown")}</strong>{" "}
        {typeof at === "object" && "time" in at && <span class="soft">{when(at.time)}</span>}
      </p>
      <p class="text">{typeof text === "object" && "text" in text ? text.text : ""}</p>
    </li>
  );
}
