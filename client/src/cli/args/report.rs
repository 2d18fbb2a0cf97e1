//! What can be typed about reports.

use clap::{Args, ValueEnum};

/// `entente report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// One part of it; all of them if left out.
    #[arg(value_enum)]
    pub subject: Option<ReportSubject>,
    /// From this day on, such as 2026-11-20.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Until the day before this one.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Compares before this day with from it on.
    #[arg(long, value_name = "DATE")]
    pub split: Option<String>,
    /// By which clock answers are timed.
    #[arg(long, value_enum, default_value_t = ReportClock::Relay)]
    pub clock: ReportClock,
}

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportSubject {
    /// How long decisions take.
    Turnaround,
    /// On whom it waits, until when, and when they open.
    Waiting,
    /// When the teams are at work together.
    #[value(alias = "overlap")]
    Hours,
    /// Who wrote how much.
    Authors,
    /// How old agreements are, and what changed since.
    #[value(alias = "drift")]
    Freshness,
    /// Who decides what.
    Deciders,
    /// How long negotiations last.
    Negotiations,
    /// Overrides and local authority.
    Exceptions,
}

/// A clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportClock {
    /// When the relay received each statement.
    Relay,
    /// When its author's device says that it was written.
    Authors,
}
