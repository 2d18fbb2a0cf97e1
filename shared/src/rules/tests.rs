mod answers;
mod forms;
mod gaps;
mod patterns;
mod properties;
mod standard;

use super::*;

fn rules(text: &str) -> Rules {
    Rules::from_toml(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn team(party: &str, market: &str) -> Team {
    Team { party: party.into(), market: market.into() }
}

fn teams() -> Vec<Team> {
    vec![team("moscow", "ru"), team("newyork", "us"), team("boston", "us")]
}

fn member(number: u8, party: &str, roles: &[&str]) -> Member {
    let roles = roles.iter().map(|role| RoleId::from(*role)).collect();
    Member { person: PersonId([number; 16]), party: party.into(), roles }
}

fn rights(text: &str, section: &str) -> SectionRights {
    rules(text).resolve(&"matrix".into(), &section.into(), &teams())
}

fn show(right: EditRight<'_>) -> String {
    match right {
        EditRight::Direct(rule) => format!("direct {rule}"),
        EditRight::Held(rule) => format!("held {rule}"),
        EditRight::Missing => "missing".to_owned(),
    }
}

fn list(items: Vec<(&RuleId, &BoundRole)>) -> Vec<String> {
    items.into_iter().map(|(rule, role)| format!("{rule}: {role}")).collect()
}
