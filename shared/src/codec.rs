//! Canonical CBOR: what is signed or hashed has exactly one encoding.
//!
//! Structures are arrays in field order with definite lengths and shortest integers, enums are
//! `[tag, [fields…]]`, ids are byte strings. Rather than list every way in which CBOR could differ,
//! the reader decodes, encodes again and compares: other bytes are refused.

use minicbor::{Decode, Encode};

/// Why bytes were not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// More bytes than the bound for this structure.
    #[error("{what}: {bytes} bytes, at most {max} are allowed")]
    TooLong {
        /// The structure that was read.
        what: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// The bound in bytes.
        max: usize,
    },
    /// Not CBOR of the expected shape.
    #[error("{what}: {detail}")]
    Malformed {
        /// The structure that was read.
        what: &'static str,
        /// What the decoder met.
        detail: String,
    },
    /// Valid, but not the one encoding that this value has.
    #[error("{what}: not in canonical form")]
    NotCanonical {
        /// The structure that was read.
        what: &'static str,
    },
}

/// Encodes a value canonically.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing to memory does not fail")
}

/// Decodes a value of at most `max` bytes and checks that these bytes are its only encoding.
pub fn decode<'b, T: Encode<()> + Decode<'b, ()>>(
    what: &'static str,
    bytes: &'b [u8],
    max: usize,
) -> Result<T, CodecError> {
    if bytes.len() > max {
        return Err(CodecError::TooLong { what, bytes: bytes.len(), max });
    }
    let value: T =
        minicbor::decode(bytes).map_err(|error| CodecError::Malformed { what, detail: error.to_string() })?;
    if encode(&value) == bytes { Ok(value) } else { Err(CodecError::NotCanonical { what }) }
}
