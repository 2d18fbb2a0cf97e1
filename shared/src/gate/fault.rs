//! Why the gate refuses a change.

use crate::ids::{ActorKey, ChangeId};

/// A refusal: which change of the list is at fault, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("change {change}: {fault}")]
pub struct GateError {
    /// Position of the change in the list that was checked; 0 where the list as a whole is at fault.
    pub change: usize,
    /// What is wrong.
    pub fault: Fault,
}

impl GateError {
    /// The change that is missing, if that is all that is wrong. This refusal is transient: the
    /// sender may be ahead, and the same bytes can pass once the missing change stands.
    pub fn missing(&self) -> Option<ChangeId> {
        match self.fault {
            Fault::UnknownDependency(id) => Some(id),
            _ => None,
        }
    }
}

/// What is wrong with a change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More bytes, operations or entries than the rules version allows (see [`crate::limits`]).
    #[error("too many {0}")]
    TooMany(&'static str),
    /// A number outside the range that the rules version allows.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// The bytes end early, or do not decode; names the part.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// The bytes decode, but Automerge would write them otherwise, so it could not restore the
    /// same hash from a saved document; names the part.
    #[error("{0} is not written as Automerge writes it")]
    NotCanonical(&'static str),
    /// The chunk is a document, a bundle or of an unknown type; only changes may pass.
    #[error("chunk type {0} is not a change")]
    NotAChange(u8),
    /// Bytes follow the chunk or its compressed data.
    #[error("bytes follow the change")]
    TrailingBytes,
    /// The checksum in the chunk is not the beginning of its hash.
    #[error("wrong checksum")]
    WrongChecksum,
    /// Bytes follow the columns inside the change; Entente's clients name no author there.
    #[error("extra bytes in the change")]
    ExtraBytes,
    /// The change was made by another actor than the statement's.
    #[error("made by actor {}", .0.to_hex())]
    WrongActor(ActorKey),
    /// The change depends on nothing; only the genesis may.
    #[error("depends on nothing")]
    Unrooted,
    /// The genesis depends on something.
    #[error("the genesis has dependencies")]
    RootedGenesis,
    /// A dependency is not known here. Transient: the sender may be ahead.
    #[error("unknown dependency {}", .0.to_hex())]
    UnknownDependency(ChangeId),
    /// The change is already known.
    #[error("change {} is already known", .0.to_hex())]
    DuplicateChange(ChangeId),
    /// The sequence number is not the actor's last plus one.
    #[error("sequence {found}, expected {expected}")]
    WrongSequence {
        /// The actor's last sequence number plus one.
        expected: u64,
        /// The number in the change.
        found: u64,
    },
    /// The actor's previous change is not in the causal past of this one.
    #[error("does not build on its actor's previous change")]
    ForkedActor,
    /// The first operation is not one more than the greatest in the dependencies.
    #[error("starts at operation {found}, expected {expected}")]
    WrongStart {
        /// One more than the greatest operation in the dependencies.
        expected: u64,
        /// The number in the change.
        found: u64,
    },
    /// An operation names an actor that has no change here.
    #[error("operation {op} names an unknown actor")]
    UnknownActor {
        /// Position of the operation in the change.
        op: u32,
    },
    /// An operation names an object that does not exist.
    #[error("operation {op} names an unknown object")]
    UnknownObject {
        /// Position of the operation in the change.
        op: u32,
    },
    /// An operation names an element that does not exist in that object.
    #[error("operation {op} names an unknown element")]
    UnknownElement {
        /// Position of the operation in the change.
        op: u32,
    },
    /// An operation replaces one that is not a value of the same object and key.
    #[error("operation {op} replaces an unknown operation")]
    UnknownPred {
        /// Position of the operation in the change.
        op: u32,
    },
    /// An operation names something that exists, but not in the causal past of the change.
    #[error("operation {op} names something outside its causal past")]
    OutsidePast {
        /// Position of the operation in the change.
        op: u32,
    },
    /// An operation that Automerge does not make on this kind of object or in this combination.
    #[error("operation {op}: {what}")]
    Forbidden {
        /// Position of the operation in the change.
        op: u32,
        /// What is not allowed.
        what: &'static str,
    },
}
