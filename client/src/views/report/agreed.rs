//! How fresh agreements are, how long negotiations last, and what was decided as an exception.

use entente_shared::reports::exceptions::{Exception, ExceptionKind, Followed};
use entente_shared::reports::freshness::Freshness;
use entente_shared::reports::negotiation::{Light, Negotiation};
use entente_shared::views::standing::State;

use super::Report;
use crate::args;
use crate::views::documents::document_title;
use crate::views::table::Table;
use crate::words::Words;

impl Report {
    pub(super) fn freshness_text(&self, words: &Words) -> String {
        if self.freshness.is_empty() {
            return String::new();
        }
        let mut text = words.say("report-freshness", args![]) + "\n";
        let mut table = Table::default();
        for one in &self.freshness {
            let place = self.place(words, &one.document, &one.section);
            table.row_over([place, self.agreement(words, one), self.since_then(words, one)]);
        }
        text += &table.text("  ");
        text
    }

    /// `signed 12 d ago`, `approved 3 h ago`, `never signed or approved`.
    fn agreement(&self, words: &Words, one: &Freshness) -> String {
        let age = |at_ms: u64| words.duration(self.now_ms.saturating_sub(at_ms));
        let has_lapsed = one.state == State::Lapsed;
        match (&one.signed, &one.approved) {
            (Some(mark), _) if has_lapsed => words.say("report-lapsed", args![age = age(mark.at_ms)]),
            (Some(mark), _) => words.say("report-signed", args![age = age(mark.at_ms)]),
            (None, Some(mark)) => words.say("report-approved", args![age = age(mark.at_ms)]),
            (None, None) => words.say("report-never", args![]),
        }
    }

    fn since_then(&self, words: &Words, one: &Freshness) -> String {
        let people: Vec<_> = one.changed_by.iter().map(|person| self.person(words, Some(*person))).collect();
        let count = one.changes;
        let mut text = match (count, one.signed.is_some() || one.approved.is_some()) {
            (0, false) => return words.say("report-untouched", args![]),
            (0, true) => words.say("report-unchanged", args![]),
            (_, true) => words.say("report-changed-since", args![count, people = words.list(&people)]),
            (_, false) => words.say("report-changed", args![count, people = words.list(&people)]),
        };
        if one.has_drifted() {
            text = format!("{text}; {}", words.say("report-drifted", args![]));
        }
        match one.lapses_ms.filter(|_| one.state != State::Lapsed) {
            _ if one.is_due => format!("{text}; {}", words.say("report-review-due", args![])),
            Some(lapses_ms) => {
                let when = self.setting.date(words, lapses_ms);
                format!("{text}; {}", words.say("report-lapses", args![when]))
            }
            None => text,
        }
    }

    pub(super) fn negotiations_text(&self, words: &Words) -> String {
        if self.negotiations.is_empty() {
            return String::new();
        }
        let mut table = Table::default();
        for one in &self.negotiations {
            table.row(self.negotiation(words, one));
        }
        words.say("report-negotiations", args![]) + "\n" + &table.text("  ")
    }

    fn negotiation(&self, words: &Words, one: &Negotiation) -> [String; 3] {
        let (kind, title) =
            self.titles.get(&one.document).map_or((None, ""), |(kind, title)| (Some(kind), title));
        let days = words.say("report-days", args![count = one.days]);
        let state = match (one.ended_ms, one.light) {
            (Some(_), _) => words.say("report-negotiated", args![days]),
            (None, Light::Green) => words.say("report-negotiating", args![days]),
            (None, Light::Amber) => words.say("report-negotiating-amber", args![days]),
            (None, Light::Red) => words.say("report-negotiating-red", args![days]),
        };
        let exchanges = words.say("report-exchanges", args![count = one.exchanges]);
        [document_title(words, kind, title), state, exchanges]
    }

    pub(super) fn exceptions_text(&self, words: &Words) -> String {
        let mut text = words.say("report-exceptions", args![]) + "\n";
        if self.exceptions.is_empty() {
            return text + &format!("  {}\n", words.say("report-exceptions-none", args![]));
        }
        for one in &self.exceptions {
            text += &format!("  {}\n", self.exception(words, one));
            if let Some(reason) = &one.reason {
                text += &format!("    {}\n", words.say("quoted", args![text = reason.as_str()]));
            }
        }
        text
    }

    fn exception(&self, words: &Words, one: &Exception) -> String {
        let places: Vec<_> =
            one.sections.iter().map(|section| self.place(words, &one.document, section)).collect();
        let (place, person) = (words.list(&places), self.person(words, one.person));
        let when = self.setting.time(words, one.at_ms);
        let what = match one.kind {
            ExceptionKind::Override => words.say("report-override", args![place, person, when]),
            ExceptionKind::Local => words.say("report-local", args![place, person, when]),
        };
        match (one.followed, one.kind) {
            (Followed::Ratified { .. }, _) => format!("{what}; {}", words.say("report-ratified", args![])),
            (Followed::Objected { .. }, _) => format!("{what}; {}", words.say("report-objected", args![])),
            (Followed::Open, ExceptionKind::Local) => {
                format!("{what}; {}", words.say("report-not-ratified", args![]))
            }
            (Followed::Open, ExceptionKind::Override) => what,
        }
    }
}
