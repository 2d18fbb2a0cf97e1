//! The operator's founding tokens: who has one may found a partnership on this relay.

use entente_shared::codec::{self, CodecError};
use entente_shared::ids::sha256;
use entente_store::{Record, Store, StoreError};
use minicbor::{Decode, Encode};

const PREFIX: &[u8] = b"relay/founding/";
/// Most bytes of a token that is looked up.
const TOKEN_BYTES_MAX: usize = 256;

/// A founding token as it is stored: by its hash, so that a backup of the store lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FoundingToken {
    /// SHA-256 of the token.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub hash: [u8; 32],
    /// How many partnerships it may still found; any number if absent.
    #[n(1)]
    pub uses_left: Option<u32>,
    /// Until when it works, in milliseconds since 1970; always if absent.
    #[n(2)]
    pub expires_ms: Option<u64>,
}

impl FoundingToken {
    /// The token to be stored for the secret in a founding link.
    pub fn new(secret: &[u8], uses: Option<u32>, expires_ms: Option<u64>) -> Self {
        Self { hash: sha256(&[secret]), uses_left: uses, expires_ms }
    }

    /// The record that keeps it.
    pub fn record(&self) -> Record {
        Record { key: [PREFIX, &self.hash].concat(), value: Some(codec::encode(self)) }
    }

    /// The record that takes it back.
    pub fn withdrawal(&self) -> Record {
        Record { key: [PREFIX, &self.hash].concat(), value: None }
    }

    /// All tokens in `store`.
    ///
    /// # Errors
    ///
    /// The store cannot be read. A record that does not decode is left out.
    pub fn all(store: &impl Store) -> Result<Vec<Self>, StoreError> {
        let records = store.records(PREFIX)?;
        let read =
            |bytes: &[u8]| -> Result<Self, CodecError> { codec::decode("founding token", bytes, 1024) };
        Ok(records.iter().filter_map(|(_, value)| read(value).ok()).collect())
    }

    /// The stored token with this secret, unless it has expired or was used up; `pending` says how
    /// many uses of a token are on their way to the disk.
    ///
    /// Secrets are compared by hash and over the whole length: the time tells nothing about them.
    pub(super) fn find(
        store: &impl Store,
        secret: &[u8],
        now_ms: u64,
        pending: impl Fn(&[u8; 32]) -> u32,
    ) -> Option<Self> {
        if secret.is_empty() || secret.len() > TOKEN_BYTES_MAX {
            return None;
        }
        Self::find_hash(store, &sha256(&[secret]), now_ms, pending)
    }

    /// As [`Self::find`], by the token's hash.
    pub(super) fn find_hash(
        store: &impl Store,
        hash: &[u8; 32],
        now_ms: u64,
        pending: impl Fn(&[u8; 32]) -> u32,
    ) -> Option<Self> {
        let mut found = None;
        for mut token in Self::all(store).ok()? {
            let differs = token.hash.iter().zip(hash).fold(0, |all, (a, b)| all | (a ^ b));
            if differs == 0 {
                token.uses_left = token.uses_left.map(|left| left.saturating_sub(pending(hash)));
                found = Some(token);
            }
        }
        found.filter(|token| token.uses_left != Some(0) && token.expires_ms.is_none_or(|end| now_ms < end))
    }

    /// The record after one more use; none if it may be used any number of times.
    pub(super) fn used(mut self) -> Option<Record> {
        self.uses_left = Some(self.uses_left?.saturating_sub(1));
        Some(self.record())
    }
}
