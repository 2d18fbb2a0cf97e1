//! Ground rules as sentences: who may do what, where.
//!
//! A sentence is made of [`Holders`] (who) and [`Place`]s (where). In Russian the place comes
//! first, in the accusative, and the people after it in the nominative.

mod rule;

use entente_shared::rules::Right;

use super::{RoleForm, Words, role_is_plural};
use crate::args;

pub use rule::{About, TeamLabel};

/// Roles that together are everybody in the teams; creators belong to none.
const EVERYBODY: [&str; 6] = ["lead", "account-manager", "coordinator", "translator", "legal", "viewer"];

/// Whose roles or sections are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's in particular: `the coordinator`, `the agreed split`.
    Common,
    /// Each team's: `each team's lead`, `each team's column`.
    Each,
    /// Each team's, said of the team itself: `their own column`.
    Own,
    /// Of the team, market or person with this label: `New York's lead`, `New York's column`.
    Named(String),
}

/// People by the roles that they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holders {
    /// Roles of one team, or of each.
    Roles {
        /// Whose roles.
        whose: Whose,
        /// Ids of roles, such as `account-manager`.
        roles: Vec<String>,
    },
    /// Everybody who belongs to a team.
    Everybody,
    /// The very person that the section is for.
    Themselves,
}

/// A part of the documents, as a rule's `on` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The kind of document, such as `matrix`.
    pub kind: String,
    /// The section without what follows its slash (`party` of `party/{party}`); `None` for the
    /// whole document (`*`).
    pub section: Option<String>,
    /// Whose section, where its name has a subject.
    pub whose: Whose,
    /// The field, such as `rate`, or `**@translation`.
    pub field: Option<String>,
}

impl Place {
    fn is_translation(&self) -> bool {
        self.field.as_ref().is_some_and(|field| field.ends_with("@translation"))
    }

    fn is_section(&self, kind: &str, section: &str) -> bool {
        self.kind == kind && self.section.as_deref() == Some(section) && self.field.is_none()
    }
}

impl Words {
    /// Says one right as a sentence without capital and full stop: `New York's lead and account
    /// managers fill New York's column`.
    pub fn right_sentence(&self, right: Right, holders: &[Holders], places: &[Place]) -> String {
        let (who, what) = (self.holders(holders), self.places(places));
        let agree = if is_plural(holders) { "plural" } else { "singular" };
        let all = |fits: fn(&Place) -> bool| !places.is_empty() && places.iter().all(fits);
        match right {
            Right::Read => self.say("right-read", args![who, what, agree]),
            Right::Edit if all(|place| place.is_section("matrix", "party")) => {
                self.say("right-fill", args![who, what, agree])
            }
            Right::Edit if all(|place| place.section.as_deref() == Some("talk")) => {
                self.say("right-talk", args![who, what, agree])
            }
            Right::Edit if all(|place| place.kind == "charter") => {
                self.say("right-keep", args![who, what, agree])
            }
            Right::Edit => self.say("right-edit", args![who, what, agree]),
            Right::Propose => self.say("right-propose", args![who, what]),
            Right::Endorse => self.say("right-endorse", args![who, what, agree]),
        }
    }

    /// Says that every change by others waits (`hold = "edits"`), and for whom.
    pub fn hold_sentence(&self, holders: &[Holders], places: &[Place]) -> String {
        self.say("right-hold", args![who = self.holders(holders), what = self.places(places)])
    }

    /// Says who signs.
    pub fn sign_sentence(&self, holders: &[Holders], places: &[Place]) -> String {
        let (who, what) = (self.holders(holders), self.places(places));
        let agree = if is_plural(holders) { "plural" } else { "singular" };
        self.say("right-sign", args![who, what, agree])
    }

    /// Names people by their roles: `New York's lead and account managers`, «руководитель и
    /// менеджеры Нью-Йорка».
    pub fn holders(&self, holders: &[Holders]) -> String {
        let names: Vec<_> = holders.iter().map(|group| self.holder_group(group)).collect();
        let several = |group: &Holders| matches!(group, Holders::Roles { roles, .. } if roles.len() > 1);
        match names.split_last() {
            // "lead and account managers and the coordinator" would not say who belongs together.
            Some((last, first @ [_, ..])) if holders.iter().any(several) => {
                let first = first.join(", ");
                self.say("list-also", args![first, last = last.as_str()])
            }
            _ => self.list(&names),
        }
    }

    /// Names parts of the documents as the object of a sentence (in Russian the accusative).
    pub fn places(&self, places: &[Place]) -> String {
        if places.len() > 1 && places.iter().all(Place::is_translation) {
            let kinds: Vec<_> = places.iter().map(|place| self.kind(&place.kind)).collect();
            return self.say("place-translations", args![kind = self.list(&kinds)]);
        }
        self.list(&places.iter().map(|place| self.place(place)).collect::<Vec<_>>())
    }

    /// Names a kind of document; one that the catalogue does not know goes by its id.
    pub fn kind(&self, kind: &str) -> String {
        let id = format!("kind-{kind}");
        if self.has(&id) { self.say(&id, args![]) } else { kind.to_owned() }
    }

    fn place(&self, place: &Place) -> String {
        let section = place.section.as_deref();
        match &place.field {
            None => self.section(place),
            Some(_) if place.is_translation() => {
                self.say("place-translations", args![kind = self.kind(&place.kind)])
            }
            Some(field) => {
                let section = section.map_or_else(|| self.kind(&place.kind), str::to_owned);
                self.say("place-field", args![field = field.as_str(), section])
            }
        }
    }

    fn section(&self, place: &Place) -> String {
        let kind = place.kind.as_str();
        let Some(section) = place.section.as_deref() else {
            let id = format!("place-{kind}");
            return match (kind, self.has(&id)) {
                ("*", _) => self.say("place-all", args![]),
                (_, true) => self.say(&id, args![]),
                (_, false) => self.say("place-kind-other", args![kind]),
            };
        };
        let id = format!("place-{kind}-{section}");
        // A section family that can be everybody's own needs a subject, the others need none.
        let own = format!("{id}-own");
        match &place.whose {
            Whose::Own if self.has(&own) => self.say(&own, args![]),
            Whose::Each if self.has(&own) => self.say(&format!("{id}-each"), args![]),
            Whose::Named(party) if self.has(&own) => self.say(&id, args![party = party.as_str()]),
            Whose::Common if self.has(&id) && !self.has(&own) => self.say(&id, args![]),
            Whose::Named(subject) => {
                let section = format!("{section}/{subject}");
                self.say("place-other", args![section, kind = self.kind(kind)])
            }
            _ => self.say("place-other", args![section, kind = self.kind(kind)]),
        }
    }

    fn holder_group(&self, group: &Holders) -> String {
        let (whose, roles) = match group {
            Holders::Everybody => return self.say("who-everybody", args![]),
            Holders::Themselves => return self.say("who-themselves", args![]),
            Holders::Roles { whose, roles } => (whose, roles),
        };
        let names: Vec<_> = roles.iter().map(|role| self.role(role, RoleForm::Holders)).collect();
        let roles = self.list(&names);
        match whose {
            Whose::Common => self.say("who-role", args![roles]),
            Whose::Each | Whose::Own => self.say("who-each-team", args![roles]),
            Whose::Named(party) => self.say("who-team", args![party = party.as_str(), roles]),
        }
    }
}

/// Tells whether the verb is a plural: several people, or one role that several usually hold.
fn is_plural(holders: &[Holders]) -> bool {
    match holders {
        [Holders::Roles { roles, .. }] => roles.len() > 1 || roles.iter().any(|role| role_is_plural(role)),
        [Holders::Themselves] => false,
        _ => true,
    }
}

/// Begins a text with a capital letter.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
