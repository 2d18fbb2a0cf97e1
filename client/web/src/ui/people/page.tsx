// People by team: roles, invitations, devices, working hours.

import { useState } from "preact/hooks";
import type { InvitedAnswer, PartyId, PersonLine, RoleId } from "../../core/contract.ts";
import { attempt, call, problemText, seen } from "../core.ts";
import { initials, isLead, isMe, me, nameOf, peopleOf, roleText, teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { say } from "../parts/toast.tsx";
import { NextHours } from "../parts/band.tsx";
import { Gaps } from "../rules/gaps.tsx";
import { PageHead } from "../shell/documents.tsx";
import { Invitation } from "../start/ready.tsx";
import { date, presence } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { Hours } from "./hours.tsx";
import { Replace } from "./replace.tsx";

type Asking = { is: "invite"; party: PartyId } | { is: "roles"; person: PersonLine } | { is: "replace"; person: PersonLine } | { is: "hours"; party: PartyId };

export function PeoplePage() {
  const people = seen("people", {});
  const setting = seen("setting", {});
  const roles = seen("roles", {});
  const [asking, setAsking] = useState<Asking | null>(null);
  const [invited, setInvited] = useState<{ name: string; answer: InvitedAnswer } | null>(null);
  if (!people || !setting) return null;
  const close = () => setAsking(null);
  return (
    <>
      <PageHead title={t("web-people")} />
      {roles && <Gaps gaps={roles.gaps} />}
      <NextHours />
      <div class="columns">
        {people.teams.map((team) => {
          const party = setting.parties.find((one) => one.party === team.party);
          return (
            <section class="sheet close stack" key={team.party} aria-labelledby={`team-${team.party}`}>
              <header class="row apart">
                <div>
                  <h2 id={`team-${team.party}`}>{side(team.label)}</h2>
                  <p class="soft fine">
                    {party && side(party.name)} · {presence(party?.at_work ?? null, party?.changes_at_ms ?? null)}
                  </p>
                </div>
                {isLead() && me()?.party === team.party && (
                  <button type="button" class="button small" onClick={() => setAsking({ is: "invite", party: team.party })}>
                    <Icon mark="plus" />
                    {t("web-invite")}
                  </button>
                )}
              </header>
              <ul class="lines">
                {team.people.map((person) => (
                  <Person key={person.id} person={person} own={me()?.party === team.party} onAsk={setAsking} />
                ))}
              </ul>
              <p class="row apart fine">
                <span class="soft">
                  {t("web-hours")}: {people?.work_said[team.party] ? side(people.work_said[team.party] ?? { ru: "", en: "" }) : team.work}
                  {party?.calendar_until_ms && ` · ${t("web-hours-until", { date: date(party.calendar_until_ms) })}`}
                </span>
                {isLead() && (
                  <button type="button" class="button plain small" onClick={() => setAsking({ is: "hours", party: team.party })}>
                    {t("web-hours-change")}
                  </button>
                )}
              </p>
            </section>
          );
        })}
      </div>
      {asking?.is === "invite" && <Invite party={asking.party} onDone={setInvited} onClose={close} />}
      {asking?.is === "roles" && <Roles person={asking.person} onClose={close} />}
      {asking?.is === "replace" && <Replace person={asking.person} onInvited={setInvited} onClose={close} />}
      {asking?.is === "hours" && <Hours party={asking.party} onClose={close} />}
      {invited && (
        <Dialog title={t("web-invited")} onClose={() => setInvited(null)}>
          {invited.answer.said && <p class="soft">{side(invited.answer.said)}</p>}
          <Invitation name={invited.name} link={invited.answer.link} message={invited.answer.message} expires={invited.answer.expires_ms} />
        </Dialog>
      )}
    </>
  );
}

function Person({ person, own, onAsk }: { person: PersonLine; own: boolean; onAsk: (asking: Asking) => void }) {
  const gone = person.left_ms !== null;
  const manages = own && isLead() && !isMe(person.id) && !gone;
  const remove = async () => {
    if (!confirm(t("web-remove-person-sure", { person: nameOf(person) }))) return;
    const done = await attempt(call("remove-person", { person: person.id }));
    if (done) say(done.said ? side(done.said) : t("people-removed", { person: nameOf(person) }));
  };
  return (
    <li class={`person row ${gone ? "soft" : ""}`}>
      <span class="avatar" aria-hidden="true">
        {initials(nameOf(person))}
      </span>
      <span class="grow">
        <strong>{nameOf(person)}</strong>
        {isMe(person.id) && <span class="soft"> ({t("you")})</span>}
        <br />
        <small>
          {capital(list(person.roles.map(roleText)))}
          {" · "}
          {gone && person.left_ms !== null ? t("people-left", { when: date(person.left_ms) }) : person.devices === 0 ? t("people-invited") : t("count-devices", { count: person.devices })}
        </small>
      </span>
      {manages && (
        <Menu label={<Icon mark="more" />} name={t("web-person-menu", { person: nameOf(person) })}>
          <li>
            <button type="button" onClick={() => onAsk({ is: "roles", person })}>
              {t("web-roles-change")}
            </button>
          </li>
          <li>
            <button type="button" onClick={() => onAsk({ is: "replace", person })}>
              {t("web-replace-device")}
            </button>
          </li>
          <li>
            <button type="button" onClick={remove}>
              {t("web-remove-person")}
            </button>
          </li>
        </Menu>
      )}
    </li>
  );
}

type InviteProps = { party: PartyId; onDone: (invited: { name: string; answer: InvitedAnswer }) => void; onClose: () => void };

function Invite({ party, onDone, onClose }: InviteProps) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<RoleId[]>(["account-manager"]);
  const [problem, setProblem] = useState("");
  const invite = async (event: Event) => {
    event.preventDefault();
    try {
      const answer = await call("invite", { party, name: name.trim(), roles });
      onClose();
      onDone({ name: name.trim(), answer });
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Dialog title={t("web-invite-to", { party: teamLabel(party) })} onClose={onClose}>
      <form class="stack" onSubmit={invite}>
        <TextField label={t("web-person-name")} required maxLength={80} value={name} autocomplete="off" problem={problem} onText={setName} />
        <RoleChoice roles={roles} onPick={setRoles} />
        <div class="row end">
          <button type="submit" class="button main" disabled={roles.length === 0}>
            {t("web-invite-make")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function RoleChoice({ roles, onPick }: { roles: RoleId[]; onPick: (roles: RoleId[]) => void }) {
  const labels = seen("setting", {})?.roles ?? {};
  return (
    <fieldset class="stack tight">
      <legend class="label">{t("web-roles")}</legend>
      {Object.entries(labels).map(([role, label]) => (
        <label class="check" key={role}>
          <input
            type="checkbox"
            checked={roles.includes(role)}
            onChange={(event) => onPick(event.currentTarget.checked ? [...roles, role] : roles.filter((one) => one !== role))}
          />
          {capital(side(label))}
        </label>
      ))}
    </fieldset>
  );
}

function Roles({ person, onClose }: { person: PersonLine; onClose: () => void }) {
  const [roles, setRoles] = useState(person.roles);
  const [problem, setProblem] = useState("");
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const answer = await call("set-roles", { person: person.id, roles });
      say(answer.became === "suggested" ? side(answer.said) : t("web-saved"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Dialog title={t("web-roles-of", { person: nameOf(person) })} onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <RoleChoice roles={roles} onPick={setRoles} />
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <p class="soft fine">{t("web-roles-help", { count: peopleOf(person.party).length })}</p>
        <div class="row end">
          <button type="submit" class="button main">
            {t("web-save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
