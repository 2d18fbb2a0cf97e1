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

fn found(members: &[Member]) -> Vec<String> {
    let show = |gap: &Gap| match gap {
        Gap::Role { role, rules } => {
            let rules: Vec<_> = rules.iter().map(|(rule, right)| format!("{rule} {right:?}")).collect();
            format!("nobody is {role}: {}", rules.join(", "))
        }
        Gap::Right { rule, right, about, only } => {
            let only = only.map_or("nobody".to_owned(), |person| format!("person {}", person.0[0]));
            format!("{rule} {right:?} {}: {only}", about.as_deref().unwrap_or("-"))
        }
    };
    super::gaps(&rules(RULES), &[team("moscow", "ru"), team("newyork", "us")], members)
        .iter()
        .map(show)
        .collect()
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
