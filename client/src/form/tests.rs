use automerge::{ActorId, AutoCommit};
use entente_shared::content::{Path, Section, apply_edit, value_at};
use entente_shared::kinds::{newest, row_id};
use proptest::prelude::*;

use super::*;

/// A document of one kind with everything that a form's context needs.
struct Document {
    kind: &'static Kind,
    sections: BTreeMap<SectionId, AutoCommit>,
    names: BTreeMap<String, Words>,
    people: BTreeMap<PersonId, String>,
}

const ANNA: PersonId = PersonId([0xaa; 16]);

impl Document {
    fn new(kind: &str, sections: &[&str]) -> Self {
        let kind = newest(&kind.into()).unwrap();
        let section = |name: &&str| {
            let id = SectionId::new(*name);
            let doc = Section::from_genesis(&kind.genesis(&id).unwrap()).unwrap().into_doc();
            (id, doc.with_actor(ActorId::from([7; 16])))
        };
        let moscow = Words { ru: "Москва".into(), en: "Moscow".into() };
        let twins = [PersonId([1; 16]), PersonId([2; 16])].map(|id| (id, "Chris Park".to_owned()));
        Self {
            kind,
            sections: sections.iter().map(section).collect(),
            names: BTreeMap::from([("moscow".to_owned(), moscow)]),
            people: twins.into_iter().chain([(ANNA, "Anna Orlova".to_owned())]).collect(),
        }
    }

    fn matrix() -> Self {
        Self::new("matrix", &["functions", "party/moscow", "split", "escalation", "talk"])
    }

    fn form(&self, lang: Lang) -> Form<'_> {
        let docs: Docs<'_> = self.sections.iter().map(|(id, doc)| (id.clone(), doc)).collect();
        Form::new(FormContext { kind: self.kind, lang, names: &self.names, people: &self.people }, &docs)
    }

    fn apply(&mut self, commands: &[(SectionId, EditCommand)]) {
        for (section, command) in commands {
            let doc = self.sections.get_mut(section).unwrap();
            apply_edit(doc, self.kind, section, command).unwrap_or_else(|e| panic!("{command:?}: {e}"));
        }
    }

    /// Edits the form's text by replacing one piece of it, and tells the commands in short.
    fn edit(&self, from: &str, to: &str) -> Result<Vec<EditCommand>, Vec<String>> {
        let text = self.form(Lang::En).text();
        assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in\n{text}");
        self.edits(&text.replacen(from, to, 1))
    }

    fn edits(&self, text: &str) -> Result<Vec<EditCommand>, Vec<String>> {
        match self.form(Lang::En).edits(text, &mut ids()) {
            Ok(commands) => Ok(commands.into_iter().map(|(_, command)| command).collect()),
            Err(errors) => Err(errors.iter().map(ToString::to_string).collect()),
        }
    }

    fn set(&mut self, section: &str, command: EditCommand) {
        self.apply(&[(section.into(), command)]);
    }
}

/// Draws UUIDs that count upwards.
fn ids() -> impl FnMut() -> String {
    let mut next = 0_u128;
    move || {
        next += 1;
        uuid::Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0000 + next).to_string()
    }
}

fn cell(field: &str) -> Path {
    let id = row_id("matrix/1", "functions", "functions", "creative");
    Path::from(format!("cells/{id}/{field}").as_str())
}

fn set(path: Path, value: Value) -> EditCommand {
    EditCommand::SetScalar { path, value }
}

fn write(path: Path, text: &str) -> EditCommand {
    EditCommand::SetText { path, new: text.into() }
}

const CREATIVE: &str =
    "### [creative]  Creative\nclaim · Part: discuss\nperson · Person:\nnote.ru · Note, in Russian:\n>\n";

fn creative(claim: &str, person: &str, note: &str) -> String {
    let head = "### [creative]  Creative\n";
    format!("{head}claim · Part: {claim}\nperson · Person: {person}\nnote.ru · Note, in Russian:\n{note}\n")
}

#[test]
fn the_form_reads_like_a_page() {
    let mut document = Document::matrix();
    document.sections.retain(|id, _| id.as_str() == "party/moscow" || id.as_str() == "functions");
    document.set("party/moscow", set(cell("person"), Value::String(ANNA.to_hex())));
    document.set("party/moscow", write(cell("note/ru"), "Первая строка\n\n// и третья"));
    let text = document.form(Lang::Ru).text();
    let column = &text[text.find("# party/moscow").unwrap()..];
    let expected = "\
# party/moscow  Колонка: Москва
// Эту колонку заполняет сама команда.
// unique: Знание рынка, отношения с блогерами, опыт: где именно ваша ценность?
unique.ru · Что приносим только мы, по-русски:
>
unique.en · Что приносим только мы, по-английски:
>
";
    assert!(column.starts_with(expected), "{column}");
    let expected = "\
### [creative]  Креатив
claim · Участие: discuss
person · Человек: Anna Orlova
note.ru · Примечание, по-русски:
> Первая строка
>
> // и третья
note.en · Примечание, по-английски:
>
evidence · Примеры работ:

### [influencer-relations]  Работа с блогерами
";
    assert!(column.contains(expected), "{column}");
    assert!(
        column.contains(
            "// claim = own (ведём) | support (помогаем) | none (не делаем) | discuss (обсудить)\n"
        )
    );
}

#[test]
fn an_unchanged_form_has_no_edits() {
    for (kind, sections) in [
        ("matrix", &["functions", "party/moscow", "split", "escalation", "talk"][..]),
        ("brief", &["universal", "market/ru", "market/us", "talk"]),
        ("playbook", &["decisions", "timeline", "who", "chain"]),
        ("charter", &["parties", "rules"]),
    ] {
        let document = Document::new(kind, sections);
        for lang in Lang::ALL {
            let form = document.form(lang);
            let text = form.text();
            assert_eq!(form.edits(&text, &mut ids()), Ok(vec![]), "{kind}");
            assert_eq!(form.edits(&text.replace('\n', "\r\n"), &mut ids()), Ok(vec![]), "{kind}");
            assert_eq!(form.edits("", &mut ids()), Ok(vec![]), "taking all out changes nothing");
        }
    }
}

#[test]
fn each_change_is_one_command() {
    let document = Document::matrix();
    let id = row_id("matrix/1", "functions", "functions", "creative");
    let edits = document.edit(CREATIVE, &creative("OWN", "Anna Orlova", "> Да"));
    let expected = [
        set(cell("claim"), Value::string("own")),
        set(cell("person"), Value::String(ANNA.to_hex())),
        write(cell("note/ru"), "Да"),
    ];
    assert_eq!(edits.as_deref(), Ok(&expected[..]), "{id}");
    let russian = document.edit(CREATIVE, &creative("помогаем", "Кто-то ещё", ">"));
    let expected =
        [set(cell("claim"), Value::string("support")), set(cell("person"), Value::string("Кто-то ещё"))];
    assert_eq!(russian.as_deref(), Ok(&expected[..]));
}

#[test]
fn rows_are_added_removed_and_moved_by_their_blocks() {
    let document = Document::matrix();
    let text = document.form(Lang::En).text();
    let steps = &text[text.find("# escalation").unwrap()..text.find("# talk").unwrap()];
    let block = |key: &str| {
        let from = steps.find(&format!("### [{key}]")).unwrap();
        let end = steps[from + 1..].find("###").map_or(steps.len(), |end| from + 1 + end);
        &steps[from..end]
    };
    let id = |key: &str| Path::from("steps").join(row_id("matrix/1", "escalation", "steps", key));
    let (first, second, third) = (block("both-own"), block("nobody-owns"), block("roles-mid-campaign"));

    let edits = document.edits(&text.replacen(second, "", 1)).unwrap();
    assert_eq!(edits, [EditCommand::RemoveRow { path: id("nobody-owns") }]);

    let moved = text.replacen(first, "", 1).replacen(third, &format!("{third}\n{first}"), 1);
    let edits = document.edits(&moved).unwrap();
    assert_eq!(edits, [EditCommand::MoveRow { path: id("both-own"), order: "a3".into() }]);

    let new = "### [new]\nwhat.ru:\n> Сроки\nafter_hours: 8\n";
    let edits = document.edits(&text.replacen(second, &format!("{new}\n{second}"), 1)).unwrap();
    let what = Value::Map(BTreeMap::from([("ru".to_owned(), Value::string("Сроки"))]));
    let fields = BTreeMap::from([("what".to_owned(), what), ("after_hours".to_owned(), Value::Int(8))]);
    let add = EditCommand::AddRow { path: "steps".into(), id: ids()(), order: "a0V".into(), fields };
    assert_eq!(edits, [add]);
}

#[test]
fn a_translation_is_declared_current_in_the_form() {
    let mut document = Document::matrix();
    for text in ["Связи", "Связи и опыт"] {
        document.set("party/moscow", write("unique/ru".into(), text));
        document.set("party/moscow", write("unique/en".into(), "Contacts"));
    }
    let line = "unique.translation · What we uniquely bring, translation: outdated\n";
    let expected = [EditCommand::MarkTranslated { path: "unique".into() }];
    assert_eq!(document.edit(line, "unique.translation: current\n").as_deref(), Ok(&expected[..]));
    let both = document.edit("> Contacts\n", "> Contacts and experience\n").unwrap();
    assert_eq!(both, [write("unique/en".into(), "Contacts and experience")], "a new translation is current");
    let error = document.edit(line, "unique.translation: yes\n").unwrap_err();
    assert!(error[0].contains("write current if the translation holds"), "{error:?}");
}

#[test]
fn a_mistake_is_named_with_its_line_and_what_to_do() {
    let document = Document::matrix();
    let text = document.form(Lang::En).text();
    let line = text[..text.find("### [creative]  Creative\nclaim").unwrap()].lines().count() + 2;
    let error = |to: &str| document.edit(CREATIVE, to).unwrap_err();
    let expected =
        format!("line {line}: \"maybe\" is not a choice; choose one of own, support, none, discuss");
    assert_eq!(error(&creative("maybe", "", ">")), [expected]);
    let cases = [
        ("### [creativ]\nclaim: own\n", "there is no row [creativ]; to add one, write ### [new]"),
        ("### [new]\nclaim: own\n", "rows are added in the section \"functions\""),
        (
            "### [creative]\ncolour: red\n",
            "there is no field \"colour\" here; there is: claim, person, note.ru",
        ),
        ("### [creative]\nclaim: own\nclaim: none\n", "\"claim\" stands further up already; keep one"),
        ("### [creative]\nnote.ru: Да\n", "the text of \"note.ru\" goes below, each line beginning with >"),
        (
            "### [creative]\nnote.ru:\nДа\n",
            "\"Да\" belongs to no field; begin the line with // or take it out",
        ),
        (
            "### [creative]\nevidence:\n- example.com\n",
            "\"example.com\" is not a link beginning with https://",
        ),
        ("## cellar\n", "this section has no rows \"cellar\""),
        ("# party/paris\n", "there is no section \"party/paris\" in this form"),
    ];
    for (to, expected) in cases {
        let errors = error(to);
        assert!(errors[0].contains(expected), "{to}\n{errors:?}");
    }
    let russian = FormError { line: 3, problem: FormProblem::NoRow("x".into()) }.in_words(Lang::Ru);
    assert_eq!(russian, "строка 3: строки [x] нет; чтобы добавить строку, напишите ### [new]");
}

#[test]
fn what_a_form_cannot_show_stays_as_it_is() {
    use automerge::transaction::Transactable as _;
    let mut document = Document::matrix();
    let id = SectionId::new("party/moscow");
    let doc = document.sections.get_mut(&id).unwrap();
    let row = entente_shared::content::object_at(doc, &cell("")).unwrap();
    doc.put(&row, "claim", "two\nlines").unwrap();
    doc.put(&row, "person", 7).unwrap();
    let cells = entente_shared::content::object_at(doc, &"cells".into()).unwrap();
    doc.put_object(&cells, "no uuid]\n# x", automerge::ObjType::Map).unwrap();
    let form = document.form(Lang::En);
    let text = form.text();
    assert!(text.contains("// claim · Part: holds a value that a form cannot show"), "{text}");
    assert_eq!(form.edits(&text, &mut ids()), Ok(vec![]));
    assert!(value_at(&document.sections[&id], &cell("claim")).is_some());
}

#[test]
fn people_of_one_name_stand_in_the_form_by_id() {
    let mut document = Document::matrix();
    document.set("party/moscow", set(cell("person"), Value::String(PersonId([1; 16]).to_hex())));
    let text = document.form(Lang::En).text();
    assert!(text.contains(&format!("person · Person: {}", PersonId([1; 16]))));
    document.set("party/moscow", set(cell("person"), Value::string("Anna Orlova")));
    let form = document.form(Lang::En);
    assert_eq!(form.edits(&form.text(), &mut ids()), Ok(vec![]), "a name outside that a member has too");
}

/// One random change of a form: section, row, field, and what to write.
type Change = (usize, usize, usize, String);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let text = "[а-яa-z>#/ \\-\n🎿:·\\]\\[]{0,12}";
    prop::collection::vec((0..64_usize, 0..64_usize, 0..64_usize, text), 1..12)
}

fn change(form: &mut Form<'_>, (section, row, field, text): &Change) {
    let count = form.sections.len();
    let section = &mut form.sections[section % count];
    let rows = section.rows.iter_mut().next();
    let Some((key, rows)) = rows.filter(|(_, rows)| !rows.is_empty()) else { return };
    let own = section.fields.iter().any(|f| f.key == *key && f.rows().is_some_and(|rows| rows.of.is_none()));
    let at = row % rows.len();
    match field % 8 {
        0 if own && rows.len() > 1 => {
            rows.remove(at);
        }
        1 if own => {
            let row = rows.remove(at);
            rows.insert(field % (rows.len() + 1), row);
        }
        2 if own => {
            let mut row = rows[at].clone();
            (row.id, row.key) = (None, "new".to_owned());
            row.contents.values_mut().for_each(|content| write_into(content, text));
            rows.insert(at, row);
        }
        _ => {
            let contents = &mut rows[at].contents;
            let number = field % contents.len();
            if let Some(content) = contents.values_mut().nth(number) {
                write_into(content, text);
            }
        }
    }
}

fn write_into(content: &mut Content, text: &str) {
    match content {
        Content::Text(old) => *old = text.to_owned(),
        Content::Items(items) => {
            let link = format!("https://example.com/{}", text.len());
            items.insert(text.len() % (items.len() + 1), link);
        }
        Content::Scalar(value @ Value::Int(_)) => *value = Value::Int(text.len() as i64),
        _ => {}
    }
}

/// What a form says, without keys, places and the state of translations. Rows that belong to others
/// have no order of their own, and those that nobody filled in say nothing.
fn said(form: &Form<'_>) -> Vec<(SectionId, Vec<Contents>)> {
    let plain = |contents: &Contents| {
        let mut contents = contents.clone();
        contents.retain(|key, content| {
            let empty = matches!(content, Content::Text(text) if text.is_empty())
                || matches!(content, Content::Items(items) if items.is_empty())
                || matches!(content, Content::Scalar(Value::Null))
                || *content == Content::Scalar(Value::string("discuss"));
            !empty && !key.ends_with(".translation")
        });
        contents
    };
    let section = |section: &FormSection<'_>| {
        let mut said = vec![plain(&section.contents)];
        for field in section.fields {
            let (Some(rows), Some(found)) = (field.rows(), section.rows.get(&field.key)) else { continue };
            let mut found: Vec<&FormRow> = found.iter().collect();
            if rows.of.is_some() {
                found.sort_by_key(|row| &row.id);
            }
            let contents = found.into_iter().map(|row| plain(&row.contents));
            said.extend(contents.filter(|contents| rows.of.is_none() || !contents.is_empty()));
        }
        (section.id.clone(), said)
    };
    form.sections.iter().map(section).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_changed_in_the_form_is_what_the_document_says_then(first in changes(), second in changes()) {
        let mut document = Document::matrix();
        let mut new_id = ids();
        for changes in [first, second] {
            let base = document.form(Lang::En);
            let mut wanted = base.clone();
            changes.iter().for_each(|one| change(&mut wanted, one));
            let text = wanted.text();
            let commands = base.edits(&text, &mut new_id);
            prop_assert!(commands.is_ok(), "{:?}\n{}", commands, text);
            let wanted = said(&wanted);
            document.apply(&commands.unwrap());
            let form = document.form(Lang::En);
            prop_assert_eq!(said(&form), wanted);
            prop_assert_eq!(form.edits(&form.text(), &mut new_id), Ok(vec![]));
        }
    }

    #[test]
    fn any_text_is_read_or_refused_but_never_breaks(text in "(?s)([#>/\\-]{0,3} ?[a-z\\[\\]:. \\n]{0,12}){0,20}") {
        let document = Document::matrix();
        let _ = document.form(Lang::En).edits(&text, &mut ids());
    }
}
