//! The record in words: blocks that say the same in both languages.

use entente_shared::ids::hex;
use entente_shared::kinds::{Lang, Words as Pair};
use entente_shared::reports::seals::{Seal, Sealed};
use entente_shared::views::matrix::{Function, Overlap};
use entente_shared::views::outline::{FieldValue, FieldView, RowView, SectionView};
use entente_shared::views::standing::State;
use entente_shared::views::{MatrixView, Person};

use super::{SignedRecord, UnsignedSection};
use crate::args;
use crate::views::place::both;
use crate::words::{Args, Words, stored_money_text};

/// A page in both languages.
pub struct Page {
    /// Its title.
    pub title: Pair,
    /// What it is a record of.
    pub under: Pair,
    /// What it is, and what it is not.
    pub nature: Pair,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a page.
pub enum Block {
    /// A heading.
    Heading(Pair),
    /// A sentence or more.
    Text(Pair),
    /// Labels with what stands beside them; the depth indents.
    Items(Vec<Item>),
    /// Signatures under what comes before.
    Seals(Vec<SealBlock>),
    /// A fingerprint with its label.
    Print(Pair, String),
}

/// A label with what stands beside it.
pub struct Item {
    /// How deep it stands.
    pub depth: usize,
    /// The label.
    pub label: Pair,
    /// What people wrote or chose.
    pub value: Pair,
}

/// One signature.
pub struct SealBlock {
    /// Whether it is there; false for one that is missing.
    pub is_given: bool,
    /// Who.
    pub person: Pair,
    /// For which role.
    pub role: Pair,
    /// When, and until when.
    pub when: Pair,
    /// The entry in which it stands: number and hash.
    pub entry: String,
}

/// The sentences of both languages.
struct Says {
    ru: Words,
    en: Words,
}

impl Says {
    fn say<'a>(&self, id: &str, args: impl Fn(&Words) -> Args<'a>) -> Pair {
        self.both(|words| words.say(id, args(words)))
    }

    fn both(&self, of: impl Fn(&Words) -> String) -> Pair {
        Pair { ru: of(&self.ru), en: of(&self.en) }
    }
}

impl SignedRecord {
    /// The record as a page.
    pub fn page(&self) -> Page {
        let says = Says { ru: Words::new(Lang::Ru), en: Words::new(Lang::En) };
        let mut blocks = Vec::new();
        if let Some(matrix) = &self.matrix {
            self.one_pager(&says, matrix, &mut blocks);
        }
        if self.signed.is_empty() {
            blocks.push(Block::Text(says.say("record-nothing-signed", |_| args![])));
        }
        for one in &self.signed {
            blocks.push(Block::Heading(one.content.title.clone()));
            let mut items = Vec::new();
            self.fields(&says, one.content.fields.as_deref().unwrap_or_default(), 0, &mut items);
            blocks.push(match items.is_empty() {
                true => Block::Text(says.say("doc-empty-field", |_| args![])),
                false => Block::Items(items),
            });
            self.seals(&says, &one.sealed, &mut blocks);
        }
        self.not_signed(&says, &mut blocks);
        self.how_to_check(&says, &mut blocks);
        let under = says.both(|words| {
            let title = self.partnership_title.get(words.lang());
            let (kind, teams) = (words.kind(self.kind.as_str()), self.setting.teams_title(words.lang()));
            words.say("record-under", args![kind, title, teams])
        });
        let title = Pair { ru: self.title.clone(), en: self.title.clone() };
        Page { title, under, nature: says.say("record-nature", |_| args![]), blocks }
    }

    /// Who owns what, what is shared, what nobody does and what escalates.
    fn one_pager(&self, says: &Says, matrix: &MatrixView, blocks: &mut Vec<Block>) {
        let owned: Vec<_> = matrix.functions.iter().filter_map(|one| self.owned(says, matrix, one)).collect();
        let shared = matrix.overlaps.iter().map(|one| self.shared(says, one)).collect::<Vec<_>>();
        let gaps = matrix.gaps.iter().map(|gap| Item {
            depth: 0,
            label: both(|lang| gap.label.prefer(lang).to_owned()),
            value: says.say("record-nobody", |_| args![]),
        });
        blocks.push(Block::Text(says.say("record-overview", |_| args![])));
        let mut add = |id: &str, items: Vec<Item>| {
            if !items.is_empty() {
                blocks.push(Block::Heading(says.say(id, |_| args![])));
                blocks.push(Block::Items(items));
            }
        };
        add("record-owned", owned);
        add("record-shared", shared);
        add("record-gaps", gaps.collect());
        if let Some(escalation) = &self.escalation {
            add("record-escalates", self.section_items(says, escalation));
        }
    }

    /// A function that one team owns: the team and its person, and who supports it.
    fn owned(&self, says: &Says, matrix: &MatrixView, function: &Function) -> Option<Item> {
        let cells = || matrix.columns.iter().zip(&function.cells);
        let claims = |word: &str| {
            let of = cells().filter_map(|(column, cell)| Some((&column.party, cell.as_ref()?)));
            of.filter(|(_, cell)| cell.claim == word).collect::<Vec<_>>()
        };
        let (owners, supporters) = (claims("own"), claims("support"));
        let [(party, cell)] = owners.as_slice() else { return None };
        let value = says.both(|words| {
            let team = self.setting.label(party, words.lang());
            let mut text = match &cell.person {
                Some(person) => {
                    words.say("person-presence", args![person = team, presence = self.person(person)])
                }
                None => team,
            };
            if !supporters.is_empty() {
                let teams: Vec<_> =
                    supporters.iter().map(|(party, _)| self.setting.label(party, words.lang())).collect();
                let support = words.say("record-support", args![teams = words.list(&teams)]);
                text = format!("{text}; {support}");
            }
            text
        });
        Some(Item { depth: 0, label: both(|lang| function.label.prefer(lang).to_owned()), value })
    }

    /// A function that several teams own, and how they split it.
    fn shared(&self, says: &Says, overlap: &Overlap) -> Item {
        let value = says.both(|words| {
            let lang = words.lang();
            let teams: Vec<_> = overlap.parties.iter().map(|party| self.setting.label(party, lang)).collect();
            let teams = words.list(&teams);
            let agreed = overlap.agreed.as_ref().filter(|_| overlap.settled);
            let Some(agreed) = agreed else { return words.say("record-unsettled", args![teams]) };
            let rule = overlap.choices.iter().find(|choice| Some(&choice.word) == agreed.rule.as_ref());
            let rule = rule.map(|choice| choice.label.get(lang).to_owned()).unwrap_or_default();
            let text = agreed.text.prefer(lang);
            let side = agreed.side.as_deref().map(|side| self.setting.label(&side.into(), lang));
            let more: Vec<_> = side.into_iter().chain((!text.is_empty()).then(|| text.to_owned())).collect();
            let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
            format!("{teams}: {rule}{more}")
        });
        Item { depth: 0, label: both(|lang| overlap.label.prefer(lang).to_owned()), value }
    }

    fn section_items(&self, says: &Says, section: &SectionView) -> Vec<Item> {
        let mut items = Vec::new();
        self.fields(says, section.fields.as_deref().unwrap_or_default(), 0, &mut items);
        items
    }

    fn fields(&self, says: &Says, fields: &[FieldView], depth: usize, items: &mut Vec<Item>) {
        for field in fields {
            if let FieldValue::Rows(rows) = &field.value {
                rows.iter().for_each(|row| self.row(says, &field.label, row, depth, items));
            } else if let Some(value) = self.value(says, &field.value) {
                items.push(Item { depth, label: field.label.clone(), value });
            }
        }
    }

    /// A row: its name first, what is said about it below.
    fn row(&self, says: &Says, label: &Pair, row: &RowView, depth: usize, items: &mut Vec<Item>) {
        let mut fields = row.fields.as_slice();
        let name = match &row.of {
            Some(of) => Some(both(|lang| of.prefer(lang).to_owned())),
            None => fields.split_first().and_then(|(first, rest)| {
                fields = rest;
                self.value(says, &first.value)
            }),
        };
        let mut below = Vec::new();
        self.fields(says, fields, depth + 1, &mut below);
        if name.is_none() && below.is_empty() || row.of.is_some() && below.is_empty() {
            return;
        }
        let nothing = || Pair { ru: "—".into(), en: "—".into() };
        items.push(Item { depth, label: label.clone(), value: name.unwrap_or_else(nothing) });
        items.extend(below);
    }

    fn value(&self, says: &Says, value: &FieldValue) -> Option<Pair> {
        let same = |text: String| Pair { ru: text.clone(), en: text };
        let pair = match value {
            FieldValue::Empty | FieldValue::Rows(_) => return None,
            FieldValue::Choice { label: Some(label), .. } => label.clone(),
            FieldValue::Choice { word, label: None } => same(word.clone()),
            FieldValue::Person(person) => same(self.person(person)),
            FieldValue::Text(text) | FieldValue::Date(text) => same(text.clone()),
            FieldValue::Bilingual(text) => both(|lang| text.prefer(lang).to_owned()),
            FieldValue::Money(text) => both(|lang| stored_money_text(text, lang)),
            FieldValue::Items(items) => same(items.join(", ")),
            FieldValue::Number(number) => same(number.to_string()),
            FieldValue::Time(at_ms) => {
                let at_ms = u64::try_from(*at_ms).ok()?;
                says.both(|words| self.setting.full_time(words, at_ms))
            }
            FieldValue::Flag(true) => says.say("record-yes", |_| args![]),
            FieldValue::Flag(false) => says.say("record-no", |_| args![]),
            FieldValue::Other(value) => same(serde_json::to_string(value).ok()?),
        };
        (!pair.ru.trim().is_empty() || !pair.en.trim().is_empty()).then_some(pair)
    }

    fn person(&self, person: &Person) -> String {
        match person {
            Person::Member(id) => self.setting.person(*id).name.unwrap_or_else(|| id.short()),
            Person::Named(name) => name.clone(),
        }
    }

    fn seals(&self, says: &Says, sealed: &Sealed, blocks: &mut Vec<Block>) {
        let given = sealed.seals.iter().map(|seal| self.seal(says, seal));
        let missing = sealed.missing.iter().map(|role| SealBlock {
            is_given: false,
            person: says.say("record-missing", |_| args![]),
            role: says.both(|words| self.setting.roles(words, std::slice::from_ref(role))),
            when: Pair { ru: String::new(), en: String::new() },
            entry: String::new(),
        });
        blocks.push(Block::Seals(given.chain(missing).collect()));
        if sealed.has_lapsed {
            blocks.push(Block::Text(says.say("record-lapsed", |_| args![])));
        }
        let label = says.say("record-digest", |_| args![]);
        blocks.push(Block::Print(label, sealed.digest.to_hex()));
    }

    fn seal(&self, says: &Says, seal: &Seal) -> SealBlock {
        let person = says.both(|words| match seal.person {
            Some(person) => self.setting.person_name(words, &person),
            None => words.say("someone-unknown", args![]),
        });
        let when = says.both(|words| {
            let when = self.setting.full_time(words, seal.at_ms);
            match seal.until_ms {
                Some(until_ms) => {
                    let until = self.setting.full_time(words, until_ms);
                    words.say("record-signed-until", args![when, until])
                }
                None => words.say("record-signed", args![when]),
            }
        });
        SealBlock {
            is_given: true,
            person,
            role: says.both(|words| self.setting.roles(words, std::slice::from_ref(&seal.role))),
            when,
            entry: format!("{} · {}", seal.entry.seq, hex(&seal.entry.hash.0)),
        }
    }

    fn not_signed(&self, says: &Says, blocks: &mut Vec<Block>) {
        if self.unsigned.is_empty() {
            return;
        }
        blocks.push(Block::Heading(says.say("record-unsigned", |_| args![])));
        let item = |one: &UnsignedSection| {
            let id = match (one.is_readable, one.state) {
                (false, _) => "record-state-hidden",
                (_, None) => "record-state-none",
                (_, Some(State::Approved)) => "record-state-approved",
                (_, Some(State::InReview)) => "record-state-review",
                (_, Some(State::Changed)) => "record-state-changed",
                (_, Some(_)) => "record-state-draft",
            };
            Item { depth: 0, label: one.title.clone(), value: says.say(id, |_| args![]) }
        };
        blocks.push(Block::Items(self.unsigned.iter().map(item).collect()));
    }

    fn how_to_check(&self, says: &Says, blocks: &mut Vec<Block>) {
        blocks.push(Block::Heading(says.say("record-check", |_| args![])));
        blocks.push(Block::Text(says.say("record-check-how", |_| args![])));
        blocks.push(Block::Print(says.say("record-partnership", |_| args![]), self.partnership.to_hex()));
        let head = says.both(|words| {
            let when = self.setting.full_time(words, self.head_ms);
            words.say("record-head", args![seq = self.head.seq, when])
        });
        blocks.push(Block::Print(head, self.head.hash.to_hex()));
        blocks.push(Block::Text(says.both(|words| {
            let when = self.setting.full_time(words, self.made_ms);
            words.say("record-made", args![when])
        })));
    }
}
