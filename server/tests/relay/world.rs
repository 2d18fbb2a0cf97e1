//! Devices that speak the relay's protocol, and one that founds a partnership.

use automerge::transaction::Transactable as _;
use automerge::{ROOT, ReadDoc as _};
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::RULES_VERSION;
use entente_shared::rules::Rules;
use entente_shared::statement::*;
use entente_shared::wire::*;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::process::{Relay, SOON};

const T0: u64 = 1_795_539_900_000;

/// A WebSocket without TLS.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a WebSocket.
pub async fn connect(relay: &Relay) -> Socket {
    let url = format!("ws://{}/ws", relay.address);
    timeout(SOON, tokio_tungstenite::connect_async(url)).await.unwrap().unwrap().0
}

/// The next message that is no ping.
pub async fn next(socket: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>) -> Option<Message> {
    loop {
        match timeout(SOON, socket.next()).await.expect("the relay answers") {
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(message)) => return Some(message),
            Some(Err(_)) | None => return None,
        }
    }
}

/// The next frame.
pub async fn next_frame(socket: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>) -> RelayFrame {
    match next(socket).await {
        Some(Message::Binary(bytes)) => RelayFrame::decode(&bytes).unwrap(),
        other => panic!("a frame was expected: {other:?}"),
    }
}

/// Sends a frame.
pub async fn send(socket: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>, frame: &ClientFrame) {
    socket.send(Message::Binary(codec::encode(frame).into())).await.unwrap();
}

/// Answers the challenge; gives the relay's answer.
pub async fn greet(
    socket: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>,
    key: &Key,
    partnership: PartnershipId,
    pass: Pass,
) -> RelayFrame {
    let RelayFrame::Challenge { version, nonce, relay } = next_frame(socket).await else {
        panic!("the relay speaks first");
    };
    let client_nonce = [7; 16];
    let message = hello_message(&nonce, &client_nonce, &partnership, &relay);
    let signature = key.sign(Purpose::Connect, &[&message]);
    let device = key.device();
    let hello = Hello { version, nonce: client_nonce, partnership, device, pass, signature };
    send(socket, &ClientFrame::Hello(hello)).await;
    next_frame(socket).await
}

/// The statement that founds a partnership on the relay with this key.
pub fn found(anna: &Key, relay: RelayId) -> Statement {
    let document = DocumentId::new(T0, [7; 10]);
    let person = PersonId([1; 16]);
    let moscow = PartyId::new("moscow");
    let stored = Rules::standard(&moscow).unwrap().to_stored();
    let rules: Vec<_> = stored.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let team = [
        ("name_ru", "Мороша"),
        ("name_en", "Morosha"),
        ("market", "ru"),
        ("zone", "Europe/Moscow"),
        ("work", "Mon-Fri 10:00-19:00"),
        ("language", "ru"),
    ];
    let lead = [("name", "Anna Orlova"), ("roles", "lead")];
    let person_key = person.to_hex();
    let parts = vec![
        part(anna, document, "parties", 1, Rows::In("parties", "moscow", &team)),
        part(anna, document, "people/moscow", 2, Rows::In("people", &person_key, &lead)),
        part(anna, document, "rules", 3, Rows::Flat("rules", &rules)),
    ];
    let act = Act::Found {
        rules_version: RULES_VERSION,
        relay,
        party: moscow,
        person,
        label: "laptop".into(),
        recovery: Key::from_secret([8; 32]).device(),
    };
    let header = Header {
        version: 1,
        partnership: None,
        document,
        device: anna.device(),
        seen: Seen::default(),
        clock_ms: T0,
        act,
        parts: vec![],
    };
    Statement::sign(anna, header, parts)
}

enum Rows<'a> {
    /// One row with fields, in a map.
    In(&'a str, &'a str, &'a [(&'a str, &'a str)]),
    /// Values in a map.
    Flat(&'a str, &'a [(&'a str, &'a str)]),
}

fn part(key: &Key, document: DocumentId, section: &str, seed: u8, rows: Rows<'_>) -> (SectionId, Payload) {
    let section = SectionId::new(section);
    let genesis = kinds::newest(&KindId::new("charter")).unwrap().genesis(&section).unwrap();
    let mut content = Section::from_genesis(&genesis).unwrap();
    let have: Vec<_> = content.heads().into_iter().map(Into::into).collect();
    let nonce = ActorNonce([seed; 16]);
    content.set_actor(ActorKey::derive(key.device(), document, &section, nonce));
    let doc = content.doc_mut();
    let container = |doc: &automerge::AutoCommit, name| doc.get(ROOT, name).unwrap().unwrap().1;
    let (map, fields) = match rows {
        Rows::In(map, row, fields) => {
            let map = container(doc, map);
            (doc.put_object(&map, row, automerge::ObjType::Map).unwrap(), fields)
        }
        Rows::Flat(map, fields) => (container(doc, map), fields),
    };
    fields.iter().for_each(|(field, value)| doc.put(&map, *field, *value).unwrap());
    doc.commit();
    let changes = doc.get_changes(&have).iter().map(|change| change.raw_bytes().to_vec().into()).collect();
    (section, Payload { salt: [seed; 16], nonce: Some(nonce), changes, text: None })
}

/// Founds a partnership with the link that the relay printed; gives the position of the first entry.
pub async fn found_with_link(relay: &Relay, anna: &Key) -> (PartnershipId, entente_shared::ledger::Position) {
    let (token, key) = crate::process::read_link(relay.founding_link.as_ref().unwrap());
    let mut socket = connect(relay).await;
    let pass = Pass::Founding { token: token.to_vec().into() };
    let welcome = greet(&mut socket, anna, PartnershipId([0; 32]), pass).await;
    assert!(matches!(welcome, RelayFrame::Welcome { access: Access::Founding, .. }), "{welcome:?}");
    let statement = found(anna, RelayId(key));
    send(&mut socket, &ClientFrame::Submit { statements: vec![statement.envelope.clone()] }).await;
    loop {
        if let RelayFrame::Answer { statement: answered, answer } = next_frame(&mut socket).await {
            assert_eq!(answered, statement.id);
            let Answer::Entered { position, .. } = answer else { panic!("refused: {answer:?}") };
            return (statement.partnership(), position);
        }
    }
}
