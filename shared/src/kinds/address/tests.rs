use super::*;
use crate::content::Section;
use crate::kinds::{newest, row_id};

fn resolved(typed: &str) -> Result<String, String> {
    let matrix = newest(&"matrix".into()).unwrap();
    let ids: [SectionId; 4] = ["functions", "party/moscow", "party/newyork", "split"].map(Into::into);
    let sections: Vec<Section> =
        ids.iter().map(|id| Section::from_genesis(&matrix.genesis(id).unwrap()).unwrap()).collect();
    let docs = ids.iter().cloned().zip(sections.iter().map(Section::doc)).collect();
    let names = BTreeMap::from([
        ("moscow".to_owned(), vec!["Москва".to_owned(), "Morosha".to_owned()]),
        ("newyork".to_owned(), vec!["New York".to_owned(), "Нью-Йорк".to_owned()]),
    ]);
    let creative = row_id("matrix/1", "functions", "functions", "creative");
    matrix
        .resolve(typed, Around { sections: &docs, names: &names })
        .map(|address| format!("{}#{}", address.section, address.path).replace(&creative, "CREATIVE"))
        .map_err(|error| error.to_string())
}

#[test]
fn a_place_has_many_names() {
    for typed in [
        "party/moscow/cells/creative",
        "moscow/creative",
        "Москва/Креатив",
        "MOROSHA / creative",
        "moscow · креатив",
        "party/moscow/1",
        "Колонка: Москва/Creative",
    ] {
        assert_eq!(resolved(typed).as_deref(), Ok("party/moscow#cells/CREATIVE"), "{typed}");
    }
    let cases = [
        ("split/creative/rule", "split#agreements/CREATIVE/rule"),
        ("Как договорились/креатив/как делим", "split#agreements/CREATIVE/rule"),
        ("new york/what we can do/en", "party/newyork#can/en"),
        ("нью йорк/creative/примечание/русский", "party/newyork#cells/CREATIVE/note/ru"),
        ("functions/creative/ru", "functions#functions/CREATIVE/label/ru"),
        ("moscow/creative/evidence/2", "party/moscow#cells/CREATIVE/evidence/1"),
        ("functions", "functions#"),
    ];
    for (typed, expected) in cases {
        assert_eq!(resolved(typed).as_deref(), Ok(expected), "{typed}");
    }
}

#[test]
fn what_leads_nowhere_says_what_is_near() {
    let cases = [
        ("moscow/creativ", "there is no \"creativ\" in moscow; did you mean creative?"),
        ("moscov/creative", "there is no \"moscov\" in Who does what; did you mean moscow?"),
        ("split/creative/colour", "there is no \"colour\" in split/creative; there is: rule, side, text"),
        ("moscow/creative/claim/ru", "there is no \"ru\" in moscow/creative/claim"),
    ];
    for (typed, expected) in cases {
        assert_eq!(resolved(typed), Err(expected.to_owned()), "{typed}");
    }
    assert!(resolved("").unwrap_err().contains("functions, split, escalation, talk, moscow, newyork"));
}

#[test]
fn a_row_leads_to_its_main_field() {
    let matrix = newest(&"matrix".into()).unwrap();
    let address = |path: &str| {
        let section = SectionId::new("functions");
        let id = row_id("matrix/1", "functions", "functions", "creative");
        let path = Path::from(path.replace("CREATIVE", &id).as_str());
        Address { slot: matrix.slot(&section, &path).unwrap(), section, path }
    };
    let main = address("functions/CREATIVE").main(matrix).in_language(matrix, Lang::Ru);
    assert_eq!(main, address("functions/CREATIVE/label/ru"));
}
