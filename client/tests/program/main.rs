//! The program as people run it: real processes, a real relay, each person with a folder of their own.

mod people;
mod relay;
mod said;

use std::fs;

use people::{People, Person};
use relay::Relay;
use said::normalised;

/// Two leads with the rules in force and a matrix on the relay.
struct Story {
    relay: Relay,
    people: People,
    said: String,
}

impl Story {
    fn founded(lang: &str) -> Self {
        let relay = Relay::start();
        let people = People::new(lang);
        let mut story = Self { relay, people, said: String::new() };
        let link = story.relay.founding_link();
        story.anna(&[
            "found",
            &link,
            "Winter launch",
            "--team",
            "moscow",
            "--me",
            "Anna Orlova",
            "--label",
            "laptop",
        ]);
        let invited = story.anna(&["invite", "Dana Reyes", "--team", "newyork", "--role", "lead"]);
        let link =
            invited.split_whitespace().find(|word| word.contains("/join#")).expect("a link").to_owned();
        story.dana(&["join", &link, "--label", "laptop"]);
        story.dana(&["rules", "sign"]);
        story.dana(&["sync"]);
        story.anna(&["sync"]);
        story.anna(&["doc", "new", "matrix", "Who does what"]);
        story.anna(&["sync"]);
        story.dana(&["sync"]);
        story
    }

    fn anna(&mut self, args: &[&str]) -> String {
        let person = self.people.anna();
        self.tell("anna", person, args)
    }

    fn dana(&mut self, args: &[&str]) -> String {
        let person = self.people.dana();
        self.tell("dana", person, args)
    }

    fn tell(&mut self, name: &str, person: Person, args: &[&str]) -> String {
        let ran = person.run(args);
        let code = if ran.code == 0 { String::new() } else { format!("[{}]\n", ran.code) };
        let typed: Vec<_> = args.iter().map(|arg| said::quoted(arg)).collect();
        self.said += &format!("{name}$ entente {}\n{}{}{code}\n", typed.join(" "), ran.out, ran.err);
        ran.out + &ran.err
    }
}

/// Which of two values stands until somebody chooses differs from run to run, so it is not told.
fn settle_for_anna(story: &Story) {
    let anna = story.people.anna();
    let listed = anna.run(&["doc", "conflicts", "who-does-what"]).out;
    let own = listed.lines().find(|line| line.contains("Anna Orlova")).expect("her value");
    let key = own.split_whitespace().next().expect("its key");
    assert_eq!(anna.run(&["doc", "conflicts", "who-does-what", "--keep", key]).code, 0, "{listed}");
}

/// Everything up to the decisions, in one language.
fn offline_and_together(lang: &str) -> String {
    let mut story = Story::founded(lang);
    story.anna(&["doc", "set", "who-does-what", "moscow/creative", "own", "--person", "Anna Orlova"]);
    story.dana(&["doc", "set", "who-does-what", "newyork/creative", "own", "--person", "Dana Reyes"]);
    story.dana(&["doc", "set", "who-does-what", "moscow/logistics", "own"]);
    story.dana(&["doc", "set", "who-does-what", "moscow/outreach", "none"]);
    story.anna(&["doc", "set", "who-does-what", "split/creative/rule", "create-together"]);
    story.dana(&["doc", "set", "who-does-what", "split/creative/rule", "split-by-market"]);
    story.dana(&["sync"]);
    story.anna(&["sync"]);
    story.anna(&["doc", "overlaps", "who-does-what"]);
    settle_for_anna(&story);
    let listed = story.anna(&["held", "list"]);
    let ids: Vec<_> = listed.split_whitespace().filter(|word| word.starts_with("h-")).collect();
    story.anna(&["held", "endorse", ids[0]]);
    story.anna(&["held", "decline", ids[1]]);
    story.anna(&["held", "decline", ids[1], "--reason", "We keep outreach for Russia."]);
    story.anna(&["sync"]);
    story.dana(&["sync"]);
    story.dana(&["why", ids[0]]);
    story.dana(&["held", "endorse", ids[1]]);
    story.dana(&["doc", "show", "who-does-what"]);
    story.dana(&["doc", "log", "who-does-what"]);
    story.dana(&["verify"]);
    story.dana(&["doc", "set", "who-does-wat", "moscow/creative", "own"]);
    story.dana(&["doc", "set", "who-does-what", "moscow/creativ", "own"]);
    story.dana(&["doc", "set", "who-does-what", "newyork/creative", "perhaps"]);
    normalised(&story.said)
}

#[test]
fn the_story_reads_well_in_english() {
    let said = offline_and_together("en_US.UTF-8");
    snapbox::assert_data_eq!(said, snapbox::file!["story.en.txt": Text].raw());
}

#[test]
fn the_story_reads_well_in_russian() {
    let said = offline_and_together("ru_RU.UTF-8");
    snapbox::assert_data_eq!(said, snapbox::file!["story.ru.txt": Text].raw());
}

#[test]
fn without_a_relay_everything_is_saved_and_says_so() {
    let mut story = Story::founded("en");
    story.relay.stop();
    let (anna, dana) = (story.people.anna(), story.people.dana());
    let saved = anna.run(&["doc", "set", "who-does-what", "moscow/creative", "own", "--note", "Since 2019"]);
    assert_eq!(
        (saved.code, saved.out.as_str()),
        (0, "Saved on this device. Not yet on the relay: 1 change.\n")
    );
    let waits =
        dana.run(&["doc", "set", "who-does-what", "moscow/outreach", "none", "--message", "Two teams?"]);
    assert_eq!(waits.code, 4, "{}", waits.out);
    let offline = anna.run(&["sync"]);
    assert_eq!(offline.code, 3, "{}", offline.err);
    assert!(offline.err.contains("Your work is saved here"), "{}", offline.err);
    story.relay.start_again();
    assert!(anna.run(&["sync"]).out.starts_with("Sent 1."));
    assert!(dana.run(&["sync"]).out.starts_with("Sent 1, received 1."));
    anna.run(&["sync"]);
    let heads = |person: &Person| {
        let verified = person.run(&["verify", "--json"]);
        assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
        verified.out
    };
    assert_eq!(heads(&anna), heads(&dana));
    assert!(anna.run(&["held", "list"]).out.contains("Moscow · outreach"));
}

#[test]
fn a_watch_runs_the_commands_of_others_and_sends_at_once() {
    let story = Story::founded("en");
    let (anna, dana) = (story.people.anna(), story.people.dana());
    let mut watch = dana.watch();
    watch.wait_for("Watching");
    let saved = dana.run(&["doc", "set", "who-does-what", "newyork/creative", "own"]);
    assert_eq!(saved.code, 0, "{}", saved.err);
    assert!(dana.run(&["sync"]).out.contains("running already"));
    // The watch answers before the relay does: whoever asks next may come first.
    let arrived = (0..100).any(|_| {
        anna.run(&["sync"]);
        anna.run(&["doc", "show", "who-does-what"])
            .out
            .lines()
            .any(|line| line.trim_start().starts_with("creative") && line.contains("own"))
    });
    assert!(arrived);
    assert_eq!(dana.run(&["sync", "--watch"]).code, 5);
    watch.stop();
    assert_eq!(dana.run(&["status"]).code, 0);
}

#[test]
fn an_editor_changes_only_what_was_changed() {
    let story = Story::founded("en");
    let anna = story.people.anna();
    let edited = anna.with("EDITOR", "sed -i '0,/^claim.*discuss/s/discuss/own/'");
    let done = edited.run(&["doc", "edit", "who-does-what", "moscow"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert_eq!(done.out, "Saved on this device. Not yet on the relay: 1 change.\n");
    let shown = anna.run(&["doc", "show", "who-does-what"]).out;
    assert_eq!(shown.lines().filter(|line| line.contains("   own   ")).count(), 1, "{shown}");
    let broken =
        anna.with("EDITOR", "sed -i 's/^claim/clam/'").run(&["doc", "edit", "who-does-what", "moscow"]);
    assert_eq!(broken.code, 2);
    let kept = broken.err.split_whitespace().find(|word| word.ends_with(".txt")).expect("a file");
    assert!(fs::read_to_string(kept.trim_end_matches(';')).expect("kept").contains("clam"));
}

#[test]
fn a_file_carries_what_the_relay_has_not_seen() {
    let mut story = Story::founded("en");
    story.relay.stop();
    let (anna, dana) = (story.people.anna(), story.people.dana());
    dana.run(&["doc", "set", "who-does-what", "newyork/creative", "own"]);
    let file = story.people.file("for-moscow.entente");
    let made = dana.run(&["bundle", "create", &file]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(anna.run(&["verify", &file]).code, 0);
    assert!(anna.run(&["bundle", "inspect", &file]).out.contains("Dana Reyes"));
    let taken = anna.run(&["bundle", "import", &file]);
    assert!(taken.out.starts_with("Took in 1 change"), "{}{}", taken.out, taken.err);
    assert!(anna.run(&["bundle", "import", &file]).out.starts_with("Took in 0 changes"));
    let mut bytes = fs::read(&file).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).expect("the file");
    assert_eq!(anna.run(&["bundle", "import", &file]).code, 5);
    story.relay.start_again();
    assert!(anna.run(&["sync"]).out.starts_with("Sent 1."));
    assert!(dana.run(&["sync"]).out.contains("Up to date"));
    assert_eq!(dana.run(&["verify"]).code, 0);
}

#[test]
fn a_signed_record_is_checked_on_a_machine_without_relay_or_partnership() {
    let mut story = Story::founded("en");
    let (anna, dana) = (story.people.anna(), story.people.dana());
    let own = |person: &Person, team: &str, functions: &[&str]| {
        for function in functions {
            let set = person.run(&["doc", "set", "who-does-what", &format!("{team}/{function}"), "own"]);
            assert_eq!(set.code, 0, "{}{}", set.out, set.err);
        }
        person.run(&["sync"]);
    };
    own(&anna, "moscow", &["creative", "brief-writing", "russian-market", "outreach", "logistics"]);
    own(
        &dana,
        "newyork",
        &["influencer-relations", "performance-analysis", "campaign-management", "us-market"],
    );
    anna.run(&["sync"]);
    let early = story.people.file("early");
    assert_eq!(anna.run(&["doc", "set", "who-does-what", "escalation/both-own/after_hours", "8"]).code, 0);
    for person in [&anna, &dana] {
        let signed = person.run(&["doc", "sign", "who-does-what", "split"]);
        assert_eq!(signed.code, 0, "{}{}", signed.out, signed.err);
        assert_eq!(person.run(&["sync"]).code, 0);
    }
    anna.run(&["sync"]);
    let report = dana.run(&["report"]);
    assert_eq!(report.code, 0, "{}", report.err);
    for part in ["How long decisions take", "On whom it waits", "New York and Moscow", "Who decides what"] {
        assert!(report.out.contains(part), "{part}: {}", report.out);
    }
    let hours = dana.run(&["report", "hours", "--json"]);
    assert!(hours.out.contains("\"ahead_min\""), "{}", hours.out);
    assert_eq!(dana.run(&["report", "--since", "yesterday"]).code, 2);

    let base = story.people.file("winter");
    let written = anna.run(&["doc", "record", "who-does-what", "--out", &base]);
    assert_eq!(written.code, 0, "{}{}", written.out, written.err);
    assert_eq!(anna.run(&["doc", "record", "who-does-what", "--out", &base]).code, 2, "the files are there");
    story.relay.stop();
    let page = fs::read_to_string(format!("{base}.html")).expect("the page");
    let text = fs::read_to_string(format!("{base}.md")).expect("the same as text");
    assert!(page.contains("Dana Reyes") && text.contains("Dana Reyes"), "{text}");
    let proof = format!("{base}.entente");
    let director = story.people.person("director");
    let checked = director.run(&["verify", &proof]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    assert!(
        checked.out.contains("Signed in Who does what") && checked.out.contains("Anna Orlova"),
        "{}",
        checked.out
    );
    let prints: Vec<_> = checked.out.split_whitespace().filter(|word| word.len() >= 64).collect();
    assert!(
        prints.len() >= 4 && prints.iter().all(|print| page.contains(print.trim_end_matches('.'))),
        "{prints:?}"
    );
    let mut bytes = fs::read(&proof).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&early, bytes).expect("a file");
    assert_eq!(director.run(&["verify", &early]).code, 5);
}

#[test]
fn a_recovery_key_lets_somebody_in_again() {
    let mut story = Story::founded("en");
    let key: Vec<String> = {
        let is_key = |line: &&str| {
            let groups: Vec<_> = line.split_whitespace().collect();
            groups.len() == 14 && groups.iter().all(|group| group.len() == 4)
        };
        let line = story.said.lines().find(is_key).expect("a key");
        line.split_whitespace().map(str::to_owned).collect()
    };
    let link =
        story.said.split_whitespace().find(|word| word.contains("/recover#")).expect("a link").to_owned();
    let newcomer = story.people.person("anna-again");
    let mut args = vec!["recover", link.as_str(), "Anna Orlova"];
    args.extend(key.iter().map(String::as_str));
    let invited = newcomer.run(&args);
    assert_eq!(invited.code, 0, "{}{}", invited.out, invited.err);
    let link =
        invited.out.split_whitespace().find(|word| word.contains("/join#")).expect("a link").to_owned();
    let joined = story.tell("anna", newcomer, &["join", &link]);
    assert!(joined.contains("You are lead for Moscow"), "{joined}");
}
