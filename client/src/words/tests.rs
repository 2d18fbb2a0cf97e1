//! The catalogues agree with each other and with the source code; sentences read as they should.

mod catalogue;
mod details;
mod outcomes;
mod sentences;
mod times;

use super::*;

fn en() -> Words {
    Words::new(Lang::En)
}

fn ru() -> Words {
    Words::new(Lang::Ru)
}

#[test]
fn the_language_follows_the_locale_as_in_posix() {
    let of = |settings: &[(&str, &str)]| {
        lang_of_environment(|name| {
            let found = settings.iter().find(|(setting, _)| *setting == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(of(&[("LANG", "ru_RU.UTF-8")]), Lang::Ru);
    assert_eq!(of(&[("LANG", "ru_RU.UTF-8"), ("LC_ALL", "en_US.UTF-8")]), Lang::En);
    assert_eq!(of(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "ru"), ("LC_ALL", "")]), Lang::Ru);
    assert_eq!(of(&[("LANG", "C.UTF-8")]), Lang::En);
    assert_eq!(of(&[("LANG", "run_BI")]), Lang::En, "Rundi is no Russian");
    assert_eq!(of(&[]), Lang::En);
}

#[test]
fn numbers_take_their_plural_forms() {
    let ru = ru();
    let changes = |count: u64| ru.say("count-changes", args![count]);
    for (count, written) in [
        (0, "0 изменений"),
        (1, "1 изменение"),
        (2, "2 изменения"),
        (5, "5 изменений"),
        (11, "11 изменений"),
        (21, "21 изменение"),
        (22, "22 изменения"),
        (112, "112 изменений"),
        (1001, "1001 изменение"),
    ] {
        assert_eq!(changes(count), written);
    }
    assert_eq!(en().say("count-changes", args![count = 1]), "1 change");
    assert_eq!(en().say("count-changes", args![count = 0]), "0 changes");
}

#[test]
fn lists_join_with_commas_and_a_last_and() {
    let list = |words: Words, items: &[&str]| words.list(items);
    assert_eq!(list(en(), &[]), "");
    assert_eq!(list(en(), &["a"]), "a");
    assert_eq!(list(en(), &["a", "b"]), "a and b");
    assert_eq!(list(ru(), &["a", "b", "c"]), "a, b и c");
}

#[test]
fn a_team_goes_by_its_city_unless_another_one_shares_it() {
    let teams = [("Europe/Moscow", "Мороша"), ("America/New_York", "Харлоу-стрит")];
    assert_eq!(ru().team_labels(&teams), ["Москва", "Нью-Йорк"]);
    let teams =
        [("Europe/Moscow", "Morosha"), ("America/New_York", "Harlow Street"), ("Europe/Moscow", "Third")];
    assert_eq!(en().team_labels(&teams), ["Morosha", "New York", "Third"]);
}

#[test]
fn near_names_are_found_in_both_alphabets_and_far_ones_are_not() {
    let titles = ["Who does what", "Winter brief", "Кто что делает", "Ещё документ"];
    assert_eq!(near("who does wat", titles), ["Who does what"]);
    assert_eq!(near("brief", titles), ["Winter brief"]);
    assert_eq!(near("кто чего делает", titles), ["Кто что делает"]);
    assert_eq!(near("еще документ", titles), ["Ещё документ"]);
    assert!(near("xyz", titles).is_empty() && near("", titles).is_empty());
    assert_eq!(near("creativ", ["moscow/creative", "newyork/creative", "moscow/logistics"]).len(), 2);
}

#[test]
fn a_sentence_without_its_id_or_value_shows_what_is_missing() {
    assert_eq!(en().say("no-such-sentence", args![]), "no-such-sentence");
    assert_eq!(en().say("held-for", args![]), "waiting for {$deciders}");
}

#[test]
fn the_transcript_reads_as_written() {
    let en = en();
    assert_eq!(
        en.say("join-done", args![title = "Winter launch", founder = "Anna Orlova", operator = "Morosha"]),
        "Joined \"Winter launch\" (founded by Anna Orlova; the relay is run by Morosha, who can read what is \
         stored there)."
    );
    assert_eq!(
        en.say("join-rules-proposed", args![person = "Anna", count = 10]),
        "Anna proposes 10 ground rules. Read: entente rules · Agree: entente rules sign · Differ: entente rules edit"
    );
    assert_eq!(
        en.say("found-rules-proposed", args![count = 2, signers = "New York's lead", agree = "singular"]),
        "Ground rules: standard for two teams, proposed. In force once New York's lead signs them too."
    );
    let what = en.say(
        "list-comma",
        args![
            first = en.say("count-changes", args![count = 1]),
            last = en.say("count-suggestions", args![count = 2]),
        ],
    );
    assert_eq!(en.say("pending", args![what]), "Not yet on the relay: 1 change, 2 suggestions.");
    assert_eq!(
        en.say(
            "suggestion-saved-column",
            args![party = "Moscow", deciders = "Anna Orlova", agree = "singular"]
        ),
        "Saved as a suggestion: Moscow's column is Moscow's to fill. Anna Orlova decides after your next sync."
    );
    assert_eq!(
        ru().say(
            "suggestion-saved-column",
            args![party = "Москва", deciders = "Анна Орлова", agree = "singular"]
        ),
        "Сохранено как предложение: колонку Москвы заполняет сама команда. После вашей следующей синхронизации \
         решает: Анна Орлова."
    );
    assert_eq!(
        ru().say("why-note-waits-you", args![person = "Крис Парк", place = "Нью-Йорк · исходящие контакты"]),
        "Ждёт вашего решения: примечание «Нью-Йорк · исходящие контакты». Автор: Крис Парк"
    );
}
