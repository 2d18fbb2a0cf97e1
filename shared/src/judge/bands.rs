//! Values that move within a band: what a change does to them, and whether that needs somebody.
//!
//! The judge looks at every value that a change puts, visible or not: one that loses today can be
//! uncovered tomorrow. What does anything else to the field (deletes it, counts it up, replaces what
//! it stands in) is beyond every band.

use super::{Need, Ruling, keys};
use crate::document::{Base, Case, CasePart, KnownSection, Signature};
use crate::gate::{Checked, Scalar, TouchKind};
use crate::money::Amount;
use crate::mutants::Mutant;
use crate::rules::{BoundBand, SectionRights};

/// What changes do to a field with a band.
enum Moved {
    /// Nothing.
    Not,
    /// They put these amounts, in order; at least one.
    To(Vec<Amount>),
    /// Something else.
    Otherwise,
}

/// What the bands of a section say about a part of a statement; nothing if it moves no value, or
/// moves them inside their bands.
pub(super) fn rule_on_bands(rights: &SectionRights, case: &Case<'_>, part: &CasePart) -> Vec<Ruling> {
    let Some(checked) = part.checked.as_deref() else { return Vec::new() };
    let known = case.document.sections().get(&part.section).and_then(|section| section.known());
    let bases = known.map(|known| known.bases.as_slice()).unwrap_or_default();
    let decides =
        |band: &BoundBand| case.on_top && case.author.is_some_and(|author| band.is_decided_by(author));
    let beyond = |band: &&BoundBand| match moved(&band.path, checked) {
        Moved::Not => false,
        _ if Mutant::BandIgnored.is_on() => false,
        Moved::To(amounts) => match bases.iter().find(|base| base.field == band.field()) {
            Some(base) => !amounts.iter().all(|amount| amount.is_within(band.basis_points, &base.amount)),
            None => !Mutant::NoBaseNoBand.is_on(),
        },
        Moved::Otherwise => true,
    };
    let bands = rights.bands().iter().filter(|band| !decides(band)).filter(beyond);
    bands.map(|band| Ruling::held(band.rule.clone(), vec![need(band, part)])).collect()
}

/// Somebody who decides beyond the band has to agree; or somebody goes beyond it on their own
/// responsibility.
fn need(band: &BoundBand, part: &CasePart) -> Need {
    let need = Need::of_roles(part.section.clone(), band.rule.clone(), band.endorse.clone());
    Need { overrides: band.overrides.clone(), ..need }
}

/// Takes note of what `part` writes into fields with a band, `agreed` telling whether somebody who
/// decides beyond a band has agreed to it. What is not one amount leaves the field without a base.
pub(super) fn rebase(
    rights: &SectionRights,
    known: &mut KnownSection,
    part: &CasePart,
    at: Signature,
    agreed: impl Fn(&BoundBand) -> bool,
) {
    let Some(checked) = part.checked.as_deref() else { return };
    for band in rights.bands() {
        let mut same = rights.bands().iter().filter(|other| other.path == band.path);
        if !same.all(&agreed) {
            continue;
        }
        let amount = match moved(&band.path, checked) {
            Moved::Not => continue,
            Moved::To(amounts) => amounts.last().copied(),
            Moved::Otherwise => None,
        };
        set(known, band.field(), amount, at);
    }
}

/// Sets from what a field with a band is measured, agreed on `at` this; from nothing any more if
/// there is no amount.
pub(super) fn set(known: &mut KnownSection, field: String, amount: Option<Amount>, at: Signature) {
    known.bases.retain(|base| base.field != field);
    if let Some(amount) = amount {
        let place = known.bases.partition_point(|base| base.field < field);
        known.bases.insert(place, Base { field, amount, statement: at.statement, at_ms: at.at_ms });
    }
}

fn moved(path: &[String], checked: &Checked) -> Moved {
    let mut puts = false;
    for touch in checked.touches() {
        let touched = keys(&touch.path);
        if !touched.iter().zip(path).all(|(touched, key)| touched == key) {
            continue;
        }
        match touch.kind {
            TouchKind::Put if touched.len() == path.len() && !touch.subtree => puts = true,
            _ if Mutant::OtherTouchesPass.is_on() => {}
            _ => return Moved::Otherwise,
        }
    }
    if !puts {
        return Moved::Not;
    }
    let put = checked.puts().iter().filter(|(at, _)| keys(at) == *path);
    let amount = |(_, value): &(_, Scalar)| match value {
        Scalar::Text(text) => Amount::parse(text),
        _ => None,
    };
    let amounts: Option<Vec<Amount>> = put.map(amount).collect();
    match amounts.filter(|amounts| !amounts.is_empty()) {
        Some(amounts) if Mutant::LastPutAlone.is_on() => Moved::To(amounts[amounts.len() - 1..].to_vec()),
        Some(amounts) => Moved::To(amounts),
        None => Moved::Otherwise,
    }
}
