//! What both teams do and what nobody does, with the ways to settle it.

use entente_shared::content::Path;
use entente_shared::ids::*;
use entente_shared::kinds::{self, Lang};
use entente_shared::views::matrix::{Agreement, Overlap, SplitChoice};
use entente_shared::views::{Docs, MatrixView};
use serde::Serialize;

use super::documents::document_name;
use super::place::{Naming, both, lowered};
use super::setting::Setting;
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::Words;

/// Overlaps and gaps of one matrix.
#[derive(Clone, Serialize)]
pub struct Overlaps {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// What several teams own.
    pub overlaps: Vec<OverlapLine>,
    /// What nobody owns.
    pub gaps: Vec<GapLine>,
    /// How many points are to be settled before signing.
    pub to_settle: usize,
    #[serde(skip)]
    setting: Setting,
}

/// A function that several teams own.
#[derive(Clone, Debug, Serialize)]
pub struct OverlapLine {
    /// The function's UUID.
    pub function: String,
    /// Its name.
    pub label: kinds::Words,
    /// The teams.
    pub parties: Vec<PartyId>,
    /// What was agreed, if that may be read.
    pub agreed: Option<Agreement>,
    /// Whether nothing is open about it.
    pub settled: bool,
    /// The ways to settle it.
    pub choices: Vec<ChoiceLine>,
}

/// One way to settle an overlap.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceLine {
    /// The word that is stored.
    pub word: String,
    /// The team that leads, if one does.
    pub side: Option<PartyId>,
    /// What people read.
    pub label: kinds::Words,
    /// What it means.
    pub help: Option<kinds::Words>,
    /// The command that chooses it.
    pub command: String,
}

/// A function that nobody owns.
#[derive(Clone, Debug, Serialize)]
pub struct GapLine {
    /// The function's UUID.
    pub function: String,
    /// Its name.
    pub label: kinds::Words,
    /// The teams that offer support.
    pub supporters: Vec<PartyId>,
    /// The command by which the reader's team takes it.
    pub command: Option<String>,
}

impl Overlaps {
    /// Computes them for one matrix, own changes included.
    ///
    /// # Errors
    ///
    /// There is no such document here; of a document that is no matrix nothing is listed.
    pub fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let replicated = replica.replicated(document)?;
        let naming = Naming::new(&setting, replicated);
        let name = document_name(replica, document);
        let view = matrix_of(replica, document, &setting)?;
        let title = replica.document(document)?.title().to_owned();
        let mut listed = Self {
            document,
            title,
            overlaps: Vec::new(),
            gaps: Vec::new(),
            to_settle: 0,
            setting: setting.clone(),
        };
        let Some(view) = view else { return Ok(listed) };
        let row = |function: &str| naming.place(&"functions".into(), &Path::new(["functions", function]));
        let address =
            |function: &str| row(function).address.rsplit('/').next().unwrap_or_default().to_owned();
        let overlap = |overlap: &Overlap| OverlapLine {
            function: overlap.function.clone(),
            label: function_label(&overlap.label),
            parties: overlap.parties.clone(),
            agreed: overlap.agreed.clone(),
            settled: overlap.settled,
            choices: (overlap.choices.iter())
                .flat_map(|choice| {
                    choices(&setting, choice, &overlap.parties, &name, &address(&overlap.function))
                })
                .collect(),
        };
        let overlaps: Vec<_> = view.overlaps.iter().map(overlap).collect();
        let own = listed.setting.me().map(|me| me.party.clone());
        let gap = |gap: &entente_shared::views::matrix::Gap| GapLine {
            function: gap.function.clone(),
            label: function_label(&gap.label),
            supporters: gap.supporters.clone(),
            command: own
                .as_ref()
                .map(|party| format!("entente doc set {name} {party}/{} own", address(&gap.function))),
        };
        let gaps: Vec<_> = view.gaps.iter().map(gap).collect();
        listed.to_settle = gaps.len() + overlaps.iter().filter(|overlap| !overlap.settled).count();
        listed.overlaps = overlaps;
        listed.gaps = gaps;
        Ok(listed)
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        let lang = words.lang();
        let mut text = String::new();
        let open: Vec<_> = self.overlaps.iter().filter(|overlap| !overlap.settled).collect();
        let settled: Vec<_> = self.overlaps.iter().filter(|overlap| overlap.settled).collect();
        text += &match open.is_empty() {
            true => words.say("overlap-none", args![]) + "\n",
            false => words.say("overlap-title", args![]) + "\n",
        };
        for overlap in open {
            text += &format!("  {}\n", self.line(words, overlap));
            let mut table = Table::default();
            for choice in &overlap.choices {
                table.row([choice.label.get(lang).to_owned(), choice.command.clone()]);
            }
            text += &table.text("    ");
        }
        for overlap in settled {
            let function = overlap.label.get(lang);
            let split = self.split(words, overlap);
            text += &format!("  {}\n", words.say("overlap-agreed", args![function, split]));
        }
        text += &match self.gaps.is_empty() {
            true => words.say("gap-none", args![]) + "\n",
            false => words.say("gap-title", args![]) + "\n",
        };
        let mut table = Table::default();
        for gap in &self.gaps {
            let take =
                gap.command.iter().map(|command| words.say("gap-take-by", args![command = command.as_str()]));
            table.row([gap.label.get(lang).to_owned()].into_iter().chain(take));
        }
        text += &table.text("  ");
        if self.to_settle > 0 {
            text += &(words.say("settle-before-signing", args![count = self.to_settle]) + "\n");
        }
        text
    }

    /// A function with the teams that own it: `creative (Moscow, New York)`.
    pub(super) fn named(&self, overlap: &OverlapLine) -> kinds::Words {
        both(|lang| {
            let labels = overlap.parties.iter().map(|party| self.setting.label(party, lang));
            format!("{} ({})", overlap.label.get(lang), labels.collect::<Vec<_>>().join(", "))
        })
    }

    fn line(&self, words: &Words, overlap: &OverlapLine) -> String {
        let labels: Vec<_> =
            overlap.parties.iter().map(|party| self.setting.label(party, words.lang())).collect();
        let function = overlap.label.get(words.lang());
        words.say("overlap-line", args![function, parties = labels.join(", ")])
    }

    fn split(&self, words: &Words, overlap: &OverlapLine) -> String {
        let lang = words.lang();
        let Some(agreed) = &overlap.agreed else { return String::new() };
        let word = agreed.rule.as_deref().unwrap_or_default();
        let side = agreed.side.as_deref();
        let is_it = |choice: &&ChoiceLine| {
            choice.word == word && choice.side.as_ref().is_none_or(|party| Some(party.as_str()) == side)
        };
        let choice = overlap.choices.iter().find(is_it);
        let split = choice.map_or(word, |choice| choice.label.get(lang)).to_owned();
        match agreed.text.prefer(lang) {
            "" => split,
            text => format!("{split}. {text}"),
        }
    }
}

/// One way to settle an overlap; where one side leads, one for each team.
fn choices(
    setting: &Setting,
    choice: &SplitChoice,
    parties: &[PartyId],
    document: &str,
    function: &str,
) -> Vec<ChoiceLine> {
    let set =
        |field: &str, value: &str| format!("entente doc set {document} split/{function}/{field} {value}");
    let rule = set("rule", &choice.word);
    let line = |side: Option<&PartyId>| ChoiceLine {
        word: choice.word.clone(),
        side: side.cloned(),
        label: both(|lang| match side {
            Some(party) => format!("{} ({})", choice.label.get(lang), setting.label(party, lang)),
            None => choice.label.get(lang).to_owned(),
        }),
        help: choice.help.clone(),
        command: match side {
            Some(party) => format!("{rule} && {}", set("side", party.as_str())),
            None => rule.clone(),
        },
    };
    match choice.word.as_str() {
        "one-side" => parties.iter().map(|party| line(Some(party))).collect(),
        _ => vec![line(None)],
    }
}

/// A function's name for the middle of a line.
pub(super) fn function_label(label: &entente_shared::views::Bilingual) -> kinds::Words {
    both(|lang: Lang| lowered(label.prefer(lang)))
}

/// The matrix as this device has it; `None` for a document of another kind.
pub(super) fn matrix_of(
    replica: &Replica,
    document: DocumentId,
    setting: &Setting,
) -> Result<Option<MatrixView>, CommandError> {
    let kind = replica.document(document)?.kind();
    if kind.id.as_str() != "matrix" {
        return Ok(None);
    }
    let working = replica.working(document)?;
    let docs: Docs<'_> = working.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
    Ok(Some(MatrixView::new(kind, &setting.columns(), &docs)))
}
