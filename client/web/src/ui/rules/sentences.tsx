// The ground rules as sentences, with who holds each right.

import type { RuleId, RulesAnswer } from "../../core/contract.ts";
import { nameOrYou } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { capital, list, side, t } from "../words.ts";

/** `onChange` offers to change each of them. */
export function RulesAsSentences({ rules, onChange }: { rules: RulesAnswer; onChange?: (rule: RuleId) => void }) {
  return (
    <ol class="rules">
      {rules.rules.map((rule) => (
        <li key={rule.id} id={`rule-${rule.id}`}>
          <div class="row apart">
            <h2>{capital(side(rule.name))}</h2>
            {onChange && (
              <button type="button" class="button plain small no-print" aria-label={t("web-rule-change-named", { name: side(rule.name) })} onClick={() => onChange(rule.id)}>
                <Icon mark="edit" />
                {t("web-suggest")}
              </button>
            )}
          </div>
          <ul>
            {(rules.sentences[rule.id] ?? []).map((sentence, place) => {
              const people = rule.rights[place]?.people ?? [];
              return (
                <li key={place}>
                  {capital(side(sentence))}.{" "}
                  <small>{people.length > 0 ? list(people.map(nameOrYou)) : t("web-rules-nobody-yet")}</small>
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ol>
  );
}
