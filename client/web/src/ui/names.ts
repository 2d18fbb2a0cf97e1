// What people and teams are called.

import type { BoundRole, Decider, PartyId, Person, PersonId, PersonRef, RoleId } from "../core/contract.ts";
import { seen } from "./core.ts";
import { presence } from "./times.ts";
import { list, side, t } from "./words.ts";

const setting = () => seen("setting", {});

export function me(): PersonRef | undefined {
  return setting()?.me?.person;
}

export function isLead(): boolean {
  return setting()?.me?.is_lead ?? false;
}

export function isMe(id: PersonId | undefined): boolean {
  return id !== undefined && me()?.id === id;
}

export function teamLabel(party: PartyId | null | undefined): string {
  if (!party) return t("party-unknown");
  const known = setting()?.parties.find((one) => one.party === party);
  return known ? side(known.label) : side(setting()?.labels[party] ?? { ru: party, en: party });
}

export function nameOf(person: PersonRef | null | undefined): string {
  return person?.name || t("someone-unknown");
}

/** `you` for the reader. */
export function nameOrYou(person: PersonRef | null | undefined): string {
  return person && isMe(person.id) ? t("you") : nameOf(person);
}

/** A person as a document names them. */
export function personText(person: Person): string {
  if ("named" in person) return person.named;
  return nameOf(setting()?.people.find((one) => one.id === person.member));
}

export function roleText(role: RoleId): string {
  const label = setting()?.roles[role];
  return label ? side(label) : role;
}

/** `New York: lead`, for whom a signature is asked. */
export function roleOf(role: BoundRole): string {
  if ("person" in role) return nameOf(setting()?.people.find((one) => one.id === role.person));
  if ("party" in role) return t("web-role-in-team", { team: teamLabel(role.party[0]), role: roleText(role.party[1]) });
  return roleText(role["any-party"]);
}

/** `Anna Orlova (at work now)`. */
export function deciderText(decider: Decider): string {
  return t("person-presence", { person: nameOf(decider), presence: presence(decider.at_work, decider.opens_at_ms) });
}

export function decidersText(deciders: Decider[]): string {
  return list(deciders.map(deciderText));
}

export function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join("");
}

/** What a new person field holds for a member. */
export function peopleOf(party: PartyId | null): { id: PersonId; name: string }[] {
  return (setting()?.people ?? [])
    .filter((person) => person.present && (party === null || person.party === party))
    .map((person) => ({ id: person.id, name: nameOf(person) }));
}
