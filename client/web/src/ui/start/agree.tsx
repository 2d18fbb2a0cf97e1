// The first look at the ground rules: read them as sentences, then agree or suggest a change.

import { useEffect } from "preact/hooks";
import { attempt, call, seen } from "../core.ts";
import { Icon } from "../parts/icon.tsx";
import { side, t } from "../words.ts";
import { RulesAsSentences } from "../rules/sentences.tsx";
import { StartPage } from "./page.tsx";
import { RecoveryKeySheet, shownKey } from "./recovery-key.tsx";

/** The key of the first of a team to join; it is not shown again. */
export function KeyPage() {
  if (!shownKey.value) return null;
  return (
    <StartPage title={t("web-joined-title")} lead={t("web-joined-lead")}>
      <RecoveryKeySheet recovery={shownKey.value} />
      <button type="button" class="button main large" onClick={() => (shownKey.value = null)}>
        {t("web-recovery-kept")}
      </button>
    </StartPage>
  );
}

export function AgreePage({ onDone, onDiffer }: { onDone: () => void; onDiffer: () => void }) {
  const rules = seen("rules", {});
  const needed = rules?.may_sign && !rules.has_signed;
  useEffect(() => {
    if (rules && !needed) onDone();
  }, [rules === undefined, needed]);
  if (!rules) return <StartPage title={t("web-rules")}>{t("web-moment")}</StartPage>;
  const sign = async () => {
    if (await attempt(call("sign-rules", {}))) onDone();
  };
  return (
    <StartPage title={t("web-agree-title")} lead={t("web-agree-lead")}>
      <section class="sheet">
        <RulesAsSentences rules={rules} />
      </section>
      <div class="agree-bar">
        <p class="soft fine">{side(rules.signed_said)}</p>
        <div class="row">
          <button type="button" class="button main large" disabled={!rules.may_sign} onClick={sign}>
            <Icon mark="done" />
            {t("web-agree-sign")}
          </button>
          <button type="button" class="button large" onClick={onDiffer}>
            {t("web-suggest")}
          </button>
          <button type="button" class="button plain" onClick={onDone}>
            {t("web-later")}
          </button>
        </div>
      </div>
    </StartPage>
  );
}
