use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

const SECTIONS: [&str; 4] = ["split", "party/moscow", "party/newyork", "market/us"];
const PATHS: [&[&str]; 6] =
    [&[], &["rate"], &["cells"], &["cells", "1"], &["cells", "1", "note"], &["title", "en"]];

/// A rule, as its target, the roles for each right, and whether it holds edits.
fn any_rule() -> impl Strategy<Value = String> {
    let section = select(vec!["split", "*", "party/{party}", "party/*", "market/{market}"]);
    let field = select(vec!["", "", "#rate", "#cells/*/note", "#cells/**", "#**@translation"]);
    let roles = || subsequence(vec!["*/lead", "moscow/lead", "newyork/legal", "viewer"], 0..=3);
    (section, field, roles(), roles(), roles(), roles(), any::<bool>()).prop_map(
        |(section, field, read, propose, edit, mut endorse, hold)| {
            if edit.is_empty() {
                endorse.push("boston/lead");
            }
            let read = if field.is_empty() { read } else { Vec::new() };
            let hold = if hold && field.is_empty() && !endorse.is_empty() { "hold = 'edits'\n" } else { "" };
            format!(
                "on = 'matrix:{section}{field}'\nread = {read:?}\npropose = {propose:?}\nedit = {edit:?}\n\
                 endorse = {endorse:?}\n{hold}"
            )
        },
    )
}

fn any_member() -> impl Strategy<Value = Member> {
    let roles = subsequence(vec!["lead", "legal", "viewer"], 0..=3);
    (select(vec!["moscow", "newyork", "boston"]), roles).prop_map(|(party, roles)| member(1, party, &roles))
}

fn any_touched() -> impl Strategy<Value = Touched<'static>> {
    (select(PATHS.to_vec()), any::<bool>(), any::<bool>()).prop_map(|(path, subtree, translation)| Touched {
        path,
        subtree: subtree || path.is_empty(),
        translation,
        ..Touched::SECTION
    })
}

/// Numbers rules in the given order and resolves them for a section.
fn numbered(bodies: &[String], section: &str) -> SectionRights {
    let text: String =
        bodies.iter().enumerate().map(|(at, body)| format!("[[rule]]\nid = 'r{at}'\n{body}")).collect();
    rights(&text, section)
}

fn outcome(right: EditRight<'_>) -> u8 {
    match right {
        EditRight::Missing => 0,
        EditRight::Held(_) => 1,
        EditRight::Direct(_) => 2,
    }
}

fn roles(listed: Vec<(&RuleId, &BoundRole)>) -> BTreeSet<BoundRole> {
    listed.into_iter().map(|(_, role)| role.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn neither_the_order_nor_the_names_of_rules_matter(
        (bodies, shuffled) in vec(any_rule(), 1..6).prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
        section in select(SECTIONS.to_vec()),
        who in any_member(),
        touched in any_touched(),
    ) {
        let (one, other) = (numbered(&bodies, section), numbered(&shuffled, section));
        prop_assert_eq!(outcome(one.edit(&who, &touched)), outcome(other.edit(&who, &touched)));
        prop_assert_eq!(one.decides(&who, &touched).is_some(), other.decides(&who, &touched).is_some());
        prop_assert_eq!(one.may_read(&who).is_some(), other.may_read(&who).is_some());
        prop_assert_eq!(one.held_edits().is_some(), other.held_edits().is_some());
        prop_assert_eq!(roles(one.deciders(&touched)), roles(other.deciders(&touched)));
    }

    #[test]
    fn a_further_rule_takes_no_right_away_and_holds_only_if_it_says_so(
        bodies in vec(any_rule(), 1..5),
        further in any_rule(),
        section in select(SECTIONS.to_vec()),
        who in any_member(),
        touched in any_touched(),
    ) {
        let before = numbered(&bodies, section);
        let after = numbered(&[bodies, vec![further.clone()]].concat(), section);
        for right in Right::ALL {
            prop_assert!(before.may(right, &who, &touched).is_none() || after.may(right, &who, &touched).is_some());
        }
        if !further.contains("hold") {
            let direct_before = outcome(before.edit(&who, &touched));
            prop_assert!(outcome(after.edit(&who, &touched)) >= direct_before.min(1));
            if before.held_edits().is_none() {
                prop_assert!(outcome(after.edit(&who, &touched)) >= direct_before);
            }
        }
    }

    #[test]
    fn what_is_told_agrees_with_what_is_decided(
        bodies in vec(any_rule(), 1..6),
        section in select(SECTIONS.to_vec()),
        who in any_member(),
        touched in any_touched(),
    ) {
        let rights = numbered(&bodies, section);
        if rights.decides(&who, &touched).is_some() {
            let told = rights.deciders(&touched).iter().any(|(_, role)| role.is_held_by(&who));
            prop_assert!(told, "who decides is among those who are said to decide");
        }
        if rights.may(Right::Edit, &who, &touched).is_some() {
            prop_assert!(rights.who_can(Right::Edit).iter().any(|(_, role)| role.is_held_by(&who)));
        }
        if rights.held_edits().is_some() {
            let direct = outcome(rights.edit(&who, &touched)) == 2;
            prop_assert_eq!(direct, rights.decides(&who, &touched).is_some());
        }
    }

    #[test]
    fn both_written_forms_keep_any_rules(bodies in vec(any_rule(), 0..6)) {
        let text: String = bodies.iter().enumerate().map(|(at, body)| format!("[[rule]]\nid = 'r{at}'\n{body}")).collect();
        let rules = rules(&text);
        prop_assert_eq!(Rules::from_toml(&rules.to_toml(RULES_VERSION)), Ok(rules.clone()));
        prop_assert_eq!(Rules::parse(&rules.to_stored(), RULES_VERSION), Ok(rules));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z{}:#*/@\"\\[\\],= ]{0,40}") {
        let _ = Rule::parse(&"r".into(), &text, RULES_VERSION);
        let _ = Rules::from_toml(&text);
        if let Ok(target) = Target::parse(&text) {
            prop_assert_eq!(target.to_string(), text.clone());
        }
        if let Ok(role) = RolePattern::parse(&text) {
            prop_assert_eq!(role.to_string(), text);
        }
    }
}
