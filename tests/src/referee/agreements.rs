//! What was signed, and who stands behind a change of it.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::charter::CharterState;
use entente_shared::ids::*;
use entente_shared::rules::{BoundRole, Member};
use entente_shared::statement::Act;

use crate::oracle::Entered;

/// Who signed which sections, in words of teams and roles.
#[derive(Default)]
pub(super) struct Agreements {
    signed: BTreeMap<(DocumentId, SectionId), BTreeSet<BoundRole>>,
    /// Sections that all have signed, with who that was.
    locked: BTreeMap<(DocumentId, SectionId), Vec<BoundRole>>,
}

impl Agreements {
    /// Takes note of signatures; their author must be asked for one.
    pub(super) fn sign(
        &mut self,
        state: &CharterState,
        kind: &KindId,
        entered: &Entered,
        me: &Member,
    ) -> Result<(), String> {
        let Act::Sign { items } = &entered.statement.header.act else { return Ok(()) };
        for item in items {
            let rights = state.contents.rules.resolve(kind, &item.section, state.teams());
            let signing = rights.signing().ok_or("nobody is asked to sign it")?;
            let mine: Vec<_> = signing.all_of.iter().filter(|role| role.is_held_by(me)).cloned().collect();
            if mine.is_empty() {
                return Err(format!("{:?} of {} is not asked to sign it", me.roles, me.party));
            }
            let place = (entered.entry.document, item.section.clone());
            let signed = self.signed.entry(place.clone()).or_default();
            signed.extend(mine);
            let is_locked = self.locked.contains_key(&place);
            if !is_locked && signing.locks && signing.all_of.iter().all(|role| signed.contains(role)) {
                self.locked.insert(place, signing.all_of.clone());
            }
        }
        Ok(())
    }

    /// Tells whether all have signed a section.
    pub(super) fn are_locked(&self, document: DocumentId, section: &SectionId) -> bool {
        self.locked.contains_key(&(document, section.clone()))
    }

    /// Follows a change of sections that came into effect, behind which `people` stand: of a section
    /// that all have signed, somebody of each who did.
    pub(super) fn change<'a>(
        &mut self,
        document: DocumentId,
        sections: impl Iterator<Item = &'a SectionId>,
        people: &[Member],
    ) -> Result<(), String> {
        for section in sections {
            let place = (document, section.clone());
            match self.locked.get(&place) {
                None => drop(self.signed.remove(&place)),
                Some(all) => {
                    let behind = |role: &&BoundRole| people.iter().any(|member| role.is_held_by(member));
                    if let Some(missing) = all.iter().find(|role| !behind(role)) {
                        return Err(format!("{section} was signed, and changed without {missing}"));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Somebody who decides it stands behind every stage of a version that was approved, or stands in for
/// whoever does if it `is_local`.
pub(super) fn every_stage(
    state: &CharterState,
    kind: &KindId,
    ask: &Act,
    people: &[Member],
    is_local: bool,
) -> Result<(), String> {
    let Act::Ask { version, .. } = ask else { return Ok(()) };
    let rights = state.contents.rules.resolve(kind, &version.section, state.teams());
    let Some(chain) = rights.chain() else { return Ok(()) };
    for stage in &chain.stages {
        let mut who = stage.who.iter().chain(&chain.over_budget);
        let nobody = stage.who.is_empty();
        let stood_in = is_local
            && rights.locals().iter().any(|local| {
                local.instead_of.iter().any(|role| stage.who.contains(role))
                    && local.role.iter().any(|role| people.iter().any(|member| role.is_held_by(member)))
            });
        if !nobody && !stood_in && !who.any(|role| people.iter().any(|member| role.is_held_by(member))) {
            return Err(format!("a version was approved without {:?}", stage.who));
        }
    }
    Ok(())
}
