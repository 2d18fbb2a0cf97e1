//! How much of the disk one partnership takes, and the bound on it.
//!
//! The count is a record that is written with the entries that it counts, so it is as durable as they
//! are. It counts what entries and statements take, not what the store adds.

use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{Act, Statement};
use entente_store::{Record, Store, StoreError};

use super::Relay;
use super::loading::pages;
use super::pipeline::{Batch, Run};

const KEY: &[u8] = b"relay/bytes/";

/// The record that keeps how many bytes a partnership takes.
pub(super) fn record(partnership: PartnershipId, bytes: u64) -> Record {
    Record { key: [KEY, &partnership.0].concat(), value: Some(codec::encode(&bytes)) }
}

/// How many bytes a partnership takes, as it was kept; absent if it never was.
///
/// # Errors
///
/// The store's.
pub fn kept(store: &impl Store, partnership: PartnershipId) -> Result<Option<u64>, StoreError> {
    let bytes = store.record(&[KEY, &partnership.0].concat())?;
    Ok(bytes.and_then(|bytes| codec::decode("bytes", &bytes, bytes.len()).ok()))
}

/// The same, counted where it never was kept. What cannot be read is not counted.
pub(super) fn counted(store: &impl Store, partnership: PartnershipId) -> u64 {
    if let Ok(Some(bytes)) = kept(store, partnership) {
        return bytes;
    }
    let documents = store.documents(partnership).into_iter();
    documents.map(|document| bytes_of(store, document)).sum()
}

fn bytes_of(store: &impl Store, document: DocumentId) -> u64 {
    let pages = pages(store, document, 0).map_while(Result::ok);
    pages.flatten().map(|stored| (stored.entry.len() + stored.envelope.len()) as u64).sum()
}

/// Bytes in the largest unit of which there is at least one.
pub fn size(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let found = units.into_iter().find(|(_, shift)| bytes >> shift > 0);
    match found {
        Some((unit, shift)) => {
            let tenths = (u128::from(bytes) * 10) >> shift;
            match tenths % 10 {
                0 => format!("{} {unit}", tenths / 10),
                rest => format!("{}.{rest} {unit}", tenths / 10),
            }
        }
        None => format!("{bytes} bytes"),
    }
}

impl<S: Store> Relay<S> {
    /// Puts entries at the end of what waits for the disk, and with them how much their partnership
    /// takes then.
    pub(super) fn push(&mut self, run: Run) -> &mut Batch {
        let id = run.partnership;
        let bytes: u64 = run.items.iter().map(|item| item.bytes() as u64).sum();
        let partnership = self.partnerships.get_mut(&id);
        let size = partnership.map(|partnership| {
            partnership.stored_bytes += bytes;
            partnership.stored_bytes
        });
        let batch = self.pipeline.push(run);
        batch.sizes.extend(size.map(|size| (id, size)));
        batch
    }

    /// Counts anew after entries were taken out that did not reach the disk.
    pub(super) fn count_again(&mut self, id: PartnershipId) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        partnership.stored_bytes = counted(&*self.store, id) + self.pipeline.bytes_of(id);
    }

    /// Tells whether the operator lets the partnership store one more statement. A device or person is
    /// revoked in any case.
    pub(super) fn check_room(&self, id: PartnershipId, statement: &Statement) -> Result<(), Refusal> {
        let most = self.options.limits.partnership_bytes;
        let Some(partnership) = self.partnerships.get(&id) else { return Ok(()) };
        let is_full = partnership.stored_bytes.saturating_add(statement.bytes() as u64) > most;
        if most == 0 || !is_full || matches!(statement.header.act, Act::Revoke { .. }) {
            return Ok(());
        }
        let operator = match self.options.operator.as_str() {
            "" => "its operator".to_owned(),
            named => format!("its operator ({named})"),
        };
        let detail = format!("{operator} lets this partnership store {}, and it has", size(most));
        Err(Refusal::ReadOnly { detail })
    }
}
