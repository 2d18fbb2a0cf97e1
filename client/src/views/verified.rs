//! What checking the whole record found.

use entente_shared::ids::DocumentId;
use entente_shared::ledger::Position;
use entente_shared::verify::LedgerReport;
use serde::Serialize;

use super::documents::document_title;
use super::table::Table;
use crate::args;
use crate::replica::{LinkState, Replica};
use crate::words::Words;

/// Every ledger as checked here, and whether the relay shows the same.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// Whether everything is as the rules say and the relay shows no other heads.
    pub good: bool,
    /// Whether the relay was asked just now.
    pub relay_asked: bool,
    /// The ledgers, the ground rules first.
    pub ledgers: Vec<VerifiedLedger>,
}

/// One ledger as checked here.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedLedger {
    /// What was found.
    #[serde(flatten)]
    pub report: LedgerReport,
    /// The relay's last word on the head.
    pub relay_head: Option<Position>,
    /// `same`, `ahead`, `behind`, `other`, or `unknown` without a word of the relay.
    pub relay: &'static str,
}

impl Verified {
    /// Joins the reports with the relay's last words.
    pub fn of(replica: &Replica, reports: &[LedgerReport]) -> Self {
        let head = |document: &DocumentId| Some(replica.checkpoints().get(document)?.checkpoint.head);
        let is_live = *replica.link() == LinkState::Live;
        Self { relay_asked: is_live, ..Self::with_heads(reports, head) }
    }

    /// Joins the reports with words of the relay from elsewhere.
    pub(super) fn with_heads(
        reports: &[LedgerReport],
        head: impl Fn(&DocumentId) -> Option<Position>,
    ) -> Self {
        let ledger = |report: &LedgerReport| {
            let relay_head = head(&report.document);
            VerifiedLedger { report: report.clone(), relay_head, relay: compare(report.head, relay_head) }
        };
        let ledgers: Vec<_> = reports.iter().map(ledger).collect();
        let good = ledgers.iter().all(|one| one.report.is_good() && one.relay != "other");
        let good = good && !ledgers.is_empty();
        Self { good, relay_asked: false, ledgers }
    }

    /// The table for people.
    pub fn text(&self, words: &Words) -> String {
        let mut table = Table::default();
        for ledger in &self.ledgers {
            let report = &ledger.report;
            let is_good = report.is_good() && ledger.relay != "other";
            let state = if is_good { "verify-good" } else { "verify-bad" };
            let head = report.head.map_or_else(|| "—".to_owned(), |head| head.hash.short());
            table.row([
                document_title(words, report.kind.as_ref(), &report.title),
                words.say("count-entries", args![count = report.verified + report.attested]),
                words.say(state, args![]),
                words.say("verify-head", args![head]),
            ]);
        }
        let mut text = table.text("");
        for ledger in &self.ledgers {
            let lines = ledger.remarks(words);
            lines.into_iter().for_each(|line| text += &(line + "\n"));
        }
        if self.ledgers.iter().any(|ledger| ledger.report.newer) {
            text += &(words.say("verify-newer-note", args![]) + "\n");
        }
        if self.ledgers.iter().any(|ledger| ledger.report.attested > 0 && !ledger.report.newer) {
            text += &(words.say("verify-attested-note", args![]) + "\n");
        }
        if self.good {
            let same = self.relay_asked && self.ledgers.iter().all(|ledger| ledger.relay == "same");
            text += &match same {
                true => words.say("verify-all-good", args![]),
                false => words.say("verify-all-good-offline", args![]),
            };
            text.push('\n');
        }
        text
    }
}

impl VerifiedLedger {
    fn remarks(&self, words: &Words) -> Vec<String> {
        let report = &self.report;
        let document = document_title(words, report.kind.as_ref(), &report.title);
        let mut lines = Vec::new();
        if report.attested > 0 || report.missing > 0 {
            let (verified, attested, missing) = (report.verified, report.attested, report.missing);
            let counts = words.say("verify-counts", args![verified, attested, missing]);
            lines.push(format!("{document}: {counts}"));
        }
        if let Some(fault) = &report.fault {
            let seq = report.head.map_or(0, |head| head.seq + 1);
            let divergence = report.divergence.as_ref();
            let problem = divergence.map_or_else(|| fault.clone(), |found| words.divergence(found));
            lines.push(words.say("verify-failed", args![document, seq, problem]));
        } else if self.relay == "other" {
            let seq = self.relay_head.map_or(0, |head| head.seq);
            let problem = words.say("verify-problem-heads", args![]);
            lines.push(words.say("verify-failed", args![document, seq, problem]));
        }
        if let ("ahead", Some(relay)) = (self.relay, self.relay_head) {
            let count = relay.seq + 1 - report.head.map_or(0, |head| head.seq + 1);
            lines.push(words.say("verify-relay-ahead", args![count]));
        }
        lines
    }
}

fn compare(own: Option<Position>, relay: Option<Position>) -> &'static str {
    match (own, relay) {
        (_, None) => "unknown",
        (Some(own), Some(relay)) if own == relay => "same",
        (Some(own), Some(relay)) if own.seq == relay.seq => "other",
        (Some(own), Some(relay)) if own.seq > relay.seq => "behind",
        (_, Some(_)) => "ahead",
    }
}
