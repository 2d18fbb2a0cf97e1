//! Numbers for the operator.

use std::collections::BTreeMap;
use std::fmt;

use entente_store::Store;
use serde::{Deserialize, Serialize};

use crate::metrics::Metrics;
use crate::records;
use crate::relay::founding::FoundingToken;
use crate::relay::room;

/// Partnerships that are shown by how much they store.
const LARGEST_SHOWN: usize = 10;

/// How much there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// The relay's public key, in hexadecimal digits; absent before the first start.
    pub relay: Option<String>,
    /// The program's version.
    pub version: String,
    /// Whether it was restored and not resumed yet.
    pub recovering: bool,
    /// Why the store takes no writes, if it does not.
    pub read_only: Option<String>,
    /// Partnerships stored.
    pub partnerships: usize,
    /// Documents stored, ground rules included.
    pub documents: usize,
    /// Entries in their ledgers.
    pub entries: u64,
    /// The partnerships that store most, with their bytes; at most ten.
    #[serde(default)]
    pub largest: Vec<(String, u64)>,
    /// Most bytes that one partnership may store; 0 for no bound.
    #[serde(default)]
    pub partnership_bytes_max: u64,
    /// Documents found damaged, by id.
    pub damaged: Vec<String>,
    /// Founding links that still work.
    pub founding_links: usize,
    /// What a running relay has counted since it started, and has in memory now; else absent.
    pub running: Option<BTreeMap<String, u64>>,
}

impl Stats {
    /// Reads the store and, if the relay runs here, its metrics.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn gather(
        store: &impl Store,
        partnership_bytes_max: u64,
        metrics: Option<&Metrics>,
    ) -> anyhow::Result<Self> {
        let partnerships = store.partnerships();
        let documents: Vec<_> =
            partnerships.iter().flat_map(|partnership| store.documents(*partnership)).collect();
        let heads = documents.iter().filter_map(|document| store.head(*document).ok().flatten());
        let tokens = FoundingToken::all(store)?;
        let mut largest = Vec::new();
        for partnership in &partnerships {
            largest.extend(room::kept(store, *partnership)?.map(|bytes| (partnership.short(), bytes)));
        }
        largest.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        largest.truncate(LARGEST_SHOWN);
        Ok(Self {
            relay: records::existing_key(store)?.map(|key| key.relay().to_hex()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            recovering: records::is_recovering(store)?,
            read_only: store.writable().err().map(|error| error.to_string()),
            partnerships: partnerships.len(),
            entries: heads.map(|head| head.seq + 1).sum(),
            largest,
            partnership_bytes_max,
            damaged: store.damaged().iter().map(|document| document.uuid().to_string()).collect(),
            founding_links: tokens.iter().filter(|token| token.uses_left != Some(0)).count(),
            documents: documents.len(),
            running: metrics.map(counted),
        })
    }
}

fn counted(metrics: &Metrics) -> BTreeMap<String, u64> {
    let reported = metrics.reported().into_iter().map(|((name, reason), value)| match reason {
        Some(reason) => (format!("{name} {reason}"), value),
        None => (name.to_owned(), value),
    });
    let gauges = metrics.gauges();
    reported
        .chain([
            ("connections now".to_owned(), gauges.connections as u64),
            ("documents in memory".to_owned(), gauges.documents as u64),
            ("documents quarantined".to_owned(), gauges.quarantined as u64),
            ("documents waiting for lost entries".to_owned(), gauges.missing as u64),
        ])
        .collect()
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, value: &dyn fmt::Display| writeln!(f, "{name:<36} {value}");
        row("version", &self.version)?;
        row("relay key", &self.relay.as_deref().unwrap_or("none yet"))?;
        row("partnerships", &self.partnerships)?;
        row("documents", &self.documents)?;
        row("entries", &self.entries)?;
        row("founding links that still work", &self.founding_links)?;
        row("recovering", &if self.recovering { "yes: end it with `entente-relay resume`" } else { "no" })?;
        row("takes writes", &self.read_only.as_deref().map_or("yes", |reason| reason))?;
        for (partnership, bytes) in &self.largest {
            let most = match self.partnership_bytes_max {
                0 => String::new(),
                most => format!(" of {}", room::size(most)),
            };
            row(&format!("partnership {partnership} stores"), &format!("{}{most}", room::size(*bytes)))?;
        }
        for document in &self.damaged {
            row("damaged document", document)?;
        }
        match &self.running {
            None => row("running", &"no"),
            Some(counted) => counted.iter().try_for_each(|(name, value)| row(&name.replace('_', " "), value)),
        }
    }
}
