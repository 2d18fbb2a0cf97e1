//! What the reader may do in each section of a document, who else may, and who decides.

use std::collections::BTreeSet;

use entente_shared::content::conflicts;
use entente_shared::document::Agreed;
use entente_shared::ids::*;
use entente_shared::judge::Need;
use entente_shared::kinds;
use entente_shared::rules::{BoundRole, EditRight, Right, SectionRights, Touched};
use serde::Serialize;

use super::place::in_order;
use super::setting::{Decider, PersonRef, Setting};
use crate::replica::{AttestedDocument, CommandError, Replica};
use crate::words::Words;

/// What the reader may do in a section, and who else may what.
#[derive(Clone, Debug, Serialize)]
pub struct SectionAccess {
    /// The section.
    pub section: SectionId,
    /// What the reader may do.
    pub access: Access,
    /// The people who write here without asking anybody.
    pub writers: Vec<PersonRef>,
    /// Who decides what the reader suggests here.
    pub deciders: Vec<Decider>,
    /// The rule by which the reader writes, or others decide.
    pub rule: Option<RuleId>,
    /// The suggestions that wait here.
    pub held: Vec<StatementId>,
    /// How many fields hold several values.
    pub conflicts: usize,
    /// Who changed it last.
    pub changed: Option<LastChange>,
    #[serde(skip)]
    roles: Vec<BoundRole>,
}

/// What somebody may do in a section as a whole; rules about single fields may allow more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// What they write stands at once.
    Edit,
    /// Somebody else decides what they suggest.
    Suggest,
    /// They read only.
    Read,
    /// They do not even read.
    None,
}

/// Who changed a section last, and when.
#[derive(Clone, Debug, Serialize)]
pub struct LastChange {
    /// Who; absent if the ground rules do not know the device.
    pub person: Option<PersonRef>,
    /// When (relay time, milliseconds since 1970).
    pub time_ms: u64,
}

impl SectionAccess {
    /// The sections of a document, in reading order.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn all(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Vec<Self>, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        if let Some(shown) = replica.attested().get(&document) {
            let sections = in_order(shown.attested().kind, shown.attested().sections.keys().cloned());
            let each = sections.into_iter().map(|(section, _)| Self::attested(&setting, shown, section));
            return Ok(each.collect());
        }
        let state = replica.document(document)?;
        let working = replica.working(document)?;
        let sections = in_order(state.kind(), state.sections().keys().cloned());
        let each = sections.into_iter().map(|(section, _)| {
            let rights = setting.state().rights(&state.kind().id, &section);
            let held = state.open_holds().values();
            let held = held.filter(|hold| hold.sections().any(|one| *one == section));
            let (mut access, mut rule) = access(&setting, &rights, working.contains_key(&section));
            let known = state.sections().get(&section).and_then(|known| known.known());
            let agreed = known.and_then(|known| known.agreed_at(now_ms)).filter(|agreed| agreed.locks);
            if let Some(agreed) = agreed.filter(|_| access == Access::Edit) {
                (access, rule) = (Access::Suggest, Some(agreed.rule.clone()));
            }
            let roles: Vec<_> =
                rights.who_can(Right::Edit).into_iter().map(|(_, role)| role.clone()).collect();
            Self {
                access,
                writers: writers(&setting, &rights, &roles),
                deciders: match agreed {
                    Some(agreed) => signers(&setting, agreed),
                    None => deciders(&setting, &state.kind().id, &section, &rights),
                },
                rule,
                held: held.map(|hold| hold.statement).collect(),
                conflicts: working.get(&section).map_or(0, |content| conflicts(content.doc()).len()),
                changed: last_change(replica, &setting, document, &section),
                section,
                roles,
            }
        });
        Ok(each.collect())
    }

    /// A section that is still being checked: it is read here and nothing else, whatever the rules say.
    fn attested(setting: &Setting, shown: &AttestedDocument, section: SectionId) -> Self {
        let attested = shown.attested();
        let rights = setting.state().rights(&attested.kind.id, &section);
        let roles: Vec<_> = rights.who_can(Right::Edit).into_iter().map(|(_, role)| role.clone()).collect();
        let is_here = attested.sections.get(&section).is_some_and(Option::is_some);
        Self {
            access: if is_here { Access::Read } else { Access::None },
            writers: writers(setting, &rights, &roles),
            deciders: deciders(setting, &attested.kind.id, &section, &rights),
            rule: None,
            held: Vec::new(),
            conflicts: 0,
            changed: None,
            section,
            roles,
        }
    }

    /// The roles that write here, in words; nothing if nobody writes without asking.
    pub fn writers_text(&self, words: &Words, setting: &Setting) -> String {
        if self.roles.is_empty() { String::new() } else { setting.roles(words, &self.roles) }
    }
}

/// The people who write in a section without asking anybody.
fn writers(setting: &Setting, rights: &SectionRights, roles: &[BoundRole]) -> Vec<PersonRef> {
    let people: BTreeSet<PersonId> = match rights.held_edits() {
        Some(_) => BTreeSet::new(),
        None => roles.iter().flat_map(|role| setting.state().holders(role)).collect(),
    };
    people.into_iter().map(|person| setting.person(person)).collect()
}

fn access(setting: &Setting, rights: &SectionRights, is_here: bool) -> (Access, Option<RuleId>) {
    let Some(me) = setting.me().filter(|_| is_here) else {
        return (if is_here { Access::Read } else { Access::None }, None);
    };
    match rights.edit(me, &Touched::SECTION) {
        EditRight::Direct(rule) => (Access::Edit, Some(rule.clone())),
        EditRight::Held(rule) => (Access::Suggest, Some(rule.clone())),
        EditRight::Missing => (Access::Read, None),
    }
}

/// Everybody but the reader who decides what is suggested in a section.
fn deciders(setting: &Setting, kind: &KindId, section: &SectionId, rights: &SectionRights) -> Vec<Decider> {
    let decide = rights.deciders(&Touched::SECTION);
    let needs: Vec<Need> = decide
        .into_iter()
        .map(|(rule, role)| Need::of_roles(section.clone(), rule.clone(), vec![role.clone()]))
        .collect();
    setting.deciders(kind, &needs, setting.me().map(|me| me.person))
}

/// Everybody but the reader who can agree to a change of a signed section.
fn signers(setting: &Setting, agreed: &Agreed) -> Vec<Decider> {
    let people = setting.holders(&agreed.required).into_iter();
    people.map(|person| setting.decider(person.id)).collect()
}

fn last_change(
    replica: &Replica,
    setting: &Setting,
    document: DocumentId,
    section: &SectionId,
) -> Option<LastChange> {
    let replicated = replica.replicated(document).ok()?;
    let mut origins: Vec<_> = replicated.origins().iter().collect();
    origins.reverse();
    let last = origins
        .into_iter()
        .find(|one| !one.held && !one.touched.is_empty() && one.sections.contains(section))?;
    Some(LastChange { person: setting.person_of(&last.device), time_ms: last.time_ms })
}

/// "Who decides what" in a document, a line for each section that somebody decides.
pub fn who_decides(
    setting: &Setting,
    sections: &[SectionAccess],
    titles: &[kinds::Words],
    words: &Words,
) -> String {
    let lines = sections.iter().zip(titles).filter_map(|(section, title)| {
        let roles = section.writers_text(words, setting);
        (!roles.is_empty()).then(|| format!("{}: {roles}", title.get(words.lang())))
    });
    lines.collect::<Vec<_>>().join("\n")
}
