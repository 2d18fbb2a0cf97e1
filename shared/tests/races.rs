//! Signatures and edits that meet: in whatever order they arrive, nobody has signed what they could
//! not have seen.

mod world;

use automerge::ROOT;
use automerge::transaction::Transactable;
use entente_shared::content::Section;
use entente_shared::crypto::Key;
use entente_shared::document::Outcome;
use entente_shared::judge::Refusal;
use entente_shared::statement::*;
use world::*;

const UNIVERSAL: &str = "universal";
const RULES: &str = r#"
    [[rule]]
    id = "brief-signed"
    on = "brief:universal"
    sign = { all_of = ["*/lead"], locks = true, expires = "90 days" }
"#;

/// Two leads in Moscow and New York, and Pavel, who writes the brief for Anna.
struct Cast {
    world: World,
    paper: Paper,
    anna: Key,
    dana: Key,
    pavel: Key,
}

/// Anna has written the brief, and New York its own part.
fn written() -> Cast {
    let mut world = World::found_with(entente_shared::ledger::RULES_VERSION, RULES);
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let pavel = Key::from_secret([4; 32]);
    world.join(&anna, &pavel, ("moscow", "account-manager", 4));
    let sections = ["market/ru", "market/us", "talk", UNIVERSAL];
    let paper = Paper::create(&mut world, &anna, "brief", &sections);
    let mut cast = Cast { world, paper, anna, dana, pavel };
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    for (by, section) in [(&anna, UNIVERSAL), (&dana, "market/us")] {
        let edit = cast.writes(by, section, "first");
        assert!(!cast.enters(edit).unwrap().entry.verdict.is_held());
    }
    cast
}

impl Cast {
    fn writes(&mut self, by: &Key, section: &str, text: &str) -> Statement {
        self.paper.edit(&self.world, by, section, |doc| doc.put(ROOT, "note", text).unwrap())
    }

    fn enters(&mut self, statement: Statement) -> Result<Outcome, Refusal> {
        self.paper.append(&mut self.world, statement)
    }

    /// A signature under `content`, which is not entered yet.
    fn signs(&self, by: &Key, content: &mut Section) -> Statement {
        let (heads, digest) = (content.heads(), content.digest());
        let item = SignedContent { section: UNIVERSAL.into(), heads, digest };
        self.paper.statement(&self.world, by, Act::Sign { items: vec![item] }, vec![])
    }

    fn signs_what_stands(&mut self, by: &Key) -> Statement {
        let mut content = self.paper.content(UNIVERSAL);
        self.signs(by, &mut content)
    }

    fn stale(&self) -> Refusal {
        Refusal::Stale { section: UNIVERSAL.into() }
    }

    fn signed(&self) -> (usize, bool) {
        let section = self.paper.section(UNIVERSAL);
        (section.signatures.len(), section.locked)
    }
}

#[test]
fn a_signature_meets_an_edit_that_its_signer_has_not_seen() {
    for edit_first in [true, false] {
        let mut cast = written();
        let (anna, pavel) = (cast.anna.clone(), cast.pavel.clone());
        let sign = cast.signs_what_stands(&anna);
        let edit = cast.writes(&pavel, UNIVERSAL, "second");
        if edit_first {
            assert!(!cast.enters(edit).unwrap().entry.verdict.is_held());
            assert_eq!(cast.enters(sign).unwrap_err(), cast.stale());
        } else {
            cast.enters(sign).unwrap();
            assert_eq!(cast.signed(), (1, false));
            assert!(!cast.enters(edit).unwrap().entry.verdict.is_held());
        }
        assert_eq!(cast.signed(), (0, false), "nobody has signed the second text");
        cast.paper.replays(&cast.world);
    }
}

#[test]
fn the_last_signature_meets_an_edit() {
    for edit_first in [true, false] {
        let mut cast = written();
        let (anna, dana, pavel) = (cast.anna.clone(), cast.dana.clone(), cast.pavel.clone());
        let first = cast.signs_what_stands(&anna);
        cast.enters(first).unwrap();
        let last = cast.signs_what_stands(&dana);
        let edit = cast.writes(&pavel, UNIVERSAL, "second");
        if edit_first {
            assert!(!cast.enters(edit).unwrap().entry.verdict.is_held());
            assert_eq!(cast.enters(last).unwrap_err(), cast.stale());
            assert_eq!(cast.signed(), (0, false));
        } else {
            cast.enters(last).unwrap();
            assert!(cast.enters(edit).unwrap().entry.verdict.is_held(), "an amendment by now");
            assert_eq!(cast.signed(), (2, true));
        }
        cast.paper.replays(&cast.world);
    }
}

#[test]
fn without_a_connection_somebody_signs_what_they_have_just_written() {
    for somebody_comes_between in [false, true] {
        let mut cast = written();
        let (anna, pavel) = (cast.anna.clone(), cast.pavel.clone());
        let edit = cast.writes(&anna, UNIVERSAL, "second");
        let mut ahead = cast.paper.content(UNIVERSAL);
        let changes = edit.payloads[0].as_ref().unwrap().change_bytes();
        ahead.apply(changes).unwrap();
        let sign = cast.signs(&anna, &mut ahead);
        let other = cast.writes(&pavel, UNIVERSAL, "another second");
        assert!(!cast.enters(edit).unwrap().entry.verdict.is_held());
        if somebody_comes_between {
            assert!(!cast.enters(other).unwrap().entry.verdict.is_held());
            assert_eq!(cast.enters(sign).unwrap_err(), cast.stale());
            assert_eq!(cast.signed(), (0, false));
        } else {
            cast.enters(sign).unwrap();
            assert_eq!(cast.signed(), (1, false));
            assert!(!cast.enters(other).unwrap().entry.verdict.is_held());
            assert_eq!(cast.signed(), (0, false));
        }
        cast.paper.replays(&cast.world);
    }
}

#[test]
fn a_signature_that_was_sent_twice_stands_once() {
    let mut cast = written();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let sign = cast.signs_what_stands(&anna);
    cast.enters(sign).unwrap();
    // From her other device, or again after a lost answer: the newer statement takes its place.
    let again = cast.signs_what_stands(&anna);
    let newer = again.id;
    cast.enters(again).unwrap();
    let section = cast.paper.section(UNIVERSAL);
    let by: Vec<_> = section.signatures.values().map(|signature| signature.statement).collect();
    assert_eq!((by, section.locked), (vec![newer], false), "one lead's signatures are one");
    let last = cast.signs_what_stands(&dana);
    cast.enters(last).unwrap();
    assert_eq!(cast.signed(), (2, true));
    cast.paper.replays(&cast.world);
}
