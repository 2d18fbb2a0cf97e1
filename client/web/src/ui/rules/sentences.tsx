// The ground rules as sentences, with who holds each right.

import type { RulesAnswer } from "../../core/contract.ts";
import { nameOrYou } from "../names.ts";
import { capital, list, side, t } from "../words.ts";

export function RulesAsSentences({ rules }: { rules: RulesAnswer }) {
  return (
    <ol class="rules">
      {rules.rules.map((rule) => (
        <li key={rule.id} id={`rule-${rule.id}`}>
          <h2>{capital(side(rule.name))}</h2>
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
