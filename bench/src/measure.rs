//! Clocks and percentiles.

use std::time::{Duration, Instant};

/// Reads the clock.
#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
pub fn now() -> Instant {
    Instant::now()
}

/// Durations, sorted when asked.
#[derive(Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub fn push(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The value below which `share` of the samples lie, in milliseconds.
    pub fn percentile_ms(&mut self, share: f64) -> f64 {
        self.0.sort();
        let place = ((self.0.len() as f64 - 1.0) * share).round() as usize;
        self.0.get(place).map_or(f64::NAN, |sample| sample.as_secs_f64() * 1000.0)
    }
}

/// The median of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
