//! First start, configuration, the admin socket, and the end.

use std::os::unix::fs::PermissionsExt as _;

use crate::process::*;

#[test]
fn the_first_start_prints_a_founding_link_for_the_relays_key() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let link = relay.founding_link.clone().unwrap();
    assert!(link.starts_with(&format!("{}/#found-", relay.url)), "{link}");
    let (token, key) = read_link(&link);
    assert_ne!(token, [0; 16]);
    let another = succeed(&["founding-link", "--data", flag(&data)]);
    let (other_token, same_key) = read_link(another.trim());
    assert_ne!(token, other_token);
    assert_eq!(key, same_key);
    assert!(relay.stop().success());
    let again = Relay::start(&data, &["--public-urls", "https://relay.example/"]);
    let link = again.founding_link.clone().unwrap();
    assert!(link.starts_with("https://relay.example/#found-"), "{link}");
    assert_eq!(read_link(&link).1, key, "the relay's key outlives the process");
}

#[test]
fn wrong_settings_stop_the_start_with_exit_code_2_and_say_what_to_do() {
    let (folder, data) = fresh();
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
    let (code, error) = fail(&["serve", "--config", flag(&file), "--data", flag(&data)]);
    assert_eq!(code, 2);
    assert!(error.contains("unknown setting lisen; did you mean listen?"), "{error}");
    let (code, error) = fail(&["serve", "--listen", "0.0.0.0:0", "--data", flag(&data)]);
    assert_eq!(code, 2);
    assert!(error.contains("would serve plain http beyond this machine"), "{error}");
    let output = program(&["check-config"]).env("ENTENTE_RELAY_OPEN_FOUNDNG", "true").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("did you mean ENTENTE_RELAY_OPEN_FOUNDING?"), "{error}");
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn the_sample_is_a_valid_configuration() {
    let (folder, _) = fresh();
    let file = folder.path().join("relay.toml");
    let sample = succeed(&["print-config"]);
    assert_eq!(sample, succeed(&["check-config", "--sample"]));
    std::fs::write(&file, sample).unwrap();
    let shown = succeed(&["check-config", "--config", flag(&file), "--operator", "Morosha"]);
    assert!(shown.contains("operator = \"Morosha\""), "{shown}");
}

#[test]
fn the_data_folder_and_the_admin_socket_are_for_one_account() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let socket = data.join("admin.sock");
    assert_eq!(
        (mode(data.clone()), mode(socket.clone()), mode(data.join("store/db"))),
        (0o700, 0o600, 0o600)
    );
    assert!(relay.stop().success());
    assert!(!socket.exists(), "the socket goes with the relay");
}

#[test]
fn a_relay_takes_over_the_socket_of_a_killed_one() {
    let (_folder, data) = fresh();
    drop(Relay::start(&data, &[]));
    assert!(data.join("admin.sock").exists(), "a killed relay leaves its socket");
    let stats = succeed(&["stats", "--data", flag(&data)]);
    assert!(stats.contains("running                              no"), "{stats}");
    let _relay = Relay::start(&data, &[]);
    let stats = succeed(&["stats", "--data", flag(&data)]);
    assert!(stats.contains("connections now"), "{stats}");
}

#[test]
fn a_second_relay_on_the_same_folder_is_told_who_has_it() {
    let (_folder, data) = fresh();
    let _relay = Relay::start(&data, &[]);
    let (code, error) = fail(&["serve", "--listen", "127.0.0.1:0", "--data", flag(&data)]);
    assert_eq!(code, 1);
    assert!(error.contains("in use by another Entente process"), "{error}");
    let elsewhere = data.join("elsewhere.sock");
    let (_, error) = fail(&["verify", "--data", flag(&data), "--admin-socket", flag(&elsewhere)]);
    assert!(error.contains("in use by another Entente process"), "{error}");
}

#[test]
fn commands_without_a_relay_say_so() {
    let (_folder, data) = fresh();
    let (code, error) = fail(&["stats", "--data", flag(&data)]);
    assert_eq!(code, 1);
    assert!(error.contains("holds no relay"), "{error}");
    assert!(!data.exists(), "looking makes nothing");
}
