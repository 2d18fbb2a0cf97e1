//! How the charter judges changes of itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{CharterState, Contents, LEAD, Members, Standing};
use crate::content::Section;
use crate::crypto::{self, Purpose};
use crate::document::{Agreement, Case, CasePart, Court, KnownSection};
use crate::ids::*;
use crate::judge::{Need, Refusal, Ruling, keys, rule_on};
use crate::kinds::{self, Kind};
use crate::ledger::RULES_VERSION;
use crate::limits;
use crate::mutants::Mutant;
use crate::rules::{BoundRole, Member, Touched};
use crate::statement::{Act, RevokeTarget, SignedContent};

/// The charter's content and membership as effective statements have made them.
#[derive(Clone)]
pub struct CharterCourt {
    partnership: PartnershipId,
    relay: RelayId,
    founding_party: PartyId,
    founder: PersonId,
    sections: BTreeMap<SectionId, Section>,
    contents: Contents,
    members: Members,
    signatures: BTreeMap<SectionId, BTreeSet<SignerId>>,
    in_force: bool,
    founding_version: u32,
}

/// The sections that change only with a lead of every party.
pub const COMMON: [&str; 3] = ["parties", "roles", "rules"];
/// The sections that a lead of every party signs before the rules are in force.
pub const TO_SIGN: [&str; 2] = ["parties", "rules"];

impl CharterCourt {
    pub(super) fn new(
        partnership: PartnershipId,
        relay: RelayId,
        founding_party: PartyId,
        founder: PersonId,
        founding_version: u32,
    ) -> Self {
        Self {
            partnership,
            relay,
            founding_party,
            founder,
            sections: BTreeMap::new(),
            contents: Contents::default(),
            members: Members::default(),
            signatures: BTreeMap::new(),
            in_force: false,
            founding_version,
        }
    }

    /// The rules version: the one of the founding, or a later one to which an edit raised it.
    fn version(&self, contents: &Contents) -> u32 {
        contents.rules_version.unwrap_or(self.founding_version)
    }

    fn read(&self, sections: &BTreeMap<SectionId, Section>) -> Result<Contents, String> {
        Contents::read(sections, self.founding_version)
    }

    /// The content of the sections, by name.
    pub fn sections(&self) -> &BTreeMap<SectionId, Section> {
        &self.sections
    }

    /// The state that judges everything after this.
    pub(super) fn state(&self) -> CharterState {
        CharterState {
            partnership: self.partnership,
            relay: self.relay,
            rules_version: self.version(&self.contents),
            founding_party: self.founding_party.clone(),
            teams: self.contents.teams(),
            contents: self.contents.clone(),
            members: self.members.clone(),
            signed: self.signed(),
            in_force: self.in_force,
            rights: Default::default(),
        }
    }

    /// The parties that have signed every section that is to be signed.
    fn signed(&self) -> BTreeSet<PartyId> {
        let mut parties: BTreeSet<_> = self.contents.parties.keys().cloned().collect();
        for section in TO_SIGN {
            let signatures = self.signatures.get(&section.into());
            let signed = |party: &PartyId| SignerId::new(party.as_str());
            parties.retain(|party| signatures.is_some_and(|by| by.contains(&signed(party))));
        }
        parties
    }

    /// The sections with the changes of `parts` merged in, and what they say then.
    fn merged(&self, parts: &[CasePart]) -> Result<(BTreeMap<SectionId, Section>, Contents), String> {
        let mut sections = self.sections.clone();
        for part in parts.iter().filter(|part| !part.changes.is_empty()) {
            let section = match sections.entry(part.section.clone()) {
                std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
                std::collections::btree_map::Entry::Vacant(free) => free.insert(genesis(&part.section)?),
            };
            section.apply(&part.changes).map_err(|error| error.to_string())?;
        }
        let contents = self.read(&sections)?;
        Ok((sections, contents))
    }

    fn judge_found(&self, case: &Case<'_>) -> Result<Ruling, Refusal> {
        let (_, contents) = self.merged(case.parts).map_err(|detail| Refusal::Charter { detail })?;
        let founder = contents.people.get(&self.founder);
        let leads =
            founder.is_some_and(|row| row.party == self.founding_party && row.roles.contains(&LEAD.into()));
        if !leads {
            return Err(Refusal::Charter { detail: "the founder is a lead of the founding team".into() });
        }
        Ok(Ruling::admitted("founding"))
    }

    fn judge_enrol(
        &self,
        charter: &CharterState,
        case: &Case<'_>,
        invite: &InviteId,
        (consent, recovery): (&Signature, Option<&DeviceId>),
    ) -> Result<Ruling, Refusal> {
        let invitation = self
            .members
            .open_invitation(invite, case.time_ms)
            .map_err(|detail| Refusal::Invitation { detail: detail.to_owned() })?;
        // Another party's lead lets in the first lead of a new party, and nobody after that.
        let by = self.members.devices.get(&invitation.by).and_then(|device| self.party_of(&device.person));
        if by.is_some_and(|by| by != invitation.party) && !charter.leads(&invitation.party).is_empty() {
            return Err(Refusal::Invitation { detail: "another lead joined before".into() });
        }
        let row = self.contents.people.get(&invitation.person);
        if recovery.is_some() && !row.is_some_and(|row| row.roles.contains(&LEAD.into())) {
            return Err(Refusal::Invitation { detail: "only a lead brings a recovery key".into() });
        }
        let known = self.members.devices.contains_key(&case.device)
            || self.members.recovery.values().any(|key| *key == case.device);
        let message: [&[u8]; 2] = [&self.partnership.0, &case.device.0];
        if known || !crypto::verify(Purpose::Enrol, &invite.0, &message, consent) {
            return Err(Refusal::Invitation { detail: "made for another device".into() });
        }
        Ok(Ruling::admitted("invitation"))
    }

    fn judge_invite(
        &self,
        charter: &CharterState,
        case: &Case<'_>,
        (invite, party, person, expires_ms): (&InviteId, &PartyId, &PersonId, u64),
    ) -> Result<Ruling, Refusal> {
        let invalid = |detail: &str| Refusal::Invitation { detail: detail.to_owned() };
        if self.members.invitations.contains_key(invite) {
            return Err(invalid("used"));
        }
        if expires_ms <= case.time_ms {
            return Err(invalid("expired"));
        }
        if expires_ms > case.time_ms + limits::INVITE_VALID_MS_MAX {
            return Err(invalid("valid for more than 72 hours"));
        }
        let merged = self.merged(case.parts).map_err(|detail| Refusal::Charter { detail })?.1;
        let row = merged.people.get(person).filter(|row| row.party == *party);
        let row = row.ok_or_else(|| invalid("for somebody who is not in that team"))?;
        if let Some(stranded) = self.strands(&merged, &self.members).first() {
            return Err(Refusal::Charter { detail: format!("{stranded} would have no lead") });
        }
        if case.parts.iter().any(|part| !adds_only(part, party, person)) {
            return Err(invalid("changes more than the invited person's row"));
        }
        if let Ok(Standing::Recovery(own)) = charter.standing(&case.device) {
            return match own == *party {
                true => Ok(Ruling::admitted("recovery")),
                false => Err(invalid("the recovery key of another team")),
            };
        }
        let Some(author) = case.author else { return Ok(Ruling::held("people".into(), lead_of(party))) };
        if case.parts.is_empty() && author.person == *person {
            return Ok(Ruling::admitted("own-device"));
        }
        // The first lead of a new party is let in by a lead of those who are there.
        if charter.leads(party).is_empty() && author.is_lead() && row.roles.contains(&LEAD.into()) {
            return Ok(Ruling::admitted("first-lead"));
        }
        let section = SectionId::new(format!("people/{party}"));
        if case.parts.is_empty() {
            return Ok(match author.is_lead() && author.party == *party {
                true => Ruling::admitted("people"),
                false => Ruling { may_propose: false, ..Ruling::held("people".into(), lead_of(party)) },
            });
        }
        debug_assert!(case.parts.iter().all(|part| part.section == section));
        Ok(self.rule_on_people(charter, case, &merged))
    }

    fn judge_revoke(&self, case: &Case<'_>, target: &RevokeTarget) -> Result<Ruling, Refusal> {
        let unknown = |what: &str| Refusal::Unknown { detail: format!("no such {what}") };
        let (person, party) = match target {
            RevokeTarget::Device { device, .. } => {
                let found = self.members.devices.get(device).ok_or_else(|| unknown("device"))?;
                (found.person, self.party_of(&found.person))
            }
            RevokeTarget::Person { person } => (*person, self.party_of(person)),
            RevokeTarget::Invite { invite } => {
                let found = self.members.invitations.get(invite).ok_or_else(|| unknown("invitation"))?;
                let by = self.members.devices.get(&found.by).map_or(found.person, |device| device.person);
                (by, Some(found.party.clone()))
            }
        };
        let party = party.ok_or_else(|| unknown("person"))?;
        let held = || Ruling::held("people".into(), lead_of(&party));
        let Some(author) = case.author else { return Ok(Ruling { may_propose: false, ..held() }) };
        let own = author.person == person && !matches!(target, RevokeTarget::Person { .. });
        let leads = author.is_lead() && author.party == party;
        if !own && !leads {
            return Ok(Ruling { may_propose: false, ..held() });
        }
        let mut after = self.members.clone();
        after.fold(case.device, case.act, case.time_ms);
        if self.strands(&self.contents, &after).contains(&party) {
            return Ok(Ruling::held("continuity".into(), lead_of(&party)));
        }
        Ok(Ruling::admitted(if own { "own-device" } else { "people" }))
    }

    fn judge_sign(&self, author: Option<&Member>, items: &[SignedContent]) -> Result<Ruling, Refusal> {
        let Some(author) = author else { return Err(Refusal::UnknownDevice) };
        for item in items {
            let section = self.sections.get(&item.section);
            if !TO_SIGN.contains(&item.section.as_str()) {
                return Err(Refusal::Unknown { detail: format!("{} is not signed", item.section) });
            }
            let stands = section.is_some_and(|section| section.digest() == item.digest);
            if !stands && !Mutant::StaleSignature.is_on() {
                return Err(Refusal::Stale { section: item.section.clone() });
            }
        }
        Ok(match author.is_lead() {
            true => Ruling::admitted("ground-rules"),
            false => {
                Ruling { may_propose: false, ..Ruling::held("ground-rules".into(), lead_of(&author.party)) }
            }
        })
    }

    fn judge_edit(&self, charter: &CharterState, case: &Case<'_>) -> Result<Ruling, Refusal> {
        let (_, contents) = match self.merged(case.parts) {
            Ok(merged) => merged,
            // It collides with what others did meanwhile: a lead of each party sorts that out.
            Err(_) if self.merged_alone_is_fine(case) => {
                return Ok(Ruling::held("collision".into(), self.amending(charter, None)));
            }
            Err(detail) => return Err(Refusal::Charter { detail }),
        };
        let (now, then) = (self.version(&self.contents), self.version(&contents));
        if then > RULES_VERSION {
            return Err(Refusal::RulesVersion { version: then });
        }
        if then < now {
            let detail = format!("the rules version goes from {now} up, never back");
            return Err(Refusal::Charter { detail });
        }
        let mut ruling = self.rule_on_people(charter, case, &contents);
        let common = case.parts.iter().filter(|part| COMMON.contains(&part.section.as_str()));
        for part in common {
            let mut needs = self.amending(charter, case.author);
            needs.iter_mut().for_each(|need| need.section = part.section.clone());
            let admitted = Ruling::admitted("ground-rules");
            let joined = Ruling { needs, may_propose: case.author.is_some(), ..admitted };
            ruling = Ruling::all([ruling, joined]);
        }
        let stranded = self.strands(&contents, &self.members);
        if !stranded.is_empty() {
            let needs = stranded.iter().flat_map(lead_of).collect();
            ruling = Ruling::all([ruling, Ruling::held("continuity".into(), needs)]);
        }
        Ok(ruling)
    }

    /// What the rules say about the parts in sections of one party.
    fn rule_on_people(&self, charter: &CharterState, case: &Case<'_>, merged: &Contents) -> Ruling {
        let own = case.parts.iter().filter(|part| !COMMON.contains(&part.section.as_str()));
        Ruling::all(own.flat_map(|part| {
            let rights = charter.rights(&KindId::new(kinds::CHARTER), &part.section);
            let touches: Vec<_> = part.touches().collect();
            let rulings: Vec<_> = touches
                .iter()
                .map(|touch| {
                    let path = keys(&touch.path);
                    let subject = subject_of(&part.section, &path);
                    let granted = subject.map(|person| self.granted(&person, merged)).unwrap_or_default();
                    let touched = Touched {
                        path: &path,
                        subtree: touch.subtree,
                        translation: false,
                        subject,
                        granted: &granted,
                    };
                    rule_on(&rights, case.author, &part.section, &touched)
                })
                .collect();
            rulings
        }))
    }

    /// The roles that a person has in `merged` and had not before.
    fn granted(&self, person: &PersonId, merged: &Contents) -> Vec<RoleId> {
        let before = self.contents.people.get(person).map(|row| &row.roles);
        let after = merged.people.get(person).map(|row| row.roles.clone()).unwrap_or_default();
        after.into_iter().filter(|role| before.is_none_or(|before| !before.contains(role))).collect()
    }

    /// Tells whether the changes would be well formed if nobody else had changed anything since.
    fn merged_alone_is_fine(&self, case: &Case<'_>) -> bool {
        case.parts.iter().filter(|part| !part.changes.is_empty()).all(|part| {
            let Ok(mut section) = genesis(&part.section) else { return false };
            let Some(now) = self.sections.get(&part.section) else {
                return section.apply(&part.changes).is_ok();
            };
            // The causal past of the changes alone: what their author saw, and what they wrote.
            let mut fork = now.clone();
            if fork.apply(&part.changes).is_err() {
                return false;
            }
            let doc = fork.doc_mut();
            let ids = part.checked.iter().flat_map(|checked| checked.ids()).map(|id| (*id).into());
            let last: Vec<automerge::ChangeHash> = ids.collect();
            let Some(last) = last.last() else { return false };
            let Ok(past) = doc.fork_at(&[*last]) else { return false };
            let mut sections = self.sections.clone();
            sections.insert(part.section.clone(), Section::from_doc(past));
            self.read(&sections).is_ok()
        })
    }

    /// A lead of each party that must agree to an amendment, but the author's own.
    fn amending(&self, charter: &CharterState, author: Option<&Member>) -> Vec<Need> {
        let parties = charter.amending_parties();
        let others = parties
            .iter()
            .filter(|_| !Mutant::RulesByOneTeam.is_on())
            .filter(|party| !author.is_some_and(|author| author.is_lead() && author.party == **party));
        others.flat_map(lead_of).collect()
    }

    /// The parties that had a live lead and would have none.
    fn strands(&self, contents: &Contents, members: &Members) -> Vec<PartyId> {
        let leads = |contents: &Contents, members: &Members| -> BTreeSet<PartyId> {
            let live = members.devices.values().filter(|device| device.revoked.is_none());
            live.filter(|device| !members.revoked_people.contains_key(&device.person))
                .filter_map(|device| contents.people.get(&device.person))
                .filter(|row| row.roles.contains(&LEAD.into()))
                .map(|row| row.party.clone())
                .collect()
        };
        let after = leads(contents, members);
        let before = leads(&self.contents, &self.members);
        before.into_iter().filter(|party| !after.contains(party)).collect()
    }

    fn party_of(&self, person: &PersonId) -> Option<PartyId> {
        self.contents.people.get(person).map(|row| row.party.clone())
    }
}

impl Court for CharterCourt {
    fn judge(&self, charter: &CharterState, case: &Case<'_>) -> Result<Ruling, Refusal> {
        match case.act {
            Act::Found { .. } => self.judge_found(case),
            Act::Enrol { invite, consent, recovery, .. } => {
                self.judge_enrol(charter, case, invite, (consent, recovery.as_ref()))
            }
            Act::Invite { invite, party, person, expires_ms } => {
                self.judge_invite(charter, case, (invite, party, person, *expires_ms))
            }
            Act::Revoke { target } => self.judge_revoke(case, target),
            Act::Sign { items } => self.judge_sign(case.author, items),
            Act::Edit { .. } => self.judge_edit(charter, case),
            _ => Err(Refusal::Malformed { detail: "not a statement about the ground rules".into() }),
        }
    }

    fn enacted(&mut self, case: &Case<'_>) {
        if let Ok((sections, contents)) = self.merged(case.parts) {
            self.sections = sections;
            self.contents = contents;
        }
        self.members.fold(case.device, case.act, case.time_ms);
    }

    fn can_enact(&self, case: &Case<'_>) -> Result<(), Refusal> {
        let (_, contents) = self.merged(case.parts).map_err(|detail| Refusal::Charter { detail })?;
        let mut members = self.members.clone();
        members.fold(case.device, case.act, case.time_ms);
        match self.strands(&contents, &members).first() {
            Some(party) => Err(Refusal::Charter { detail: format!("{party} would have no lead") }),
            None => Ok(()),
        }
    }

    fn signers(&self, _: &CharterState, _: &SectionId, author: &Member) -> Vec<SignerId> {
        vec![SignerId::new(author.party.as_str())]
    }

    /// A party's signature outlives a change only if a lead of the party is among those who agreed.
    fn keep_signatures(&self, section: &mut KnownSection, by: &[Agreement], _: u64) {
        section.signatures.retain(|signer, _| {
            by.iter().any(|by| by.member.party.as_str() == signer.as_str() && by.member.is_lead())
        });
    }

    fn signed_by(&mut self, section: &SectionId, signers: BTreeSet<SignerId>) {
        self.signatures.insert(section.clone(), signers);
        let all: BTreeSet<_> = self.contents.parties.keys().cloned().collect();
        self.in_force |= all.len() > 1 && self.signed() == all;
    }

    fn locks(&self, name: &SectionId, _: &KnownSection) -> bool {
        self.in_force && TO_SIGN.contains(&name.as_str())
    }

    fn rules_version(&self, _: &CharterState) -> u32 {
        self.version(&self.contents)
    }

    fn context(&self) -> Option<Vec<u8>> {
        Some(super::context_bytes(&self.members, self.in_force))
    }
}

fn genesis(section: &SectionId) -> Result<Section, String> {
    let unknown = || format!("{section} is not a section of the ground rules");
    let kind: &Kind = kinds::newest(&KindId::new(kinds::CHARTER)).ok_or_else(unknown)?;
    kind.genesis_content(section).ok_or_else(unknown)
}

fn lead_of(party: &PartyId) -> Vec<Need> {
    vec![Need::of_roles(
        SectionId::new(format!("people/{party}")),
        "people".into(),
        vec![BoundRole::Party(party.clone(), LEAD.into())],
    )]
}

/// The person about whom a touched part of `people/<party>` is.
fn subject_of(section: &SectionId, path: &[&str]) -> Option<PersonId> {
    match (section.split().0, path) {
        ("people", ["people", person, ..]) => PersonId::from_hex(person),
        _ => None,
    }
}

/// Tells whether a part adds the row of `person` in the people of `party` and nothing else.
fn adds_only(part: &CasePart, party: &PartyId, person: &PersonId) -> bool {
    let section = part.section.split() == ("people", Some(party.as_str()));
    section && part.touches().all(|touch| subject_of(&part.section, &keys(&touch.path)) == Some(*person))
}
