//! Every bound of the relay process, with its unit and its reason.
//!
//! What one statement may hold is part of the rules version and stands in
//! [`entente_shared::limits`].

/// How often the shell calls with `Tick`, in milliseconds. Revocations and answers do not wait for it.
pub const TICK_MS: u64 = 1_000;
/// How long a connection may take to say hello, in milliseconds.
pub const HELLO_WAIT_MS: u64 = 10_000;
/// How often connected clients get the relay's word on the newest heads, in milliseconds (design 4).
pub const HEADS_EVERY_MS: u64 = 30_000;
/// Bytes on the way to one socket beyond which nothing more is queued; one frame may overshoot.
pub const QUEUE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes on the way to one socket at which a client that sends but does not read is closed.
pub const QUEUE_BYTES_HARD_MAX: usize = 8 * 1024 * 1024;
/// The shell reports what a socket took whenever it has taken this many bytes.
pub const DRAIN_REPORT_BYTES: usize = 64 * 1024;
/// How long a socket may take nothing while its queue is full, in milliseconds.
pub const SLOW_READER_MS: u64 = 30_000;
/// Bytes of entries in one frame after which the next one begins: small enough to interleave
/// documents, large enough that one checkpoint signature (13 µs) is little beside them.
pub const ENTRIES_FRAME_BYTES: usize = 256 * 1024;
/// Entries in one frame after which the next one begins.
pub const ENTRIES_FRAME_COUNT: usize = 1024;
pub use entente_shared::wire::HEADS_FRAME_COUNT;
/// Statements that are verified and judged together while a commit is under way: a batch of 16 costs
/// about 10 µs a signature instead of 31.
pub const INTAKE_STATEMENTS: usize = 16;
/// Bytes of statements that wait for a commit; beyond them statements are refused for a moment.
pub const UNCOMMITTED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of entries that one commit takes (one fsync).
pub const COMMIT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Documents that a client may name in one frame.
pub const DOCUMENTS_NAMED_MAX: usize = 16_384;
/// How long a document is left alone before its snapshots are made, in milliseconds.
pub const SNAPSHOT_REST_MS: u64 = 5_000;
/// Snapshots are made once a document has gathered one in so many of its entries since the last:
/// long histories are not packed again for every statement.
pub const SNAPSHOT_SHARE: u64 = 16;
/// Bytes of changes that one piece of work keeps in memory to make content of them.
pub const MATERIALISE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Bytes of lost entries that are kept until they reach a checkpoint, over all documents.
pub const REFILL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How long a document waits for entries that a client proved, in milliseconds, unless the operator
/// has put the relay into recovering mode.
pub const REFILL_WAIT_MS: u64 = 600_000;
/// How long a partnership without connections stays in memory, in milliseconds.
pub const PARTNERSHIP_IDLE_MS: u64 = 600_000;
/// What a client is told to wait where the relay cannot say how long, in milliseconds.
pub const RETRY_AFTER_MS: u64 = 5_000;

/// Bounds that an operator may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections of all kinds.
    pub connections_max: usize,
    /// Connections from one address that have not authenticated.
    pub greetings_per_address_max: usize,
    /// Connections of one device; each browser tab may have one.
    pub connections_per_device_max: usize,
    /// Statements of one device in a minute, over all its connections.
    pub device_statements_per_minute: u64,
    /// Bytes of statements of one device in a minute.
    pub device_bytes_per_minute: u64,
    /// Statements of one partnership in a minute.
    pub partnership_statements_per_minute: u64,
    /// Bytes of statements of one partnership in a minute.
    pub partnership_bytes_per_minute: u64,
    /// Bytes of all entries of one partnership; 0 for no bound.
    pub partnership_bytes: u64,
    /// Statements that a device may hand over after it was revoked, in a minute.
    pub deposit_statements_per_minute: u64,
    /// Frames of one connection other than `Submit` in a minute: each may cost a catch-up.
    pub requests_per_minute: u64,
}

impl Default for Limits {
    /// Room for a team that comes back from weeks without a network (10,000 statements each), not
    /// for a flood.
    fn default() -> Self {
        Self {
            connections_max: 20_000,
            greetings_per_address_max: 256,
            connections_per_device_max: 16,
            device_statements_per_minute: 20_000,
            device_bytes_per_minute: 64 * 1024 * 1024,
            partnership_statements_per_minute: 200_000,
            partnership_bytes_per_minute: 512 * 1024 * 1024,
            partnership_bytes: 20 << 30,
            deposit_statements_per_minute: 600,
            requests_per_minute: 240,
        }
    }
}

/// A bucket that fills steadily up to a minute's worth.
#[derive(Debug, Clone)]
pub struct Bucket {
    per_minute: u64,
    level: u64,
    filled_ms: u64,
}

impl Bucket {
    /// A full bucket.
    pub fn new(per_minute: u64, now_ms: u64) -> Self {
        Self { per_minute, level: per_minute, filled_ms: now_ms }
    }

    /// Takes `amount` out, or says in how many milliseconds it would be there. A clock that goes
    /// back fills nothing. More than a full bucket takes what a full bucket has.
    ///
    /// # Errors
    ///
    /// Milliseconds to wait; nothing was taken.
    pub fn take(&mut self, amount: u64, now_ms: u64) -> Result<(), u64> {
        let amount = amount.min(self.per_minute);
        let passed_ms = now_ms.saturating_sub(self.filled_ms);
        let gained = self.per_minute.saturating_mul(passed_ms) / 60_000;
        if gained > 0 || now_ms < self.filled_ms {
            self.level = self.level.saturating_add(gained).min(self.per_minute);
            self.filled_ms = now_ms;
        }
        if amount <= self.level {
            self.level -= amount;
            return Ok(());
        }
        Err(((amount - self.level) * 60_000).div_ceil(self.per_minute.max(1)))
    }

    /// Tells whether nothing was taken for so long that a new bucket would be the same.
    pub fn is_full(&self, now_ms: u64) -> bool {
        let gained = self.per_minute.saturating_mul(now_ms.saturating_sub(self.filled_ms)) / 60_000;
        self.level.saturating_add(gained) >= self.per_minute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_a_minutes_worth_at_once_and_then_as_it_fills() {
        let mut bucket = Bucket::new(60, 1_000);
        assert_eq!(bucket.take(60, 1_000), Ok(()));
        assert_eq!(bucket.take(2, 1_000), Err(2_000));
        assert_eq!(bucket.take(2, 3_000), Ok(()));
        assert_eq!(bucket.take(1, 3_000), Err(1_000));
        assert!(!bucket.is_full(62_000));
        assert!(bucket.is_full(63_000));
    }

    #[test]
    fn a_clock_that_goes_back_fills_nothing_and_stops_nothing() {
        let mut bucket = Bucket::new(60, 100_000);
        assert_eq!(bucket.take(60, 100_000), Ok(()));
        assert_eq!(bucket.take(1, 0), Err(1_000));
        assert_eq!(bucket.take(1, 1_000), Ok(()));
    }
}
