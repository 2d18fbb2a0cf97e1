// People, roles, devices and the ground rules.

import type { GapRef } from "./app.ts";
import type { DeviceId, PartyId, PersonRef, RoleId, RuleId, Words } from "./values.ts";

export interface People {
  teams: {
    party: PartyId;
    label: Words;
    work: string;
    people: PersonLine[];
  }[];
}

export interface PersonLine extends PersonRef {
  roles: RoleId[];
  devices: number;
  left_ms: number | null;
}

export interface Roles {
  roles: { party: PartyId; role: RoleId; people: PersonRef[] }[];
  gaps: GapRef[];
}

export interface RolesAnswer extends Roles {
  /** What every role is called, those that nobody holds included. */
  labels: Record<RoleId, Words>;
  gaps_said: Words[];
}

export interface Devices {
  devices: DeviceLine[];
}

export interface DeviceLine {
  device: DeviceId;
  label: string;
  enrolled_ms: number;
  this: boolean;
  ended_ms: number | null;
  lost: boolean;
}

/** The reader's devices; a lead also sees those of the team's people, by person. */
export interface DevicesAnswer extends Devices {
  team: { person: PersonRef; devices: DeviceLine[] }[];
}

export interface RulesShow {
  title: Words;
  in_force: boolean;
  in_force_since_ms: number | null;
  signatures: { party: PartyId; person: PersonRef | null; time_ms: number }[];
  unsigned: PartyId[];
  rules: { id: RuleId; name: Words; rights: { right: string; people: PersonRef[] }[] }[];
  gaps: GapRef[];
}

export interface RulesAnswer extends RulesShow {
  /** For each rule its sentences, one for each of its rights, in their order. */
  sentences: Record<RuleId, Words[]>;
  /** Who has signed and who has still to, in words. */
  signed_said: Words;
  gaps_said: Words[];
  /** Whether the reader may sign, and whether their team has. */
  may_sign: boolean;
  has_signed: boolean;
  /** The rules as text, for changing them. */
  toml: string;
  /** Each rule as it is stored, for changing it in a form. */
  forms: Record<RuleId, RuleForm>;
}

/** A rule as it is stored; what is empty may be left out. */
export interface RuleForm {
  name?: Words;
  /** Sections such as `matrix:party/{party}`, one or several. */
  on: string | string[];
  /** Roles such as `coordinator` (in any team), `moscow/lead`, `{party}/lead` (the section's team); an asterisk for the team means any. */
  read?: string[];
  propose?: string[];
  edit?: string[];
  endorse?: string[];
  /** Edits by others than those who decide wait. */
  hold?: "edits";
  fields?: string[];
  grants?: RoleId[];
  not_self?: boolean;
  internal?: boolean;
}
