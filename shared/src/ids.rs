//! Identifiers: one newtype per concept, even where the bytes are alike.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Computes SHA-256 over the concatenation of `parts`.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Writes bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads lower- or upper-case hexadecimal digits; `None` if they are not exactly `N` bytes.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let high = (pair[0] as char).to_digit(16)?;
        let low = (pair[1] as char).to_digit(16)?;
        *byte = (high * 16 + low) as u8;
    }
    Some(bytes)
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Writes the whole id as hexadecimal digits.
            pub fn to_hex(&self) -> String {
                hex(&self.0)
            }

            /// Reads the id from hexadecimal digits.
            pub fn from_hex(text: &str) -> Option<Self> {
                unhex(text).map(Self)
            }

            /// Writes the first six hexadecimal digits, for people.
            pub fn short(&self) -> String {
                hex(&self.0[..3])
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_hex())
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let bytes = d.bytes()?;
                <[u8; $len]>::try_from(bytes).map(Self).map_err(|_| {
                    minicbor::decode::Error::message(concat!(stringify!($name), ": wrong length"))
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.to_hex())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::from_hex(&text).ok_or_else(|| {
                    serde::de::Error::custom(concat!(stringify!($name), ": expected hexadecimal digits"))
                })
            }
        }
    };
}

byte_id!(
    /// A partnership: the id of the `Found` statement that began it.
    PartnershipId, 32
);
byte_id!(
    /// A statement: SHA-256 of its header, without the signature.
    StatementId, 32
);
byte_id!(
    /// A payload: SHA-256 of its bytes, salt included.
    PayloadHash, 32
);
byte_id!(
    /// A ledger entry: SHA-256 of its bytes. It covers the hash of the entry before.
    EntryHash, 32
);
byte_id!(
    /// The state of a document after an entry: the Merkle root over its sections' leaves.
    StateDigest, 32
);
byte_id!(
    /// One leaf of a state digest: one section's heads, holds and signatures.
    LeafHash, 32
);
byte_id!(
    /// The content of a section in all languages: SHA-256 of the canonical CBOR of its value tree.
    ContentDigest, 32
);
byte_id!(
    /// An Automerge change: SHA-256 of its chunk, as Automerge computes it.
    ChangeId, 32
);
byte_id!(
    /// A device: its Ed25519 public key.
    DeviceId, 32
);
byte_id!(
    /// A relay: its Ed25519 public key.
    RelayId, 32
);
byte_id!(
    /// An invitation: the public half of the Ed25519 key whose secret half is in the link.
    InviteId, 32
);
byte_id!(
    /// A person, by a random id, so that names can be erased.
    PersonId, 16
);
byte_id!(
    /// One run of a relay process: random at its start.
    Incarnation, 16
);
byte_id!(
    /// An Automerge actor: see [`ActorKey::derive`].
    ActorKey, 16
);
byte_id!(
    /// The random bytes from which an actor id is derived; carried in the payload.
    ActorNonce, 16
);
byte_id!(
    /// A document: a UUID, version 7.
    DocumentId, 16
);
byte_id!(
    /// An Ed25519 signature.
    Signature, 64
);

impl ActorKey {
    /// Derives the actor id that `device` must use in this section with this nonce: the first 16
    /// bytes of SHA-256(device key ‖ document ‖ section ‖ nonce).
    ///
    /// Nobody else can claim the actor first, and a cloned profile that draws a fresh nonce
    /// cannot reuse one. Two changes with one actor and sequence would wedge replicas for good.
    pub fn derive(device: DeviceId, document: DocumentId, section: &SectionId, nonce: ActorNonce) -> Self {
        let hash = sha256(&[&device.0, &document.0, section.as_str().as_bytes(), &nonce.0]);
        let mut actor = [0; 16];
        actor.copy_from_slice(&hash[..16]);
        Self(actor)
    }
}

impl DocumentId {
    /// Makes the UUID (version 7) for a document created at `now_ms` (milliseconds since 1970).
    pub fn new(now_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid().into_bytes())
    }

    /// The same bytes as a UUID, the form that people and files see.
    pub fn uuid(&self) -> uuid::Uuid {
        uuid::Uuid::from_bytes(self.0)
    }
}

impl From<automerge::ChangeHash> for ChangeId {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<ChangeId> for automerge::ChangeHash {
    fn from(id: ChangeId) -> Self {
        Self(id.0)
    }
}

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
        #[cbor(transparent)]
        #[serde(transparent)]
        pub struct $name(#[n(0)] String);

        impl $name {
            /// Takes the name as it is; names from outside are checked by [`Self::is_valid`].
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Tells whether the name has 1 to 64 of the characters `a-z 0-9 - /`, starts with a
            /// letter or digit, and has no empty part between slashes.
            pub fn is_valid(&self) -> bool {
                let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '/';
                (1..=64).contains(&self.0.len())
                    && self.0.chars().all(ok)
                    && self.0.split('/').all(|part| !part.is_empty() && !part.starts_with('-'))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }
    };
}

name_id!(
    /// A section of a document, such as `functions` or `party/moscow`.
    SectionId
);
name_id!(
    /// A party (team), such as `moscow`.
    PartyId
);
name_id!(
    /// A market that one or more parties work in, such as `us`.
    MarketId
);
name_id!(
    /// A rule, by the id that people gave it, such as `own-column`.
    RuleId
);
name_id!(
    /// A kind of document, such as `matrix`.
    KindId
);
name_id!(
    /// A role without its party, such as `lead`.
    RoleId
);

name_id!(
    /// For whom somebody signs: in the ground rules a party, elsewhere a role of one, such as
    /// `moscow/lead`.
    SignerId
);

impl SectionId {
    /// Splits `party/moscow` into its family `party` and its subject `moscow`.
    pub fn split(&self) -> (&str, Option<&str>) {
        match self.0.split_once('/') {
            Some((family, subject)) => (family, Some(subject)),
            None => (&self.0, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_survive_a_round_trip_and_reject_other_lengths() {
        let id = PersonId([0xa5; 16]);
        assert_eq!(PersonId::from_hex(&id.to_hex()), Some(id));
        assert_eq!(PersonId::from_hex("a5"), None);
        assert_eq!(PersonId::from_hex(&"zz".repeat(16)), None);
    }

    #[test]
    fn section_names_are_checked() {
        for good in ["functions", "party/moscow", "response/00ff"] {
            assert!(SectionId::new(good).is_valid(), "{good}");
        }
        for bad in ["", "/", "party/", "Party", "a b", "-a", &"x".repeat(65)] {
            assert!(!SectionId::new(bad).is_valid(), "{bad}");
        }
    }
}
