// What would stand still if one person were away: roles that nobody holds, rights that hang on one.

import type { GapRef } from "../../core/contract.ts";
import { seen } from "../core.ts";
import { nameOf, roleText, teamLabel } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { capital, list, side, t } from "../words.ts";

export function Gaps({ gaps }: { gaps: GapRef[] }) {
  const rules = seen("rules", {})?.rules ?? [];
  const lines = [...rolesIn(gaps), ...rightsIn(gaps, (id) => side(rules.find((rule) => rule.id === id)?.name ?? { ru: id, en: id }))];
  if (lines.length === 0) return null;
  return (
    <details class="note waits gaps">
      <summary>
        <Icon mark="nobody" /> {t("web-gaps", { count: lines.length })}
      </summary>
      <ul class="gap-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}

function rolesIn(gaps: GapRef[]): string[] {
  const teams = new Map<string, string[]>();
  for (const gap of gaps) {
    if (gap.gap !== "role" || "person" in gap.role) continue;
    const [role, team] = "party" in gap.role ? [gap.role.party[1], teamLabel(gap.role.party[0])] : [gap.role["any-party"], ""];
    teams.set(role, [...(teams.get(role) ?? []), ...(team ? [team] : [])]);
  }
  return [...teams].map(([role, named]) => {
    const label = roleText(role);
    return named.length > 0 ? t("web-gap-role-in", { role: label, teams: list([...new Set(named)]) }) : t("web-gap-role", { role: label });
  });
}

function rightsIn(gaps: GapRef[], ruleName: (id: string) => string): string[] {
  const lines = gaps.flatMap((gap) => {
    if (gap.gap !== "right") return [];
    const rule = capital(ruleName(gap.rule));
    return [gap.only ? t("web-gap-only", { rule, person: nameOf(gap.only) }) : t("web-gap-right", { rule })];
  });
  return [...new Set(lines)];
}
