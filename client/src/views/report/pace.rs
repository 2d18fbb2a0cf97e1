//! How long decisions take, on whom it waits, and when the teams meet.

use entente_shared::ids::DocumentId;
use entente_shared::reports::ClockUsed;
use entente_shared::reports::figures::Figures;
use entente_shared::reports::together::{HoursTogether, Season};
use entente_shared::reports::turnaround::{StageFigures, Turnaround, VersionPath};
use entente_shared::reports::waiting::{TeamHours, Waiting, What};

use super::{BeforeAfter, Report};
use crate::args;
use crate::views::table::Table;
use crate::words::{Clock, Day, Words};

const NOTHING: &str = "—";
const HOUR_MS: u64 = 3_600_000;

impl Report {
    pub(super) fn turnaround_text(&self, words: &Words) -> String {
        let found = &self.turnaround;
        let mut text = words.say("report-turnaround", args![]) + "\n";
        let clock = match self.clock {
            ClockUsed::Relay => "report-clock-relay",
            ClockUsed::Authors => "report-clock-authors",
        };
        text += &format!("  {}\n", words.say(clock, args![]));
        if let Some(from_ms) = found.period.from_ms {
            let when = self.setting.date(words, from_ms);
            text += &format!("  {}\n", words.say("since", args![when]));
        }
        match &found.all.elapsed {
            None => text += &format!("  {}\n", words.say("report-no-answers", args![])),
            Some(spread) => {
                let (half, most) = (words.duration(spread.median_ms), words.duration(spread.p90_ms));
                let count = found.all.answers;
                text += &format!("  {}\n", words.say("report-answers", args![count, half, most]));
                text += &self.figures_text(words, found);
            }
        }
        text += &self.rituals_text(words, &found.stages);
        let path = |path: &VersionPath| format!("  {}\n", self.path_text(words, path));
        text += &found.paths.iter().map(path).collect::<String>();
        text += &self.flows_text(words, found);
        if let Some(compared) = &self.compared {
            text += &self.compared_text(words, compared);
        }
        text
    }

    fn figures_text(&self, words: &Words, found: &Turnaround) -> String {
        let mut table = Table::default();
        let heads = ["report-head-answers", "report-head-half", "report-head-most", "report-head-working"];
        let more = ["report-head-late", "report-head-changed"];
        let heads = heads.into_iter().chain(more).map(|id| words.say(id, args![]));
        table.row([String::new()].into_iter().chain(heads));
        for side in &found.sides {
            table.row(row(words, self.team(words, &side.party), &side.figures));
        }
        for stage in &found.stages {
            table.row(row(words, self.stage_text(words, stage), &stage.figures));
        }
        for one in &found.rounds {
            let name = words.say("standing-round", args![round = one.round]);
            table.row(row(words, name, &one.figures));
        }
        table.text("  ")
    }

    /// `Winter launch · For every market, stage 1 (Moscow)`.
    fn stage_text(&self, words: &Words, stage: &StageFigures) -> String {
        let place = self.place(words, &stage.document, &stage.section);
        let teams: Vec<_> = stage.parties.iter().map(|party| self.team(words, party)).collect();
        words.say("report-stage", args![place, stage = stage.stage, teams = words.list(&teams)])
    }

    fn rituals_text(&self, words: &Words, stages: &[StageFigures]) -> String {
        let rituals = stages.iter().filter(|stage| stage.looks_like_ritual);
        let line = |stage: &StageFigures| {
            let (place, count) = (self.stage_text(words, stage), stage.figures.known);
            format!("  {}\n", words.say("report-ritual", args![place, count]))
        };
        rituals.map(line).collect()
    }

    fn path_text(&self, words: &Words, path: &VersionPath) -> String {
        let place = self.place(words, &path.document, &path.section);
        let (count, duration) = (path.versions, words.duration(path.elapsed_ms));
        match path.approved_ms {
            Some(_) => words.say("report-path-approved", args![place, count, duration]),
            None => words.say("report-path-open", args![place, count, duration]),
        }
    }

    fn flows_text(&self, words: &Words, found: &Turnaround) -> String {
        if found.flows.is_empty() {
            return String::new();
        }
        let mut table = Table::default();
        let heads = ["written", "waited", "sent-back", "not-taken", "taken-back", "open", "messages"];
        let heads = heads.map(|head| words.say(&format!("report-head-{head}"), args![]));
        table.row([String::new()].into_iter().chain(heads));
        for (party, flow) in &found.flows {
            let counts = [
                flow.statements,
                flow.waited,
                flow.sent_back,
                flow.not_taken,
                flow.taken_back,
                flow.open,
                flow.messages,
            ];
            let counts = counts.into_iter().map(|count| count.to_string());
            table.row([self.team(words, party)].into_iter().chain(counts));
        }
        table.text("  ")
    }

    fn compared_text(&self, words: &Words, compared: &BeforeAfter) -> String {
        let when = self.setting.date(words, compared.split_ms);
        let mut text = format!("  {}\n", words.say("report-compared", args![when]));
        let mut table = Table::default();
        let heads = ["report-head-answers", "report-head-half", "report-head-most", "report-head-working"];
        let more = ["report-head-late", "report-head-changed"];
        let heads = heads.into_iter().chain(more).map(|id| words.say(id, args![]));
        table.row([String::new()].into_iter().chain(heads));
        table.row(row(words, words.say("report-before", args![]), &compared.before.all));
        table.row(row(words, words.say("report-after", args![]), &compared.after.all));
        text += &table.text("  ");
        let percent = compared.change_permille.map(|permille| (permille.unsigned_abs() + 5) / 10);
        let sentence = match (compared.change_permille, percent) {
            (Some(..0), Some(percent)) => words.say("report-faster", args![percent]),
            (Some(1..), Some(percent)) => words.say("report-slower", args![percent]),
            (Some(0), _) => words.say("report-as-fast", args![]),
            _ => words.say("report-no-comparison", args![]),
        };
        text + &format!("  {sentence}\n")
    }

    pub(super) fn waiting_text(&self, words: &Words) -> String {
        let mut text = words.say("report-waiting", args![]) + "\n";
        if self.waiting.is_empty() {
            return text + &format!("  {}\n", words.say("report-waiting-none", args![]));
        }
        for one in &self.waiting {
            text += &format!("  {}\n", self.what_waits(words, one));
            text += &format!("    {}\n", self.for_whom(words, one));
            for team in &one.teams {
                text += &format!("    {}\n", self.opening(words, team));
            }
        }
        text
    }

    fn what_waits(&self, words: &Words, one: &Waiting) -> String {
        let places: Vec<_> =
            one.sections.iter().map(|section| self.place(words, &one.document, section)).collect();
        let place = match places.is_empty() {
            true => self.title_of(words, &one.document),
            false => words.list(&places),
        };
        let person = self.person(words, one.author);
        match one.what {
            What::Version => words.say("report-waits-version", args![place, person]),
            What::Suggestion => words.say("report-waits-suggestion", args![place, person]),
            What::Signature => words.say("report-waits-signature", args![place]),
        }
    }

    fn title_of(&self, words: &Words, document: &DocumentId) -> String {
        let (kind, title) = self.titles.get(document).map_or((None, ""), |(kind, title)| (Some(kind), title));
        crate::views::documents::document_title(words, kind, title)
    }

    fn for_whom(&self, words: &Words, one: &Waiting) -> String {
        let people: Vec<_> = one.who.iter().flat_map(|role| self.setting.state().holders(role)).collect();
        let names: Vec<_> = people.iter().map(|person| self.person(words, Some(*person))).collect();
        let people = match (names.is_empty(), one.what) {
            (true, _) => self.setting.roles(words, &one.who),
            (false, What::Signature) => words.list(&names),
            (false, _) => words.list_or(&names),
        };
        let since = self.setting.time(words, one.since_ms);
        let mut text = words.say("report-waits-for", args![people, since]);
        if let Some(due_ms) = one.due_ms {
            let when = self.setting.time_of(words, due_ms, None);
            let id = if one.is_late { "standing-overdue" } else { "standing-due" };
            text = format!("{text}, {}", words.say(id, args![when]));
        }
        text
    }

    /// `Moscow closed, opens in 13 h 50 min (Wed 10:00 MSK / 02:00 NY)`.
    fn opening(&self, words: &Words, team: &TeamHours) -> String {
        let presence = self.setting.team_presence(words, &team.party);
        match (team.at_work, team.changes_at_ms) {
            (Some(false), Some(opens_ms)) => {
                let when = self.setting.time_of(words, opens_ms, Some(&team.party));
                words.say("person-presence", args![person = presence, presence = when])
            }
            (Some(true), Some(closes_ms)) => {
                let when = words.say("report-until", args![when = self.setting.time(words, closes_ms)]);
                words.say("person-presence", args![person = presence, presence = when])
            }
            _ => presence,
        }
    }

    pub(super) fn hours_text(&self, words: &Words) -> String {
        let mut text = words.say("report-hours", args![]) + "\n";
        if self.hours.is_empty() {
            return text + &format!("  {}\n", words.say("together-never", args![]));
        }
        for hours in &self.hours {
            let (first, second) = (self.team(words, &hours.first), self.team(words, &hours.second));
            let pair = words.say("report-hours-pair", args![first, second]);
            text += &format!("  {pair}\n");
            let mut table = Table::default();
            for season in &hours.seasons {
                table.row(self.season(words, hours, season));
            }
            text += &table.text("    ");
            if hours.until_ms < self.now_ms + super::AHEAD_MS {
                let when = self.setting.date(words, hours.until_ms);
                text += &format!("    {}\n", words.say("report-hours-end", args![when]));
            }
        }
        text
    }

    /// `until Sun 14 Mar`, `8 h apart`, `17:00 MSK / 09:00 NY to 19:00 MSK / 11:00 NY`, `2 h a day`, `160 h`.
    fn season(&self, words: &Words, hours: &HoursTogether, season: &Season) -> [String; 5] {
        let date = |at_ms| self.setting.date(words, at_ms);
        let until = words.say("report-until", args![when = date(season.until_ms)]);
        let apart = words.duration(season.ahead_min.unsigned_abs() * 60_000);
        let apart = words.say("report-hours-apart", args![apart]);
        let total = words.say("duration-hours", args![hours = season.total_ms / HOUR_MS]);
        let total = words.say("report-hours-total", args![total, days = season.days]);
        let Some(day) = season.usual else {
            return [until, apart, words.say("together-never", args![]), String::new(), total];
        };
        let parties =
            [&hours.first, &hours.second].map(|party| self.setting.state().contents.parties.get(party));
        let clocks = parties.into_iter().flatten();
        let clocks =
            clocks.filter_map(|row| Some(Clock { calendar: row.calendar.as_ref()?, zone: &row.zone }));
        let clocks: Vec<_> = clocks.collect();
        let time = |at_ms| words.time(at_ms, &clocks, Day::None);
        let (from, until_time) = (time(day.from_ms), time(day.until_ms));
        let span = words.say("report-hours-span", args![from, until = until_time]);
        let usual = words.say("report-hours-usual", args![duration = words.duration(day.length_ms)]);
        [until, apart, span, usual, total]
    }
}

/// The figures of one row.
fn row(words: &Words, name: String, figures: &Figures) -> [String; 7] {
    let length = |length_ms: Option<u64>| {
        length_ms.map_or_else(|| NOTHING.to_owned(), |length_ms| words.duration(length_ms))
    };
    let of = |part: u32, whole: u32| match whole {
        0 => NOTHING.to_owned(),
        _ => words.say("report-part-of", args![part, whole]),
    };
    [
        name,
        figures.answers.to_string(),
        length(figures.elapsed.map(|spread| spread.median_ms)),
        length(figures.elapsed.map(|spread| spread.p90_ms)),
        length(figures.working.map(|spread| spread.median_ms)),
        of(figures.late, figures.with_due),
        of(figures.changed, figures.known),
    ]
}
