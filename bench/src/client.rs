//! Clients for the load: a whole replica for setting up, and bare devices that sign and listen.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ROOT, ReadDoc};
use entente_client::replica::{
    Effect, Event, Founding, InviteWish, JoinPass, Kept, Now, Profile, Replica, founding,
};
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::Position;
use entente_shared::statement::*;
use entente_shared::wire::*;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::measure::unix_ms;

/// A connection to the relay.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn fill(bytes: &mut [u8]) {
    use rand::TryRng as _;
    rand::rngs::SysRng.try_fill_bytes(bytes).expect("the system has random bytes");
}

/// Draws random bytes.
pub fn draw<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// A replica with what its store would hold.
pub struct Member {
    /// The replica.
    pub replica: Replica,
    /// Its ledgers.
    pub kept: BTreeMap<DocumentId, Vec<Kept>>,
    /// Bytes sent and received.
    pub traffic: (usize, usize),
    address: String,
}

impl Member {
    /// A member about to found or to join.
    pub fn new(key: Key, profile: Profile, first: Option<Statement>, address: &str) -> Self {
        let replica = Replica::new(key, profile, first);
        Self { replica, kept: BTreeMap::new(), traffic: (0, 0), address: address.to_owned() }
    }

    /// Connects, and exchanges frames until everything is settled.
    pub async fn sync(&mut self) -> Result<()> {
        let mut socket = self.connect().await?;
        while !self.replica.is_settled() {
            self.step(&mut socket).await?;
        }
        self.replica.disconnected();
        socket.close(None).await.ok();
        Ok(())
    }

    /// Opens a connection.
    pub async fn connect(&mut self) -> Result<Socket> {
        let (socket, _) = connect_async(&self.address).await.context("the relay does not answer")?;
        self.replica.connected(true);
        Ok(socket)
    }

    /// Takes one frame and performs what follows.
    pub async fn step(&mut self, socket: &mut Socket) -> Result<()> {
        let frame = next_frame(socket).await?;
        self.traffic.1 += frame.len();
        let mut random = fill;
        self.replica.receive(&mut Now { ms: unix_ms(), random: &mut random }, &frame);
        self.perform(socket).await
    }

    /// Performs the effects that are due.
    pub async fn perform(&mut self, socket: &mut Socket) -> Result<()> {
        for effect in self.replica.take_effects() {
            match effect {
                Effect::Keep { document, entries } => self.kept.entry(document).or_default().extend(entries),
                Effect::Send(frame) => {
                    let bytes = codec::encode(&frame);
                    self.traffic.0 += bytes.len();
                    socket.send(Message::Binary(bytes.into())).await?;
                }
                Effect::Close => bail!("the relay closed the connection"),
                Effect::Tell(Event::Refused { refusal, .. }) => bail!("refused: {refusal}"),
                _ => {}
            }
        }
        Ok(())
    }

    /// Runs a command of the replica.
    pub fn command<T>(&mut self, run: impl FnOnce(&mut Replica, &mut Now<'_>) -> T) -> T {
        let mut random = fill;
        run(&mut self.replica, &mut Now { ms: unix_ms(), random: &mut random })
    }
}

/// Takes the next binary frame.
pub async fn next_frame(socket: &mut Socket) -> Result<Vec<u8>> {
    loop {
        match socket.next().await.context("the relay is gone")?? {
            Message::Binary(bytes) => return Ok(bytes.to_vec()),
            Message::Close(_) => bail!("the relay closed the connection"),
            _ => {}
        }
    }
}

/// A partnership for the load: two parties, rules in force, and devices.
pub struct Partnership {
    /// The founder, a lead of Moscow.
    pub anna: Member,
    /// The lead of New York.
    pub dana: Member,
}

impl Partnership {
    /// Founds a partnership by the relay's founding link and brings its rules into force.
    pub async fn found(address: &str, link: &str) -> Result<Self> {
        let token = link.split("#found-").nth(1).context("not a founding link")?;
        let bytes = unbase64(token).context("not a founding link")?;
        let (token, relay) = bytes.split_at_checked(16).context("a short founding link")?;
        let relay = RelayId(relay.try_into().context("a founding link of another length")?);
        let key = Key::from_secret(draw());
        let party = |name: &str, market: &str, zone: &str| {
            vec![
                ("name_ru", name.to_owned()),
                ("name_en", name.to_owned()),
                ("market", market.to_owned()),
                ("zone", zone.to_owned()),
                ("work", "Mon-Fri 10:00-19:00".to_owned()),
                ("language", "en".to_owned()),
            ]
        };
        let wish = Founding {
            addresses: vec![address.to_owned()],
            relay,
            token: token.to_vec(),
            party: ("moscow".into(), party("Morosha", "ru", "Europe/Moscow")),
            calendar: vec![("offsets", "2026-01-01T00:00Z +03:00, until 2028-01-01T00:00Z".to_owned())],
            title: "Bench".into(),
            person: "Anna".into(),
            device_label: "bench".into(),
            recovery: DeviceId(draw()),
        };
        let mut random = fill;
        let mut now = Now { ms: unix_ms(), random: &mut random };
        let (statement, profile) = founding(&mut now, &key, &wish)?;
        let partnership = profile.partnership;
        let mut anna = Member::new(key, profile, Some(statement), address);
        anna.sync().await.context("founding")?;
        // The founding session reads nothing; the founder comes back as a member.
        anna.sync().await.context("coming back")?;
        let row = party("Harlow", "us", "America/New_York");
        let value = entente_shared::content::Value::Map(
            row.into_iter()
                .map(|(key, text)| (key.to_owned(), entente_shared::content::Value::String(text)))
                .collect(),
        );
        let path = entente_shared::content::Path::new(["parties", "newyork"]);
        let edit = entente_shared::content::EditCommand::SetScalar { path, value };
        anna.command(|replica, now| {
            replica.change_charter(now, vec![(SectionId::new("parties"), vec![edit])], None)
        })?;
        anna.sync().await.context("a second party")?;
        let row = Some(("Dana".to_owned(), vec![RoleId::new("lead")]));
        let wish = InviteWish { party: "newyork".into(), row, person: None, valid_ms: 3_600_000 };
        let invited = anna.command(|replica, now| replica.invite(now, &wish))?;
        anna.sync().await.context("inviting")?;
        let dana = join(address, partnership, &invited.key).await.context("joining")?;
        let mut both = Self { anna, dana };
        for lead in [&mut both.anna, &mut both.dana] {
            lead.sync().await?;
            lead.command(|replica, now| replica.sign_rules(now))?;
            lead.sync().await.context("signing")?;
        }
        both.anna.sync().await?;
        both.dana.sync().await?;
        Ok(both)
    }

    /// Creates a matrix and waits until the relay has it.
    pub async fn matrix(&mut self, title: &str) -> Result<DocumentId> {
        let kind = KindId::new("matrix");
        let (document, _) = self.anna.command(|replica, now| replica.create(now, &kind, title))?;
        self.anna.sync().await?;
        Ok(document)
    }
}

async fn join(address: &str, partnership: PartnershipId, invite: &Key) -> Result<Member> {
    let entry = Some(JoinPass::Invited { secret: invite.secret() });
    let profile = Profile {
        partnership,
        relay: None,
        addresses: vec![address.to_owned()],
        entry,
        operator: String::new(),
    };
    let mut member = Member::new(Key::from_secret(draw()), profile, None, address);
    member.sync().await.context("reading the charter")?;
    member.command(|replica, now| replica.enrol(now, "bench", None))?;
    member.sync().await.context("enrolling")?;
    member.sync().await.context("coming back")?;
    Ok(member)
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        bits = bits << 6 | DIGITS.iter().position(|digit| *digit == byte)? as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

/// Opens an authenticated connection as an enrolled device, without keeping anything.
pub async fn bare_connection(address: &str, partnership: PartnershipId, key: &Key) -> Result<Socket> {
    let (mut socket, _) = connect_async(address).await?;
    let RelayFrame::Challenge { version, nonce, relay } =
        RelayFrame::decode(&next_frame(&mut socket).await?)?
    else {
        bail!("the relay speaks first");
    };
    let own = draw();
    let message = hello_message(&nonce, &own, &partnership, &relay);
    let signature = key.sign(Purpose::Connect, &[&message]);
    let device = key.device();
    let hello = Hello { version, nonce: own, partnership, device, pass: Pass::Member, signature };
    send(&mut socket, &ClientFrame::Hello(hello)).await?;
    match RelayFrame::decode(&next_frame(&mut socket).await?)? {
        RelayFrame::Welcome { .. } => Ok(socket),
        other => bail!("not let in: {other:?}"),
    }
}

/// Sends a frame.
pub async fn send(socket: &mut Socket, frame: &ClientFrame) -> Result<()> {
    Ok(socket.send(Message::Binary(codec::encode(frame).into())).await?)
}

/// Subscribes from the heads of `member` and waits for the end of the catch-up.
pub async fn subscribe(socket: &mut Socket, known: Vec<Known>) -> Result<()> {
    send(socket, &ClientFrame::Subscribe { known, live: true }).await?;
    loop {
        if let RelayFrame::Heads { .. } = RelayFrame::decode(&next_frame(socket).await?)? {
            return Ok(());
        }
    }
}

/// The heads that a member knows.
pub fn known(member: &Member) -> Vec<Known> {
    let last = |(document, kept): (&DocumentId, &Vec<Kept>)| {
        Some(Known { document: *document, head: kept.last()?.position })
    };
    member.kept.iter().filter_map(last).collect()
}

/// A device that writes small changes into one section and signs each.
pub struct Writer {
    key: Key,
    partnership: PartnershipId,
    document: DocumentId,
    section: SectionId,
    seen: Seen,
    nonce: ActorNonce,
    doc: AutoCommit,
    map: ObjId,
    count: u64,
}

impl Writer {
    /// A writer on a section as everybody has it.
    pub fn new(
        key: Key,
        member: &Member,
        document: DocumentId,
        section: &str,
        seen: (Position, Position),
    ) -> Result<Self> {
        let section = SectionId::new(section);
        let content = member.replica.working(document)?.get(&section).map(|content| (*content).clone());
        let genesis = || {
            let kind = kinds::newest(&KindId::new("matrix"))?;
            Section::from_genesis(&kind.genesis(&section)?).ok()
        };
        let mut content = content.or_else(genesis).context("no such section")?;
        let nonce = ActorNonce(draw());
        content.set_actor(ActorKey::derive(key.device(), document, &section, nonce));
        let doc = content.into_doc();
        let map = first_row(&doc).context("a section with rows")?;
        let partnership = member.replica.profile().partnership;
        let seen = Seen { document: Some(seen.0), charter: Some(seen.1) };
        Ok(Self { key, partnership, document, section, seen, nonce, doc, map, count: 0 })
    }

    /// Makes the next statement: one value of one cell.
    pub fn next(&mut self) -> Statement {
        self.count += 1;
        self.doc.put(&self.map, "person", format!("person {}", self.count)).expect("a map takes a value");
        let hash = self.doc.commit().expect("something was written");
        let mut change = self.doc.get_change_by_hash(&hash).expect("the change is there");
        let changes = vec![change.bytes().into_owned().into()];
        let payload = Payload { salt: draw(), nonce: Some(self.nonce), changes, text: None };
        let header = Header {
            version: HEADER_VERSION,
            partnership: Some(self.partnership),
            document: self.document,
            device: self.key.device(),
            seen: self.seen,
            clock_ms: unix_ms(),
            act: Act::Edit { after: Vec::new(), replaces: None },
            parts: Vec::new(),
        };
        Statement::sign(&self.key, header, vec![(self.section.clone(), payload)])
    }
}

/// The first map two levels below the root: a template row.
fn first_row(doc: &AutoCommit) -> Option<ObjId> {
    let container = |key: String| match doc.get(ROOT, key.as_str()) {
        Ok(Some((automerge::Value::Object(automerge::ObjType::Map), id))) => Some(id),
        _ => None,
    };
    let row = |container: &ObjId| {
        doc.keys(container).find_map(|key| match doc.get(container, key.as_str()) {
            Ok(Some((automerge::Value::Object(automerge::ObjType::Map), id))) => Some(id),
            _ => None,
        })
    };
    doc.keys(ROOT).filter_map(container).find_map(|container| row(&container))
}
