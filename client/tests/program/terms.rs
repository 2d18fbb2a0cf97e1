//! A rate is negotiated at the command line, and a translator works.

use super::Story;
use super::said::normalised;

/// Dana leads New York, Chris negotiates there, Sonya translates.
fn negotiated(lang: &str) -> String {
    let mut story = Story::founded(lang);
    let mut joins = |name: &str, called: &str, role: &str| {
        let dana = story.people.dana();
        let invited = dana.run(&["invite", called, "--team", "newyork", "--role", role]);
        dana.run(&["sync"]);
        let link = invited.out.split_whitespace().find(|word| word.contains("/join#")).expect("a link");
        let joined = story.people.person(name).run(&["join", link, "--label", "laptop"]);
        assert_eq!(joined.code, 0, "{}{}", joined.out, joined.err);
    };
    joins("chris", "Chris Park", "account-manager");
    joins("sonya", "Sonya Lee", "translator");
    story.said.clear();

    story.tell_as("chris", &["doc", "new", "terms", "Lena, winter", "--market", "us"]);
    story.tell_as("chris", &["doc", "set", "lena-winter", "offer/us/rate", "a lot"]);
    let first = story.tell_as("chris", &["doc", "set", "lena-winter", "offer/us/rate", "$1,200.00"]);
    let first = name_in(&first);
    story.meet("chris");
    story.dana(&["doc", "show", "lena-winter"]);
    story.dana(&["held", "endorse", &first]);
    story.meet("chris");
    story.tell_as("chris", &["doc", "set", "lena-winter", "offer/us/rate", "1380 usd"]);
    let far = story.tell_as("chris", &["doc", "set", "lena-winter", "offer/us/rate", "$1,500"]);
    let far = name_in(&far);
    story.meet("chris");
    story.dana(&["doc", "show", "lena-winter"]);
    story.tell_as("sonya", &["sync"]);
    story.tell_as("sonya", &["held", "endorse", &far, "--override", "--message", "Why not"]);
    story.tell_as("chris", &["held", "show", &far]);
    story.tell_as("chris", &["held", "endorse", &far, "--override"]);
    story.tell_as("chris", &["held", "endorse", &far, "--override", "--message", "She signs tonight."]);
    story.meet("chris");
    story.dana(&["why", &far]);
    story.dana(&["doc", "log", "lena-winter"]);
    story.dana(&["doc", "sign", "lena-winter", "offer/us"]);

    // The English came first, so Sonya writes the Russian.
    story.tell_as("chris", &["doc", "set", "lena-winter", "offer/us/usage/en", "One year, all channels."]);
    story.meet("chris");
    story.tell_as("sonya", &["sync"]);
    story.tell_as("sonya", &["doc", "set", "lena-winter", "offer/us/usage/ru", "Год, все каналы."]);
    story.tell_as("sonya", &["doc", "set", "lena-winter", "offer/us/usage/en", "Two years."]);
    story.dana(&["verify"]);
    normalised(&story.said)
}

/// The short name of a suggestion in what was said.
fn name_in(said: &str) -> String {
    let name =
        said.split(|c: char| c.is_whitespace() || ".,:;".contains(c)).find(|word| word.starts_with("h-"));
    name.unwrap_or_else(|| panic!("a suggestion in {said:?}")).to_owned()
}

impl Story {
    fn tell_as(&mut self, name: &str, args: &[&str]) -> String {
        let person = self.people.person(name);
        self.tell(name, person, args)
    }

    /// Somebody sends, then Dana fetches and sends, then both have everything.
    fn meet(&self, name: &str) {
        for who in [name, "dana", name] {
            let synced = self.people.person(who).run(&["sync"]);
            assert_eq!(synced.code, 0, "{}{}", synced.out, synced.err);
        }
    }
}

#[test]
fn a_negotiation_reads_well_in_english() {
    let said = negotiated("en_US.UTF-8");
    snapbox::assert_data_eq!(said, snapbox::file!["terms.en.txt": Text].raw());
}

#[test]
fn a_negotiation_reads_well_in_russian() {
    let said = negotiated("ru_RU.UTF-8");
    snapbox::assert_data_eq!(said, snapbox::file!["terms.ru.txt": Text].raw());
}
