//! The frozen bytes: what is signed or hashed must never change its encoding.
//!
//! Each line of `tests/golden/bytes.txt` is a name and hexadecimal bytes. A change here breaks every
//! ledger that was ever written: it needs another header or rules version, not a new golden file.

use entente_shared::attested::*;
use entente_shared::codec::encode;
use entente_shared::content::{Value, content_digest};
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::ledger::*;
use entente_shared::statement::*;
use entente_shared::wire::*;

fn section(name: &str) -> SectionId {
    SectionId::new(name)
}

fn position(seq: u64) -> Position {
    Position { seq, hash: EntryHash([seq as u8; 32]) }
}

fn acts() -> Vec<(&'static str, Act)> {
    let statement = |byte| StatementId([byte; 32]);
    vec![
        (
            "found",
            Act::Found {
                rules_version: 1,
                relay: RelayId([1; 32]),
                party: "moscow".into(),
                person: PersonId([2; 16]),
                label: "laptop".into(),
                recovery: DeviceId([3; 32]),
            },
        ),
        (
            "create",
            Act::Create {
                kind: "matrix".into(),
                schema: 1,
                title: "Кто что делает".into(),
                sections: vec![section("functions"), section("party/moscow")],
            },
        ),
        (
            "invite",
            Act::Invite {
                invite: InviteId([4; 32]),
                party: "newyork".into(),
                person: PersonId([5; 16]),
                expires_ms: 1_795_799_100_000,
            },
        ),
        (
            "enrol",
            Act::Enrol {
                invite: InviteId([4; 32]),
                label: "phone".into(),
                consent: Signature([6; 64]),
                recovery: None,
            },
        ),
        ("enrol-first", {
            let consent = Signature([6; 64]);
            let recovery = Some(DeviceId([7; 32]));
            Act::Enrol { invite: InviteId([4; 32]), label: "phone".into(), consent, recovery }
        }),
        (
            "revoke-device",
            Act::Revoke { target: RevokeTarget::Device { device: DeviceId([8; 32]), lost: true } },
        ),
        ("revoke-person", Act::Revoke { target: RevokeTarget::Person { person: PersonId([9; 16]) } }),
        ("revoke-invite", Act::Revoke { target: RevokeTarget::Invite { invite: InviteId([4; 32]) } }),
        ("edit", Act::Edit { after: vec![], replaces: None }),
        ("edit-after", Act::Edit { after: vec![statement(1), statement(2)], replaces: Some(statement(3)) }),
        (
            "endorse",
            Act::Endorse {
                target: statement(1),
                capacity: Capacity::Decider,
                heads: vec![SectionHeads { section: section("split"), heads: vec![ChangeId([1; 32])] }],
            },
        ),
        ("decline", Act::Decline { target: statement(1), outcome: DeclineOutcome::Declined }),
        ("return", Act::Decline { target: statement(1), outcome: DeclineOutcome::Returned }),
        ("withdraw", Act::Withdraw { target: statement(1) }),
        (
            "sign",
            Act::Sign {
                items: vec![SignedContent {
                    section: section("rules"),
                    heads: vec![ChangeId([1; 32])],
                    digest: ContentDigest([2; 32]),
                }],
            },
        ),
    ]
}

fn header(act: Act) -> Header {
    Header {
        version: HEADER_VERSION,
        partnership: if matches!(act, Act::Found { .. }) { None } else { Some(PartnershipId([17; 32])) },
        document: DocumentId([18; 16]),
        device: DeviceId([19; 32]),
        seen: Seen { document: Some(position(4)), charter: Some(position(23)) },
        clock_ms: 1_795_539_900_000,
        act,
        parts: vec![Part { section: section("split"), payload: PayloadHash([20; 32]) }],
    }
}

fn entry() -> Entry {
    Entry {
        partnership: PartnershipId([17; 32]),
        document: DocumentId([18; 16]),
        seq: 5,
        previous: Some(EntryHash([4; 32])),
        charter: Some(position(23)),
        time_ms: 1_795_539_900_123,
        statement: StatementId([21; 32]),
        verdict: Verdict::Held { rule: "own-column".into() },
        sections: vec![section("party/moscow")],
        state: StateDigest([22; 32]),
        rules_version: 1,
    }
}

fn value() -> Value {
    let rows = [
        ("rate", Value::string("120000 RUB")),
        ("note", Value::Text("Зима без спешки".into())),
        ("rounds", Value::Int(-5)),
        ("links", Value::List(vec![Value::Null, Value::Bool(true), Value::Uint(7)])),
    ];
    Value::Map(rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn golden() -> Vec<(String, Vec<u8>)> {
    let mut lines: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, act) in acts() {
        let bytes = encode(&header(act));
        lines.push((format!("statement-id/{name}"), sha256(&[&bytes]).to_vec()));
        lines.push((format!("header/{name}"), bytes));
    }
    let payload = Payload {
        salt: [1; 16],
        nonce: Some(ActorNonce([2; 16])),
        changes: vec![vec![1, 2, 3].into()],
        text: Some("Разделим по рынкам?".into()),
    };
    lines.push(("payload/changes".into(), payload.seal().0));
    let words = Payload { salt: [1; 16], text: Some("no".into()), ..Payload::default() };
    lines.push(("payload/words".into(), words.seal().0));
    lines.push(("entry".into(), encode(&entry())));
    lines.push(("entry-hash".into(), entry().hash().0.to_vec()));
    let actor =
        ActorKey::derive(DeviceId([19; 32]), DocumentId([18; 16]), &section("split"), ActorNonce([2; 16]));
    lines.push(("actor".into(), actor.0.to_vec()));
    let name = section("rules");
    let signatures = [(SignerId::new("moscow"), StatementId([1; 32]))];
    let leaf = Leaf {
        section: &name,
        generation: 0,
        heads: &[ChangeId([1; 32])],
        holds: &[StatementId([2; 32])],
        signatures: &signatures,
        locked: true,
        approved: None,
        bases: None,
    };
    lines.push(("leaf".into(), leaf.hash().0.to_vec()));
    let approved = Leaf { approved: Some(StatementId([3; 32])), ..leaf.clone() };
    lines.push(("leaf/approved".into(), approved.hash().0.to_vec()));
    let bases =
        [LeafBase { field: "rate".into(), amount: "120000 RUB".into(), statement: StatementId([4; 32]) }];
    let banded = Leaf { bases: Some(&bases), ..leaf.clone() };
    lines.push(("leaf/bases".into(), banded.hash().0.to_vec()));
    let leaves = [context_leaf(&encode(&Some(position(23)))), leaf.hash(), LeafHash([9; 32])];
    lines.push(("state-digest".into(), state_digest(leaves).0.to_vec()));
    let key = Key::from_secret([42; 32]);
    lines.push(("signature/statement".into(), key.sign(Purpose::Statement, &[b"header"]).0.to_vec()));
    lines.push(("signature/enrol".into(), key.sign(Purpose::Enrol, &[b"header"]).0.to_vec()));
    let checkpoint = Checkpoint {
        partnership: PartnershipId([17; 32]),
        document: DocumentId([18; 16]),
        head: position(5),
        time_ms: 1_795_539_900_200,
        incarnation: Incarnation([3; 16]),
    };
    lines.push(("checkpoint".into(), encode(&SignedCheckpoint::sign(&key, checkpoint))));
    lines.push(("content-digest".into(), content_digest(&value()).0.to_vec()));
    let hello = Hello {
        version: PROTOCOL_VERSION,
        nonce: [1; 16],
        partnership: PartnershipId([17; 32]),
        device: DeviceId([19; 32]),
        pass: Pass::Member,
        signature: Signature([6; 64]),
    };
    lines.push(("frame/hello".into(), encode(&ClientFrame::Hello(hello))));
    let attention =
        Attention { document: DocumentId([18; 16]), section: Some(section("split")), shown: true };
    lines.push(("frame/attend".into(), encode(&ClientFrame::Attend { attention: Some(attention) })));
    lines.push(("frame/attend-nothing".into(), encode(&ClientFrame::Attend { attention: None })));
    let others = vec![
        Present { device: DeviceId([19; 32]), section: Some(section("split")) },
        Present { device: DeviceId([20; 32]), section: None },
    ];
    let present = RelayFrame::Present { document: DocumentId([18; 16]), others };
    lines.push(("frame/present".into(), encode(&present)));
    let redaction = Redaction {
        leaves: vec![(section("split"), LeafHash([9; 32]))],
        effective: vec![StatementId([1; 32])],
    };
    lines.push(("redaction".into(), encode(&redaction)));
    lines.push(("frame/ask-attested".into(), encode(&ClientFrame::AskAttested)));
    lines.push(("frame/attested".into(), encode(&RelayFrame::Attested { views: vec![view()] })));
    lines
}

fn view() -> AttestedView {
    let state = LeafState {
        generation: 0,
        heads: vec![ChangeId([1; 32])],
        holds: vec![StatementId([2; 32])],
        signatures: vec![(SignerId::new("moscow"), StatementId([1; 32]))],
        locked: false,
        approved: None,
        bases: None,
    };
    AttestedView {
        entry: encode(&entry()),
        time_ms: 1_795_539_900_200,
        incarnation: Incarnation([3; 16]),
        signature: Signature([6; 64]),
        create: encode(&header(acts().swap_remove(1).1)),
        created: Signature([7; 64]),
        sections: vec![
            (section("party/moscow"), AttestedPart::Hidden { leaf: LeafHash([9; 32]) }),
            (section("split"), AttestedPart::Shown { state, packed: vec![1, 2, 3].into() }),
        ],
    }
}

#[test]
fn frozen_bytes_stay_as_they_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/bytes.txt");
    let lines = golden().into_iter().map(|(name, bytes)| format!("{name} {}\n", hex(&bytes)));
    let now: String = lines.collect();
    let frozen = std::fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os("ENTENTE_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &now).expect("the golden file can be written");
        return;
    }
    for (now, frozen) in now.lines().zip(frozen.lines()) {
        assert_eq!(now, frozen, "frozen bytes changed");
    }
    assert_eq!(now.lines().count(), frozen.lines().count(), "lines were added or removed");
}

#[test]
fn every_header_is_read_back_alike_and_other_encodings_are_refused() {
    use entente_shared::codec::{CodecError, decode};
    for (name, act) in acts() {
        let header = header(act);
        let bytes = encode(&header);
        assert_eq!(decode::<Header>("header", &bytes, 4096).as_ref(), Ok(&header), "{name}");
        // The version 1 written in two bytes instead of one.
        let mut longer = vec![bytes[0], 0x18, 0x01];
        longer.extend_from_slice(&bytes[2..]);
        let read = decode::<Header>("header", &longer, 4096);
        assert_eq!(read, Err(CodecError::NotCanonical { what: "header" }), "{name}");
    }
}
