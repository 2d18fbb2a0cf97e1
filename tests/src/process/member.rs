//! Whole replicas over sockets, to found a partnership and to join it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entente_client::replica::{
    Effect, Event, Founding, InviteWish, JoinPass, Kept, Now, Profile, Replica, founding,
};
use entente_shared::codec;
use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::statement::Statement;
use entente_shared::wire::Known;

use super::socket::{Socket, connect, next_bytes, send_bytes};
use super::{draw, fill, unix_ms};

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
    ///
    /// # Errors
    /// The relay does not answer, closes, or refuses something.
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
    ///
    /// # Errors
    /// The relay does not answer.
    pub async fn connect(&mut self) -> Result<Socket> {
        let socket = connect(&self.address).await?;
        self.replica.connected(true);
        Ok(socket)
    }

    /// Takes one frame and performs what follows.
    ///
    /// # Errors
    /// The relay closes, or refuses something.
    pub async fn step(&mut self, socket: &mut Socket) -> Result<()> {
        let frame = next_bytes(socket).await?;
        self.traffic.1 += frame.len();
        self.command(|replica, now| replica.receive(now, &frame));
        self.perform(socket).await
    }

    /// Performs the effects that are due.
    ///
    /// # Errors
    /// The relay closes, or refuses something.
    pub async fn perform(&mut self, socket: &mut Socket) -> Result<()> {
        for effect in self.replica.take_effects() {
            match effect {
                Effect::Keep { document, entries } => self.kept.entry(document).or_default().extend(entries),
                Effect::Send(frame) => {
                    let bytes = codec::encode(&frame);
                    self.traffic.0 += bytes.len();
                    send_bytes(socket, bytes).await?;
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

    /// The head of a document, as this member has it.
    ///
    /// # Errors
    /// It has nothing of the document.
    pub fn head(&self, document: DocumentId) -> Result<Position> {
        let last = self.kept.get(&document).and_then(|kept| kept.last());
        Ok(last.context("the document has not arrived")?.position)
    }

    /// The heads that this member knows.
    pub fn known(&self) -> Vec<Known> {
        let heads = self.kept.keys().filter_map(|document| Some((*document, self.head(*document).ok()?)));
        heads.map(|(document, head)| Known { document, head }).collect()
    }
}

/// Two parties with rules in force, and a lead of each.
pub struct Partnership {
    /// The founder, a lead of Moscow.
    pub anna: Member,
    /// The lead of New York.
    pub dana: Member,
}

impl Partnership {
    /// Founds a partnership by the relay's founding link and brings its rules into force.
    ///
    /// # Errors
    /// The link is not one, or the relay refuses something.
    pub async fn found(address: &str, link: &str) -> Result<Self> {
        let mut anna = found(address, link).await.context("founding")?;
        // The founding session reads nothing; the founder comes back as a member.
        anna.sync().await.context("coming back")?;
        let row = team("Harlow", "us", "America/New_York");
        let value = row.into_iter().map(|(key, text)| (key.to_owned(), Value::String(text))).collect();
        let path = Path::new(["parties", "newyork"]);
        let edit = EditCommand::SetScalar { path, value: Value::Map(value) };
        let edits = vec![(SectionId::new("parties"), vec![edit])];
        anna.command(|replica, now| replica.change_charter(now, edits, None))?;
        anna.sync().await.context("a second party")?;
        let row = Some(("Dana".to_owned(), vec![RoleId::new("lead")]));
        let wish = InviteWish { party: "newyork".into(), row, person: None, valid_ms: 3_600_000 };
        let dana = invite(&mut anna, &wish).await.context("joining")?;
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

    /// Its id.
    pub fn id(&self) -> PartnershipId {
        self.anna.replica.profile().partnership
    }

    /// Creates a matrix and waits until the relay and both leads have it.
    ///
    /// # Errors
    /// The relay refuses it.
    pub async fn matrix(&mut self, title: &str) -> Result<DocumentId> {
        let kind = KindId::new("matrix");
        let (document, _) = self.anna.command(|replica, now| replica.create(now, &kind, title))?;
        self.anna.sync().await?;
        self.dana.sync().await?;
        Ok(document)
    }
}

/// Invites somebody and lets them join on a new device.
///
/// # Errors
/// The relay or the rules refuse something.
pub async fn invite(host: &mut Member, wish: &InviteWish) -> Result<Member> {
    let invited = host.command(|replica, now| replica.invite(now, wish))?;
    host.sync().await.context("inviting")?;
    let profile = Profile {
        relay: None,
        entry: Some(JoinPass::Invited { secret: invited.key.secret() }),
        ..host.replica.profile().clone()
    };
    let mut member = Member::new(Key::from_secret(draw()), profile, None, &host.address);
    member.sync().await.context("reading the charter")?;
    member.command(|replica, now| replica.enrol(now, "a device", None))?;
    member.sync().await.context("enrolling")?;
    member.sync().await.context("coming back")?;
    Ok(member)
}

async fn found(address: &str, link: &str) -> Result<Member> {
    let token = link.split("#found-").nth(1).context("not a founding link")?;
    let bytes = URL_SAFE_NO_PAD.decode(token).context("not a founding link")?;
    let (token, relay) = bytes.split_at_checked(16).context("a short founding link")?;
    let wish = Founding {
        title: "Under load".into(),
        addresses: vec![address.to_owned()],
        relay: RelayId(relay.try_into().context("a founding link of another length")?),
        token: token.to_vec(),
        party: ("moscow".into(), team("Morosha", "ru", "Europe/Moscow")),
        calendar: vec![("offsets", "2026-01-01T00:00Z +03:00, until 2028-01-01T00:00Z".to_owned())],
        person: "Anna".into(),
        device_label: "a device".into(),
        recovery: DeviceId(draw()),
    };
    let key = Key::from_secret(draw());
    let mut random = fill;
    let (statement, profile) = founding(&mut Now { ms: unix_ms(), random: &mut random }, &key, &wish)?;
    let mut anna = Member::new(key, profile, Some(statement), address);
    anna.sync().await?;
    Ok(anna)
}

fn team(name: &str, market: &str, zone: &str) -> Vec<(&'static str, String)> {
    vec![
        ("name_ru", name.to_owned()),
        ("name_en", name.to_owned()),
        ("market", market.to_owned()),
        ("zone", zone.to_owned()),
        ("work", "Mon-Fri 10:00-19:00".to_owned()),
        ("language", "en".to_owned()),
    ]
}
