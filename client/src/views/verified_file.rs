//! What checking a file for a partner found: every ledger in it, the relay's words on them, and whose
//! signatures stand under what.

use std::collections::BTreeMap;

use entente_shared::charter::Charter;
use entente_shared::codec;
use entente_shared::document::Told;
use entente_shared::follow::Follower;
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::Entry;
use entente_shared::limits;
use entente_shared::reports::seals::{Seal, Sealed};
use entente_shared::statement::Statement;
use entente_shared::verify::{Evidence, Verifier};
use entente_shared::wire::Delivery;
use serde::Serialize;

use super::documents::document_title;
use super::proposal::section_name;
use super::setting::Setting;
use super::verified::Verified;
use crate::args;
use crate::replica::{Bundle, BundleLedger, Replica};
use crate::words::Words;

/// A file as it was checked here.
#[derive(Clone, Serialize)]
pub struct VerifiedFile {
    /// Every ledger in it.
    #[serde(flatten)]
    pub verified: Verified,
    /// The partnership: the fingerprint of its founding.
    pub partnership: PartnershipId,
    /// Documents that the relay's signature in the file does not cover.
    pub unvouched: Vec<DocumentId>,
    /// The signatures under each document.
    pub signed: Vec<SealedDocument>,
    #[serde(skip)]
    setting: Option<Setting>,
}

/// The signatures under a document.
#[derive(Clone, Serialize)]
pub struct SealedDocument {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: KindId,
    /// Its title.
    pub title: String,
    /// Its signed sections.
    pub sections: Vec<Sealed>,
}

impl VerifiedFile {
    /// Checks a file from the first entry on, at `now_ms` (milliseconds since 1970). Whoever belongs to
    /// the partnership compares with the relay's words that are `known` here, others with those in the
    /// file.
    pub fn of(bundle: &Bundle, known: Option<&Replica>, now_ms: u64) -> Self {
        let known = known.filter(|known| known.profile().partnership == bundle.partnership);
        let mut ledgers = bundle.ledgers.iter();
        let evidence = |ledger: &BundleLedger| ledger.deliveries.iter().map(evidence).collect::<Vec<_>>();
        let first = ledgers.next().map(evidence).unwrap_or_default();
        let mut verifier = Verifier::new(bundle.partnership, first);
        for ledger in ledgers {
            verifier.ledger(evidence(ledger));
        }
        let charter = verifier.charter();
        let relay = charter.map(|charter| charter.now().relay);
        let vouched =
            |one: &&BundleLedger| relay.is_some_and(|relay| one.is_vouched_for(bundle.partnership, &relay));
        let unvouched: Vec<DocumentId> =
            bundle.ledgers.iter().filter(|one| !vouched(one)).map(|one| one.document).collect();
        let head = |document: &DocumentId| {
            let word = known.and_then(|known| known.checkpoints().get(document));
            let own = bundle.ledgers.iter().find(|one| one.document == *document);
            word.or(own.map(|own| &own.checkpoint)).map(|word| word.checkpoint.head)
        };
        let mut verified = Verified::with_heads(verifier.reports(), head);
        verified.good &= unvouched.is_empty();
        let signed = charter.filter(|_| verified.good).map(|charter| {
            let others = bundle.ledgers.iter().skip(1);
            others.filter_map(|ledger| sealed(charter, ledger, now_ms)).collect()
        });
        let me = known.and_then(|known| known.me().ok());
        let setting = charter.map(|charter| Setting::of_charter(charter, me, now_ms));
        let (partnership, signed) = (bundle.partnership, signed.unwrap_or_default());
        Self { verified, partnership, unvouched, signed, setting }
    }

    /// What was found, for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = self.verified.text(words);
        for document in &self.unvouched {
            let ledger = self.verified.ledgers.iter().find(|one| one.report.document == *document);
            let report = ledger.map(|ledger| &ledger.report);
            let kind = report.and_then(|report| report.kind.as_ref());
            let title = report.map(|report| report.title.as_str()).unwrap_or_default();
            let document = document_title(words, kind, title);
            text += &(words.say("verify-unvouched", args![document]) + "\n");
        }
        let Some(setting) = self.setting.as_ref().filter(|_| self.verified.good) else { return text };
        for document in &self.signed {
            text += &document.text(words, setting);
        }
        let id = self.partnership.to_hex();
        text + &words.say("record-file-partnership", args![id]) + "\n"
    }
}

impl SealedDocument {
    fn text(&self, words: &Words, setting: &Setting) -> String {
        let title = self.title.as_str();
        if self.sections.is_empty() {
            return words.say("record-file-nothing", args![title]) + "\n";
        }
        let mut text = words.say("record-file-signed", args![title]) + "\n";
        for one in &self.sections {
            text += &format!("  {}\n", section_name(kinds::newest(&self.kind), &one.section, setting, words));
            for seal in &one.seals {
                text += &seal_text(words, setting, seal);
            }
            if !one.missing.is_empty() {
                let people = setting.roles(words, &one.missing);
                text += &format!("    {}\n", words.say("record-file-missing", args![people]));
            }
            if one.has_lapsed {
                text += &format!("    {}\n", words.say("record-lapsed", args![]));
            }
            let digest = one.digest.to_hex();
            text += &format!("    {}\n", words.say("record-file-digest", args![digest]));
        }
        text
    }
}

fn seal_text(words: &Words, setting: &Setting, seal: &Seal) -> String {
    let person = match seal.person {
        Some(person) => setting.person_name(words, &person),
        None => words.say("someone-unknown", args![]),
    };
    let role = setting.roles(words, std::slice::from_ref(&seal.role));
    let who = words.say("person-presence", args![person, presence = role]);
    let when = setting.full_time(words, seal.at_ms);
    let when = match seal.until_ms {
        Some(until_ms) => {
            let until = setting.full_time(words, until_ms);
            words.say("record-signed-until", args![when, until])
        }
        None => words.say("record-signed", args![when]),
    };
    let (seq, hash) = (seal.entry.seq, seal.entry.hash.to_hex());
    let entry = words.say("record-file-entry", args![seq, hash]);
    format!("    {who}, {when}\n      {entry}\n")
}

fn evidence(delivery: &Delivery) -> Evidence {
    Evidence {
        entry: delivery.entry.clone(),
        envelope: delivery.envelope.clone(),
        redaction: delivery.redaction.clone(),
    }
}

/// The signatures under a document whose ledger checks out; `None` if this program cannot judge it.
fn sealed(charter: &Charter, ledger: &BundleLedger, now_ms: u64) -> Option<SealedDocument> {
    let mut follower: Option<Follower> = None;
    let mut devices: BTreeMap<StatementId, DeviceId> = BTreeMap::new();
    for delivery in &ledger.deliveries {
        let entry: Entry = codec::decode("entry", &delivery.entry, limits::HEADER_BYTES_MAX).ok()?;
        let statement = Statement::open(delivery.envelope.clone()).ok()?;
        devices.insert(statement.id, statement.header.device);
        if follower.is_none() {
            follower = Some(Follower::begin(&statement).ok()?);
        }
        let told = Told { entry: &entry, redaction: delivery.redaction.as_ref() };
        follower.as_mut()?.replay(charter.line(), &statement, told).ok()?;
    }
    let mut follower = follower?;
    let names: Vec<SectionId> = follower.document().sections().keys().cloned().collect();
    let mut sections = Vec::new();
    for name in &names {
        let Some(digest) = follower.content(name).map(|content| content.digest()) else { continue };
        let device = |statement: &StatementId| devices.get(statement).copied();
        sections.extend(Sealed::of(follower.document(), charter.now(), (name, digest), device, now_ms));
    }
    let document = follower.document();
    let (kind, title) = (document.kind().id.clone(), document.title().to_owned());
    Some(SealedDocument { document: document.id(), kind, title, sections })
}
