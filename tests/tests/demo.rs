//! `cargo xtask demo`: the story is played to its end with real processes, can be joined, and leaves nothing behind.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

/// `cargo xtask demo`, with nothing in its environment that would build crates anew for having been
/// called from a test, and with its data below `folder`.
fn demo(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let is_set_by_cargo = |name: &str| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|set| name.starts_with(set))
    };
    for (name, _) in env::vars_os().filter(|(name, _)| is_set_by_cargo(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command.args(["run", "--quiet", "--locked", "--package", "xtask", "--", "demo"]).args(arguments);
    command.env("TMPDIR", folder).stdin(Stdio::null());
    command
}

#[test]
fn the_story_plays_to_its_end_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let output = demo(&["--once", "--fast"], folder.path()).output().unwrap();
    let [shown, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{shown}\n{errors}");

    // A check is printed only if it holds.
    let parts: Vec<_> = shown.split("\n── ").skip(1).collect();
    assert_eq!(parts.len(), 7, "{shown}");
    for part in parts {
        assert!(part.contains("\n  ✓ "), "nothing is checked in this part: {part}");
    }
    assert!(shown.contains("anna$ LANG=ru_RU.UTF-8 entente why "), "nothing is shown in Russian: {shown}");
    check_cleared(folder.path(), &shown);
}

#[test]
fn whoever_follows_the_printed_commands_joins_and_the_end_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = demo(&["--fast", "--lang", "ru"], folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut shown = String::new();
    for line in lines.by_ref() {
        shown += &(line + "\n");
        if shown.ends_with("всё уберёт.\n") {
            break;
        }
    }
    let commands = shown.rsplit_once("  export ").expect("the commands for another terminal").1;
    let commands = commands.lines().take_while(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let script = format!("set -e\nshopt -s expand_aliases\nexport {commands}");
    let joined = Command::new("bash").arg("-c").arg(&script).env("LANG", "C").output().unwrap();
    assert!(joined.status.success(), "{script}\n{joined:?}");
    assert!(String::from_utf8_lossy(&joined.stdout).contains("Joined \"Winter launch\""), "{joined:?}");

    // Cargo makes way for the program that it runs, so this is the demo's own id.
    let ended = Command::new("kill").arg(demo.id().to_string()).status().unwrap();
    assert!(ended.success());
    assert!(demo.wait().unwrap().success(), "{shown}");
    check_cleared(folder.path(), &shown);
}

fn check_cleared(folder: &Path, shown: &str) {
    let left: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    let link = shown.split_once("http://").expect("the founding link").1;
    let address = link.split_once('/').expect("an address").0;
    assert!(TcpStream::connect(address).is_err(), "the relay still listens on {address}");
}
