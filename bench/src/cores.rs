//! Which core does what: the relay has one for itself, the load runs on another.

use std::path::Path;
use std::process::{Command, Stdio};

use entente_tests::process::relay::Setup;

/// The core that the relay has for itself.
const RELAY_CORE: &str = "0";
/// Where the load runs.
const LOAD_CORES: &str = "1";

/// A relay that is measured: on a core of its own, without the limits that protect it.
pub fn measured_relay(program: &Path, data: &Path) -> Setup {
    Setup::new(program, data).without_limits().on_core(RELAY_CORE)
}

/// Moves this process, and what it starts, to the cores for load.
pub fn pin_load() {
    let id = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-apc", LOAD_CORES, &id]).stdout(Stdio::null()).status();
    if !pinned.is_ok_and(|status| status.success()) {
        eprintln!("bench: taskset is not there; relay and load share the cores");
    }
}
