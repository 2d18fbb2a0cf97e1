//! What the relay keeps in its store beside the ledgers: its key, its founding tokens (see
//! [`crate::relay`]), and whether it was restored.
//!
//! The key is a record and no file of its own, so that it exists exactly when the ledgers do that
//! it countersigned, is made durable with them, and is in every backup. A relay that lost its key
//! could serve no partnership: clients have pinned it.

use entente_shared::crypto::Key;
use entente_store::{Record, Store, StoreError};

const KEY: &[u8] = b"relay/key";
const RECOVERING: &[u8] = b"relay/recovering";
const RESTORING: &[u8] = b"relay/restoring";

/// The relay's key; made at the first start.
///
/// # Errors
/// The store's, or that the record is damaged.
pub fn key(store: &impl Store, random: &mut impl rand::CryptoRng) -> anyhow::Result<Key> {
    if let Some(key) = existing_key(store)? {
        return Ok(key);
    }
    let mut secret = [0; 32];
    random.fill_bytes(&mut secret);
    store.commit(Vec::new(), vec![Record { key: KEY.to_vec(), value: Some(secret.to_vec()) }])?;
    Ok(Key::from_secret(secret))
}

/// The relay's key, if there is one yet.
///
/// # Errors
/// The store's, or that the record is damaged.
pub fn existing_key(store: &impl Store) -> anyhow::Result<Option<Key>> {
    let Some(bytes) = store.record(KEY)? else { return Ok(None) };
    let secret = <[u8; 32]>::try_from(bytes.as_slice());
    let secret = secret.map_err(|_| anyhow::anyhow!("the relay's key is damaged: restore a backup"))?;
    Ok(Some(Key::from_secret(secret)))
}

/// Tells whether the relay was restored and not resumed yet.
///
/// # Errors
/// The store's.
pub fn is_recovering(store: &impl Store) -> Result<bool, StoreError> {
    Ok(store.record(RECOVERING)?.is_some())
}

/// The record that begins or ends recovering.
pub fn recovering(is_recovering: bool) -> Record {
    Record { key: RECOVERING.to_vec(), value: is_recovering.then(|| vec![1]) }
}

/// Tells whether a restore began in this store and did not end.
///
/// # Errors
/// The store's.
pub fn is_restoring(store: &impl Store) -> Result<bool, StoreError> {
    Ok(store.record(RESTORING)?.is_some())
}

/// The record that begins or ends a restore.
pub fn restoring(is_restoring: bool) -> Record {
    Record { key: RESTORING.to_vec(), value: is_restoring.then(|| vec![1]) }
}
