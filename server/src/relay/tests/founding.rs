use entente_shared::ids::*;
use entente_shared::rules::Rules;
use entente_shared::statement::Statement;
use entente_shared::wire::{ClientFrame, Pass};
use entente_store::Store;

use crate::relay::Options;
use crate::relay::founding::FoundingToken;
use crate::testing::{Bench, Mirror, Person, T0};

const NOWHERE: PartnershipId = PartnershipId([0; 32]);

fn token(secret: &str) -> Pass {
    Pass::Founding { token: secret.as_bytes().to_vec().into() }
}

fn found(person: &Person, relay: RelayId, charter: u8) -> Statement {
    let charter = DocumentId::new(T0, [charter; 10]);
    person.found(relay, charter, &Rules::standard(&"moscow".into()).unwrap())
}

fn bench_with(tokens: &[FoundingToken]) -> Bench {
    let bench = Bench::new(Options::default());
    bench.store.commit(vec![], tokens.iter().map(FoundingToken::record).collect()).unwrap();
    bench
}

#[test]
fn a_founder_with_the_operators_link_is_a_member_once_the_founding_is_durable() {
    let mut bench = bench_with(&[FoundingToken::new(b"secret", Some(1), None)]);
    let (anna, mut mirror) = (Person::new(1, "moscow"), Mirror::default());
    let lines = bench.hello("anna", &anna.key, NOWHERE, token("secret"));
    assert_eq!(lines, ["anna < challenge", "anna < welcome founding"]);
    let statement = found(&anna, Bench::relay_id(), 1);
    bench.names.documents.insert(statement.header.document, "charter".into());
    bench.commits_at_once = false;
    assert_eq!(bench.submit("anna", &[&statement]), ["commit charter 0"]);
    let lines = bench.hello("tab", &anna.key, statement.partnership(), Pass::Member);
    assert_eq!(lines[1..], ["tab < closing UnknownPartnership", "close tab"], "not durable yet");
    assert_eq!(bench.commit(), ["anna < entered 0 admitted by founding"]);
    let lines = bench.send("anna", &ClientFrame::Subscribe { known: vec![], live: true });
    assert_eq!(lines, ["anna < entries charter 0", "anna < heads charter 0"]);
    bench.follow("anna", &mut mirror).unwrap();
    assert_eq!(mirror.partnership(), statement.partnership());
}

#[test]
fn a_link_works_as_often_and_as_long_as_it_says() {
    let once = FoundingToken::new(b"once", Some(1), None);
    let twice = FoundingToken::new(b"twice", Some(2), None);
    let late = FoundingToken::new(b"late", None, Some(T0));
    let mut bench = bench_with(&[once, twice, late]);
    let (anna, eve) = (Person::new(1, "moscow"), Person::new(3, "moscow"));
    for secret in ["", "wrong", "late", &"x".repeat(300)] {
        let lines = bench.hello("eve", &eve.key, NOWHERE, token(secret));
        assert_eq!(lines[1..], ["eve < closing Founding", "close eve"], "{secret}");
    }
    // Both get in with the same link; who founds first uses it up, durable or not.
    bench.hello("anna", &anna.key, NOWHERE, token("once"));
    bench.hello("eve", &eve.key, NOWHERE, token("once"));
    bench.commits_at_once = false;
    bench.submit("anna", &[&found(&anna, Bench::relay_id(), 1)]);
    bench.submit("eve", &[&found(&eve, Bench::relay_id(), 2)]);
    let lines = bench.commit();
    assert_eq!(lines[0], "? < entered 0 admitted by founding".replace('?', "anna"));
    assert_eq!(lines[1..], ["eve < refused: no rule lets this person do it"]);
    bench.commits_at_once = true;
    let lines = bench.hello("eve", &eve.key, NOWHERE, token("once"));
    assert_eq!(lines[1..], ["eve < closing Founding", "close eve"]);

    for (charter, is_left) in [(3, true), (4, false)] {
        bench.hello("eve", &eve.key, NOWHERE, token("twice"));
        bench.submit("eve", &[&found(&eve, Bench::relay_id(), charter)]);
        let left = FoundingToken::all(&*bench.store).unwrap();
        assert_eq!(left.iter().any(|token| token.uses_left == Some(1)), is_left);
    }
}

#[test]
fn a_founding_names_this_relay_a_free_document_and_comes_from_its_own_device() {
    let mut bench = Bench::new(Options { founding_is_open: true, ..Options::default() });
    let (anna, eve) = (Person::new(1, "moscow"), Person::new(3, "moscow"));
    let refused = "eve < refused: not a well-formed statement:";
    bench.hello("eve", &eve.key, NOWHERE, token(""));
    let lines = bench.submit("eve", &[&found(&eve, RelayId([1; 32]), 1)]);
    assert_eq!(lines, [format!("{refused} it names another relay")]);
    let lines = bench.submit("eve", &[&found(&anna, Bench::relay_id(), 1)]);
    assert_eq!(lines, [format!("{refused} this session may not submit such a statement")]);
    bench.hello("anna", &anna.key, NOWHERE, token(""));
    bench.submit("anna", &[&found(&anna, Bench::relay_id(), 1)]);
    let lines = bench.submit("eve", &[&found(&eve, Bench::relay_id(), 1)]);
    assert_eq!(lines, [format!("{refused} that document's id is taken")]);
}

#[test]
fn a_founder_who_missed_the_answer_is_told_again_and_let_in() {
    let mut bench = Bench::new(Options { founding_is_open: true, ..Options::default() });
    let anna = Person::new(1, "moscow");
    let statement = found(&anna, Bench::relay_id(), 1);
    bench.hello("anna", &anna.key, NOWHERE, token(""));
    bench.submit("anna", &[&statement]);
    bench.hello("anna", &anna.key, NOWHERE, token(""));
    assert_eq!(bench.submit("anna", &[&statement]), ["anna < entered 0 admitted by founding"]);
    let lines = bench.send("anna", &ClientFrame::Subscribe { known: vec![], live: false });
    assert_eq!(lines.len(), 2);
}
