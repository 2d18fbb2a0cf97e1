//! The standard ground rules as people read them.

use entente_shared::ids::SectionId;
use entente_shared::rules::{Right, Rule, Rules, Team};

use super::*;

fn standard() -> Rules {
    Rules::standard(&"moscow".into()).expect("the standard rules")
}

fn rule(id: &str) -> Rule {
    standard().get(&id.into()).expect(id).clone()
}

fn teams(words: &Words) -> Vec<TeamLabel> {
    let labels = words.team_labels(&[("Europe/Moscow", "Morosha"), ("America/New_York", "Harlow Street")]);
    let team = |party: &str, market: &str| Team { party: party.into(), market: market.into() };
    let teams = [team("moscow", "ru"), team("newyork", "us")];
    teams.into_iter().zip(labels).map(|(team, label)| TeamLabel { team, label }).collect()
}

/// The sentences of a rule for one section.
fn about(words: &Words, id: &str, kind: &str, section: &str) -> Vec<String> {
    let about = About { kind: &kind.into(), section: &SectionId::new(section), person: None };
    words.rule_sentences(&rule(id), &teams(words), Some(about))
}

/// All rules for all teams, each sentence after the rule's name.
fn in_full(words: &Words) -> Vec<String> {
    let rules = standard();
    let of_rule = |rule: &Rule| {
        let name = words.rule_name(rule);
        let sentences = words.rule_sentences(rule, &teams(words), None);
        sentences.into_iter().map(|sentence| format!("{name}: {sentence}")).collect::<Vec<_>>()
    };
    rules.iter().flat_map(of_rule).collect()
}

#[test]
fn the_transcripts_rule_reads_as_written_in_both_languages() {
    let section = SectionId::new("party/newyork");
    let sentence = |words: Words| {
        let about = About { kind: &"matrix".into(), section: &section, person: None };
        words.rule_sentence(&rule("own-column"), Right::Edit, &teams(&words), about)
    };
    assert_eq!(sentence(en()), "New York's lead and account managers fill New York's column");
    assert_eq!(sentence(ru()), "колонку Нью-Йорка заполняют руководитель и менеджеры Нью-Йорка");
    assert_eq!(ru().rule_name(&rule("own-column")), "своя колонка");
    let nameless = Rule { name: None, ..rule("own-column") };
    assert_eq!(en().rule_name(&nameless), "own column");
}

#[test]
fn the_standard_rules_read_as_sentences_in_both_languages() {
    assert_eq!(in_full(&en()), ENGLISH.trim().lines().collect::<Vec<_>>());
    assert_eq!(in_full(&ru()), RUSSIAN.trim().lines().collect::<Vec<_>>());
}

#[test]
fn a_rule_read_for_one_section_names_its_team_and_market_and_no_other_section() {
    assert_eq!(
        about(&en(), "local-creative", "brief", "market/us"),
        [
            "New York's lead and account managers write the brief's section \"US\"",
            "New York's lead approves changes to the brief's section \"US\""
        ]
    );
    assert_eq!(
        about(&ru(), "people", "charter", "calendar/moscow")[2],
        "календарь Москвы ведёт руководитель Москвы"
    );
    assert_eq!(
        about(&ru(), "central", "playbook", "decisions"),
        ["правки других участников в порядок принятия решений ждут решения: руководитель Москвы"]
    );
    assert_eq!(
        about(&en(), "talk", "brief", "talk"),
        ["all members of the teams take part in the talk beside the brief"]
    );
    assert!(about(&en(), "own-column", "brief", "party/moscow").is_empty(), "another kind of document");
}

#[test]
fn every_section_of_every_kind_has_a_name_of_its_own_in_sentences() {
    for kind in entente_shared::kinds::all() {
        for section in &kind.sections {
            let name = section.pattern.name();
            let id = format!("place-{}-{}", kind.id.as_str(), name.split('/').next().unwrap_or_default());
            assert!(en().has(&id), "{id} is missing in the catalogues");
            let forms = ["each", "own"].map(|form| en().has(&format!("{id}-{form}")));
            assert_eq!(forms, [name.contains('/'); 2], "{id}-each and -own");
        }
        assert!(en().has(&format!("kind-{}", kind.id.as_str())));
    }
}

#[test]
fn what_the_catalogue_does_not_know_goes_by_its_id() {
    let rules = Rules::from_toml(
        r#"
        judge_version = 1
        [[rule]]
        id     = "new-kind"
        on     = "budget:lines/{party}#rate"
        edit   = ["{party}/producer", "berlin/director", "auditor"]
        "#,
    );
    let rule = rules.expect("rules").get(&"new-kind".into()).expect("the rule").clone();
    let words = en();
    assert_eq!(words.rule_name(&rule), "new kind");
    assert_eq!(
        words.rule_sentences(&rule, &teams(&words), None),
        ["each team's producer, berlin's director and the auditor write the field \"rate\" (lines)"]
    );
    assert_eq!(words.role("producer", RoleForm::Plural), "producer");
    assert_eq!(capitalised("élan"), "Élan");
}

#[test]
fn every_role_has_every_form_in_both_languages() {
    let roles: Vec<&str> = ids().filter_map(|id| id.strip_prefix("role-")).collect();
    assert_eq!(roles.len(), 8);
    // A missing form would fall back to the id; that English has the same forms is tested with
    // the catalogues.
    let words = ru();
    for (role, form) in roles.iter().flat_map(|role| RoleForm::ALL.map(|form| (*role, form))) {
        assert_ne!(words.role(role, form), role, "{form:?}");
    }
    assert_eq!(ru().role("account-manager", RoleForm::GenitivePlural), "менеджеров");
    assert_eq!(en().role("account-manager", RoleForm::One), "an account manager");
}

const ENGLISH: &str = "
universal brief: Moscow's lead and account managers write the brief's part for every market
universal brief: Moscow's lead approves changes to the brief's part for every market
central decisions: others' changes to how decisions are made wait for Moscow's lead to decide
common parts: each team's lead writes the list of functions, the agreed split, what goes up to the leads, the timeline, who talks to whom and the approval chain
contracts: others' changes to the contract for each market wait for Moscow's lead to decide
contracts: Moscow's lead and each team's lead sign the contract for each market; signatures last 90 days; once signed, it changes only by an approved change to signed text
ground rules: all members of the teams read the list of teams, the list of roles and the rules
ground rules: all members of the teams may suggest changes to the list of teams, the list of roles and the rules
ground rules: each team's lead approves changes to the list of teams, the list of roles and the rules
local authority: if Moscow is closed and it is due within 12 hours, each team's lead may approve versions of the brief's section for each market instead of Moscow's lead, who ratifies within 1 working day; 3 times a week at most; only if Moscow has known the due time for 2 working hours
local creative: each team's lead and account managers write the brief's section for their own market
local creative: each team's lead approves changes to the brief's section for their own market
approval of versions: versions of the brief's section for each market are approved by Moscow's lead (2 rounds, within 1 working day)
signature under the offer: each team's lead signs the offer for each market
offers: each team's lead and account managers write the offer for their own market
offers: each team's lead approves changes to the offer for their own market
open book: all members of the teams read the matrix, the brief, the playbook and the terms
open book: all members of the teams may suggest changes to the matrix, the brief, the playbook and the terms
own column: each team's lead and account managers fill their own column
own column: each team's lead approves changes to their own column
people: all members of the teams read each team's people and each team's calendar
people: each team's lead and account managers, and the coordinator may suggest changes to each team's people and each team's calendar
people: each team's lead looks after their own people and their own calendar
people: each team's lead approves changes to their own people and their own calendar; they may give these roles: lead, account manager, coordinator, translator, legal counsel and viewer; never to themselves
rate band: each team's lead and account managers write the field \"rate\" (offer)
rate band: the field \"rate\" (offer) moves by up to 15% from what was last signed or approved; beyond that each team's lead decides; each team's account managers may go beyond it on their own responsibility, with a reason; not shown to creators
signatures under the split: each team's lead signs the agreed split; signatures last 90 days; once signed, it changes only by an approved change to signed text
standard offers: others' changes to the standard offer for their own market wait for each team's lead to decide
talk: all members of the teams take part in the talk beside the matrix, the talk beside the brief, the talk beside the playbook and the talk beside the terms
translation: the translator writes translations (capability matrix, brief, coordination playbook and terms)
";

const RUSSIAN: &str = "
общая часть брифа: общую часть брифа ведут руководитель и менеджеры Москвы
общая часть брифа: правки в общую часть брифа согласует руководитель Москвы
решения центра: правки других участников в порядок принятия решений ждут решения: руководитель Москвы
общее: список функций, согласованное разделение, список вопросов для руководителей, график, раздел «Кто с кем общается» и цепочку согласования ведёт руководитель каждой команды
договоры: правки других участников в договор для каждого рынка ждут решения: руководитель Москвы
договоры: договор для каждого рынка подписывают руководитель Москвы и руководитель каждой команды; подписи действуют 90 дней; после подписания текст меняет только согласованная правка к подписанному
правила партнёрства: список команд, список ролей и правила читают все участники команд
правила партнёрства: правки в список команд, список ролей и правила могут предлагать: все участники команд
правила партнёрства: правки в список команд, список ролей и правила согласует руководитель каждой команды
решение на месте: раздел брифа для каждого рынка согласует на месте руководитель каждой команды, если Москва не работает и до срока не больше 12 часов; подтверждает руководитель Москвы за 1 рабочий день; не больше 3 раз в неделю; срок должен быть известен не меньше 2 рабочих часов: Москва
своя часть брифа: раздел брифа для своего рынка ведут руководитель и менеджеры каждой команды
своя часть брифа: правки в раздел брифа для своего рынка согласует руководитель каждой команды
согласование версий: раздел брифа для каждого рынка согласуют по версиям: руководитель Москвы (2 круга, за 1 рабочий день)
подпись под предложением: предложение для каждого рынка подписывает руководитель каждой команды
предложения: предложение для своего рынка ведут руководитель и менеджеры каждой команды
предложения: правки в предложение для своего рынка согласует руководитель каждой команды
открытая книга: матрицу, бриф, правила совместной работы и условия читают все участники команд
открытая книга: правки в матрицу, бриф, правила совместной работы и условия могут предлагать: все участники команд
своя колонка: свою колонку заполняют руководитель и менеджеры каждой команды
своя колонка: правки в свою колонку согласует руководитель каждой команды
люди: список участников каждой команды и календарь каждой команды читают все участники команд
люди: правки в список участников каждой команды и календарь каждой команды могут предлагать: руководитель и менеджеры каждой команды, а также координатор
люди: список своих участников и свой календарь ведёт руководитель каждой команды
люди: правки в список своих участников и свой календарь согласует руководитель каждой команды; они могут дать роли: руководитель, менеджер, координатор, переводчик, юрист и наблюдатель; себе ролей никто не даёт
коридор ставки: поле «rate» (offer) ведут руководитель и менеджеры каждой команды
коридор ставки: поле «rate» (offer) можно менять в пределах 15 % от последнего подписанного или согласованного; дальше решает руководитель каждой команды; выйти за пределы под свою ответственность, объяснив причину, могут: менеджеры каждой команды; креаторам не показывается
подписи под разделением: согласованное разделение подписывает руководитель каждой команды; подписи действуют 90 дней; после подписания текст меняет только согласованная правка к подписанному
стандартное предложение: правки других участников в стандартное предложение для своего рынка ждут решения: руководитель каждой команды
разговор: в обсуждение матрицы, обсуждение брифа, обсуждение правил совместной работы и обсуждение условий пишут все участники команд
перевод: переводы (матрица ролей, бриф, правила совместной работы и условия) ведёт переводчик
";
