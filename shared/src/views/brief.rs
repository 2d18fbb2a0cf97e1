//! The brief: what holds everywhere, what it means in each market, and what is still missing.

use serde::Serialize;

use super::{Bilingual, Docs, Person, bilingual, lacking, number, person, rows, section, string};
use crate::content::{Path, Value};
use crate::ids::{PartyId, SectionId};
use crate::kinds::Lang;

/// A brief for any number of markets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefView {
    /// What holds everywhere; `None` if it cannot be read.
    pub universal: Option<Universal>,
    /// Each market, in the order given.
    pub markets: Vec<Market>,
    /// What must be written before the brief goes out.
    pub missing: Vec<Missing>,
}

/// The part for every market.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Universal {
    /// The goal.
    pub goal: Bilingual,
    /// Why this goal.
    pub goal_why: Bilingual,
    /// `awareness`, `consideration`, `conversion` or `retention`.
    pub objective: Option<String>,
    /// The one primary metric.
    pub primary_metric: Option<String>,
    /// The audience's age.
    pub audience_age: Bilingual,
    /// The audience's income.
    pub audience_income: Bilingual,
    /// The audience's interests.
    pub audience_interests: Bilingual,
    /// Why this audience.
    pub audience_why: Bilingual,
    /// The content pillars.
    pub pillars: Vec<Pillar>,
    /// `test` or `long-term`.
    pub term: Option<String>,
    /// Why.
    pub term_why: Bilingual,
    /// The KPI dictionary.
    pub kpis: Vec<Kpi>,
}

/// A content pillar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pillar {
    /// The row's UUID.
    pub id: String,
    /// The theme.
    pub theme: Bilingual,
    /// Why.
    pub why: Bilingual,
}

/// A KPI, and what each market makes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kpi {
    /// The row's UUID.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    /// How it is counted everywhere.
    pub definition: Bilingual,
    /// In each market, in the order given; `None` where the market cannot be read or says nothing.
    pub markets: Vec<Option<MarketKpi>>,
}

/// A KPI in one market.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarketKpi {
    /// How it is counted there.
    pub definition: Bilingual,
    /// What is usual there.
    pub benchmark: Option<String>,
    /// What this campaign aims at.
    pub target: Option<String>,
}

/// The part for one market.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Market {
    /// The market, such as `us`.
    pub market: String,
    /// Its content; `None` if it cannot be read.
    pub content: Option<MarketContent>,
}

/// What a market's section says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarketContent {
    /// What the goal means here.
    pub framing: Bilingual,
    /// Why it differs.
    pub framing_why: Bilingual,
    /// How this market works.
    pub market_style: Bilingual,
    /// What must be in.
    pub must_have: Vec<Point>,
    /// What the creator chooses.
    pub your_choice: Vec<Point>,
    /// `fits`, `partly` or `no`.
    pub fit: Option<String>,
    /// What to change to make it fit.
    pub fit_note: Bilingual,
    /// What is delivered.
    pub deliverables: Vec<Deliverable>,
    /// The standard terms.
    pub terms: Bilingual,
    /// The steps and dates.
    pub timeline: Vec<Step>,
}

/// A point of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The row's UUID.
    pub id: String,
    /// The text.
    pub text: Bilingual,
}

/// Something to deliver.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deliverable {
    /// The row's UUID.
    pub id: String,
    /// What.
    pub what: Bilingual,
    /// How many.
    pub count: Option<i64>,
    /// By which day.
    pub due: Option<String>,
}

/// A step of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The row's UUID.
    pub id: String,
    /// The step.
    pub step: Bilingual,
    /// On which day.
    pub date: Option<String>,
    /// Who answers for it.
    pub person: Option<Person>,
}

/// Something that must be written before the brief goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The section.
    pub section: SectionId,
    /// The field.
    pub path: Path,
    /// What is missing there.
    pub what: Lack,
}

/// What a field lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Nothing is written or chosen.
    Empty,
    /// It is not written in this language.
    Language(Lang),
    /// There are this many content pillars, and three or four are wanted.
    PillarCount(usize),
}

/// Fewest and most content pillars (001-04).
const PILLARS: std::ops::RangeInclusive<usize> = 3..=4;

impl BriefView {
    /// Computes the brief for these markets.
    pub fn new(markets: &[PartyId], docs: &Docs<'_>) -> Self {
        let values: Vec<(SectionId, Option<Value>)> = markets
            .iter()
            .map(|market| SectionId::new(format!("market/{market}")))
            .map(|id| (id.clone(), section(docs, &id)))
            .collect();
        let universal = section(docs, &"universal".into()).map(|value| universal(&value, &values));
        let markets = markets
            .iter()
            .zip(&values)
            .map(|(market, (_, value))| Market {
                market: market.to_string(),
                content: value.as_ref().map(market_content),
            })
            .collect();
        let mut view = Self { universal, markets, missing: Vec::new() };
        view.missing = view.find_missing();
        view
    }

    fn find_missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        if let Some(universal) = &self.universal {
            let mut list = Lacks { section: "universal".into(), missing: &mut missing };
            list.text("goal", &universal.goal);
            list.text("goal_why", &universal.goal_why);
            list.value("objective", &universal.objective);
            list.value("primary_metric", &universal.primary_metric);
            list.text("audience_age", &universal.audience_age);
            list.text("audience_income", &universal.audience_income);
            list.text("audience_interests", &universal.audience_interests);
            list.value("term", &universal.term);
            if !PILLARS.contains(&universal.pillars.len()) {
                list.push("pillars", Lack::PillarCount(universal.pillars.len()));
            }
        }
        for market in &self.markets {
            let Some(content) = &market.content else { continue };
            let section = SectionId::new(format!("market/{}", market.market));
            let mut list = Lacks { section, missing: &mut missing };
            list.text("framing", &content.framing);
            list.value("fit", &content.fit);
            list.rows("must_have", content.must_have.len());
            list.rows("deliverables", content.deliverables.len());
            list.text("terms", &content.terms);
        }
        missing
    }
}

struct Lacks<'a> {
    section: SectionId,
    missing: &'a mut Vec<Missing>,
}

impl Lacks<'_> {
    fn push(&mut self, field: &str, what: Lack) {
        self.missing.push(Missing { section: self.section.clone(), path: Path::from(field), what });
    }

    fn text(&mut self, field: &str, text: &Bilingual) {
        match lacking(text)[..] {
            [] => {}
            [lang] => self.push(field, Lack::Language(lang)),
            _ => self.push(field, Lack::Empty),
        }
    }

    fn value(&mut self, field: &str, value: &Option<String>) {
        if value.as_deref().unwrap_or_default().is_empty() {
            self.push(field, Lack::Empty);
        }
    }

    fn rows(&mut self, field: &str, count: usize) {
        if count == 0 {
            self.push(field, Lack::Empty);
        }
    }
}

fn universal(value: &Value, markets: &[(SectionId, Option<Value>)]) -> Universal {
    let text = |key| bilingual(value, key);
    Universal {
        goal: text("goal"),
        goal_why: text("goal_why"),
        objective: string(value, "objective"),
        primary_metric: string(value, "primary_metric"),
        audience_age: text("audience_age"),
        audience_income: text("audience_income"),
        audience_interests: text("audience_interests"),
        audience_why: text("audience_why"),
        pillars: rows(value, "pillars")
            .into_iter()
            .map(|(id, row)| Pillar {
                id: id.to_owned(),
                theme: bilingual(row, "theme"),
                why: bilingual(row, "why"),
            })
            .collect(),
        term: string(value, "term"),
        term_why: text("term_why"),
        kpis: rows(value, "kpis").into_iter().map(|(id, row)| kpi(id, row, markets)).collect(),
    }
}

fn kpi(id: &str, row: &Value, markets: &[(SectionId, Option<Value>)]) -> Kpi {
    let in_market = |value: &Value| {
        let row = value.at(&Path::new(["kpis", id]))?;
        Some(MarketKpi {
            definition: bilingual(row, "definition"),
            benchmark: string(row, "benchmark"),
            target: string(row, "target"),
        })
    };
    Kpi {
        id: id.to_owned(),
        name: bilingual(row, "name"),
        definition: bilingual(row, "definition"),
        markets: markets.iter().map(|(_, value)| value.as_ref().and_then(in_market)).collect(),
    }
}

fn market_content(value: &Value) -> MarketContent {
    let text = |key| bilingual(value, key);
    MarketContent {
        framing: text("framing"),
        framing_why: text("framing_why"),
        market_style: text("market_style"),
        must_have: points(value, "must_have"),
        your_choice: points(value, "your_choice"),
        fit: string(value, "fit"),
        fit_note: text("fit_note"),
        deliverables: rows(value, "deliverables")
            .into_iter()
            .map(|(id, row)| Deliverable {
                id: id.to_owned(),
                what: bilingual(row, "what"),
                count: number(row, "count"),
                due: string(row, "due"),
            })
            .collect(),
        terms: text("terms"),
        timeline: rows(value, "timeline")
            .into_iter()
            .map(|(id, row)| Step {
                id: id.to_owned(),
                step: bilingual(row, "step"),
                date: string(row, "date"),
                person: person(row, "person"),
            })
            .collect(),
    }
}

fn points(value: &Value, field: &str) -> Vec<Point> {
    let point = |(id, row): (&str, &Value)| Point { id: id.to_owned(), text: bilingual(row, "text") };
    rows(value, field).into_iter().map(point).collect()
}
