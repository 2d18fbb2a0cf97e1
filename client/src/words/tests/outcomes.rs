//! Every outcome has its own sentence in both languages, with all of its values.

use entente_shared::document::{Closure, Divergence};
use entente_shared::ids::StatementId;
use entente_shared::judge::Refusal;
use entente_shared::statement::DeclineOutcome;

use super::*;

const ID: StatementId = StatementId([7; 32]);

fn refusals() -> Vec<Refusal> {
    let detail = || "why".to_owned();
    vec![
        Refusal::Malformed { detail: detail() },
        Refusal::UnknownDevice,
        Refusal::LostDevice,
        Refusal::Revoked,
        Refusal::Behind { head: None },
        Refusal::Forked { seq: 7 },
        Refusal::Dependency { detail: detail() },
        Refusal::Orphaned { after: ID },
        Refusal::Gate { section: "split".into(), detail: detail() },
        Refusal::AlreadyStands,
        Refusal::NotAllowed { rule: None, who: vec![] },
        Refusal::NotOpen { target: ID },
        Refusal::OwnSuggestion,
        Refusal::Stale { section: "split".into() },
        Refusal::TooManyHolds { open: 64 },
        Refusal::Unknown { detail: detail() },
        Refusal::Invitation { detail: detail() },
        Refusal::Charter { detail: detail() },
        Refusal::RulesVersion { version: 2 },
        Refusal::ReadOnly { detail: detail() },
        Refusal::Limit { retry_after_ms: 90_000 },
    ]
}

#[test]
fn every_refusal_has_a_sentence_of_its_own() {
    for words in [en(), ru()] {
        for people in [&[][..], &["Anna Orlova".to_owned()]] {
            let about = RefusedAbout { place: "Moscow · logistics", people, ask: "Dana Reyes" };
            let said: Vec<_> = refusals().iter().map(|refusal| words.refusal(refusal, about)).collect();
            for sentence in &said {
                assert!(sentence.contains(' ') && !sentence.contains('{'), "{sentence}");
            }
            let different: std::collections::BTreeSet<_> = said.iter().collect();
            assert_eq!(different.len(), said.len(), "{said:#?}");
        }
    }
}

#[test]
fn who_can_is_named_where_somebody_can() {
    let people = ["Anna Orlova".to_owned(), "Pavel Zimin".to_owned()];
    let refusal = Refusal::NotAllowed { rule: None, who: vec![] };
    let about = RefusedAbout { place: "Moscow · logistics", people: &people, ask: "Dana Reyes" };
    assert_eq!(
        en().refusal(&refusal, about),
        "Not yours to change: Moscow · logistics. Can change it: Anna Orlova or Pavel Zimin. Your text is kept \
         on this device."
    );
    let nobody = RefusedAbout { people: &[], ..about };
    assert!(ru().refusal(&refusal, nobody).contains("Дать её может: Dana Reyes."));
}

#[test]
fn every_end_and_every_divergence_is_said() {
    let ends = [
        Closure::Effective { by: ID },
        Closure::Declined { by: ID, outcome: DeclineOutcome::Declined },
        Closure::Declined { by: ID, outcome: DeclineOutcome::Returned },
        Closure::Withdrawn { by: ID },
        Closure::Orphaned { of: ID },
    ];
    let said = ends.map(|end| en().closure(&end));
    assert_eq!(said, ["approved", "not taken", "sent back", "taken back", "left without its ground"]);
    let divergences = [
        Divergence::NotNext { seq: 1 },
        Divergence::OtherStatement { seq: 1 },
        Divergence::Signature { seq: 1 },
        Divergence::Time { seq: 1 },
        Divergence::Refused { seq: 1, refusal: Box::new(Refusal::AlreadyStands) },
        Divergence::OtherEntry { seq: 1, field: "digest" },
        Divergence::TooNew { seq: 1, detail: "kind".into() },
        Divergence::Poison,
    ];
    for words in [en(), ru()] {
        let said: std::collections::BTreeSet<_> = divergences.iter().map(|d| words.divergence(d)).collect();
        assert_eq!(said.len(), divergences.len());
        assert!(said.iter().all(|sentence| !sentence.contains('{')), "{said:?}");
    }
}
