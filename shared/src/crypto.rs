//! Ed25519 under ZIP-215: one definition of validity, singly and in batches.
//!
//! Other verifiers judge a crafted signature by what else is in its batch (measured with dalek's
//! `verify_batch`); replicas would fork on it. ZIP-215 multiplies by the cofactor everywhere.

use ed25519_zebra::{SigningKey, VerificationKey, VerificationKeyBytes, batch};

use crate::ids::{DeviceId, InviteId, RelayId, Signature, sha256};

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

/// Most signatures in one batch: beyond it a signature costs hardly less.
const BATCH_MAX: usize = 256;

/// Tells of each claim whether it is valid, as [`verify`] does: in batches, and one by one where a
/// batch holds an invalid one, to find it.
///
/// It needs no random source: the factors of a batch come from a hash over everything in it, so
/// whoever makes a signature that would be valid only under certain factors changes the factors by it.
pub fn verify_each(claims: &[Claim<'_>]) -> Vec<bool> {
    let mut valid = Vec::with_capacity(claims.len());
    for batch in claims.chunks(BATCH_MAX) {
        let all = verify_all(batch, Factors::of(batch));
        let single = |one: &Claim<'_>| verify(one.purpose, &one.public, &[one.message], &one.signature);
        valid.extend(batch.iter().map(|one| all || single(one)));
    }
    valid
}

/// Bytes that follow from a batch and that nobody can choose: SHA-256 over a seed and a counter.
struct Factors {
    seed: [u8; 32],
    count: u64,
    block: [u8; 32],
    used: usize,
}

impl Factors {
    fn of(claims: &[Claim<'_>]) -> Self {
        let one = |claim: &Claim<'_>| {
            let message = claim.purpose.message(&[claim.message]);
            sha256(&[&claim.public, &claim.signature.0, &message])
        };
        let all: Vec<u8> = claims.iter().flat_map(one).collect();
        Self { seed: sha256(&[b"entente batch 1\n", &all]), count: 0, block: [0; 32], used: 32 }
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.used == self.block.len() {
                self.block = sha256(&[&self.seed, &self.count.to_be_bytes()]);
                (self.count, self.used) = (self.count + 1, 0);
            }
            *byte = self.block[self.used];
            self.used += 1;
        }
    }
}

impl rand_core::TryRng for Factors {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.fill(bytes);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Factors {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many claims of a few keys; those at `bad` carry another message's signature.
    fn checked(count: usize, bad: &[usize]) -> (Vec<bool>, Vec<bool>) {
        let keys: Vec<_> = (1..4).map(|secret| Key::from_secret([secret; 32])).collect();
        let messages: Vec<_> = (0..count).map(|number| number.to_be_bytes()).collect();
        let claim = |number: usize| {
            let key = &keys[number % keys.len()];
            let signed =
                if bad.contains(&number) { &messages[(number + 1) % count] } else { &messages[number] };
            let signature = key.sign(Purpose::Statement, &[signed]);
            Claim { purpose: Purpose::Statement, public: key.public(), message: &messages[number], signature }
        };
        let claims: Vec<_> = (0..count).map(claim).collect();
        let single = |one: &Claim<'_>| verify(one.purpose, &one.public, &[one.message], &one.signature);
        (verify_each(&claims), claims.iter().map(single).collect())
    }

    #[test]
    fn many_signatures_are_told_apart_as_one_by_one() {
        for (count, bad) in [(0, &[][..]), (1, &[]), (300, &[]), (2, &[1]), (300, &[0, 255, 256, 299])] {
            let (each, singly) = checked(count, bad);
            assert_eq!(each, singly, "{count} with {bad:?}");
            assert_eq!(each.iter().filter(|valid| !**valid).count(), bad.len());
        }
    }

    #[test]
    fn the_factors_of_a_batch_follow_from_all_of_it() {
        let key = Key::from_secret([1; 32]);
        let factors = |message: &[u8]| {
            let signature = key.sign(Purpose::Enrol, &[message]);
            let claim = Claim { purpose: Purpose::Enrol, public: key.public(), message, signature };
            let mut bytes = [0; 80];
            Factors::of(&[claim]).fill(&mut bytes);
            bytes
        };
        assert_eq!(factors(b"one"), factors(b"one"));
        assert_ne!(factors(b"one"), factors(b"two"));
        let bytes = factors(b"one");
        assert_ne!(bytes[..32], bytes[32..64], "each block is another");
    }
}
