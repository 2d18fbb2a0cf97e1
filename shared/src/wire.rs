//! Frames between relay and clients: one canonical CBOR value per WebSocket binary message.
//!
//! The relay speaks first. A frame that does not decode, or is out of turn, closes the connection
//! with a reason; nothing is guessed.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::attested::AttestedView;
use crate::codec::{self, CodecError};
use crate::ids::*;
use crate::judge::Refusal;
use crate::ledger::{Position, SignedCheckpoint, Verdict};
use crate::statement::Envelope;

/// The version of this protocol; the relay names it in its first frame.
pub const PROTOCOL_VERSION: u32 = 1;
/// Most bytes of one frame, in either direction.
pub const FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Checkpoints in one `Heads` frame (about 250 bytes each). A catch-up ends with a frame that has
/// fewer.
pub const HEADS_FRAME_COUNT: usize = 4096;
/// Most devices in one `Present` (about 70 bytes each).
pub const PRESENT_MAX: usize = 64;
/// Most bytes of one frame before the connection is authenticated.
pub const HELLO_BYTES_MAX: usize = 1024;

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ClientFrame {
    /// Answers the relay's challenge.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// Asks for everything after the positions that the client has, and for what comes later.
    /// Documents that are not named are sent from their beginning.
    #[n(1)]
    Subscribe {
        /// The client's verified head of each document that it keeps.
        #[n(0)]
        known: Vec<Known>,
        /// False for one catch-up without later entries.
        #[n(1)]
        live: bool,
    },
    /// Hands over signed statements, in the order in which they were made.
    #[n(2)]
    Submit {
        /// The statements.
        #[n(0)]
        statements: Vec<Envelope>,
    },
    /// Returns entries that a restored relay has lost; answers [`RelayFrame::Missing`].
    #[n(3)]
    Refill {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The entries after the relay's head, in order, with whole payloads.
        #[n(1)]
        deliveries: Vec<Delivery>,
        /// The relay's own word on the last of them.
        #[n(2)]
        checkpoint: SignedCheckpoint,
    },
    /// Shows the relay the newest checkpoints that this client holds, of this relay's key.
    #[n(4)]
    Show {
        /// One for each document.
        #[n(0)]
        checkpoints: Vec<SignedCheckpoint>,
    },
    /// Asks that the next [`Self::Subscribe`] is answered with attested views first, of the
    /// documents that it does not name.
    #[n(5)]
    AskAttested,
    /// Says what the person looks at, and asks who else does, until the next one. Nothing of it is
    /// kept; a relay sends [`RelayFrame::Present`] to nobody who has not asked.
    #[n(6)]
    Attend {
        /// What they look at; absent when they stop.
        #[n(0)]
        attention: Option<Attention>,
    },
}

/// What a person looks at.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Attention {
    /// The document.
    #[n(0)]
    pub document: DocumentId,
    /// The section, if they are in one.
    #[n(1)]
    pub section: Option<SectionId>,
    /// Whether others are told.
    #[n(2)]
    pub shown: bool,
}

/// The client's part of the handshake.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// [`PROTOCOL_VERSION`].
    #[n(0)]
    pub version: u32,
    /// Random.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub nonce: [u8; 16],
    /// The partnership; all zeros when founding one.
    #[n(2)]
    pub partnership: PartnershipId,
    /// The device.
    #[n(3)]
    pub device: DeviceId,
    /// On what ground the device asks to be let in.
    #[n(4)]
    pub pass: Pass,
    /// The device's signature, purpose `Connect`, over [`hello_message`].
    #[n(5)]
    pub signature: Signature,
}

/// On what ground a device asks to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Pass {
    /// As an enrolled device; a revoked one (not lost) gets a session in which it can only deposit.
    #[n(0)]
    Member,
    /// With an invitation: may read the charter and submit one `Enrol`.
    #[n(1)]
    Invited {
        /// The invitation.
        #[n(0)]
        invite: InviteId,
        /// The invite key's signature, purpose `Connect`, over [`hello_message`].
        #[n(1)]
        signature: Signature,
    },
    /// With the operator's founding token: may submit one `Found`. Empty where founding is open.
    #[n(2)]
    Founding {
        /// The token from the founding link.
        #[n(0)]
        token: ByteVec,
    },
}

/// The bytes that the device (and an invite key) sign: both nonces, the partnership and the relay's
/// key as the client has pinned it, so that no other relay can use the signature.
pub fn hello_message(
    relay_nonce: &[u8; 16],
    client_nonce: &[u8; 16],
    partnership: &PartnershipId,
    relay: &RelayId,
) -> Vec<u8> {
    [&relay_nonce[..], client_nonce, &partnership.0, &relay.0].concat()
}

/// A document that the client keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Known {
    /// The document.
    #[n(0)]
    pub document: DocumentId,
    /// The client's verified head.
    #[n(1)]
    pub head: Position,
}

/// What the relay sends.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RelayFrame {
    /// The first frame.
    #[n(0)]
    Challenge {
        /// [`PROTOCOL_VERSION`].
        #[n(0)]
        version: u32,
        /// Random.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        nonce: [u8; 16],
        /// The relay's key; a client that pinned another one leaves.
        #[n(2)]
        relay: RelayId,
    },
    /// The device is let in.
    #[n(1)]
    Welcome {
        /// The relay's signature, purpose `Welcome`, over the same message as the device's.
        #[n(0)]
        signature: Signature,
        /// This run of the relay.
        #[n(1)]
        incarnation: Incarnation,
        /// The relay's clock, in milliseconds since 1970.
        #[n(2)]
        time_ms: u64,
        /// Who runs the relay and can read what is stored there.
        #[n(3)]
        operator: String,
        /// What the device may do.
        #[n(4)]
        access: Access,
    },
    /// Entries of one document, in order, and the relay's word on the last of them.
    #[n(2)]
    Entries {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The entries.
        #[n(1)]
        deliveries: Vec<Delivery>,
        /// The relay's word on the head after them.
        #[n(2)]
        checkpoint: SignedCheckpoint,
    },
    /// Answers one submitted statement. Sent after the statement's entry, which is durable.
    #[n(3)]
    Answer {
        /// The statement.
        #[n(0)]
        statement: StatementId,
        /// The answer.
        #[n(1)]
        answer: Answer,
    },
    /// Heads of all documents that the device may read: after a catch-up, and every 30 s.
    #[n(4)]
    Heads {
        /// One for each document.
        #[n(0)]
        checkpoints: Vec<SignedCheckpoint>,
    },
    /// The relay was restored and lacks entries that a shown checkpoint proves; it asks for them.
    #[n(5)]
    Missing {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The relay's last entry; absent if it has none.
        #[n(1)]
        from: Option<Position>,
    },
    /// The relay closes the connection.
    #[n(6)]
    Closing {
        /// Why.
        #[n(0)]
        reason: CloseReason,
    },
    /// What documents look like that the device has nothing of, before their entries are sent; only
    /// where it has asked for them.
    #[n(7)]
    Attested {
        /// One for each document.
        #[n(0)]
        views: Vec<AttestedView>,
    },
    /// Who else looks at the document that the client attends to: all of them, each time.
    #[n(8)]
    Present {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The others' devices, ascending, at most [`PRESENT_MAX`].
        #[n(1)]
        others: Vec<Present>,
    },
}

/// Somebody who looks at a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Present {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// The section that they are in, if any.
    #[n(1)]
    pub section: Option<SectionId>,
}

/// What a device may do in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Access {
    /// Everything that the rules allow.
    #[n(0)]
    Member,
    /// Reads the charter and may enrol.
    #[n(1)]
    Invited,
    /// May found a partnership.
    #[n(2)]
    Founding,
    /// Hands over what it had not sent when it was revoked, and reads nothing.
    #[n(3)]
    Deposit,
}

/// One entry with its statement, as one reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Delivery {
    /// The entry's canonical bytes.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The statement.
    #[n(1)]
    pub envelope: Envelope,
    /// What the reader cannot compute because it may not read some sections.
    #[n(2)]
    pub redaction: Option<Redaction>,
}

/// What a reader without the right to some sections is told, and checks against the state digest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Redaction {
    /// The leaf of each section that this entry changed and the reader may not read, ascending.
    #[n(0)]
    pub leaves: Vec<(SectionId, LeafHash)>,
    /// The statements that came into effect at this entry, ascending.
    #[n(1)]
    pub effective: Vec<StatementId>,
}

/// The relay's answer to one statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Answer {
    /// It stands in the ledger, now or since earlier.
    #[n(0)]
    Entered {
        /// Where.
        #[n(0)]
        position: Position,
        /// The verdict there.
        #[n(1)]
        verdict: Verdict,
    },
    /// It was not entered; the sender keeps it.
    #[n(1)]
    Refused {
        /// Why, and what to do.
        #[n(0)]
        refusal: Refusal,
    },
}

/// Why the relay closes a connection.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CloseReason {
    /// Another protocol version.
    #[n(0)]
    Version {
        /// The relay's.
        #[n(0)]
        relay: u32,
    },
    /// A frame that does not decode, is too long or out of turn.
    #[n(1)]
    Protocol {
        /// What was wrong.
        #[n(0)]
        detail: String,
    },
    /// The signatures of the handshake are not valid.
    #[n(2)]
    Signature,
    /// This relay has no such partnership.
    #[n(3)]
    UnknownPartnership,
    /// The device is not enrolled.
    #[n(4)]
    UnknownDevice,
    /// The device was revoked as lost.
    #[n(5)]
    Revoked,
    /// The invitation is unknown, used or expired.
    #[n(6)]
    Invitation,
    /// Founding needs the operator's link.
    #[n(7)]
    Founding,
    /// The client reads too slowly; it subscribes again from what it has.
    #[n(8)]
    SlowReader,
    /// Too many connections or statements; try again later.
    #[n(9)]
    Limit {
        /// When, in milliseconds from now.
        #[n(0)]
        retry_after_ms: u64,
    },
    /// The relay stops or restarts.
    #[n(10)]
    Stopping,
}

impl ClientFrame {
    /// Reads a frame of at most `max` bytes.
    pub fn decode(bytes: &[u8], max: usize) -> Result<Self, CodecError> {
        codec::decode("frame", bytes, max)
    }
}

impl RelayFrame {
    /// Reads a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode("frame", bytes, FRAME_BYTES_MAX)
    }
}
