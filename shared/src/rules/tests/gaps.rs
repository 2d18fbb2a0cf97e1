use super::*;

const RULES: &str = "
    [[rule]]
    id = 'column'
    on = 'matrix:party/{party}'
    read = ['auditor']
    edit = ['{party}/lead', '{party}/account-manager']
    endorse = ['{party}/lead']
    [[rule]]
    id = 'market'
    on = ['brief:market/{market}', 'brief:note/{market}']
    edit = ['{market}/lead']
    [[rule]]
    id = 'own'
    on = 'brief:response/{person}'
    edit = ['{person}']
    [[rule]]
    id = 'translator'
    on = 'brief:*'
    propose = ['viewer']
    edit = ['translator', '*/lead']";

fn found_in(text: &str, members: &[Member]) -> Vec<String> {
    let show = |gap: &Gap| match gap {
        Gap::Role { role, rules } => {
            let rules: Vec<_> = rules.iter().map(|(rule, right)| format!("{rule} {right:?}")).collect();
            format!("nobody is {role}: {}", rules.join(", "))
        }
        Gap::Right { rule, right, about, only } => {
            let only = only.map_or("nobody".to_owned(), |person| format!("person {}", person.0[0]));
            format!("{rule} {right:?} {}: {only}", about.as_deref().unwrap_or("-"))
        }
        Gap::Several { what, rules, sections } => {
            let rules: Vec<_> = rules.iter().map(ToString::to_string).collect();
            format!("{what:?} by {}: {}", rules.join(", "), places(sections))
        }
        Gap::FinalSay { rule, who, sections } => {
            let who: Vec<_> = who.iter().map(ToString::to_string).collect();
            format!("{rule} ends with {}: {}", who.join(", "), places(sections))
        }
    };
    super::gaps(&rules(text), &[team("moscow", "ru"), team("newyork", "us")], members)
        .iter()
        .map(show)
        .collect()
}

fn places(sections: &[(KindId, SectionId)]) -> String {
    sections.iter().map(|(kind, section)| format!("{kind}:{section}")).collect::<Vec<_>>().join(", ")
}

fn found(members: &[Member]) -> Vec<String> {
    found_in(RULES, members)
}

#[test]
fn roles_that_nobody_holds_and_rights_that_one_person_holds_are_gaps() {
    let members = [
        member(1, "moscow", &["lead"]),
        member(2, "moscow", &["lead", "translator"]),
        member(3, "newyork", &["lead"]),
    ];
    assert_eq!(
        found(&members),
        [
            "nobody is moscow/account-manager: column Edit",
            "nobody is newyork/account-manager: column Edit",
            "column Edit newyork: person 3",
            "column Endorse newyork: person 3",
            "market Edit us: person 3",
        ]
    );
}

#[test]
fn a_team_of_two_without_unheld_roles_has_no_gap_and_two_roles_of_one_person_are_one_person() {
    let full = |number, party| member(number, party, &["lead", "account-manager", "translator"]);
    let everybody = [full(1, "moscow"), full(2, "moscow"), full(3, "newyork"), full(4, "newyork")];
    assert_eq!(found(&everybody), Vec::<String>::new());
    assert_eq!(
        found(&everybody[..3]),
        ["column Edit newyork: person 3", "column Endorse newyork: person 3", "market Edit us: person 3"]
    );
}

#[test]
fn a_role_that_nobody_holds_is_listed_once_with_all_that_counts_on_it() {
    let members = [member(1, "moscow", &["lead"])];
    let gaps = found(&members);
    assert!(
        gaps.contains(&"nobody is newyork/lead: column Edit, column Endorse, market Edit".to_owned()),
        "{gaps:?}"
    );
    assert!(gaps.contains(&"nobody is */translator: translator Edit".to_owned()), "{gaps:?}");
    assert!(gaps.contains(&"market Edit us: nobody".to_owned()), "{gaps:?}");
    assert!(
        !gaps.iter().any(|gap| gap.contains("auditor") || gap.contains("viewer") || gap.contains("own ")),
        "{gaps:?}"
    );
}

#[test]
fn a_topic_with_two_chains_two_signings_or_a_last_word_of_both_teams_is_a_gap() {
    const AGREED: &str = "
        [[rule]]
        id = 'a-versions'
        on = 'brief:market/{market}'
        chain = { of = 'version', stages = [{ role = 'moscow/lead' }] }
        [[rule]]
        id = 'b-versions'
        on = 'brief:market/us'
        chain = { of = 'version', stages = [{ role = 'newyork/lead' }] }
        [[rule]]
        id = 'common'
        on = 'brief:universal'
        chain = { of = 'version', stages = [{ role = 'newyork/lead' }, { role = '*/lead' }] }
        sign = { all_of = ['*/lead'] }
        [[rule]]
        id = 'signed'
        on = ['brief:universal', 'matrix:split']
        sign = { all_of = ['moscow/lead'] }";
    let members = [member(1, "moscow", &["lead"]), member(3, "newyork", &["lead"])];
    assert_eq!(
        found_in(AGREED, &members),
        [
            "Approval by a-versions, b-versions: brief:market/us",
            "Signature by common, signed: brief:universal",
            "common ends with */lead: brief:universal",
        ]
    );
    // A role of any team that only one team holds leaves one decider, and a role that nobody holds shows.
    let without = found_in(AGREED, &members[..1]);
    assert!(!without.iter().any(|gap| gap.contains("ends with")), "{without:?}");
    assert!(
        without.contains(&"nobody is newyork/lead: b-versions Endorse, common Endorse".to_owned()),
        "{without:?}"
    );
}
