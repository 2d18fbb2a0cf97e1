//! A relay that starts on a full store.

use std::path::Path;

use anyhow::Result;

use super::load::flood;
use super::{Stage, elapsed_ms};
use crate::measure::now;
use crate::report::Aim::AtMost;
use crate::report::Report;

/// From starting the process until it listens, with many stored entries.
pub(super) async fn start(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let entries = if quick { 2_000 } else { 200_000 };
    let mut stage = Stage::set(program, 0).await?;
    flood(&mut stage.writers, entries / 2).await?;
    let Stage { relay, _data, writers, partnership, .. } = stage;
    drop((writers, partnership));
    let begin = now();
    let relay = relay.restart().await?;
    let name = format!("start, {entries} stored entries");
    report.add(name, "until it serves (stopping included)", elapsed_ms(begin), "ms", Some(AtMost(1000.0)));
    drop(relay);
    Ok(())
}
