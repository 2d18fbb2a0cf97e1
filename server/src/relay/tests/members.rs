use entente_shared::crypto::Key;
use entente_shared::statement::{Act, RevokeTarget};
use entente_shared::wire::{ClientFrame, Pass};

use super::story;
use crate::testing::{Mirror, Person};

#[test]
fn an_invited_device_reads_the_charter_enrols_and_is_a_member() {
    let mut story = story();
    let (boris, invite) = (Person::new(3, "newyork"), Key::from_secret([33; 32]));
    let statement = story.anna.invite(&story.annas, &boris, "viewer", &invite);
    let lines = story.submit("anna", &statement);
    assert_eq!(lines[3], "anna < entered 5 held by people", "the other team's lead decides on its people");
    let statement = story.dana.invite(&story.danas, &boris, "viewer", &invite);
    story.submit("dana", &statement);

    let partnership = story.annas.partnership();
    let lines = story.bench.hello_invited("boris", &boris.key, partnership, &invite);
    assert_eq!(lines, ["boris < challenge", "boris < welcome invited"]);
    let mut his = Mirror::default();
    let lines = story.bench.subscribe("boris", &his);
    assert_eq!(lines, ["boris < entries charter 0 1 2 3 4 5 6", "boris < heads charter 6"]);
    story.bench.follow("boris", &mut his).unwrap();
    let refused = "boris < refused: not a well-formed statement:";
    let note = boris.note(&story.annas, story.matrix, "talk", 1);
    assert_eq!(
        story.bench.submit("boris", &[&note]),
        [format!("{refused} this session may not submit such a statement")]
    );
    let enrol = boris.enrol(&his, &invite);
    assert_eq!(
        story.submit("boris", &enrol),
        [
            "commit charter 7",
            "anna < entries charter 7",
            "dana < entries charter 7",
            "boris < entries charter 7",
            "boris < entered 7 admitted by invitation",
        ]
    );
    story.bench.follow("boris", &mut his).unwrap();
    assert_eq!(
        story.bench.subscribe("boris", &his),
        ["boris < entries matrix 0", "boris < heads charter 7, matrix 0"]
    );
    // Whoever missed the answer comes with the invitation again, and is a member.
    let lines = story.bench.hello_invited("tab", &boris.key, partnership, &invite);
    assert_eq!(lines[1], "tab < welcome member");
    let eve = Person::new(9, "newyork");
    let lines = story.bench.hello_invited("eve", &eve.key, partnership, &invite);
    assert_eq!(lines[1..], ["eve < closing Invitation", "close eve"]);
}

#[test]
fn an_invitation_needs_its_secret_and_ends_with_its_time() {
    let mut story = story();
    let (boris, invite) = (Person::new(3, "moscow"), Key::from_secret([33; 32]));
    let statement = story.anna.invite(&story.annas, &boris, "viewer", &invite);
    story.submit("anna", &statement);
    let partnership = story.annas.partnership();
    let pass = Pass::Invited { invite: invite.invite(), signature: entente_shared::ids::Signature([0; 64]) };
    let lines = story.bench.hello("eve", &boris.key, partnership, pass);
    assert_eq!(lines[1..], ["eve < closing Signature", "close eve"]);
    story.bench.now_ms += 3_700_000;
    let lines = story.bench.hello_invited("boris", &boris.key, partnership, &invite);
    assert_eq!(lines[1..], ["boris < closing Invitation", "close boris"]);
}

#[test]
fn an_invitation_that_is_taken_back_closes_its_session() {
    let mut story = story();
    let (boris, invite) = (Person::new(3, "moscow"), Key::from_secret([33; 32]));
    let statement = story.anna.invite(&story.annas, &boris, "viewer", &invite);
    story.submit("anna", &statement);
    story.bench.hello_invited("boris", &boris.key, story.annas.partnership(), &invite);
    let target = RevokeTarget::Invite { invite: invite.invite() };
    let revoke = story.anna.state(&story.annas, story.annas.charter_id(), Act::Revoke { target });
    let lines = story.submit("anna", &revoke);
    assert_eq!(lines[3..5], ["boris < closing Invitation", "close boris"]);
}

#[test]
fn a_revocation_closes_sockets_at_once_and_leaves_a_place_to_deposit() {
    let mut story = story();
    let boris = Person::new(3, "moscow");
    story.admit("boris", &boris, "account-manager");
    let mut his = Mirror::default();
    story.bench.subscribe("boris", &his);
    story.bench.follow("boris", &mut his).unwrap();
    let unsent = boris.note(&his, story.matrix, "party/moscow", 1);
    let charter = story.annas.charter_id();
    let target = RevokeTarget::Device { device: boris.key.device(), lost: false };
    let revoke = story.anna.state(&story.annas, charter, Act::Revoke { target });
    assert_eq!(
        story.submit("anna", &revoke),
        [
            "commit charter 7",
            "anna < entries charter 7",
            "dana < entries charter 7",
            "boris < entries charter 7",
            "boris < closing Revoked",
            "close boris",
            "anna < entered 7 admitted by people",
        ]
    );
    let partnership = story.annas.partnership();
    let lines = story.bench.hello("boris", &boris.key, partnership, Pass::Member);
    assert_eq!(lines[1..], ["boris < welcome deposit"]);
    // What he wrote when he could is held, and he is told so; he reads nothing else.
    assert_eq!(
        story.submit("boris", &unsent),
        [
            "commit matrix 1",
            "anna < entries matrix 1",
            "dana < entries matrix 1",
            "boris < entered 1 held by own-column",
        ]
    );
    let foreign = story.anna.note(&story.annas, story.matrix, "party/moscow", 2);
    let lines = story.bench.submit("boris", &[&foreign]);
    assert!(lines[0].starts_with("boris < refused: not a well-formed statement"), "{lines:?}");
    let lines = story.bench.send("boris", &ClientFrame::Subscribe { known: vec![], live: true });
    assert_eq!(lines, ["boris < closing Protocol { detail: \"this session reads nothing\" }", "close boris"]);

    let target = RevokeTarget::Device { device: boris.key.device(), lost: true };
    let revoke = story.anna.state(&story.annas, charter, Act::Revoke { target });
    story.bench.hello("boris", &boris.key, partnership, Pass::Member);
    let lines = story.submit("anna", &revoke);
    assert_eq!(lines[3..5], ["boris < closing Revoked", "close boris"]);
    let lines = story.bench.hello("boris", &boris.key, partnership, Pass::Member);
    assert_eq!(lines[1..], ["boris < closing Revoked", "close boris"]);
}

#[test]
fn a_recovery_key_reads_the_charter_and_invites() {
    let mut story = story();
    let key = Key::from_secret([201; 32]);
    let partnership = story.annas.partnership();
    let lines = story.bench.hello("recovery", &key, partnership, Pass::Member);
    assert_eq!(lines[1], "recovery < welcome invited");
    let (boris, invite) = (Person::new(3, "moscow"), Key::from_secret([33; 32]));
    let printed = Person { key, ..boris.clone() };
    let statement = printed.invite(&story.annas, &boris, "lead", &invite);
    let lines = story.submit("recovery", &statement);
    assert_eq!(lines.last().unwrap(), "recovery < entered 5 admitted by recovery");
}
