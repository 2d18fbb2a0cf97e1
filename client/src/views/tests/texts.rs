//! Texts that two people edited without seeing each other's edits.

use super::*;

const TEXT: &str = "steps/{}/what/en";

/// The first question of the matrix's escalation, in English.
fn question(world: &World, matrix: DocumentId) -> Path {
    let working = world.anna.replica.working(matrix).expect("the matrix");
    let steps = working[&SectionId::new("escalation")].value();
    let rows = steps.get("steps").and_then(|rows| rows.as_map()).expect("rows");
    Path::from(TEXT.replace("{}", rows.keys().next().expect("a row")).as_str())
}

fn write(device: &mut Device, now_ms: u64, matrix: DocumentId, path: &Path, new: &str) {
    let (section, command) =
        (SectionId::new("escalation"), EditCommand::SetText { path: path.clone(), new: new.to_owned() });
    device.at(now_ms, |replica, now| replica.edit(now, matrix, &section, command)).expect("a lead's text");
}

/// Both leads edited the same text offline; Anna's edit arrived a minute before Dana's.
fn both_edited() -> (World, DocumentId, Path) {
    let mut world = World::in_force();
    let matrix = world.create("matrix", "Who does what");
    let path = question(&world, matrix);
    world.now_ms += MINUTE;
    let now_ms = world.now_ms;
    write(&mut world.anna, now_ms, matrix, &path, "Budget questions.");
    world.sync_all();
    world.anna.replica.disconnected();
    world.dana.replica.disconnected();
    write(&mut world.anna, now_ms + MINUTE, matrix, &path, "Budget and date questions.");
    write(&mut world.dana, now_ms + 2 * MINUTE, matrix, &path, "Budget questions above $500.");
    world.now_ms += 5 * MINUTE;
    let now_ms = world.now_ms;
    world.relay.sync(&mut world.anna, now_ms);
    world.now_ms += MINUTE;
    world.sync_all();
    (world, matrix, path)
}

#[test]
fn two_edits_of_one_text_that_did_not_see_each_other_are_shown_to_both_with_who_and_when() {
    let (world, matrix, path) = both_edited();
    for (device, mine) in [(&world.anna, [true, false]), (&world.dana, [false, true])] {
        let found = Conflicts::of(&device.replica, matrix, world.now_ms).expect("a list");
        let [text] = found.texts.as_slice() else { panic!("one text: {:?}", found.texts) };
        assert_eq!(text.place.path, path);
        assert_eq!(text.base, "Budget questions.");
        assert_eq!(text.stands, "Budget and date questions above $500.");
        let versions: Vec<_> = text.versions.iter().map(|one| (one.text.as_str(), one.mine)).collect();
        assert_eq!(
            versions,
            [("Budget and date questions.", mine[0]), ("Budget questions above $500.", mine[1])]
        );
        let name = |at: usize| text.versions[at].person.as_ref().and_then(|person| person.name.clone());
        assert_eq!((name(0).as_deref(), name(1).as_deref()), (Some("Anna Orlova"), Some("Dana Reyes")));
        let said = found.text(&Words::new(Lang::En));
        assert!(said.contains("Both edited") && said.contains("1a") && said.contains("MSK"), "{said}");
    }
}

#[test]
fn keeping_one_version_settles_it_for_all_and_so_does_writing_on() {
    for keep in [Some("1a"), None] {
        let (mut world, matrix, path) = both_edited();
        let now_ms = world.now_ms;
        let found = Conflicts::of(&world.dana.replica, matrix, now_ms).expect("a list");
        let wanted = match keep {
            Some(key) => {
                let Keeping { command, .. } = found.keep(key).expect("a version");
                let section = SectionId::new("escalation");
                let edit = world.dana.at(now_ms, |replica, now| replica.edit(now, matrix, &section, command));
                edit.expect("a lead's text");
                "Budget and date questions."
            }
            None => {
                write(&mut world.dana, now_ms, matrix, &path, "Money and dates.");
                "Money and dates."
            }
        };
        // The author has answered before the relay has heard of it.
        assert!(Conflicts::of(&world.dana.replica, matrix, now_ms).expect("a list").texts.is_empty());
        world.sync_all();
        for device in [&world.anna, &world.dana, &world.lee] {
            assert!(Conflicts::of(&device.replica, matrix, now_ms).expect("a list").texts.is_empty());
            let working = device.replica.working(matrix).expect("the matrix");
            let value = working[&SectionId::new("escalation")].value();
            assert_eq!(value.at(&path).and_then(|text| text.as_str()), Some(wanted));
        }
    }
}

#[test]
fn people_who_type_at_the_same_time_while_connected_are_left_alone() {
    let mut world = World::in_force();
    let matrix = world.create("matrix", "Who does what");
    let path = question(&world, matrix);
    world.now_ms += MINUTE;
    let now_ms = world.now_ms;
    write(&mut world.anna, now_ms, matrix, &path, "Budget questions, and dates.");
    write(&mut world.dana, now_ms, matrix, &path, "All budget questions.");
    world.sync_all();
    assert!(Conflicts::of(&world.dana.replica, matrix, now_ms).expect("a list").texts.is_empty());
}
