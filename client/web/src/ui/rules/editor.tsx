// One rule in a form: what it is about, who may what there. What it would say is read while it is made.

import { useState } from "preact/hooks";
import type { KindSchema, RuleForm, RuleId } from "../../core/contract.ts";
import { call, problemText, seen, viewed } from "../core.ts";
import { roleText, teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField, SelectField, TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { parties } from "../times.ts";
import { capital, lang, side, t } from "../words.ts";

const RIGHTS = ["read", "propose", "edit", "endorse"] as const;
type Right = (typeof RIGHTS)[number];

export function RuleEditor({ id, form: before, onClose }: { id: RuleId | null; form: RuleForm; onClose: () => void }) {
  const [form, setForm] = useState(before);
  const [message, setMessage] = useState("");
  const [problem, setProblem] = useState("");
  const change = (part: Partial<RuleForm>) => {
    setProblem("");
    setForm({ ...form, ...part });
  };
  const rule = id ?? newId(form);
  const lack = lackOf(form);
  const send = async (event: Event) => {
    event.preventDefault();
    if (lack) return setProblem(t(lack));
    await propose(rule, tidy(form));
  };
  const propose = async (rule: RuleId, form: RuleForm | null) => {
    try {
      const answer = await call("change-rule", { id: rule, form, message: message.trim() || undefined });
      say(answer.became === "suggested" ? side(answer.said) : answer.became === "saved" ? t("web-saved") : t("rules-edit-unchanged"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const name = form.name ?? { ru: "", en: "" };
  return (
    <Dialog title={t(id ? "web-rule-change" : "web-rule-new")} kind="large" onClose={onClose}>
      <form class="stack rule-form" onSubmit={send}>
        <div class="two">
          {(lang.value === "ru" ? (["ru", "en"] as const) : (["en", "ru"] as const)).map((tongue) => (
            <TextField
              key={tongue}
              label={t("web-in-tongue", { label: t("web-rule-name"), tongue: t(`web-tongue-${tongue}`) })}
              value={name[tongue]}
              required
              maxLength={80}
              onText={(text) => change({ name: { ...name, [tongue]: text } })}
            />
          ))}
        </div>
        <Sections form={form} onChange={(on) => change({ on })} />
        <Who form={form} onChange={change} />
        <label class="check">
          <input type="checkbox" checked={form.hold === "edits"} onChange={(event) => change({ hold: event.currentTarget.checked ? "edits" : undefined })} />
          <span>{t("web-rule-hold")}</span>
        </label>
        <Preview id={rule} form={lack ? null : tidy(form)} />
        <AreaField label={t("web-tray-message")} help={t("web-tray-message-help")} value={message} rows={2} onText={setMessage} />
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          {id && (
            <button type="button" class="button" onClick={() => propose(id, null)}>
              {t("web-rule-remove")}
            </button>
          )}
          <button type="submit" class="button main">
            {t("web-rules-propose")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the rule is about: parts of documents, by kind. */
function Sections({ form, onChange }: { form: RuleForm; onChange: (on: string[]) => void }) {
  const kinds = seen("kinds", {})?.kinds ?? [];
  const chosen = sectionsOf(form);
  const toggle = (target: string, on: boolean) => onChange(on ? [...chosen, target] : chosen.filter((one) => one !== target));
  const known = kinds.flatMap((kind) => targetsOf(kind).map(({ target }) => target));
  const others = chosen.filter((one) => !known.includes(one));
  return (
    <fieldset class="stack tight">
      <legend>{t("web-rule-what")}</legend>
      {kinds
        .filter((kind) => kind.id !== "charter" || chosen.some((one) => one.startsWith("charter:")))
        .map((kind) => (
          <div class="rule-kind" key={kind.id} role="group" aria-label={side(kind.label)}>
            <strong>{side(kind.label)}</strong>
            {targetsOf(kind).map(({ target, label }) => (
              <label class="check" key={target}>
                <input type="checkbox" checked={chosen.includes(target)} onChange={(event) => toggle(target, event.currentTarget.checked)} />
                <span>{label}</span>
              </label>
            ))}
          </div>
        ))}
      {others.map((target) => (
        <label class="check" key={target}>
          <input type="checkbox" checked onChange={() => toggle(target, false)} />
          <code>{target}</code>
        </label>
      ))}
    </fieldset>
  );
}

/** Who may what: one line for each role, and one more to add. */
function Who({ form, onChange }: { form: RuleForm; onChange: (part: Partial<RuleForm>) => void }) {
  const roles = Object.keys(seen("setting", {})?.roles ?? {});
  const [role, setRole] = useState(roles[0] ?? "lead");
  const [team, setTeam] = useState("*");
  const [added, setAdded] = useState<string[]>([]);
  const listed = [...new Set([...RIGHTS.flatMap((right) => form[right] ?? []), ...added])];
  const toggle = (who: string, right: Right, on: boolean) => {
    const before = form[right] ?? [];
    onChange({ [right]: on ? [...before, who] : before.filter((one) => one !== who) });
  };
  const bound = boundOf(form);
  const teams = [
    { value: "*", label: t("web-rule-any-team") },
    ...(bound ? [{ value: bound, label: t("web-rule-its-team") }] : []),
    ...parties().map((party) => ({ value: party.party, label: side(party.label) })),
  ];
  return (
    <fieldset class="stack tight">
      <legend>{t("web-rule-who")}</legend>
      <div class="scroll">
        <table class="rule-rights">
          <thead>
            <tr>
              <th scope="col">{t("web-rule-role")}</th>
              {RIGHTS.map((right) => (
                <th scope="col" key={right}>
                  {t(`web-rule-${right}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.map((who) => (
              <tr key={who}>
                <th scope="row">{whoText(who)}</th>
                {RIGHTS.map((right) => (
                  <td key={right}>
                    <input
                      type="checkbox"
                      aria-label={`${whoText(who)}: ${t(`web-rule-${right}`)}`}
                      checked={(form[right] ?? []).includes(who)}
                      onChange={(event) => toggle(who, right, event.currentTarget.checked)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row rule-add">
        <SelectField label={t("web-rule-team")} value={team} options={teams} onPick={setTeam} />
        <SelectField label={t("web-rule-role")} value={role} options={roles.map((one) => ({ value: one, label: capital(roleText(one)) }))} onPick={setRole} />
        <button type="button" class="button small" onClick={() => setAdded([...added, `${team}/${role}`])}>
          <Icon mark="plus" />
          {t("web-add")}
        </button>
      </div>
    </fieldset>
  );
}

/** What the rule would say. */
function Preview({ id, form }: { id: RuleId; form: RuleForm | null }) {
  if (!form) return <p class="soft fine">{t("web-rule-not-yet")}</p>;
  return <Said id={id} form={form} />;
}

function Said({ id, form }: { id: RuleId; form: RuleForm }) {
  const said = viewed("rule-said", { id, form });
  return (
    <div class="note" role="status">
      <p>
        <strong>{t("web-rule-says")}</strong>
      </p>
      {said.state === "here" && (
        <ul>
          {said.view[lang.value].map((sentence) => (
            <li key={sentence}>{capital(sentence)}.</li>
          ))}
        </ul>
      )}
      {said.state === "not-here" && <p class="problem">{side(said.problem.said)}</p>}
    </div>
  );
}

function sectionsOf(form: RuleForm): string[] {
  return typeof form.on === "string" ? [form.on] : form.on;
}

function targetsOf(kind: KindSchema): { target: string; label: string }[] {
  const all = { target: `${kind.id}:*`, label: t("web-rule-all-parts") };
  const parts = kind.sections.map((section) => ({
    target: `${kind.id}:${section.pattern}`,
    label: section.variable ? `${side(section.label).replace(/\{\w+\}/g, "…")} (${t("web-rule-each-team")})` : side(section.label),
  }));
  return [all, ...parts];
}

/** The team that every chosen part names, if all do: by party, or by market. */
function boundOf(form: RuleForm): "{party}" | "{market}" | null {
  const chosen = sectionsOf(form);
  for (const bound of ["{party}", "{market}"] as const) {
    if (chosen.length > 0 && chosen.every((one) => one.includes(bound))) return bound;
  }
  return null;
}

/** `any team: lead`, `Moscow: lead`, `the team itself: lead`. */
function whoText(who: string): string {
  const [team, role] = who.includes("/") ? (who.split("/") as [string, string]) : ["*", who];
  if (role === "{person}") return t("web-rule-oneself");
  const name = team === "*" ? t("web-rule-any-team") : team.startsWith("{") ? t("web-rule-its-team") : teamLabel(team);
  return `${capital(roleText(role))} · ${name}`;
}

/** Why it is no rule yet. */
function lackOf(form: RuleForm): string | null {
  if (!form.name?.ru.trim() || !form.name.en.trim()) return "web-rule-lacks-name";
  if (sectionsOf(form).length === 0) return "web-rule-lacks-what";
  const agrees = "sign" in form || "chain" in form;
  if (!agrees && RIGHTS.every((right) => (form[right] ?? []).length === 0)) return "web-rule-lacks-who";
  if (form.hold && (form.endorse ?? []).length === 0) return "web-rule-lacks-decider";
  return null;
}

/** As it is stored: without what is empty, one part without a list. */
function tidy(form: RuleForm): RuleForm {
  const on = sectionsOf(form);
  const filled = Object.entries(form).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return { ...(Object.fromEntries(filled) as unknown as RuleForm), on: on.length === 1 ? (on[0] ?? "") : on };
}

function newId(form: RuleForm): RuleId {
  const words = (form.name?.en ?? "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const taken = Object.keys(seen("rules", {})?.forms ?? {});
  const id = words.slice(0, 48) || "rule";
  let free = id;
  for (let number = 2; taken.includes(free); number++) free = `${id}-${number}`;
  return free;
}
