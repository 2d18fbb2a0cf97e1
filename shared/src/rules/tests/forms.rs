use super::*;

fn error(text: &str) -> String {
    Rules::from_toml(text).expect_err(text).to_string()
}

#[test]
fn forms_of_later_versions_and_unknown_keys_are_named() {
    let rule = |line: &str| format!("[[rule]]\nid = 'split'\non = 'matrix:split'\nedit = ['*/lead']\n{line}");
    for (version, keys) in [(1, &["sign", "chain", "local", "band"][..]), (2, &["local", "band"])] {
        for key in keys {
            let text = format!("judge_version = {version}\n{}", rule(&format!("{key} = {{ x = 1 }}")));
            let error = Rules::from_toml(&text).expect_err(key);
            let later = RuleError::Later { key: (*key).to_owned(), version };
            assert_eq!(error, RulesError::Rule { id: "split".to_owned(), error: later });
        }
    }
    let error = Rules::from_toml(&rule("edits = ['*/lead']")).expect_err("unknown key");
    assert!(matches!(error, RulesError::Rule { error: RuleError::UnknownKey(key), .. } if key == "edits"));
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let table = [
        ("on = []\nedit = ['lead']", "names no section"),
        ("on = 'matrix:split'", "gives nobody any right"),
        ("on = 'matrix:split'\nedit = 'lead'", "invalid type"),
        ("on = 3\nedit = ['lead']", "`on` is a text"),
        ("edit = ['lead']", "missing field `on`"),
        ("on = 'matrix:split'\nedit = ['lead']\nhold = 'edits'", "`hold` needs `endorse`"),
        ("on = 'matrix:split'\nendorse = ['lead']\nhold = 'all'", "unknown variant `all`"),
        ("on = ['matrix:talk', 'matrix:split#a']\nendorse = ['lead']\nhold = 'edits'", "`hold` is for whole"),
        ("on = 'matrix:split'\nendorse = ['lead']\nhold = 'edits'\nfields = ['a']", "`hold` is for whole"),
        ("on = 'matrix:split#a'\nread = ['lead']", "whole sections"),
        ("on = ['matrix:talk', 'matrix:split#a']\nread = ['lead']", "whole sections"),
        ("on = ['charter:rules', 'matrix:split']\nedit = ['lead']\nnot_self = true", "charter"),
        ("on = 'matrix:split#a'\nedit = ['lead']\nfields = ['b']", "not by both"),
        ("on = 'matrix:split'\nedit = ['lead']\nfields = ['a/b']", "top-level"),
        ("on = 'matrix:split'\nedit = ['lead']\nfields = ['*']", "top-level"),
        ("on = 'matrix:split'\nedit = ['lead']\nnot_self = true", "charter"),
        ("on = 'matrix:split'\nedit = ['lead']\ngrants = ['lead']", "charter"),
        ("on = 'charter:rules'\nedit = ['lead']\ngrants = ['a/b']", "without a team"),
        ("on = ['matrix:{party}', 'matrix:split']\nedit = ['{party}/lead']", "`matrix:split` has no {party}"),
        ("on = 'matrix:{party}'\nedit = ['{market}/lead']", "has no {market}"),
        ("on = 'matrix:{party}'\nedit = ['{person}']", "has no {person}"),
        ("on = 'matrix:split'\nedit = ['lead', 'lead']", "`edit` lists `lead` twice"),
        ("on = ['matrix:a', 'matrix:a']\nedit = ['lead']", "`on` lists `matrix:a` twice"),
        ("on = 'matrix:split'\nedit = ['lead']\nfields = ['a', 'a']", "`fields` lists `a` twice"),
        ("on = 'matrix:split'\nedit = ['lead']\nname = { ru = 'а', en = '' }", "one line of text"),
        ("on = 'matrix:split'\nedit = ['lead']\nname = { ru = \"а\\n\", en = 'a' }", "one line of text"),
        ("on = 'terms:offer'\nedit = ['lead']\nendorse = ['lead']\nBAND", "`band` is for one field"),
        ("on = 'terms:offer#*'\nedit = ['lead']\nendorse = ['lead']\nBAND", "`band` is for one field"),
        (
            "on = 'terms:offer#a@translation'\nedit = ['lead']\nendorse = ['lead']\nBAND",
            "`band` is for one field",
        ),
        ("on = 'charter:rules#a'\nedit = ['lead']\nendorse = ['lead']\nBAND", "hold no money"),
        ("on = 'terms:offer#a'\nedit = ['lead']\nBAND", "`band` needs `edit`"),
        ("on = 'terms:offer#a'\nendorse = ['lead']\nBAND", "`band` needs `edit`"),
        ("on = 'terms:offer#a'\nedit = ['lead']\nendorse = ['lead']\nBAN0", "above 0, at most 100"),
        ("on = 'terms:offer#a'\nedit = ['lead']\nendorse = ['lead']\nBANX", "last signed or endorsed"),
        ("on = 'terms:offer#a'\nedit = ['lead']\nendorse = ['lead']\nBANO", "has no {market}"),
        (
            "on = 'matrix:split'\nedit = ['lead']\nname = { ru = 'а', en = 'a', de = 'a' }",
            "unknown field `de`",
        ),
    ];
    for (lines, expected) in table {
        let lines = lines
            .replace("BAND", "band = { percent = 15, base = 'last signed or endorsed' }")
            .replace("BAN0", "band = { percent = '0.0', base = 'last signed or endorsed' }")
            .replace("BANX", "band = { percent = 15, base = 'yesterday' }")
            .replace(
                "BANO",
                "band = { percent = 15, base = 'last signed or endorsed', override = ['{market}/lead'] }",
            );
        let error = error(&format!("[[rule]]\nid = 'r'\n{lines}"));
        assert!(error.starts_with("rule `r`: ") && error.contains(expected), "{lines}\n{error}");
    }
}

#[test]
fn a_file_has_rules_of_this_version_with_an_id_each() {
    let rule = "[[rule]]\nid = 'r'\non = 'matrix:split'\nedit = ['lead']\n";
    assert_eq!(rules(&format!("judge_version = 1\n{rule}")).len(), 1);
    assert_eq!(rules(&format!("judge_version = 2\n{rule}")).len(), 1);
    assert_eq!(rules(&format!("judge_version = 3\n{rule}")).len(), 1);
    for version in [0, 4] {
        let text = format!("judge_version = {version}");
        assert_eq!(Rules::from_toml(&text), Err(RulesError::Version(version)));
    }
    assert_eq!(Rules::from_toml(&rule.repeat(2)), Err(RulesError::SameId("r".into())));
    assert!(error(&rule.replace("id = 'r'\n", "")).starts_with("rule `number 1`: it has no `id`"));
    assert!(error(&rule.replace("'r'", "'own column'")).contains("an id has"));
    assert!(error(&rule.replace("'r'", "'a/b'")).contains("an id has"));
    assert!(matches!(Rules::from_toml("party = 1"), Err(RulesError::Text(_))));
}

#[test]
fn bounds_are_exact() {
    use crate::limits::{RULE_BYTES_MAX, RULE_LIST_MAX, RULES_MAX};
    let many = |count: usize| -> String {
        (0..count).map(|at| format!("[[rule]]\nid='r{at}'\non='matrix:split'\nedit=['lead']\n")).collect()
    };
    assert_eq!(rules(&many(RULES_MAX)).len(), RULES_MAX);
    assert_eq!(Rules::from_toml(&many(RULES_MAX + 1)), Err(RulesError::TooMany));
    let mut stored = rules(&many(RULES_MAX)).to_stored();
    assert_eq!(Rules::parse(&stored, RULES_VERSION).expect("as many as may be").len(), RULES_MAX);
    stored.insert("one-more".into(), stored[&RuleId::from("r0")].clone());
    assert_eq!(Rules::parse(&stored, RULES_VERSION), Err(RulesError::TooMany));

    let listing = |count: usize| {
        let roles: Vec<String> = (0..count).map(|at| format!("'r{at}'")).collect();
        Rules::from_toml(&format!("[[rule]]\nid='r'\non='matrix:split'\nedit=[{}]", roles.join(",")))
    };
    assert!(listing(RULE_LIST_MAX).is_ok());
    assert!(listing(RULE_LIST_MAX + 1).is_err());

    let long = |bytes: usize| {
        let rule = |name: &str| format!(r#"{{"name":{{"ru":"{name}","en":"a"}},"on":["a:b"],"edit":["c"]}}"#);
        let text = rule(&"a".repeat(bytes - rule("").len()));
        assert_eq!(text.len(), bytes);
        Rule::parse(&"r".into(), &text, RULES_VERSION)
    };
    assert!(long(RULE_BYTES_MAX).is_ok());
    assert!(matches!(long(RULE_BYTES_MAX + 1), Err(RuleError::TooMuch { .. })));
}

#[test]
fn the_stored_form_has_one_spelling() {
    let parse = |text: &str| Rule::parse(&"r".into(), text, RULES_VERSION);
    let good = r#"{"on":["matrix:split"],"edit":["*/lead"]}"#;
    assert_eq!(parse(good).expect("canonical").to_stored(), good);
    for other in [
        r#"{"on":"matrix:split","edit":["*/lead"]}"#,
        r#"{"edit":["*/lead"],"on":["matrix:split"]}"#,
        r#"{"on": ["matrix:split"],"edit":["*/lead"]}"#,
        r#"{"on":["matrix:split"],"edit":["*/lead"],"read":[]}"#,
        r#"{"on":["matrix:split"],"edit":["*/lead"],"not_self":false}"#,
        r#"{"on":["matrix:split"],"edit":["viewer"],"edit":["*/lead"]}"#,
        r#"{"on":["matrix:split"],"edit":["*/lea\u0064"]}"#,
    ] {
        assert_eq!(parse(other), Err(RuleError::NotCanonical), "{other}");
    }
    for broken in ["", "[]", "null", "{", &format!("{good}x")] {
        assert!(parse(broken).is_err(), "{broken}");
    }
    assert!(matches!(
        parse(r#"{"id":"r","on":["matrix:split"],"edit":["a"]}"#),
        Err(RuleError::UnknownKey(_))
    ));
    assert!(matches!(parse(r#"{"on":["matrix:split"],"local":{}}"#), Err(RuleError::Value(_))));
}

#[test]
fn both_forms_keep_every_member() {
    let text = r#"
        [[rule]]
        id = "all"
        name = { ru = "всё «сразу»", en = "all \"at once\"" }
        on = ["charter:people/{party}", "charter:x/{party}"]
        read = ["a"]
        propose = ["b"]
        edit = ["c", "{party}/c"]
        endorse = ["d"]
        fields = ["e"]
        grants = ["f"]
        not_self = true
        internal = true
        [[rule]]
        id = "held"
        on = "matrix:*"
        endorse = ["d"]
        hold = "edits""#;
    let rules = rules(text);
    assert_eq!(
        Rules::from_toml(&rules.to_toml(RULES_VERSION)),
        Ok(rules.clone()),
        "{}",
        rules.to_toml(RULES_VERSION)
    );
    assert_eq!(Rules::parse(&rules.to_stored(), RULES_VERSION), Ok(rules.clone()));
    let expected = concat!(
        r#"{"name":{"ru":"всё «сразу»","en":"all \"at once\""},"on":["charter:people/{party}","charter:x/{party}"],"#,
        r#""read":["a"],"propose":["b"],"edit":["c","{party}/c"],"endorse":["d"],"fields":["e"],"#,
        r#""grants":["f"],"not_self":true,"internal":true}"#
    );
    assert_eq!(rules.to_stored()[&RuleId::from("all")], expected);
    let held = r#"{"on":["matrix:*"],"endorse":["d"],"hold":"edits"}"#;
    assert_eq!(rules.to_stored()[&RuleId::from("held")], held);
}

#[test]
fn a_band_is_a_percentage_with_two_digits_behind_the_point_at_most() {
    let rule = |percent: &str| {
        let text = format!(
            "[[rule]]\nid = 'r'\non = 'terms:offer#a'\nedit = ['lead']\nendorse = ['lead']\n\
             band = {{ percent = {percent}, base = 'last signed or endorsed' }}"
        );
        Rules::from_toml(&text)
    };
    let kept = [
        ("15", 1_500, "15"),
        ("'7.5'", 750, "\"7.5\""),
        ("'0.25'", 25, "\"0.25\""),
        ("'100'", 10_000, "100"),
    ];
    for (written, basis_points, stored) in kept {
        let rules = rule(written).expect(written);
        let found = rules.get(&"r".into()).expect("the rule");
        assert_eq!(found.band.as_ref().map(|band| band.basis_points), Some(basis_points));
        assert!(found.to_stored().contains(&format!("\"percent\":{stored},")), "{}", found.to_stored());
        assert_eq!(Rules::from_toml(&rules.to_toml(3)), Ok(rules.clone()));
        assert_eq!(Rule::parse(&"r".into(), &found.to_stored(), 3).as_ref(), Ok(found));
    }
    for written in ["0", "101", "'100.01'", "-1", "'7.555'", "'7.'", "'.5'", "'1e1'", "''", "true"] {
        assert!(rule(written).is_err(), "{written}");
    }
}
