//! Ed25519 under ZIP-215: one definition of validity, singly and in batches.
//!
//! Other verifiers judge a crafted signature by what else is in its batch (measured with dalek's
//! `verify_batch`); replicas would fork on it. ZIP-215 multiplies by the cofactor everywhere.

use ed25519_zebra::{SigningKey, VerificationKey, VerificationKeyBytes, batch};

use crate::ids::{DeviceId, InviteId, RelayId, Signature};

/// What a signature is for; its bytes stand before the signed message, so that a signature made
/// for one purpose is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A statement's header.
    Statement,
    /// An invite key's consent to one device and partnership.
    Enrol,
    /// A relay's word on a ledger's head.
    Checkpoint,
    /// A device that opens a connection.
    Connect,
    /// A relay that answers a connection.
    Welcome,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Statement => b"entente statement 1\n",
            Self::Enrol => b"entente enrol 1\n",
            Self::Checkpoint => b"entente checkpoint 1\n",
            Self::Connect => b"entente connect 1\n",
            Self::Welcome => b"entente welcome 1\n",
        }
    }

    fn message(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut message = self.label().to_vec();
        parts.iter().for_each(|part| message.extend_from_slice(part));
        message
    }
}

/// An Ed25519 private key: a device's, a relay's, an invitation's or a recovery key.
#[derive(Clone)]
pub struct Key(SigningKey);

impl Key {
    /// Makes the key from its 32 secret bytes, which come from the shell's random source.
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&secret))
    }

    /// The secret bytes, to be stored with mode 0600 and nowhere else.
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half, whose meaning depends on whose key this is.
    pub fn public(&self) -> [u8; 32] {
        VerificationKeyBytes::from(&self.0).into()
    }

    /// The public half of a device key.
    pub fn device(&self) -> DeviceId {
        DeviceId(self.public())
    }

    /// The public half of a relay key.
    pub fn relay(&self) -> RelayId {
        RelayId(self.public())
    }

    /// The public half of an invite key.
    pub fn invite(&self) -> InviteId {
        InviteId(self.public())
    }

    /// Signs the concatenation of `parts`.
    pub fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> Signature {
        Signature(self.0.sign(&purpose.message(parts)).into())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.device().short())
    }
}

/// Tells whether `signature` over `parts` is valid for the public key `public`.
pub fn verify(purpose: Purpose, public: &[u8; 32], parts: &[&[u8]], signature: &Signature) -> bool {
    VerificationKey::try_from(*public)
        .and_then(|key| key.verify(&signature.0.into(), &purpose.message(parts)))
        .is_ok()
}

/// One signature to be checked in a batch.
pub struct Claim<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// The public key.
    pub public: [u8; 32],
    /// The signed bytes.
    pub message: &'a [u8],
    /// The signature.
    pub signature: Signature,
}

/// Tells whether all of `claims` are valid; agrees with [`verify`] on each (ZIP-215).
///
/// `random` must be unpredictable to whoever made the signatures.
pub fn verify_all(claims: &[Claim<'_>], random: impl rand_core::CryptoRng) -> bool {
    if let [one] = claims {
        return verify(one.purpose, &one.public, &[one.message], &one.signature);
    }
    let mut verifier = batch::Verifier::new();
    for claim in claims {
        let message = claim.purpose.message(&[claim.message]);
        let key = VerificationKeyBytes::from(claim.public);
        verifier.queue((key, ed25519_zebra::Signature::from(claim.signature.0), &message[..]));
    }
    verifier.verify(random).is_ok()
}
