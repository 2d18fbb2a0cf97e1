//! The table and the JSON.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

/// Everything measured in one run.
#[derive(Default, Serialize)]
pub struct Report {
    rows: Vec<Row>,
}

/// One figure.
#[derive(Serialize)]
pub struct Row {
    /// What was done.
    pub scenario: String,
    /// What was measured.
    pub figure: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// The aim, as a bound on the value.
    pub aim: Option<Aim>,
}

/// A bound that the value should keep.
#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

impl Aim {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

impl Report {
    /// Adds a figure.
    pub fn add(
        &mut self,
        scenario: impl Into<String>,
        figure: impl Into<String>,
        value: f64,
        unit: &'static str,
        aim: Option<Aim>,
    ) {
        let row = Row { scenario: scenario.into(), figure: figure.into(), value, unit, aim };
        eprintln!("{}", line(&row));
        self.rows.push(row);
    }

    /// A figure measured before in this run.
    pub fn value(&self, scenario: &str, figure: &str) -> Option<f64> {
        let found = self.rows.iter().find(|row| row.scenario == scenario && row.figure == figure);
        found.map(|row| row.value)
    }

    /// Prints the table.
    pub fn print(&self) {
        println!("| scenario | figure | value | aim | |");
        println!("|---|---|---|---|---|");
        self.rows.iter().for_each(|row| println!("{}", line(row)));
    }

    /// Writes the JSON.
    pub fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, serde_json::to_vec_pretty(self)?)?)
    }
}

fn line(row: &Row) -> String {
    let (aim, met) = match row.aim {
        None => (String::new(), ""),
        Some(aim) => {
            let text = match aim {
                Aim::AtMost(bound) => format!("≤ {bound}"),
                Aim::AtLeast(bound) => format!("≥ {bound}"),
            };
            (text, if aim.is_met(row.value) { "met" } else { "missed" })
        }
    };
    let value = match row.value {
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.4}"),
    };
    format!("| {} | {} | {value} {} | {aim} | {met} |", row.scenario, row.figure, row.unit)
}
