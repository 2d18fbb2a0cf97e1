//! Versions that ask for approval, and signatures: what the judge says about them.

mod world;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT, ReadDoc};
use entente_shared::content::translation_mark;
use entente_shared::crypto::Key;
use entente_shared::document::Closure;
use entente_shared::ids::*;
use entente_shared::judge::{Refusal, Unready};
use entente_shared::rules::BoundRole;
use entente_shared::statement::*;
use world::*;

const UNIVERSAL: &str = "universal";
const DAY_MS: u64 = 24 * 3_600_000;

const RULES: &str = r#"
    [[rule]]
    id = "brief-approval"
    on = "brief:universal"
    chain = { of = "version", over_budget = "tell both, then moscow/director", stages = [
        { role = "moscow/lead", rounds = 2, answer_within = "2 working days" },
        { role = "newyork/lead", rounds = 1, answer_within = "1 working day" } ] }
    [[rule]]
    id = "brief-signed"
    on = "brief:universal"
    sign = { all_of = ["*/lead"], locks = true, expires = "90 days" }
"#;

/// Anna leads Moscow, Dana New York; Pavel manages accounts in Moscow, Igor directs there.
struct Cast {
    world: World,
    paper: Paper,
    anna: Key,
    dana: Key,
    pavel: Key,
    igor: Key,
}

fn cast() -> Cast {
    cast_under(entente_shared::ledger::RULES_VERSION, RULES)
}

fn cast_under(version: u32, rules: &str) -> Cast {
    let mut world = World::found_with(version, rules);
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let (pavel, igor) = (Key::from_secret([4; 32]), Key::from_secret([5; 32]));
    world.join(&anna, &pavel, ("moscow", "account-manager", 4));
    world.join(&anna, &igor, ("moscow", "lead", 5));
    let row = SectionId::new("people/moscow");
    let director = world.edit(&anna, row.as_str(), |doc| {
        let people = container(doc, "people");
        let (_, igor) = doc.get(&people, PersonId([5; 16]).to_hex()).unwrap().unwrap();
        doc.put(&igor, "roles", "viewer").unwrap();
    });
    assert!(!world.append(director).unwrap().entry.verdict.is_held());
    let paper = Paper::create(&mut world, &anna, "brief", &["market/ru", "market/us", "talk", UNIVERSAL]);
    Cast { world, paper, anna, dana, pavel, igor }
}

/// Writes the brand's goal in both languages, the English as a translation of the Russian.
fn goal(doc: &mut AutoCommit, ru: &str, en: &str) {
    text(doc, "goal", ru, en, &translation_mark(ru));
}

fn text(doc: &mut AutoCommit, field: &str, ru: &str, en: &str, mark: &str) {
    let field = container(doc, field);
    for (lang, text) in [("ru", ru), ("en", en)] {
        let (_, object) = doc.get(&field, lang).unwrap().unwrap();
        let length = doc.length(&object);
        doc.splice_text(&object, 0, length as isize, text).unwrap();
    }
    doc.put(&field, "source", "ru").unwrap();
    doc.put(&field, "translated_from", mark).unwrap();
}

impl Cast {
    fn writes(&mut self, by: &Key, ru: &str, en: &str) -> StatementId {
        let statement = self.paper.edit(&self.world, by, UNIVERSAL, |doc| goal(doc, ru, en));
        let id = statement.id;
        self.paper.append(&mut self.world, statement).unwrap();
        id
    }

    /// Lets New York write something in the document, so that it is not one-sided.
    fn new_york_writes(&mut self) {
        let dana = self.dana.clone();
        let statement = self.paper.edit(&self.world, &dana, "market/us", |doc| {
            doc.put(ROOT, "note", "Mothers in the north").unwrap();
        });
        assert!(!self.paper.append(&mut self.world, statement).unwrap().entry.verdict.is_held());
    }

    fn ask(&mut self, by: &Key, replaces: Option<StatementId>) -> Result<StatementId, Refusal> {
        self.paper.ask(&mut self.world, by, UNIVERSAL, replaces)
    }

    fn endorse(&mut self, by: &Key, target: StatementId) -> Result<bool, Refusal> {
        let outcome = self.paper.endorse(&mut self.world, by, target, UNIVERSAL)?;
        Ok(outcome.effective.contains(&target))
    }

    fn send_back(&mut self, by: &Key, target: StatementId) -> Result<(), Refusal> {
        let act = Act::Decline { target, outcome: DeclineOutcome::Returned };
        self.paper.state(&mut self.world, by, act).map(drop)
    }

    fn sign(&mut self, by: &Key) -> Result<(), Refusal> {
        self.paper.sign(&mut self.world, by, UNIVERSAL).map(drop)
    }

    fn signed(&mut self) {
        let (anna, dana) = (self.anna.clone(), self.dana.clone());
        self.writes(&anna, "Зима без спешки", "An unhurried winter");
        self.new_york_writes();
        self.settle_template();
        self.sign(&anna).unwrap();
        self.sign(&dana).unwrap();
        assert!(self.paper.section(UNIVERSAL).locked);
    }

    /// The template's own texts are current in both languages.
    fn settle_template(&mut self) {}

    fn deciders(&self, target: StatementId) -> Vec<BoundRole> {
        let document = self.paper.follower.document();
        let hold = &document.open_holds()[&target];
        let needs = self.paper.follower.needs(self.world.charter.now(), hold);
        needs.into_iter().flat_map(|need| need.who).collect()
    }
}

fn role(party: &str, role: &str) -> BoundRole {
    BoundRole::Party(party.into(), role.into())
}

#[test]
fn a_version_goes_through_its_stages_one_after_the_other() {
    let mut cast = cast();
    let (anna, dana, pavel) = (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone());
    cast.writes(&pavel, "Зима без спешки", "An unhurried winter");
    let version = cast.ask(&pavel, None).unwrap();
    assert_eq!(cast.deciders(version), [role("moscow", "lead")]);
    assert!(matches!(cast.endorse(&dana, version), Err(Refusal::NotAllowed { .. })), "Moscow comes first");
    assert!(!cast.endorse(&anna, version).unwrap());
    assert_eq!(cast.deciders(version), [role("newyork", "lead")]);
    assert!(matches!(cast.endorse(&anna, version), Err(Refusal::NotAllowed { .. })), "Anna had her say");
    assert!(cast.endorse(&dana, version).unwrap());
    let approved = cast.paper.section(UNIVERSAL).approved.clone().unwrap();
    assert_eq!((approved.ask, approved.heads), (version, cast.paper.version(UNIVERSAL).heads));
    cast.paper.replays(&cast.world);
}

#[test]
fn one_version_waits_at_a_time_and_it_is_the_present_one() {
    let mut cast = cast();
    let (anna, dana, pavel) = (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone());
    let before = cast.paper.version(UNIVERSAL);
    cast.writes(&pavel, "Зима", "Winter");
    let asks = |cast: &mut Cast, version| {
        let words = Payload { salt: [77; 16], ..Payload::default() };
        let act = Act::Ask { version, replaces: None, due_ms: None };
        let statement = cast.paper.statement(&cast.world, &pavel, act, vec![(UNIVERSAL.into(), words)]);
        cast.paper.append(&mut cast.world, statement)
    };
    assert!(matches!(asks(&mut cast, before), Err(Refusal::Stale { .. })));
    assert!(matches!(cast.ask(&dana, None), Err(Refusal::NotAllowed { .. })), "who writes it asks");
    let version = cast.ask(&pavel, None).unwrap();
    assert_eq!(cast.ask(&anna, None), Err(Refusal::AlreadyAsked { target: version }));

    // Typing goes on; what is approved is the version that was asked about.
    let asked = cast.paper.version(UNIVERSAL);
    cast.writes(&pavel, "Зима без спешки", "An unhurried winter");
    assert!(matches!(cast.endorse(&anna, version), Err(Refusal::Stale { .. })), "another version");
    for lead in [&anna, &dana] {
        let endorse =
            Act::Endorse { target: version, capacity: Capacity::Decider, heads: vec![asked.clone()] };
        cast.paper.state(&mut cast.world, lead, endorse).unwrap();
    }
    let section = cast.paper.section(UNIVERSAL);
    assert_eq!(section.approved.as_ref().unwrap().heads, asked.heads);
    assert_ne!(section.index.heads(), asked.heads);
    cast.paper.replays(&cast.world);
}

#[test]
fn rounds_are_counted_and_beyond_the_budget_another_role_decides() {
    let mut cast = cast();
    let (anna, dana, pavel, igor) =
        (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone(), cast.igor.clone());
    cast.writes(&pavel, "Зима", "Winter");
    let first = cast.ask(&pavel, None).unwrap();
    assert!(matches!(cast.send_back(&dana, first), Err(Refusal::NotAllowed { .. })), "not her stage yet");
    cast.endorse(&anna, first).unwrap();
    cast.send_back(&dana, first).unwrap();
    assert!(matches!(
        cast.paper.follower.document().closures()[&first],
        Closure::Declined { outcome: DeclineOutcome::Returned, .. }
    ));

    // New York's one round is used up; nobody directs in Moscow, so New York's lead still decides.
    cast.writes(&pavel, "Зима без спешки", "An unhurried winter");
    let second = cast.ask(&pavel, Some(first)).unwrap();
    assert!(!cast.endorse(&anna, second).unwrap(), "Moscow sees the new version first");
    assert_eq!(cast.deciders(second), [role("newyork", "lead")]);

    // Once somebody does, it goes to them.
    let promote = cast.world.edit(&anna, "rules", |doc| {
        let rules = container(doc, "rules");
        let (people, _) = doc.get(&rules, "people").unwrap().unwrap();
        let more = people.as_str().unwrap().replace("\"viewer\"]", "\"viewer\",\"director\"]");
        doc.put(&rules, "people", more).unwrap();
    });
    let target = promote.id;
    assert!(cast.world.append(promote).unwrap().entry.verdict.is_held());
    let endorse = Act::Endorse { target, capacity: Capacity::Decider, heads: vec![] };
    let agreed = cast.world.statement(&dana, endorse, vec![]);
    cast.world.append(agreed).unwrap();
    let direct = cast.world.edit(&anna, "people/moscow", |doc| {
        let people = container(doc, "people");
        let (_, igor) = doc.get(&people, PersonId([5; 16]).to_hex()).unwrap().unwrap();
        doc.put(&igor, "roles", "director").unwrap();
    });
    assert!(!cast.world.append(direct).unwrap().entry.verdict.is_held());
    assert_eq!(cast.deciders(second), [role("moscow", "director")]);
    assert!(matches!(cast.endorse(&dana, second), Err(Refusal::NotAllowed { .. })));
    assert!(cast.endorse(&igor, second).unwrap());
    assert!(cast.paper.follower.document().rounds(&UNIVERSAL.into()).is_empty(), "a new count begins");
    cast.paper.replays(&cast.world);
}

#[test]
fn who_decides_a_stage_approves_an_own_version_there_and_only_there() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    cast.writes(&anna, "Зима", "Winter");
    let version = cast.ask(&anna, None).unwrap();
    assert!(!cast.endorse(&anna, version).unwrap());
    assert_eq!(cast.endorse(&anna, version), Err(Refusal::OwnSuggestion));
    assert!(cast.endorse(&dana, version).unwrap());
    cast.paper.replays(&cast.world);
}

#[test]
fn a_section_is_signed_when_nothing_in_it_is_open() {
    let mut cast = cast();
    let (anna, dana, pavel) = (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone());
    cast.writes(&anna, "Зима без спешки", "An unhurried winter");
    let reasons = |refused: Result<(), Refusal>| match refused {
        Err(Refusal::NotReady { reasons, .. }) => reasons,
        other => panic!("{other:?}"),
    };
    let one_sided = reasons(cast.sign(&anna));
    assert!(one_sided.contains(&Unready::OneSided { party: "newyork".into() }), "{one_sided:?}");
    cast.new_york_writes();

    // A translation that is older than its source, and one that is missing.
    let statement =
        cast.paper.edit(&cast.world, &anna, UNIVERSAL, |doc| text(doc, "goal", "Зима", "Winter", "old"));
    cast.paper.append(&mut cast.world, statement).unwrap();
    let old = reasons(cast.sign(&anna));
    assert!(old.iter().any(|reason| matches!(reason, Unready::OldTranslation { .. })), "{old:?}");
    let statement = cast.paper.edit(&cast.world, &anna, UNIVERSAL, |doc| goal(doc, "Зима", ""));
    cast.paper.append(&mut cast.world, statement).unwrap();
    let missing = reasons(cast.sign(&anna));
    assert!(missing.iter().any(|reason| matches!(reason, Unready::Untranslated { .. })), "{missing:?}");
    cast.writes(&anna, "Зима", "Winter");

    // Two values.
    let base = cast.paper.content(UNIVERSAL);
    for (by, metric) in [(&anna, "reach"), (&pavel, "conversion")] {
        let statement = cast.paper.edit_on(&cast.world, by, UNIVERSAL, &base, |doc| {
            doc.put(ROOT, "primary_metric", metric).unwrap();
        });
        cast.paper.append(&mut cast.world, statement).unwrap();
    }
    let two = reasons(cast.sign(&anna));
    assert!(two.iter().any(|reason| matches!(reason, Unready::TwoValues { .. })), "{two:?}");
    let statement = cast.paper.edit(&cast.world, &anna, UNIVERSAL, |doc| {
        doc.put(ROOT, "primary_metric", "reach").unwrap();
    });
    cast.paper.append(&mut cast.world, statement).unwrap();

    // A suggestion that waits.
    let suggestion = cast.paper.edit(&cast.world, &dana, UNIVERSAL, |doc| {
        doc.put(ROOT, "primary_metric", "sales").unwrap();
    });
    let hold = suggestion.id;
    assert!(cast.paper.append(&mut cast.world, suggestion).unwrap().entry.verdict.is_held());
    assert_eq!(reasons(cast.sign(&anna)), [Unready::Waiting { hold }]);
    let decline = Act::Decline { target: hold, outcome: DeclineOutcome::Declined };
    cast.paper.state(&mut cast.world, &anna, decline).unwrap();

    assert!(matches!(cast.sign(&pavel), Err(Refusal::NotAllowed { .. })), "the leads sign");
    cast.sign(&anna).unwrap();
    assert!(!cast.paper.section(UNIVERSAL).locked, "signed 1 of 2");

    // Typing after one signature ends it; both sign again, and the section is locked.
    cast.writes(&pavel, "Зима без спешки", "An unhurried winter");
    assert!(cast.paper.section(UNIVERSAL).signatures.is_empty());
    cast.sign(&dana).unwrap();
    cast.sign(&anna).unwrap();
    assert!(cast.paper.section(UNIVERSAL).locked);
    cast.paper.replays(&cast.world);
}

#[test]
fn a_signature_names_the_content_that_stands() {
    let mut cast = cast();
    let (anna, pavel) = (cast.anna.clone(), cast.pavel.clone());
    cast.writes(&anna, "Зима", "Winter");
    cast.new_york_writes();
    let mut content = cast.paper.content(UNIVERSAL);
    let item = SignedContent { section: UNIVERSAL.into(), heads: content.heads(), digest: content.digest() };
    let other = SignedContent { digest: ContentDigest([7; 32]), ..item.clone() };
    let sign = |cast: &mut Cast, item: &SignedContent| {
        cast.paper.state(&mut cast.world, &anna, Act::Sign { items: vec![item.clone()] }).map(drop)
    };
    let stale = Err(Refusal::Stale { section: UNIVERSAL.into() });
    assert_eq!(sign(&mut cast, &other), stale, "another digest");
    cast.writes(&pavel, "Лето", "Summer");
    assert_eq!(sign(&mut cast, &item), stale, "the heads moved");
}

#[test]
fn signed_text_changes_only_with_everybody_who_signed() {
    let mut cast = cast();
    cast.signed();
    let (anna, dana, pavel) = (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone());
    let base = cast.paper.content(UNIVERSAL);

    // Pavel could write here; now both leads have to agree.
    let first = cast.paper.edit(&cast.world, &pavel, UNIVERSAL, |doc| goal(doc, "Весна", "Spring"));
    let second = cast.paper.edit_on(&cast.world, &anna, UNIVERSAL, &base, |doc| {
        doc.put(ROOT, "primary_metric", "reach").unwrap();
    });
    let (pavels, annas) = (first.id, second.id);
    for statement in [first, second] {
        assert!(cast.paper.append(&mut cast.world, statement).unwrap().entry.verdict.is_held());
    }
    assert_eq!(cast.deciders(pavels), [role("moscow", "lead"), role("newyork", "lead")]);
    assert_eq!(cast.deciders(annas), [role("newyork", "lead")], "Anna agreed by writing it");

    // Dana agrees to both; Pavel's waits for Anna, Anna's is in effect and signed.
    assert!(!cast.endorse(&dana, pavels).unwrap());
    assert!(cast.endorse(&dana, annas).unwrap());
    let section = cast.paper.section(UNIVERSAL);
    assert!(section.locked);
    let signed_by: Vec<_> = section.signatures.values().map(|signature| signature.statement).collect();
    assert!(signed_by.contains(&annas), "Anna's signature is her amendment");

    // The text has moved since Dana agreed to Pavel's: she looks again.
    assert!(!cast.endorse(&anna, pavels).unwrap());
    assert_eq!(cast.deciders(pavels), [role("newyork", "lead")]);
    assert!(cast.endorse(&dana, pavels).unwrap());
    assert!(cast.paper.section(UNIVERSAL).locked);
    cast.paper.replays(&cast.world);
}

#[test]
fn an_amendment_written_before_another_came_into_effect_is_agreed_to_anew_by_its_author() {
    let mut cast = cast();
    cast.signed();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let base = cast.paper.content(UNIVERSAL);
    let write = |cast: &mut Cast, by: &Key, field: &str| {
        let statement = cast.paper.edit_on(&cast.world, by, UNIVERSAL, &base, |doc| {
            doc.put(ROOT, field, "x").unwrap();
        });
        let id = statement.id;
        assert!(cast.paper.append(&mut cast.world, statement).unwrap().entry.verdict.is_held());
        id
    };
    let (annas, danas) = (write(&mut cast, &anna, "a"), write(&mut cast, &dana, "b"));
    assert!(cast.endorse(&dana, annas).unwrap());
    assert_eq!(cast.deciders(danas), [role("moscow", "lead"), role("newyork", "lead")]);
    assert!(!cast.endorse(&anna, danas).unwrap());
    assert!(cast.endorse(&dana, danas).unwrap(), "Dana has seen what Anna's did");
    assert!(cast.paper.section(UNIVERSAL).locked);
    cast.paper.replays(&cast.world);
}

#[test]
fn signatures_lapse_and_the_section_is_open_again() {
    let mut cast = cast();
    cast.signed();
    let pavel = cast.pavel.clone();
    cast.world.now += 90 * DAY_MS;
    let statement = cast.paper.edit(&cast.world, &pavel, UNIVERSAL, |doc| goal(doc, "Весна", "Spring"));
    assert!(!cast.paper.append(&mut cast.world, statement).unwrap().entry.verdict.is_held());
    let section = cast.paper.section(UNIVERSAL);
    assert!(section.signatures.is_empty() && !section.locked);
    cast.paper.replays(&cast.world);
}

#[test]
fn version_one_signs_nothing_but_the_ground_rules_until_it_is_raised() {
    let mut cast = cast_under(1, "");
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    cast.writes(&anna, "Зима", "Winter");
    cast.new_york_writes();
    assert!(matches!(cast.sign(&anna), Err(Refusal::Unknown { .. })));
    assert!(matches!(cast.ask(&anna, None), Err(Refusal::Unknown { .. })));

    let signed = entente_shared::rules::Rules::from_toml(RULES).unwrap().to_stored();
    let raise = |version: i64| {
        let signed = signed.clone();
        move |doc: &mut AutoCommit| {
            let rules = container(doc, "rules");
            signed.iter().for_each(|(id, text)| doc.put(&rules, id.as_str(), text.as_str()).unwrap());
            doc.put(ROOT, "version", version).unwrap();
        }
    };
    let beyond = cast.world.edit(&anna, "rules", |doc| {
        doc.put(ROOT, "version", 99).unwrap();
    });
    assert_eq!(cast.world.append(beyond).unwrap_err(), Refusal::RulesVersion { version: 99 });
    let raised = cast.world.edit(&anna, "rules", raise(2));
    let target = raised.id;
    let outcome = cast.world.append(raised).unwrap();
    assert!(outcome.entry.verdict.is_held() && outcome.entry.rules_version == 1);
    let endorse = Act::Endorse { target, capacity: Capacity::Decider, heads: vec![] };
    let agreed = cast.world.statement(&dana, endorse, vec![]);
    let outcome = cast.world.append(agreed).unwrap();
    assert_eq!((outcome.entry.rules_version, cast.world.charter.now().rules_version), (2, 2));

    let back = cast.world.edit(&anna, "rules", |doc| {
        doc.delete(ROOT, "version").unwrap();
    });
    assert!(matches!(cast.world.append(back), Err(Refusal::Charter { .. })), "never back");
    cast.sign(&anna).unwrap();
    cast.sign(&dana).unwrap();
    assert!(cast.paper.section(UNIVERSAL).locked);
    cast.paper.replays(&cast.world);
}

#[test]
fn who_must_sign_is_fixed_when_all_have() {
    let mut cast = cast();
    cast.signed();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let more = cast.world.edit(&anna, "rules", |doc| {
        let rules = container(doc, "rules");
        let stored = r#"{"on":["brief:universal"],"sign":{"all_of":["*/lead","moscow/legal"],"locks":true}}"#;
        doc.put(&rules, "brief-signed", stored).unwrap();
    });
    let target = more.id;
    cast.world.append(more).unwrap();
    let endorse = Act::Endorse { target, capacity: Capacity::Decider, heads: vec![] };
    let agreed = cast.world.statement(&dana, endorse, vec![]);
    cast.world.append(agreed).unwrap();
    let statement = cast.paper.edit(&cast.world, &anna, UNIVERSAL, |doc| goal(doc, "Весна", "Spring"));
    let amendment = statement.id;
    cast.paper.append(&mut cast.world, statement).unwrap();
    assert_eq!(cast.deciders(amendment), [role("newyork", "lead")]);
    assert!(cast.endorse(&dana, amendment).unwrap());
    assert!(cast.paper.section(UNIVERSAL).locked);
    cast.paper.replays(&cast.world);
}
