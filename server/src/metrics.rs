//! Counters of one relay, in the Prometheus text format. No label names a person, a device, a
//! partnership or a document.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use crate::relay::{self, Gauges};

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds one.
    pub fn one(&self) {
        self.add(1);
    }

    /// Adds `n`.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A number that rises and falls.
#[derive(Debug, Default)]
pub struct Gauge(AtomicU64);

impl Gauge {
    /// Sets it.
    pub fn set(&self, n: u64) {
        self.0.store(n, Relaxed);
    }

    /// Adds one.
    pub fn rise(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// Takes one away.
    pub fn fall(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Upper bounds of the durations' buckets, in microseconds.
const BUCKETS_US: [u64; 10] = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000];

/// How often something took how long.
#[derive(Debug, Default)]
pub struct Durations {
    buckets: [Counter; BUCKETS_US.len()],
    count: Counter,
    sum_us: Counter,
}

impl Durations {
    /// Notes one duration, in microseconds.
    pub fn note(&self, us: u64) {
        if let Some(bucket) = BUCKETS_US.iter().position(|bound| us <= *bound) {
            self.buckets[bucket].one();
        }
        self.count.one();
        self.sum_us.add(us);
    }
}

/// Everything that is counted: what the shell sees, and what the relay reports.
#[derive(Debug, Default)]
pub struct Metrics {
    /// TCP connections open now.
    pub connections: Gauge,
    /// Connections turned away before a WebSocket: too many, or from beside the trusted proxy.
    pub turned_away: Counter,
    /// Requests of foreign web pages.
    pub foreign_origins: Counter,
    /// Frames received.
    pub frames_received: Counter,
    /// Bytes received in frames.
    pub bytes_received: Counter,
    /// Frames sent.
    pub frames_sent: Counter,
    /// Bytes sent in frames.
    pub bytes_sent: Counter,
    /// Connections closed because nothing came from them in time.
    pub silent: Counter,
    /// How long commits took.
    pub commit_time: Durations,
    /// 1 while the relay serves reads and refills only, after a restore.
    pub recovering: Gauge,
    /// Certificates loaded.
    pub certificates_loaded: Counter,
    /// Certificates that could not be loaded; the one before is served on.
    pub certificate_failures: Counter,
    reported: Mutex<BTreeMap<(&'static str, Option<&'static str>), u64>>,
    gauges: Mutex<Gauges>,
}

impl Metrics {
    /// Takes note of what the relay counted.
    pub fn count(&self, counter: relay::Counter, by: u64) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        *reported.entry((counter.name(), counter.reason())).or_default() += by;
    }

    /// Takes note of how much of everything the relay has.
    pub fn set_gauges(&self, gauges: Gauges) {
        *self.gauges.lock().unwrap_or_else(PoisonError::into_inner) = gauges;
    }

    /// Everything that the relay has counted, by name and reason.
    pub fn reported(&self) -> BTreeMap<(&'static str, Option<&'static str>), u64> {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How much of everything the relay has.
    pub fn gauges(&self) -> Gauges {
        *self.gauges.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes everything in the Prometheus text format.
    pub fn exposition(&self) -> String {
        let mut text = Text(String::new());
        text.gauge("sockets", "TCP connections open now", self.connections.get());
        text.counter("turned_away", "Connections turned away before a WebSocket", &self.turned_away);
        text.counter("foreign_origins", "Requests of foreign web pages", &self.foreign_origins);
        text.counter("frames_received", "Frames received", &self.frames_received);
        text.counter("bytes_received", "Bytes received in frames", &self.bytes_received);
        text.counter("frames_sent", "Frames sent", &self.frames_sent);
        text.counter("bytes_sent", "Bytes sent in frames", &self.bytes_sent);
        text.counter("silent", "Connections closed because nothing came from them", &self.silent);
        text.durations("commit_seconds", "How long commits took", &self.commit_time);
        text.gauge("recovering", "1 while only reads and refills are served", self.recovering.get());
        text.counter("certificates_loaded", "Certificates loaded", &self.certificates_loaded);
        let help = "Certificates that could not be loaded";
        text.counter("certificate_failures", help, &self.certificate_failures);
        text.reported(&self.reported());
        let gauges = self.gauges();
        text.gauge("connections", "WebSockets, authenticated or not", gauges.connections as u64);
        text.gauge("partnerships", "Partnerships in memory", gauges.partnerships as u64);
        text.gauge("documents", "Documents in memory, ground rules not counted", gauges.documents as u64);
        text.gauge("quarantined", "Documents that are read-only because damaged", gauges.quarantined as u64);
        text.gauge("missing", "Documents that wait for lost entries", gauges.missing as u64);
        let help = "Bytes stored of the partnership in memory that has most";
        text.gauge("partnership_bytes_most", help, gauges.partnership_bytes_most);
        text.gauge("uncommitted", "Statements that wait for a commit", gauges.uncommitted as u64);
        text.0
    }
}

/// What the relay counts without a reason, so that each is shown from the beginning.
const ALWAYS: [relay::Counter; 12] = [
    relay::Counter::ConnectionsOpened,
    relay::Counter::ConnectionsWelcomed,
    relay::Counter::StatementsReceived,
    relay::Counter::StatementsAdmitted,
    relay::Counter::StatementsHeld,
    relay::Counter::Entries,
    relay::Counter::EntryBytes,
    relay::Counter::Commits,
    relay::Counter::CommitsFailed,
    relay::Counter::DocumentsLoaded,
    relay::Counter::DocumentsMaterialised,
    relay::Counter::ReadersLagging,
];

struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP entente_{name} {help}.\n# TYPE entente_{name} {kind}\n");
    }

    fn counter(&mut self, name: &str, help: &str, counter: &Counter) {
        let name = format!("{name}_total");
        self.head(&name, "counter", help);
        let _ = writeln!(self.0, "entente_{name} {}", counter.get());
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, "gauge", help);
        let _ = writeln!(self.0, "entente_{name} {value}");
    }

    fn reported(&mut self, reported: &BTreeMap<(&'static str, Option<&'static str>), u64>) {
        let mut all = reported.clone();
        for counter in ALWAYS {
            all.entry((counter.name(), None)).or_default();
        }
        let mut last = "";
        for ((name, reason), value) in all {
            let total = format!("{name}_total");
            if name != last {
                self.head(&total, "counter", &name.replace('_', " "));
                last = name;
            }
            let label = reason.map(|reason| format!("{{reason=\"{reason}\"}}")).unwrap_or_default();
            let _ = writeln!(self.0, "entente_{total}{label} {value}");
        }
    }

    fn durations(&mut self, name: &str, help: &str, durations: &Durations) {
        self.head(name, "histogram", help);
        let mut below = 0;
        for (bound_us, bucket) in BUCKETS_US.iter().zip(&durations.buckets) {
            below += bucket.get();
            let bound = *bound_us as f64 / 1e6;
            let _ = writeln!(self.0, "entente_{name}_bucket{{le=\"{bound}\"}} {below}");
        }
        let count = durations.count.get();
        let sum = durations.sum_us.get() as f64 / 1e6;
        let _ = writeln!(self.0, "entente_{name}_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(self.0, "entente_{name}_sum {sum}\nentente_{name}_count {count}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_every_name_is_described() {
        let metrics = Metrics::default();
        [50, 300, 2_000_000].into_iter().for_each(|us| metrics.commit_time.note(us));
        metrics.count(relay::Counter::Entries, 7);
        metrics.count(relay::Counter::StatementsRefused("gate"), 2);
        let text = metrics.exposition();
        for line in [
            "entente_entries_total 7",
            "entente_commits_total 0",
            "entente_statements_refused_total{reason=\"gate\"} 2",
            "entente_commit_seconds_bucket{le=\"0.0001\"} 1",
            "entente_commit_seconds_bucket{le=\"0.0005\"} 2",
            "entente_commit_seconds_bucket{le=\"1\"} 2",
            "entente_commit_seconds_bucket{le=\"+Inf\"} 3",
            "entente_commit_seconds_sum 2.00035",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert_eq!(text.matches("# HELP").count(), text.matches("# TYPE").count());
    }
}
