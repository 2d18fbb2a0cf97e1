use entente_shared::statement::{Act, RevokeTarget};
use entente_shared::wire::Pass;

use super::story;
use crate::limits::Limits;
use crate::relay::{Options, room};

#[test]
fn a_partnership_that_stores_all_that_its_operator_lets_it_is_told_whom_to_ask() {
    let mut story = story();
    let partnership = story.annas.partnership();
    let before = room::kept(&*story.bench.store, partnership).unwrap().expect("a count");
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.submit("anna", &note);
    let stored = room::kept(&*story.bench.store, partnership).unwrap().expect("a count");
    assert!(stored > before + note.bytes() as u64, "{before}, then {stored}");
    // The count is on the disk, so it is the same after a restart.
    let limits = Limits { partnership_bytes: stored + 100, ..Limits::default() };
    let operator = "Morosha Ltd".to_owned();
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let mut bench = story.bench.restarted(Options { limits, operator, ..Options::default() }, 2);
    bench.hello("anna", &anna.key, partnership, Pass::Member);
    bench.subscribe("anna", &annas);
    assert_eq!(bench.relay.gauges().partnership_bytes_most, stored);
    let next = anna.note(&annas, matrix, "party/moscow", 2);
    let refused = format!(
        "anna < refused: the relay takes nothing for now: its operator (Morosha Ltd) lets this partnership \
         store {}, and it has",
        room::size(stored + 100)
    );
    assert_eq!(bench.submit("anna", &[&next]), [refused]);
    // What stands is answered as ever, and a device that is lost can be revoked.
    let again = bench.submit("anna", &[&note]);
    assert!(again.iter().any(|line| line.contains("entered 1")), "{again:?}");
    let target = RevokeTarget::Device { device: anna.key.device(), lost: false };
    let revoke = anna.state(&annas, annas.charter_id(), Act::Revoke { target });
    let revoked = bench.submit("anna", &[&revoke]);
    assert!(revoked.iter().any(|line| line.starts_with("commit charter")), "{revoked:?}");
}

#[test]
fn without_a_bound_nothing_is_full_and_what_was_never_counted_is_counted_once() {
    let mut story = story();
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.submit("anna", &note);
    let partnership = story.annas.partnership();
    let kept = room::kept(&*story.bench.store, partnership).unwrap().expect("a count");
    let counted = {
        use entente_store::{MemoryStore, Record, Store};
        let store = MemoryStore::open(story.bench.store.crash());
        store.commit(vec![], vec![Record { value: None, ..room::record(partnership, 0) }]).unwrap();
        assert_eq!(room::kept(&store, partnership).unwrap(), None);
        room::counted(&store, partnership)
    };
    assert!(counted.abs_diff(kept) < kept / 4, "{counted} counted, {kept} kept");
    let limits = Limits { partnership_bytes: 0, ..Limits::default() };
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let mut bench = story.bench.restarted(Options { limits, ..Options::default() }, 2);
    bench.hello("anna", &anna.key, partnership, Pass::Member);
    bench.subscribe("anna", &annas);
    let next = anna.note(&annas, matrix, "party/moscow", 2);
    assert!(bench.submit("anna", &[&next]).iter().any(|line| line.starts_with("commit matrix")));
}

#[test]
fn sizes_are_told_in_the_largest_unit_that_fits() {
    let told: Vec<_> = [0, 1023, 1024, 1536, 20 << 30, (3 << 20) + (1 << 19)].map(room::size).into();
    assert_eq!(told, ["0 bytes", "1023 bytes", "1 KiB", "1.5 KiB", "20 GiB", "3.5 MiB"]);
}
