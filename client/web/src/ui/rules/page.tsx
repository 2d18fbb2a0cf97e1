// The ground rules: as sentences, who signed, what gaps there are, and how to change them.

import { useState } from "preact/hooks";
import type { RuleForm, RuleId } from "../../core/contract.ts";
import { attempt, call, problemText, seen } from "../core.ts";
import { nameOf, teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { PageHead } from "../shell/documents.tsx";
import { ProposalCard } from "../held/card.tsx";
import { when } from "../times.ts";
import { side, t } from "../words.ts";
import { Gaps } from "./gaps.tsx";
import { RuleEditor } from "./editor.tsx";
import { RulesAsSentences } from "./sentences.tsx";

const EMPTY: RuleForm = { on: [] };

export function RulesPage() {
  const rules = seen("rules", {});
  const held = seen("held", {});
  const [changing, setChanging] = useState(false);
  const [rule, setRule] = useState<RuleId | "new">();
  if (!rules) return null;
  const proposals = [...(held?.waiting_for_you ?? []), ...(held?.waiting_for_others ?? [])].filter((one) => one.kind === "charter" && one.sections.includes("rules"));
  const sign = async () => {
    const done = await attempt(call("sign-rules", {}));
    if (done) say(done.said ? side(done.said) : t("web-signed"));
  };
  return (
    <>
      <PageHead title={t("web-rules")} note={rules.in_force && rules.in_force_since_ms !== null ? t("web-rules-since", { when: when(rules.in_force_since_ms) }) : t("web-rules-proposed")}>
        {rules.may_sign && !rules.has_signed && (
          <button type="button" class="button main" onClick={sign}>
            <Icon mark="done" />
            {t("web-agree-sign")}
          </button>
        )}
        <button type="button" class="button" onClick={() => setRule("new")}>
          <Icon mark="plus" />
          {t("web-rule-new")}
        </button>
        <button type="button" class="button plain" onClick={() => setChanging(true)}>
          {t("web-rules-as-text")}
        </button>
      </PageHead>
      <section class={`note ${rules.in_force ? "good" : "waits"}`} aria-label={t("web-signatures")}>
        <ul class="signatures">
          {rules.signatures.map((one) => (
            <li key={one.party}>
              <Icon mark="done" /> {t("web-signed-by", { person: nameOf(one.person), party: teamLabel(one.party), when: when(one.time_ms) })}
            </li>
          ))}
          {rules.unsigned.map((party) => (
            <li key={party}>
              <Icon mark="nobody" /> {t("web-unsigned", { party: teamLabel(party) })}
            </li>
          ))}
        </ul>
        {!rules.in_force && <p class="fine">{t("rules-proposed-note")}</p>}
      </section>
      <Gaps gaps={rules.gaps} />
      {proposals.map((one) => (
        <ProposalCard key={one.statement} proposal={one} />
      ))}
      <section class="sheet rules-sheet">
        <RulesAsSentences rules={rules} onChange={setRule} />
      </section>
      {rule && <RuleEditor key={rule} id={rule === "new" ? null : rule} form={rule === "new" ? EMPTY : (rules.forms[rule] ?? EMPTY)} onClose={() => setRule(undefined)} />}
      {changing && <ChangeRules toml={rules.toml} onClose={() => setChanging(false)} />}
    </>
  );
}

function ChangeRules({ toml, onClose }: { toml: string; onClose: () => void }) {
  const [text, setText] = useState(toml);
  const [message, setMessage] = useState("");
  const [problem, setProblem] = useState("");
  const propose = async (event: Event) => {
    event.preventDefault();
    try {
      const answer = await call("propose-rules", { toml: text, message: message.trim() || undefined });
      say(answer.became === "suggested" ? side(answer.said) : answer.became === "saved" ? t("web-saved") : t("rules-edit-unchanged"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Dialog title={t("web-rules-change")} kind="large" onClose={onClose}>
      <form class="stack" onSubmit={propose}>
        <p class="soft">{t("web-rules-change-help")}</p>
        <div class="code">
          <AreaField label={t("web-rules-text")} value={text} rows={16} onText={setText} problem={problem} />
        </div>
        <AreaField label={t("web-tray-message")} help={t("web-tray-message-help")} value={message} rows={2} onText={setMessage} />
        <div class="row end">
          <button type="submit" class="button main" disabled={text === toml}>
            {t("web-rules-propose")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
