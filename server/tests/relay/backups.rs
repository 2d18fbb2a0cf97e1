//! Backup while serving, restore, recovering, and verify.

use std::os::unix::fs::PermissionsExt as _;

use entente_shared::crypto::Key;
use entente_shared::wire::{Access, Pass, RelayFrame};

use crate::process::*;
use crate::world::*;

#[tokio::test]
async fn a_backup_taken_while_serving_restores_ledgers_key_and_all() {
    let (folder, data) = fresh();
    let relay = Relay::start(&data, &["--operator", "Morosha"]);
    let anna = Key::from_secret([1; 32]);
    let (partnership, position) = found_with_link(&relay, &anna).await;
    let verified = succeed(&["verify", "--data", flag(&data)]);
    assert!(verified.contains(&format!("1 entries  good  head {}", position.hash.short())), "{verified}");
    let file = folder.path().join("entente.backup");
    let said = succeed(&["backup", flag(&file), "--data", flag(&data)]);
    assert!(said.contains("1 documents with 1 entries"), "{said}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(relay.stop().success());
    assert_eq!(verified, succeed(&["verify", "--data", flag(&data)]), "the same without a relay");

    let restored = folder.path().join("restored");
    let said = succeed(&["restore", flag(&file), "--data", flag(&restored)]);
    assert!(said.contains("Restored 1 documents with 1 entries"), "{said}");
    assert_eq!(verified, succeed(&["verify", "--data", flag(&restored)]));
    let again = Relay::start(&restored, &[]);
    assert_eq!(again.founding_link, None, "it has a partnership");
    assert_eq!((again.get("/readyz", &[]).status, again.metric("entente_recovering")), (503, 1));
    let mut socket = connect(&again).await;
    let welcome = greet(&mut socket, &anna, partnership, Pass::Member).await;
    assert!(matches!(welcome, RelayFrame::Welcome { access: Access::Member, .. }), "{welcome:?}");
    assert!(succeed(&["resume", "--data", flag(&restored)]).contains("takes new statements again"));
    assert_eq!((again.get("/readyz", &[]).status, again.metric("entente_recovering")), (200, 0));
    assert!(succeed(&["resume", "--data", flag(&restored)]).contains("was not recovering"));
    assert!(again.stop().success());
    let third = Relay::start(&restored, &[]);
    assert_eq!(third.get("/readyz", &[]).status, 200, "resumed for good");
}

#[test]
fn a_backup_goes_to_standard_output_too_and_never_over_another_file() {
    let (folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let file = folder.path().join("a.backup");
    succeed(&["backup", flag(&file), "--data", flag(&data)]);
    let (code, error) = fail(&["backup", flag(&file), "--data", flag(&data)]);
    assert_eq!(code, 1);
    assert!(error.contains("exists already"), "{error}");
    let streamed = run(&["backup", "-", "--data", flag(&data)]);
    assert!(streamed.status.success());
    assert!(streamed.stdout.starts_with(b"ENTENTE BACKUP 1\n"));
    drop(relay);
}

#[test]
fn a_damaged_backup_or_a_full_folder_is_refused_before_anything_is_written() {
    let (folder, data) = fresh();
    Relay::start(&data, &[]).stop();
    let file = folder.path().join("a.backup");
    succeed(&["backup", flag(&file), "--data", flag(&data)]);
    let (_, error) = fail(&["restore", flag(&file), "--data", flag(&data)]);
    assert!(error.contains("restore into an empty one"), "{error}");

    let good = std::fs::read(&file).unwrap();
    let target = folder.path().join("target");
    for at in [0, 20, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        std::fs::write(&file, bad).unwrap();
        let (code, error) = fail(&["restore", flag(&file), "--data", flag(&target)]);
        assert_eq!(code, 1, "{error}");
    }
    std::fs::write(&file, &good[..good.len() - 10]).unwrap();
    let (_, error) = fail(&["restore", flag(&file), "--data", flag(&target)]);
    assert!(error.contains("cut short"), "{error}");
    std::fs::write(&file, "something else, and long enough").unwrap();
    let (_, error) = fail(&["restore", flag(&file), "--data", flag(&target)]);
    assert!(error.contains("no backup of an Entente relay"), "{error}");
    std::fs::write(&file, good).unwrap();
    succeed(&["restore", flag(&file), "--data", flag(&target)]);
}
