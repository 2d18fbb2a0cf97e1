//! What became of a statement, in words: refused and why, closed and how, or not as the rules say.

use entente_shared::document::{Closure, Divergence};
use entente_shared::judge::{Refusal, Unready};
use entente_shared::statement::DeclineOutcome;
use entente_shared::wire::CloseReason;

use super::Words;
use crate::args;

/// What a refusal's sentence needs besides the refusal.
#[derive(Clone, Copy, Debug)]
pub struct RefusedAbout<'a> {
    /// The place of the change, as people call it: `Moscow · logistics`.
    pub place: &'a str,
    /// Names of the people who could do it.
    pub people: &'a [String],
    /// Whom to ask: the names of the leads of the reader's team.
    pub ask: &'a str,
}

impl Words {
    /// Says why a statement was not taken, and what to do or whom to ask.
    pub fn refusal(&self, refusal: &Refusal, about: RefusedAbout<'_>) -> String {
        let RefusedAbout { place, people, ask } = about;
        let plain = |id: &str| self.say(id, args![]);
        match refusal {
            Refusal::Malformed { detail: problem } => {
                self.say("refused-malformed", args![problem = self.detail(problem)])
            }
            Refusal::UnknownDevice => self.say("refused-unknown-device", args![ask]),
            Refusal::LostDevice => self.say("refused-device-lost", args![ask]),
            Refusal::Revoked => plain("refused-device-ended"),
            Refusal::Behind { .. } => plain("refused-relay-behind"),
            Refusal::Forked { seq } => self.say("refused-forked", args![seq]),
            Refusal::Dependency { .. } | Refusal::ActorInUse { .. } => plain("refused-again-later"),
            Refusal::Orphaned { .. } => self.say("refused-orphaned", args![place]),
            Refusal::Gate { .. } => self.say("refused-gate", args![place]),
            Refusal::AlreadyStands => self.say("refused-already-stands", args![place]),
            Refusal::NotAllowed { .. } if people.is_empty() => {
                self.say("refused-nobody-can", args![place, lead = ask])
            }
            Refusal::NotAllowed { .. } => {
                self.say("refused-who-can", args![place, people = self.list_or(people)])
            }
            Refusal::NotOpen { .. } => plain("refused-not-open"),
            Refusal::OwnSuggestion => self.say("refused-own-suggestion", args![place]),
            Refusal::Stale { .. } => self.say("refused-stale", args![place]),
            Refusal::TooManyHolds { open: count } => self.say("suggestion-too-many", args![count]),
            Refusal::Unknown { detail: problem } => {
                self.say("refused-unknown", args![problem = self.detail(problem)])
            }
            Refusal::Invitation { detail: problem } => {
                self.say("refused-invitation", args![problem = self.detail(problem), ask])
            }
            Refusal::Charter { detail: problem } => {
                self.say("refused-charter", args![problem = self.detail(problem)])
            }
            Refusal::NotReady { reasons, .. } => {
                let reasons: Vec<_> =
                    reasons.iter().map(|reason| self.unready(reason, Unready::about)).collect();
                self.say("refused-not-ready", args![place, reasons = reasons.join("; ")])
            }
            Refusal::AlreadyAsked { .. } => self.say("refused-already-asked", args![place]),
            Refusal::NotLocal { .. } => plain("refused-not-local"),
            Refusal::RulesVersion { version } => self.say("rules-version-unknown", args![version]),
            Refusal::ReadOnly { detail: problem } => {
                self.say("refused-relay-reads-only", args![problem = self.detail(problem)])
            }
            Refusal::Limit { retry_after_ms } => {
                self.say("refused-too-fast", args![duration = self.duration(*retry_after_ms)])
            }
        }
    }

    /// Says what is to be settled before a section can be signed; `name` names the team, field or
    /// function that a reason is about.
    pub fn unready(&self, reason: &Unready, name: impl Fn(&Unready) -> String) -> String {
        let id = match reason {
            Unready::OneSided { .. } => "unready-one-sided",
            Unready::TwoValues { .. } => "unready-two-values",
            Unready::Untranslated { .. } => "unready-untranslated",
            Unready::OldTranslation { .. } => "unready-old-translation",
            Unready::Overlap { .. } => "unready-overlap",
            Unready::Gap { .. } => "unready-gap",
            Unready::Empty { .. } => "unready-empty",
            Unready::Waiting { .. } => "unready-waiting",
        };
        self.say(id, args![name = name(reason)])
    }

    /// Says how a suggestion ended, in a word or two: `approved`, `sent back`.
    pub fn closure(&self, closure: &Closure) -> String {
        let id = match closure {
            Closure::Effective { .. } => "held-outcome-approved",
            Closure::Declined { outcome: DeclineOutcome::Returned, .. } => "held-outcome-returned",
            Closure::Declined { outcome: DeclineOutcome::Objected, .. } => "held-outcome-objected",
            Closure::Declined { .. } => "held-outcome-declined",
            Closure::Withdrawn { .. } => "held-outcome-withdrawn",
            Closure::Orphaned { .. } => "held-outcome-orphaned",
        };
        self.say(id, args![])
    }

    /// Says why the relay at an address closed the connection, and what to do.
    pub fn closed(&self, relay: &str, reason: &CloseReason) -> String {
        let plain = |id: &str| self.say(id, args![]);
        let problem = |id: &str| self.say("relay-closed", args![relay, problem = self.say(id, args![])]);
        match reason {
            CloseReason::Version { relay: version } => self.say("relay-version", args![version]),
            CloseReason::UnknownDevice => {
                self.say("refused-unknown-device", args![ask = plain("someone-unknown")])
            }
            CloseReason::Revoked => self.say("refused-device-lost", args![ask = plain("someone-unknown")]),
            CloseReason::Founding => plain("found-link-unknown"),
            CloseReason::Invitation => self.say("join-unknown", args![inviter = plain("someone-unknown")]),
            CloseReason::UnknownPartnership => problem("relay-closed-partnership"),
            CloseReason::Protocol { .. } => problem("relay-closed-protocol"),
            CloseReason::Signature => problem("relay-closed-key"),
            CloseReason::SlowReader => problem("relay-closed-slow"),
            CloseReason::Limit { retry_after_ms } => {
                self.say("refused-too-fast", args![duration = self.duration(*retry_after_ms)])
            }
            CloseReason::Stopping => problem("relay-closed-stopping"),
        }
    }

    /// Says what is wrong with an entry, for [`verify-failed`](Words::say).
    pub fn divergence(&self, divergence: &Divergence) -> String {
        match divergence {
            Divergence::NotNext { .. } => self.say("verify-problem-chain", args![]),
            Divergence::OtherStatement { .. } => self.say("verify-problem-statement", args![]),
            Divergence::Signature { .. } => self.say("verify-problem-signature", args![]),
            Divergence::Time { .. } => self.say("verify-problem-time", args![]),
            Divergence::Refused { .. } => self.say("verify-problem-verdict", args![]),
            Divergence::OtherEntry { field, .. } => self.say("verify-problem-entry", args![field = *field]),
            Divergence::TooNew { detail: problem, .. } => self.say("verify-problem-newer", args![problem]),
            Divergence::Poison => self.say("verify-problem-poison", args![]),
        }
    }
}
