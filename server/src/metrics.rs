//! Counters of one relay, in the Prometheus text format. No label names a person, a device, a
//! partnership or a document.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

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

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Connections open now.
    pub connections: Gauge,
    /// WebSockets opened.
    pub sockets_opened: Counter,
    /// Connections turned away before a WebSocket: too many, or a proxy that is not trusted.
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
    /// Connections closed because they read too slowly.
    pub slow_readers: Counter,
    /// Connections closed because they were silent.
    pub silent: Counter,
    /// Commits of the store.
    pub commits: Counter,
    /// Entries appended durably.
    pub entries: Counter,
    /// How long commits took.
    pub commit_time: Durations,
    /// Commits that failed.
    pub commit_failures: Counter,
    /// 1 while the relay serves reads only, after a restore.
    pub recovering: Gauge,
    /// 1 if the store takes writes.
    pub writable: Gauge,
    /// Certificates loaded.
    pub certificates_loaded: Counter,
    /// Certificates that could not be loaded; the one before is served on.
    pub certificate_failures: Counter,
}

impl Metrics {
    /// Writes everything in the Prometheus text format.
    pub fn exposition(&self) -> String {
        let mut text = Text(String::new());
        text.gauge("connections", "Connections open now", &self.connections);
        text.counter("sockets_opened", "WebSockets opened", &self.sockets_opened);
        text.counter("turned_away", "Connections turned away before a WebSocket", &self.turned_away);
        text.counter("foreign_origins", "Requests of foreign web pages", &self.foreign_origins);
        text.counter("frames_received", "Frames received", &self.frames_received);
        text.counter("bytes_received", "Bytes received in frames", &self.bytes_received);
        text.counter("frames_sent", "Frames sent", &self.frames_sent);
        text.counter("bytes_sent", "Bytes sent in frames", &self.bytes_sent);
        text.counter("slow_readers", "Connections closed because they read too slowly", &self.slow_readers);
        text.counter("silent", "Connections closed because they were silent", &self.silent);
        text.counter("commits", "Commits of the store", &self.commits);
        text.counter("commit_failures", "Commits of the store that failed", &self.commit_failures);
        text.counter("entries", "Entries appended durably", &self.entries);
        text.durations("commit_seconds", "How long commits took", &self.commit_time);
        text.gauge("recovering", "1 while only reads and refills are served", &self.recovering);
        text.gauge("writable", "1 if the store takes writes", &self.writable);
        text.counter("certificates_loaded", "Certificates loaded", &self.certificates_loaded);
        text.counter(
            "certificate_failures",
            "Certificates that could not be loaded",
            &self.certificate_failures,
        );
        text.0
    }
}

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

    fn gauge(&mut self, name: &str, help: &str, gauge: &Gauge) {
        self.head(name, "gauge", help);
        let _ = writeln!(self.0, "entente_{name} {}", gauge.get());
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
        metrics.entries.add(7);
        let text = metrics.exposition();
        for line in [
            "entente_entries_total 7",
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
