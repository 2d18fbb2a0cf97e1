//! Statements: what a device signs.
//!
//! A statement is a signed [`Header`] and detached [`Payload`]s, one per section. The header names
//! payloads by hash, so somebody who may not read a section still verifies the whole ledger, and
//! content can be erased later while hashes stay.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::codec::{self, CodecError};
use crate::crypto::{self, Claim, Key, Purpose};
use crate::ids::*;
use crate::ledger::Position;
use crate::limits;

/// The version of the header format.
pub const HEADER_VERSION: u8 = 1;

/// The signed part of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// [`HEADER_VERSION`].
    #[n(0)]
    pub version: u8,
    /// The partnership; absent in `Found` only, whose id it becomes.
    #[n(1)]
    pub partnership: Option<PartnershipId>,
    /// The document that the statement is about.
    #[n(2)]
    pub document: DocumentId,
    /// The device that signs.
    #[n(3)]
    pub device: DeviceId,
    /// What the author had verified when signing.
    #[n(4)]
    pub seen: Seen,
    /// The device's clock, in milliseconds since 1970; shown as the author's claim.
    #[n(5)]
    pub clock_ms: u64,
    /// What is stated.
    #[n(6)]
    pub act: Act,
    /// The sections touched, in strictly ascending order.
    #[n(7)]
    pub parts: Vec<Part>,
}

/// The author's last verified entries. A statement whose `seen` is not on this chain is refused,
/// so two branches cannot be joined unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Seen {
    /// Of this document; absent in `Found` and `Create`.
    #[n(0)]
    pub document: Option<Position>,
    /// Of the charter; absent in `Found`.
    #[n(1)]
    pub charter: Option<Position>,
}

/// One section touched by a statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Part {
    /// The section.
    #[n(0)]
    pub section: SectionId,
    /// The hash of the payload's bytes.
    #[n(1)]
    pub payload: PayloadHash,
}

/// What a statement states. Tags are frozen; 17 and up are reserved for seals, `Restart`, `Erase`,
/// `Void` and `Rebase` of later rules versions.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Act {
    /// Founds a partnership; its parts carry the first rules, parties, people and calendar.
    #[n(0)]
    Found {
        /// The rules version in force from the start.
        #[n(0)]
        rules_version: u32,
        /// The relay that orders this partnership's ledgers.
        #[n(1)]
        relay: RelayId,
        /// The founder's party.
        #[n(2)]
        party: PartyId,
        /// The founder.
        #[n(3)]
        person: PersonId,
        /// What the founder calls this device.
        #[n(4)]
        label: String,
        /// The public half of the recovery key that the founder's party prints.
        #[n(5)]
        recovery: DeviceId,
    },
    /// Creates a document.
    #[n(1)]
    Create {
        /// Its kind.
        #[n(0)]
        kind: KindId,
        /// The schema version of the kind.
        #[n(1)]
        schema: u32,
        /// Its title.
        #[n(2)]
        title: String,
        /// Its first sections, in ascending order.
        #[n(3)]
        sections: Vec<SectionId>,
    },
    /// Invites a person, or a further device of one. The part, if any, adds the person's row.
    #[n(2)]
    Invite {
        /// The public half of the invite key.
        #[n(0)]
        invite: InviteId,
        /// The party.
        #[n(1)]
        party: PartyId,
        /// The person.
        #[n(2)]
        person: PersonId,
        /// Until when the link works, in milliseconds since 1970 (relay time).
        #[n(3)]
        expires_ms: u64,
    },
    /// Enrols the signing device by an invite key.
    #[n(3)]
    Enrol {
        /// The invitation that is used up.
        #[n(0)]
        invite: InviteId,
        /// What the person calls this device.
        #[n(1)]
        label: String,
        /// The invite key's signature over partnership ‖ device, so that the relay can enrol nobody.
        #[n(2)]
        consent: Signature,
        /// The recovery key of the party, from its first person.
        #[n(3)]
        recovery: Option<DeviceId>,
    },
    /// Revokes a device, a person or an unused invitation.
    #[n(4)]
    Revoke {
        /// What is revoked.
        #[n(0)]
        target: RevokeTarget,
    },
    /// Changes sections.
    #[n(5)]
    Edit {
        /// Own open statements on whose changes these build, in ascending order.
        #[n(0)]
        after: Vec<StatementId>,
        /// The declined or orphaned statement that this one takes up again.
        #[n(1)]
        replaces: Option<StatementId>,
    },
    /// Endorses a held statement; parts may carry changes on top, or a message.
    #[n(6)]
    Endorse {
        /// The held statement.
        #[n(0)]
        target: StatementId,
        /// In what capacity.
        #[n(1)]
        capacity: Capacity,
        /// The effective heads of the target's sections that the endorser looked at.
        #[n(2)]
        heads: Vec<SectionHeads>,
    },
    /// Closes a held statement without effect; a part carries the reason.
    #[n(7)]
    Decline {
        /// The held statement.
        #[n(0)]
        target: StatementId,
        /// How.
        #[n(1)]
        outcome: DeclineOutcome,
    },
    /// Takes back one's own held statement.
    #[n(8)]
    Withdraw {
        /// The held statement.
        #[n(0)]
        target: StatementId,
    },
    /// Signs the content of sections.
    #[n(9)]
    Sign {
        /// What is signed, by section in ascending order.
        #[n(0)]
        items: Vec<SignedContent>,
    },
    /// Asks for the approval of a version of a section, by the stages of its chain (rules version
    /// 2). Its one part, which may carry a message, is for that section.
    #[n(16)]
    Ask {
        /// The version: the section with its effective heads.
        #[n(0)]
        version: SectionHeads,
        /// The version that was sent back or taken back, which this one takes up again.
        #[n(1)]
        replaces: Option<StatementId>,
        /// When an answer is needed at the latest, in milliseconds since 1970 (rules version 3): what
        /// local authority goes by.
        #[n(2)]
        due_ms: Option<u64>,
    },
}

/// What a `Revoke` revokes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RevokeTarget {
    /// One device.
    #[n(0)]
    Device {
        /// The device.
        #[n(0)]
        device: DeviceId,
        /// Lost or stolen: nothing that it signed and had not sent is taken any more.
        #[n(1)]
        lost: bool,
    },
    /// A person with all devices.
    #[n(1)]
    Person {
        /// The person.
        #[n(0)]
        person: PersonId,
    },
    /// An invitation that was not used.
    #[n(2)]
    Invite {
        /// The invitation.
        #[n(0)]
        invite: InviteId,
    },
}

/// In what capacity somebody endorses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Capacity {
    /// The rule names them as decider.
    #[n(0)]
    Decider,
    /// Local authority (rules version 3).
    #[n(1)]
    Local,
    /// Outside the template, with a reason (a later rules version).
    #[n(2)]
    Override,
    /// Ratifies a local approval (rules version 3).
    #[n(3)]
    Ratify,
}

/// How a held statement was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum DeclineOutcome {
    /// Sent back with a request to revise.
    #[n(0)]
    Returned,
    /// Not taken.
    #[n(1)]
    Declined,
    /// A local approval that was not ratified (rules version 3).
    #[n(2)]
    Objected,
}

/// A section with effective heads.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SectionHeads {
    /// The section.
    #[n(0)]
    pub section: SectionId,
    /// Its heads, ascending.
    #[n(1)]
    pub heads: Vec<ChangeId>,
}

/// A section's content as somebody signed it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedContent {
    /// The section.
    #[n(0)]
    pub section: SectionId,
    /// Its heads, ascending.
    #[n(1)]
    pub heads: Vec<ChangeId>,
    /// The digest of its content in all languages.
    #[n(2)]
    pub digest: ContentDigest,
}

/// What a statement carries for one section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Payload {
    /// Random, so that short content cannot be guessed from the hash.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// From which the changes' actor id is derived; present if there are changes.
    #[n(1)]
    pub nonce: Option<ActorNonce>,
    /// Automerge change chunks, in order.
    #[n(2)]
    pub changes: Vec<ByteVec>,
    /// A message or reason.
    #[n(3)]
    pub text: Option<String>,
}

impl Payload {
    /// The payload's bytes and their hash.
    pub fn seal(&self) -> (Vec<u8>, PayloadHash) {
        let bytes = codec::encode(self);
        let hash = PayloadHash(sha256(&[&bytes]));
        (bytes, hash)
    }

    /// The changes as plain byte strings.
    pub fn change_bytes(&self) -> Vec<Vec<u8>> {
        self.changes.iter().map(|change| change.to_vec()).collect()
    }
}

/// A statement as it travels and as it is stored: header bytes, signature, payloads.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Envelope {
    /// The header's canonical bytes.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// The device's signature over the header.
    #[n(1)]
    pub signature: Signature,
    /// The payload of each part, in order; absent where the reader may not read the section.
    #[n(2)]
    pub payloads: Vec<Option<ByteVec>>,
}

/// Why an envelope is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Bytes that are not the canonical encoding.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A header version that this program does not know.
    #[error("statement format {0} is newer than this program; update it")]
    Version(u8),
    /// The parts, sections or lists are not sorted, too many, or misnamed.
    #[error("the statement is not well formed: {0}")]
    Shape(&'static str),
    /// A payload whose hash is not the one in the header.
    #[error("the payload for {0} is not the one that was signed")]
    PayloadHash(SectionId),
    /// The signature is not valid.
    #[error("the signature is not valid")]
    Signature,
}

/// A statement whose bytes have been read and bounded; the signature is checked apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its id: the hash of the header's bytes.
    pub id: StatementId,
    /// The header.
    pub header: Header,
    /// The payload of each part; absent where redacted.
    pub payloads: Vec<Option<Payload>>,
    /// The bytes as signed.
    pub envelope: Envelope,
}

impl Statement {
    /// Signs a header over `parts` (in any order) with `key`.
    pub fn sign(key: &Key, mut header: Header, mut parts: Vec<(SectionId, Payload)>) -> Self {
        parts.sort_by(|a, b| a.0.cmp(&b.0));
        header.version = HEADER_VERSION;
        header.device = key.device();
        header.parts = Vec::with_capacity(parts.len());
        let mut payloads = Vec::with_capacity(parts.len());
        let mut sealed = Vec::with_capacity(parts.len());
        for (section, payload) in parts {
            let (bytes, hash) = payload.seal();
            header.parts.push(Part { section, payload: hash });
            sealed.push(Some(ByteVec::from(bytes)));
            payloads.push(Some(payload));
        }
        let bytes = codec::encode(&header);
        let signature = key.sign(Purpose::Statement, &[&bytes]);
        let id = StatementId(sha256(&[&bytes]));
        Self { id, header, payloads, envelope: Envelope { header: bytes, signature, payloads: sealed } }
    }

    /// Reads and bounds an envelope; everything but the signature and the gate.
    pub fn open(envelope: Envelope) -> Result<Self, StatementError> {
        let header: Header = codec::decode("header", &envelope.header, limits::HEADER_BYTES_MAX)?;
        if header.version != HEADER_VERSION {
            return Err(StatementError::Version(header.version));
        }
        check_shape(&header)?;
        if header.parts.len() != envelope.payloads.len() {
            return Err(StatementError::Shape("one payload for each part"));
        }
        let mut total = envelope.header.len();
        let mut payloads = Vec::with_capacity(envelope.payloads.len());
        for (part, bytes) in header.parts.iter().zip(&envelope.payloads) {
            total += bytes.as_ref().map_or(0, |bytes| bytes.len());
            payloads.push(bytes.as_ref().map(|bytes| open_payload(part, bytes)).transpose()?);
        }
        if total > limits::STATEMENT_BYTES_MAX {
            return Err(StatementError::Shape("more bytes than a statement may have"));
        }
        let id = StatementId(sha256(&[&envelope.header]));
        Ok(Self { id, header, payloads, envelope })
    }

    /// Reads an envelope's bytes and checks the signature too.
    pub fn open_verified(envelope: Envelope) -> Result<Self, StatementError> {
        let statement = Self::open(envelope)?;
        if statement.signature_is_valid() { Ok(statement) } else { Err(StatementError::Signature) }
    }

    /// Checks the signature alone.
    pub fn signature_is_valid(&self) -> bool {
        let envelope = &self.envelope;
        crypto::verify(Purpose::Statement, &self.header.device.0, &[&envelope.header], &envelope.signature)
    }

    /// What its signature says, to be checked together with others.
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            purpose: Purpose::Statement,
            public: self.header.device.0,
            message: &self.envelope.header,
            signature: self.envelope.signature,
        }
    }

    /// The partnership: named in the header, or this very statement if it founds one.
    pub fn partnership(&self) -> PartnershipId {
        self.header.partnership.unwrap_or(PartnershipId(self.id.0))
    }

    /// The section and payload of each part.
    pub fn parts(&self) -> impl Iterator<Item = (&SectionId, Option<&Payload>)> {
        self.header.parts.iter().map(|part| &part.section).zip(self.payloads.iter().map(Option::as_ref))
    }

    /// Bytes of header and payloads together.
    pub fn bytes(&self) -> usize {
        let payloads: usize = self.envelope.payloads.iter().flatten().map(|bytes| bytes.len()).sum();
        self.envelope.header.len() + payloads
    }

    /// Tells whether it carries changes of content; `None` where a payload that could is missing.
    pub fn carries_changes(&self) -> Option<bool> {
        let carries = |payload: &Payload| !payload.changes.is_empty();
        match self.payloads.iter().flatten().any(carries) {
            true => Some(true),
            false => (!self.is_redacted()).then_some(false),
        }
    }

    /// Tells whether a payload is missing because the reader may not read its section.
    pub fn is_redacted(&self) -> bool {
        self.payloads.iter().any(Option::is_none)
    }
}

impl Envelope {
    /// A copy without the payloads of sections for which `may_read` is false.
    pub fn redacted(&self, header: &Header, may_read: impl Fn(&SectionId) -> bool) -> Self {
        let payloads = header.parts.iter().zip(&self.payloads);
        Self {
            header: self.header.clone(),
            signature: self.signature,
            payloads: payloads
                .map(|(part, bytes)| if may_read(&part.section) { bytes.clone() } else { None })
                .collect(),
        }
    }
}

fn open_payload(part: &Part, bytes: &[u8]) -> Result<Payload, StatementError> {
    let payload: Payload = codec::decode("payload", bytes, limits::PAYLOAD_BYTES_MAX)?;
    if PayloadHash(sha256(&[bytes])) != part.payload {
        return Err(StatementError::PayloadHash(part.section.clone()));
    }
    if payload.changes.len() > limits::CHANGES_MAX {
        return Err(StatementError::Shape("too many changes in one payload"));
    }
    if payload.text.as_ref().is_some_and(|text| text.len() > limits::TEXT_BYTES_MAX) {
        return Err(StatementError::Shape("the message is too long"));
    }
    if payload.nonce.is_some() == payload.changes.is_empty() {
        return Err(StatementError::Shape("a nonce stands beside changes, and only there"));
    }
    Ok(payload)
}

fn check_shape(header: &Header) -> Result<(), StatementError> {
    let shape = StatementError::Shape;
    let sections: Vec<_> = header.parts.iter().map(|part| &part.section).collect();
    if sections.len() > limits::PARTS_MAX || !ascending(&sections) {
        return Err(shape("sections in strictly ascending order, at most 32"));
    }
    if !sections.iter().all(|section| section.is_valid()) {
        return Err(shape("a section's name"));
    }
    if header.partnership.is_none() != matches!(header.act, Act::Found { .. }) {
        return Err(shape("only `Found` stands without a partnership"));
    }
    match &header.act {
        Act::Create { kind, title, sections, .. } => {
            let names_ok = kind.is_valid() && sections.iter().all(SectionId::is_valid);
            if !names_ok || !ascending(sections) || sections.len() > limits::SECTIONS_MAX {
                return Err(shape("the new document's kind or sections"));
            }
            if title.trim().is_empty() || title.len() > limits::TITLE_BYTES_MAX {
                return Err(shape("a title of 1 to 400 bytes"));
            }
        }
        Act::Edit { after, .. } if !ascending(after) || after.len() > limits::OPEN_HOLDS_MAX => {
            return Err(shape("`after` in ascending order, at most 64"));
        }
        Act::Endorse { heads, .. } if !ascending_by(heads, |item| &item.section) => {
            return Err(shape("heads by section in ascending order"));
        }
        Act::Sign { items } if items.is_empty() || !ascending_by(items, |item| &item.section) => {
            return Err(shape("signed sections in ascending order"));
        }
        Act::Ask { version, .. } if sections != [&version.section] => {
            return Err(shape("a version asked about has the one part of its section"));
        }
        Act::Found { label, .. } | Act::Enrol { label, .. } if label.len() > limits::KEY_BYTES_MAX => {
            return Err(shape("a device's name of at most 256 bytes"));
        }
        _ => {}
    }
    Ok(())
}

fn ascending<T: Ord>(items: &[T]) -> bool {
    items.windows(2).all(|pair| pair[0] < pair[1])
}

fn ascending_by<T, K: Ord + ?Sized>(items: &[T], key: impl Fn(&T) -> &K) -> bool {
    items.windows(2).all(|pair| key(&pair[0]) < key(&pair[1]))
}
