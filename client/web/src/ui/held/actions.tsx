// Decisions about a suggestion or a version: approve, send back, not take; take back; why it waits.

import { useState } from "preact/hooks";
import type { Proposal } from "../../core/contract.ts";
import { attempt, call, look } from "../core.ts";
import { isMe, nameOf } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { say } from "../parts/toast.tsx";
import { side, t } from "../words.ts";

/** What the reader can do about a suggestion or a version. */
export function Actions({ proposal }: { proposal: Proposal }) {
  const [asking, setAsking] = useState<"decline" | "return" | "override" | null>(null);
  const [reason, setReason] = useState("");
  const [why, setWhy] = useState("");
  const { statement } = proposal;
  const endorse = async () => {
    const done = await attempt(call("endorse", { statement, restate: proposal.loses || undefined }));
    if (done) say(done.said ? side(done.said) : t("web-approved"));
  };
  const withdraw = async () => {
    if (await attempt(call("withdraw", { statement }))) say(t("held-withdrawn"));
  };
  const decline = async (event: Event) => {
    event.preventDefault();
    const done = await attempt(call("decline", { statement, reason: reason.trim(), send_back: asking === "return" || undefined }));
    if (!done) return;
    setAsking(null);
    say(asking === "return" ? t("held-returned", { person: nameOf(proposal.author) }) : t("held-declined", { person: nameOf(proposal.author) }));
  };
  const override = async (event: Event) => {
    event.preventDefault();
    const done = await attempt(call("override", { statement, reason: reason.trim() }));
    if (!done) return;
    setAsking(null);
    say(t("web-approved"));
  };
  const explain = async () => {
    const answer = await attempt(look("why", { statement }));
    if (answer) setWhy(side(answer.said));
  };
  return (
    <>
      <div class="row no-print">
        {proposal.yours && (
          <>
            <button type="button" class="button small main" onClick={endorse}>
              {t("web-approve")}
            </button>
            <button type="button" class="button small" onClick={() => setAsking("return")}>
              {t("web-send-back")}
            </button>
            {proposal.act !== "ask" && (
              <button type="button" class="button small" onClick={() => setAsking("decline")}>
                {t("web-not-take")}
              </button>
            )}
          </>
        )}
        {proposal.yours_to_override && (
          <button type="button" class="button small" onClick={() => setAsking("override")}>
            {t("web-override")}
          </button>
        )}
        {(proposal.own || isMe(proposal.author.id)) && (
          <button type="button" class="button small" onClick={withdraw}>
            {t("web-take-back")}
          </button>
        )}
        <button type="button" class="button plain small" onClick={explain}>
          {t("web-why-waits")}
        </button>
      </div>
      {why && (
        <Dialog title={t("web-why-waits")} onClose={() => setWhy("")}>
          <p class="said">{why}</p>
        </Dialog>
      )}
      {asking === "override" && (
        <Dialog title={t("web-override")} onClose={() => setAsking(null)}>
          <form class="stack" onSubmit={override}>
            <p>{t("web-override-help")}</p>
            <AreaField label={t("web-override-why")} help={t("web-reason-help")} value={reason} required onText={setReason} />
            <div class="row end">
              <button type="submit" class="button main" disabled={!reason.trim()}>
                {t("web-override")}
              </button>
            </div>
          </form>
        </Dialog>
      )}
      {asking && asking !== "override" && (
        <Dialog title={t(asking === "return" ? "web-send-back" : "web-not-take")} onClose={() => setAsking(null)}>
          <form class="stack" onSubmit={decline}>
            <AreaField
              label={t("web-reason", { person: nameOf(proposal.author) })}
              help={t("web-reason-help")}
              value={reason}
              required
              onText={setReason}
            />
            <div class="row end">
              <button type="submit" class="button main">
                {t(asking === "return" ? "web-send-back" : "web-not-take")}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
