//! What the stages of the gate came to: a headline before each, a table after all.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// How a stage ended that did not fail.
pub struct Passed {
    /// What a reader of the table has to know beside "ok", such as what was not checked.
    pub note: String,
}

impl Passed {
    /// Everything that the stage is for was checked.
    pub fn fully() -> Self {
        Self { note: String::new() }
    }

    /// Passed, with something to know.
    pub fn noting(note: impl Into<String>) -> Self {
        Self { note: note.into() }
    }
}

/// One line of the table.
struct Line {
    stage: &'static str,
    result: &'static str,
    took: Option<Duration>,
    note: String,
}

/// The stages so far.
#[derive(Default)]
pub struct Summary {
    lines: Vec<Line>,
}

impl Summary {
    /// Runs a stage under a headline and keeps how it ended.
    ///
    /// # Errors
    /// Those of the stage.
    pub fn stage(
        &mut self,
        stage: &'static str,
        headline: &str,
        work: impl FnOnce() -> anyhow::Result<Passed>,
    ) -> anyhow::Result<()> {
        println!("\n== {stage}: {headline}");
        let (outcome, took) = timed(work);
        let (result, note) = match &outcome {
            Ok(passed) => ("ok", passed.note.clone()),
            Err(_) => ("FAILED", String::new()),
        };
        println!("== {stage}: {result} after {}", spelled(took));
        self.lines.push(Line { stage, result, took: Some(took), note });
        outcome.map(|_| ())
    }

    /// Keeps a stage that was not reached.
    pub fn not_run(&mut self, stage: &'static str) {
        self.lines.push(Line { stage, result: "not run", took: None, note: String::new() });
    }

    /// The table, with the total in its last line.
    pub fn table(&self) -> String {
        let mut table = format!("{:<14} {:<8} {:>10}\n", "stage", "result", "took");
        for Line { stage, result, took, note } in &self.lines {
            let took = took.map(spelled).unwrap_or_default();
            let line = format!("{stage:<14} {result:<8} {took:>10}  {note}");
            let _ = writeln!(table, "{}", line.trim_end());
        }
        let total = self.lines.iter().filter_map(|line| line.took).sum();
        let _ = writeln!(table, "{:<14} {:<8} {:>10}", "total", "", spelled(total));
        table
    }
}

#[expect(clippy::disallowed_methods, reason = "what is measured is the work of this machine")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let outcome = work();
    (outcome, start.elapsed())
}

fn spelled(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    format!("{} min {:02} s", took.as_secs() / 60, took.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_stage_its_result_and_what_was_not_checked() {
        let line = |stage, result, seconds: Option<u64>, note: &str| Line {
            stage,
            result,
            took: seconds.map(Duration::from_secs),
            note: note.to_owned(),
        };
        let summary = Summary {
            lines: vec![
                line("format", "ok", Some(1), ""),
                line("dependencies", "ok", Some(83), "advisories NOT checked"),
                line("wasm", "not run", None, ""),
            ],
        };
        assert_eq!(
            summary.table(),
            "stage          result         took\n\
             format         ok            1.0 s\n\
             dependencies   ok       1 min 23 s  advisories NOT checked\n\
             wasm           not run\n\
             total                   1 min 24 s\n"
        );
    }

    #[test]
    fn a_stage_that_fails_is_kept_and_its_error_handed_on() {
        let mut summary = Summary::default();
        let outcome = summary.stage("docs", "doc comments", || anyhow::bail!("a broken link"));
        assert_eq!(outcome.unwrap_err().to_string(), "a broken link");
        assert_eq!(summary.lines[0].result, "FAILED");
    }
}
