//! Values that move within a band: what the judge says about them.

mod world;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ScalarValue};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::*;
use proptest::prelude::*;
use world::*;

const OFFER: &str = "offer/ru";

/// Anna leads Moscow, Pavel and Mila manage accounts there; Dana leads New York.
struct Cast {
    world: World,
    paper: Paper,
    anna: Key,
    dana: Key,
    pavel: Key,
    mila: Key,
}

fn cast() -> Cast {
    let mut world = World::found();
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let (pavel, mila) = (Key::from_secret([4; 32]), Key::from_secret([5; 32]));
    world.join(&anna, &pavel, ("moscow", "account-manager", 4));
    world.join(&anna, &mila, ("moscow", "account-manager", 5));
    let paper = Paper::create(&mut world, &pavel, "terms", &["contract/ru", OFFER, "talk"]);
    Cast { world, paper, anna, dana, pavel, mila }
}

fn rate(text: &str) -> impl FnOnce(&mut AutoCommit) {
    let text = text.to_owned();
    move |doc| doc.put(ROOT, "rate", text).unwrap()
}

impl Cast {
    /// Writes an edit; tells whose statement it is, and whether it waits.
    fn does(&mut self, by: &Key, edit: impl FnOnce(&mut AutoCommit)) -> (StatementId, bool) {
        let statement = self.paper.edit(&self.world, by, OFFER, edit);
        self.enters(statement)
    }

    fn enters(&mut self, statement: Statement) -> (StatementId, bool) {
        let id = statement.id;
        let outcome = self.paper.append(&mut self.world, statement).unwrap();
        (id, outcome.entry.verdict.is_held())
    }

    fn puts(&mut self, by: &Key, text: &str) -> (StatementId, bool) {
        self.does(by, rate(text))
    }

    fn endorse(&mut self, by: &Key, target: StatementId) -> Result<bool, Refusal> {
        let outcome = self.paper.endorse(&mut self.world, by, target, OFFER)?;
        Ok(outcome.effective.contains(&target))
    }

    fn overrides(&mut self, by: &Key, target: StatementId, why: Option<&str>) -> Result<bool, Refusal> {
        let heads = vec![self.paper.version(OFFER)];
        let act = Act::Endorse { target, capacity: Capacity::Override, heads };
        let words = why.map(|why| Payload { salt: [9; 16], text: Some(why.into()), ..Payload::default() });
        let parts = words.into_iter().map(|words| (OFFER.into(), words)).collect();
        let statement = self.paper.statement(&self.world, by, act, parts);
        let outcome = self.paper.append(&mut self.world, statement)?;
        Ok(outcome.effective.contains(&target))
    }

    /// Lets Pavel propose a first rate, and Anna agree to it.
    fn agreed(&mut self, text: &str) {
        let (anna, pavel) = (self.anna.clone(), self.pavel.clone());
        let (id, waits) = self.puts(&pavel, text);
        assert!(waits && self.endorse(&anna, id).unwrap());
    }

    fn base(&self) -> Option<String> {
        self.paper.section(OFFER).bases.first().map(|base| base.amount.to_string())
    }

    fn stands(&mut self) -> Option<String> {
        let value = self.paper.content(OFFER).value();
        value.get("rate").and_then(|rate| rate.as_str()).map(str::to_owned)
    }
}

#[test]
fn a_rate_moves_within_its_band_and_waits_beyond_it() {
    let mut cast = cast();
    let (anna, dana, pavel, mila) =
        (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone(), cast.mila.clone());
    let (first, waits) = cast.puts(&pavel, "120000 RUB");
    assert!(waits, "nothing was agreed yet");
    assert_eq!(cast.endorse(&pavel, first), Err(Refusal::OwnSuggestion));
    assert!(matches!(cast.endorse(&mila, first), Err(Refusal::NotAllowed { .. })));
    assert!(matches!(cast.endorse(&dana, first), Err(Refusal::NotAllowed { .. })));
    assert!(cast.endorse(&anna, first).unwrap());
    assert_eq!(cast.base().as_deref(), Some("120000 RUB"));

    // Inside, it stands; each time it is measured from what was agreed.
    for text in ["132000 RUB", "138000 RUB", "102000 RUB"] {
        assert!(!cast.puts(&pavel, text).1, "{text}");
    }
    assert_eq!(cast.base().as_deref(), Some("120000 RUB"));
    for text in ["138001 RUB", "101999 RUB", "120000 USD", "0132000 RUB", "much"] {
        assert!(cast.puts(&pavel, text).1, "{text}");
    }
    assert!(cast.puts(&anna, "150000 RUB").1, "beyond it a lead writes to somebody else, or answers for it");

    // A suggestion of somebody else moves the base once the lead agrees.
    let (other, waits) = cast.puts(&dana, "130000 RUB");
    assert!(waits && cast.endorse(&anna, other).unwrap());
    assert_eq!(cast.base().as_deref(), Some("130000 RUB"));
    cast.paper.replays(&cast.world);
}

#[test]
fn two_people_who_move_it_at_the_same_time_stay_within_it_together() {
    let mut cast = cast();
    let (pavel, mila) = (cast.pavel.clone(), cast.mila.clone());
    cast.agreed("100000 RUB");
    let base = cast.paper.content(OFFER);
    for by in [&pavel, &mila] {
        let statement = cast.paper.edit_on(&cast.world, by, OFFER, &base, rate("110000 RUB"));
        assert!(!cast.enters(statement).1);
    }
    assert_eq!(cast.stands().as_deref(), Some("110000 RUB"), "not 121000");
    // Nor one after the other.
    assert!(cast.puts(&pavel, "121000 RUB").1);
    cast.paper.replays(&cast.world);
}

#[test]
fn every_other_way_to_a_value_waits() {
    type Way = (&'static str, fn(&mut AutoCommit));
    let ways: [Way; 6] = [
        ("deleted", |doc| doc.delete(ROOT, "rate").unwrap()),
        ("deleted and put again", |doc| {
            doc.delete(ROOT, "rate").unwrap();
            doc.put(ROOT, "rate", "100000 RUB").unwrap();
        }),
        ("a counter", |doc| doc.put(ROOT, "rate", ScalarValue::counter(100_000)).unwrap()),
        ("a text", |doc| drop(doc.put_object(ROOT, "rate", ObjType::Text).unwrap())),
        ("a map", |doc| drop(doc.put_object(ROOT, "rate", ObjType::Map).unwrap())),
        ("put beyond it and back, so that the last value is inside", |doc| {
            doc.put(ROOT, "rate", "900000 RUB").unwrap();
            doc.commit();
            doc.put(ROOT, "rate", "100000 RUB").unwrap();
        }),
    ];
    for (way, edit) in ways {
        let mut cast = cast();
        let pavel = cast.pavel.clone();
        cast.agreed("100000 RUB");
        assert!(cast.does(&pavel, edit).1, "{way}");
        assert_eq!(cast.stands().as_deref(), Some("100000 RUB"), "{way}");
        cast.paper.replays(&cast.world);
    }
}

#[test]
fn what_is_deleted_with_agreement_comes_back_with_agreement() {
    let mut cast = cast();
    let (anna, pavel) = (cast.anna.clone(), cast.pavel.clone());
    cast.agreed("100000 RUB");
    let (gone, waits) = cast.does(&pavel, |doc| doc.delete(ROOT, "rate").unwrap());
    assert!(waits && cast.endorse(&anna, gone).unwrap());
    assert_eq!((cast.base(), cast.stands()), (None, None));
    assert!(cast.puts(&pavel, "100000 RUB").1, "there is nothing to measure it from");
    cast.paper.replays(&cast.world);
}

#[test]
fn whoever_goes_beyond_a_band_says_why_and_leaves_it_where_it_was() {
    let mut cast = cast();
    let (anna, dana, pavel, mila) =
        (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone(), cast.mila.clone());
    cast.agreed("100000 RUB");
    let (far, waits) = cast.puts(&pavel, "150000 RUB");
    assert!(waits);
    for why in [None, Some("  ")] {
        assert!(matches!(cast.overrides(&pavel, far, why), Err(Refusal::Malformed { .. })));
    }
    assert!(matches!(cast.overrides(&dana, far, Some("why not")), Err(Refusal::NotAllowed { .. })));
    assert!(cast.overrides(&pavel, far, Some("the launch moved to December")).unwrap());
    assert_eq!(cast.stands().as_deref(), Some("150000 RUB"));
    assert_eq!(cast.base().as_deref(), Some("100000 RUB"), "nobody agreed to it");
    assert!(cast.puts(&mila, "151000 RUB").1);

    // The lead answers for an own change, and who decides beyond the band agrees by that.
    let (own, waits) = cast.puts(&anna, "200000 RUB");
    assert!(waits);
    assert_eq!(cast.endorse(&anna, own), Err(Refusal::OwnSuggestion));
    assert!(cast.overrides(&anna, own, Some("agreed by telephone")).unwrap());
    assert_eq!(cast.base().as_deref(), Some("200000 RUB"));

    // Only what goes beyond a band is answered for so.
    let (note, waits) = cast.does(&dana, |doc| doc.put(ROOT, "creator", "Lena").unwrap());
    assert!(waits);
    assert!(matches!(cast.overrides(&pavel, note, Some("hurry")), Err(Refusal::NotAllowed { .. })));
    cast.paper.replays(&cast.world);
}

#[test]
fn who_agrees_can_set_another_value_on_top() {
    let mut cast = cast();
    let (anna, pavel) = (cast.anna.clone(), cast.pavel.clone());
    cast.agreed("100000 RUB");
    let (far, _) = cast.puts(&pavel, "300000 RUB");
    let base = cast.paper.content(OFFER);
    let heads = vec![cast.paper.version(OFFER)];
    let on_top = payload(&anna, cast.paper.id, &OFFER.into(), &base, 99, rate("200000 RUB"));
    let act = Act::Endorse { target: far, capacity: Capacity::Decider, heads };
    let statement = cast.paper.statement(&cast.world, &anna, act, vec![(OFFER.into(), on_top)]);
    cast.paper.append(&mut cast.world, statement).unwrap();
    assert_eq!(cast.base().as_deref(), Some("200000 RUB"));
    cast.paper.replays(&cast.world);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_interleaving_leaves_a_value_outside_its_band_without_agreement(
        choices in proptest::collection::vec(any::<u8>(), 0..220),
        basis_points in prop::sample::select(vec![25_u32, 750, 1_500, 10_000]),
    ) {
        let walked = banded::walk(&choices, basis_points);
        prop_assert!(walked.is_ok(), "{:?}", walked);
    }
}
