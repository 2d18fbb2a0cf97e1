//! The capability matrix: functions × teams, what both do, what nobody does.

use serde::Serialize;

use super::{Bilingual, Docs, Person, bilingual, person, rows, section, string, strings};
use crate::content::{Conflict, Path, Value, conflicts};
use crate::ids::{PartyId, SectionId};
use crate::kinds::{Choice, FieldType, Kind, Slot};

/// The matrix of any number of teams.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixView {
    /// The columns, in the order given.
    pub columns: Vec<Column>,
    /// The functions, in their order; empty if that section cannot be read.
    pub functions: Vec<Function>,
    /// Functions that two or more teams own.
    pub overlaps: Vec<Overlap>,
    /// Functions that nobody owns, as far as every column can be read.
    pub gaps: Vec<Gap>,
    /// Cells that are still to be discussed.
    pub to_discuss: Vec<Open>,
    /// Sections that belong here and cannot be read.
    pub unreadable: Vec<SectionId>,
    /// Whether nothing stands in the way of signing the split: all can be read, every overlap is
    /// settled and there is no gap.
    pub ready_to_sign: bool,
}

/// A team's column, beside its cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// The team.
    pub party: PartyId,
    /// Whether the column can be read here.
    pub readable: bool,
    /// What only this team brings.
    pub unique: Bilingual,
    /// What it can do.
    pub can: Bilingual,
    /// What it cannot do.
    pub cannot: Bilingual,
    /// What it needs from the others.
    pub need: Bilingual,
}

/// A function with one cell for each column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Function {
    /// The row's UUID.
    pub id: String,
    /// Its name.
    pub label: Bilingual,
    /// What it covers.
    pub scope: Bilingual,
    /// The cells, in the order of the columns; `None` where the column cannot be read.
    pub cells: Vec<Option<Cell>>,
}

/// What a team says about a function.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    /// `own`, `support`, `none` or `discuss`; a cell that nobody filled is `discuss`.
    pub claim: String,
    /// Who of the team does it.
    pub person: Option<Person>,
    /// A note.
    pub note: Bilingual,
    /// Links to case studies.
    pub evidence: Vec<String>,
    /// Whether several values compete in this cell.
    pub conflicted: bool,
}

/// A function that several teams own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// The function's UUID.
    pub function: String,
    /// Its name.
    pub label: Bilingual,
    /// The teams that own it.
    pub parties: Vec<PartyId>,
    /// The ways in which it can be settled: word and labels.
    pub choices: Vec<SplitChoice>,
    /// How it was settled so far; `None` if that section cannot be read.
    pub agreed: Option<Agreement>,
    /// Whether the rule is chosen, without conflict, and complete.
    pub settled: bool,
}

/// A way to settle an overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SplitChoice {
    /// The word to write.
    pub word: String,
    /// What people read.
    pub label: crate::kinds::Words,
    /// What it means.
    pub help: Option<crate::kinds::Words>,
}

/// What was agreed about an overlap.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Agreement {
    /// The rule's word.
    pub rule: Option<String>,
    /// The leading team, under the rule `one-side`.
    pub side: Option<String>,
    /// In words.
    pub text: Bilingual,
    /// Every word that competes for the rule; empty without a conflict.
    pub competing_rules: Vec<String>,
}

/// A function that nobody owns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    /// The function's UUID.
    pub function: String,
    /// Its name.
    pub label: Bilingual,
    /// The teams that offer support.
    pub supporters: Vec<PartyId>,
    /// The teams that have not decided yet.
    pub undecided: Vec<PartyId>,
}

/// A cell to discuss.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Open {
    /// The function's UUID.
    pub function: String,
    /// Its name.
    pub label: Bilingual,
    /// Whose cell it is.
    pub party: PartyId,
}

impl MatrixView {
    /// Computes the matrix of these teams.
    pub fn new(kind: &Kind, parties: &[PartyId], docs: &Docs<'_>) -> Self {
        let columns: Vec<ReadColumn> = parties.iter().map(|party| ReadColumn::new(party, docs)).collect();
        let functions = functions(&columns, docs);
        let split = Split::new(kind, docs);
        let overlaps = functions.iter().filter_map(|function| overlap(function, parties, &split)).collect();
        let gaps = functions.iter().filter_map(|function| gap(function, parties)).collect();
        let to_discuss = functions.iter().flat_map(|function| open(function, parties)).collect();
        let mut view = Self {
            columns: columns.into_iter().map(|column| column.view).collect(),
            functions,
            overlaps,
            gaps,
            to_discuss,
            unreadable: unreadable(parties, docs),
            ready_to_sign: false,
        };
        view.ready_to_sign = view.is_ready();
        view
    }

    fn is_ready(&self) -> bool {
        self.unreadable.is_empty()
            && !self.functions.is_empty()
            && self.gaps.is_empty()
            && self.overlaps.iter().all(|overlap| overlap.settled)
    }
}

fn column_id(party: &PartyId) -> SectionId {
    SectionId::new(format!("party/{party}"))
}

fn unreadable(parties: &[PartyId], docs: &Docs<'_>) -> Vec<SectionId> {
    let needed = ["functions".into(), "split".into()].into_iter().chain(parties.iter().map(column_id));
    needed.filter(|section| !docs.contains_key(section)).collect()
}

struct ReadColumn {
    view: Column,
    value: Option<Value>,
    conflicts: Vec<Conflict>,
}

impl ReadColumn {
    fn new(party: &PartyId, docs: &Docs<'_>) -> Self {
        let id = column_id(party);
        let value = section(docs, &id);
        let text = |key| value.as_ref().map(|value| bilingual(value, key)).unwrap_or_default();
        Self {
            view: Column {
                party: party.clone(),
                readable: value.is_some(),
                unique: text("unique"),
                can: text("can"),
                cannot: text("cannot"),
                need: text("need"),
            },
            conflicts: docs.get(&id).map(|doc| conflicts(doc)).unwrap_or_default(),
            value,
        }
    }

    fn cell(&self, function: &str) -> Option<Cell> {
        let value = self.value.as_ref()?;
        let path = Path::new(["cells", function]);
        let Some(cell) = value.at(&path) else {
            return Some(Cell { claim: "discuss".to_owned(), ..Cell::default() });
        };
        Some(Cell {
            claim: string(cell, "claim").unwrap_or_else(|| "discuss".to_owned()),
            person: person(cell, "person"),
            note: bilingual(cell, "note"),
            evidence: strings(cell, "evidence"),
            conflicted: self.conflicts.iter().any(|conflict| path.is_prefix_of(&conflict.path)),
        })
    }
}

fn functions(columns: &[ReadColumn], docs: &Docs<'_>) -> Vec<Function> {
    let Some(value) = section(docs, &"functions".into()) else { return Vec::new() };
    rows(&value, "functions")
        .into_iter()
        .map(|(id, row)| Function {
            id: id.to_owned(),
            label: bilingual(row, "label"),
            scope: bilingual(row, "scope"),
            cells: columns.iter().map(|column| column.cell(id)).collect(),
        })
        .collect()
}

/// The teams whose cell makes this claim.
fn claiming(function: &Function, parties: &[PartyId], claim: &str) -> Vec<PartyId> {
    let cells = parties.iter().zip(&function.cells);
    cells
        .filter(|(_, cell)| cell.as_ref().is_some_and(|cell| cell.claim == claim))
        .map(|(party, _)| party.clone())
        .collect()
}

fn overlap(function: &Function, parties: &[PartyId], split: &Split) -> Option<Overlap> {
    let owners = claiming(function, parties, "own");
    if owners.len() < 2 {
        return None;
    }
    let agreed = split.agreement(&function.id);
    let settled = agreed.as_ref().is_some_and(|agreed| is_settled(agreed, &owners));
    Some(Overlap {
        function: function.id.clone(),
        label: function.label.clone(),
        parties: owners,
        choices: split.choices.clone(),
        agreed,
        settled,
    })
}

fn is_settled(agreed: &Agreement, owners: &[PartyId]) -> bool {
    let side_named = || agreed.side.as_ref().is_some_and(|side| owners.iter().any(|o| o.as_str() == side));
    agreed.competing_rules.is_empty()
        && match agreed.rule.as_deref() {
            None => false,
            Some("one-side") => side_named(),
            Some(_) => true,
        }
}

fn gap(function: &Function, parties: &[PartyId]) -> Option<Gap> {
    // A column that cannot be read may own it.
    let known = function.cells.iter().all(Option::is_some);
    let owned = !claiming(function, parties, "own").is_empty();
    (known && !owned && !parties.is_empty()).then(|| Gap {
        function: function.id.clone(),
        label: function.label.clone(),
        supporters: claiming(function, parties, "support"),
        undecided: claiming(function, parties, "discuss"),
    })
}

fn open(function: &Function, parties: &[PartyId]) -> Vec<Open> {
    let undecided = claiming(function, parties, "discuss").into_iter();
    undecided
        .map(|party| Open { function: function.id.clone(), label: function.label.clone(), party })
        .collect()
}

/// The section of agreements.
struct Split {
    value: Option<Value>,
    conflicts: Vec<Conflict>,
    choices: Vec<SplitChoice>,
}

impl Split {
    fn new(kind: &Kind, docs: &Docs<'_>) -> Self {
        let id = SectionId::new("split");
        let slot = kind.slot(&id, &Path::from("agreements/any/rule"));
        let words: &[Choice] = match slot {
            Some(Slot::Field(field)) => match &field.ty {
                FieldType::Choice(choices) => choices,
                _ => &[],
            },
            _ => &[],
        };
        let choice = |choice: &Choice| SplitChoice {
            word: choice.word.clone(),
            label: choice.label.clone(),
            help: choice.help.clone(),
        };
        Self {
            value: section(docs, &id),
            conflicts: docs.get(&id).map(|doc| conflicts(doc)).unwrap_or_default(),
            choices: words.iter().map(choice).collect(),
        }
    }

    fn agreement(&self, function: &str) -> Option<Agreement> {
        let value = self.value.as_ref()?;
        let path = Path::new(["agreements", function]);
        let Some(row) = value.at(&path) else { return Some(Agreement::default()) };
        let rule = path.join("rule");
        let competing = self.conflicts.iter().filter(|conflict| conflict.path == rule);
        let mut words: Vec<String> = competing
            .flat_map(|conflict| conflict.values.iter().filter_map(|competing| competing.value.as_str()))
            .map(str::to_owned)
            .collect();
        words.sort();
        words.dedup();
        Some(Agreement {
            rule: string(row, "rule"),
            side: string(row, "side"),
            text: bilingual(row, "text"),
            competing_rules: words,
        })
    }
}
