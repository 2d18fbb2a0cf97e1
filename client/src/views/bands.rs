//! Values that move within a band: from what they are measured, and how far they go without asking.

use entente_shared::content::Path;
use entente_shared::ids::*;
use entente_shared::money::Amount;
use serde::Serialize;

use super::place::{Naming, PlaceRef, in_order};
use super::proposal::Proposal;
use super::setting::{Decider, Setting};
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::{Words, money_text};

/// One field with a band, in a section that can be read.
#[derive(Clone, Serialize)]
pub struct BandLine {
    /// The field.
    pub place: PlaceRef,
    /// The rule that says so.
    pub rule: RuleId,
    /// How far it moves, up and down, in hundredths of a percent.
    pub basis_points: u32,
    /// The amount agreed on last, in the smallest unit; absent if nothing is agreed yet.
    pub base: Option<String>,
    /// By which statement.
    pub agreed_by: Option<StatementId>,
    /// When (relay time, milliseconds since 1970).
    pub agreed_ms: Option<u64>,
    /// The least and the greatest amount that stand without asking, in the smallest unit.
    pub limits: Option<[String; 2]>,
    /// The amount that stands, in the smallest unit.
    pub now: Option<String>,
    /// Whether the amount that stands is within the band.
    pub within: bool,
    /// Who decides beyond it.
    pub deciders: Vec<Decider>,
    #[serde(skip)]
    amounts: Amounts,
    #[serde(skip)]
    setting: Setting,
}

/// The amounts of a band, to be written for people.
#[derive(Clone, Copy, Default)]
struct Amounts {
    base: Option<Amount>,
    limits: Option<[Amount; 2]>,
    now: Option<Amount>,
}

impl BandLine {
    /// Looks at every band of a document, in reading order.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn all(
        replica: &Replica,
        setting: &Setting,
        document: DocumentId,
    ) -> Result<Vec<Self>, CommandError> {
        let replicated = replica.replicated(document)?;
        let state = replicated.ahead_or_ledger().document();
        let naming = Naming::new(setting, replicated);
        let effective = replicated.effective();
        let mut lines = Vec::new();
        for (section, _) in in_order(state.kind(), state.sections().keys().cloned()) {
            let Some(known) = state.sections().get(&section).and_then(|one| one.known()) else { continue };
            let rights = setting.state().rights(&state.kind().id, &section);
            for band in rights.bands() {
                let path = Path::new(band.path.iter().cloned());
                let value = effective.get(&section).and_then(|content| content.value().at(&path).cloned());
                let now = value.as_ref().and_then(|value| value.as_str()).and_then(Amount::parse);
                let base = known.bases.iter().find(|base| base.field == band.field());
                let people = setting.holders_all(&band.endorse);
                lines.push(Self {
                    place: naming.place(&section, &path),
                    rule: band.rule.clone(),
                    basis_points: band.basis_points,
                    base: base.map(|base| base.amount.to_string()),
                    agreed_by: base.map(|base| base.statement),
                    agreed_ms: base.map(|base| base.at_ms),
                    limits: base
                        .map(|base| base.amount.limits(band.basis_points).map(|amount| amount.to_string())),
                    now: now.map(|amount| amount.to_string()),
                    within: now
                        .zip(base)
                        .is_some_and(|(now, base)| now.is_within(band.basis_points, &base.amount)),
                    deciders: people,
                    amounts: Amounts {
                        base: base.map(|base| base.amount),
                        limits: base.map(|base| base.amount.limits(band.basis_points)),
                        now,
                    },
                    setting: setting.clone(),
                });
            }
        }
        Ok(lines)
    }

    /// The band for people: `within ±15% of ₽120,000 (₽102,000 to ₽138,000), agreed …`.
    pub fn text(&self, words: &Words) -> String {
        let lang = words.lang();
        let money = |amount: Amount| money_text(&amount, lang);
        let (place, percent) = (self.place.label.get(lang), words.percent(self.basis_points));
        let (Some(base), Some([low, high])) = (self.amounts.base, self.amounts.limits) else {
            let deciders = self.deciders_text(words);
            return words.say("band-nothing-agreed", args![place, deciders]);
        };
        let (base, low, high) = (money(base), money(low), money(high));
        let when = self.agreed_ms.map(|at_ms| self.setting.time(words, at_ms)).unwrap_or_default();
        match self.amounts.now {
            Some(now) if !self.within => {
                words.say("band-beyond", args![place, now = money(now), percent, base, when])
            }
            _ => words.say("band-within", args![place, percent, base, low, high, when]),
        }
    }

    /// That a suggestion waits because it goes beyond this band; nothing if it waits for another
    /// reason.
    pub fn waiting_text(&self, words: &Words, proposal: &Proposal) -> Option<String> {
        let is_here = |change: &&super::ChangeLine| change.place == self.place;
        let change = proposal.changes.iter().find(is_here)?;
        proposal.needs.iter().find(|need| need.rule == self.rule)?;
        let (id, value) = (proposal.id.as_str(), change.after.label.get(words.lang()));
        let deciders = proposal.one_of_each(words);
        Some(words.say("band-waiting", args![id, value, deciders]))
    }

    fn deciders_text(&self, words: &Words) -> String {
        match self.deciders.is_empty() {
            true => self.setting.ask(words),
            false => self.setting.one_of(words, &self.deciders),
        }
    }
}
