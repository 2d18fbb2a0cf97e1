//! Undo and redo of one's own edits, as further edits.
//!
//! A step remembers what the fields that it touched held before and after it. Undoing writes what
//! stood before, but only where what the step wrote still stands: what somebody else wrote since
//! stays. In a text that others went on with, the step's own letters go and theirs stay.

use std::collections::BTreeMap;

use entente_shared::content::{EditCommand, Path, Value, splices, value_at};
use entente_shared::ids::{DocumentId, SectionId};
use entente_shared::kinds::{Kind, Slot};

use crate::replica::{CommandError, EditOutcome, Now, Replica};
use crate::toward::toward;

/// Most steps that are remembered for each document.
const STEPS_MAX: usize = 200;
/// Letters typed into one text within this time after the last are one step, in milliseconds.
const BURST_MS: u64 = 1_500;

/// The edits of a section, with the section.
pub type Edits = Vec<(SectionId, Vec<EditCommand>)>;

/// What one field held before and after a step.
#[derive(Debug, Clone, PartialEq)]
struct Stroke {
    section: SectionId,
    path: Path,
    before: Option<Value>,
    after: Option<Value>,
}

/// What a person did at once.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    strokes: Vec<Stroke>,
    time_ms: u64,
}

/// The steps of one run of the program, by document.
#[derive(Debug, Default)]
pub struct Undo {
    done: BTreeMap<DocumentId, Vec<Step>>,
    undone: BTreeMap<DocumentId, Vec<Step>>,
}

/// What the fields that an edit touches held before it.
pub struct Noted {
    document: DocumentId,
    places: Vec<(SectionId, Path, Option<Value>)>,
}

impl Noted {
    /// Reads what `edits` are about to change.
    pub fn of(replica: &Replica, document: DocumentId, edits: &[(SectionId, Vec<EditCommand>)]) -> Self {
        let mut places: Vec<(SectionId, Path, Option<Value>)> = Vec::new();
        for (section, commands) in edits {
            for path in commands.iter().filter_map(target) {
                if !places.iter().any(|(other, known, _)| other == section && *known == path) {
                    let before = value(replica, document, section, &path);
                    places.push((section.clone(), path, before));
                }
            }
        }
        Self { document, places }
    }

    fn step(self, replica: &Replica, time_ms: u64) -> (DocumentId, Step) {
        let document = self.document;
        let stroke = |(section, path, before): (SectionId, Path, Option<Value>)| {
            let after = value(replica, document, &section, &path);
            (before != after).then_some(Stroke { section, path, before, after })
        };
        (document, Step { strokes: self.places.into_iter().filter_map(stroke).collect(), time_ms })
    }
}

impl Undo {
    /// Takes note of an edit that was saved.
    pub fn take(&mut self, replica: &Replica, noted: Noted, now_ms: u64) {
        let (document, step) = noted.step(replica, now_ms);
        if step.strokes.is_empty() {
            return;
        }
        self.undone.remove(&document);
        let done = self.done.entry(document).or_default();
        if !done.last_mut().is_some_and(|last| last.goes_on_with(&step)) {
            done.push(step);
        }
        if done.len() > STEPS_MAX {
            done.remove(0);
        }
    }

    /// Tells whether there is something to undo.
    pub fn can_undo(&self, document: DocumentId) -> bool {
        self.done.get(&document).is_some_and(|steps| !steps.is_empty())
    }

    /// Tells whether there is something to redo.
    pub fn can_redo(&self, document: DocumentId) -> bool {
        self.undone.get(&document).is_some_and(|steps| !steps.is_empty())
    }

    /// Takes the last step back of which something still stands; false if there is none.
    ///
    /// # Errors
    ///
    /// The rules let this person no longer write there.
    pub fn undo(
        &mut self,
        replica: &mut Replica,
        now: &mut Now<'_>,
        document: DocumentId,
    ) -> Result<bool, CommandError> {
        let step = reverse(&mut self.done, replica, now, document)?;
        Ok(keep(&mut self.undone, document, step))
    }

    /// Does the last step again that was taken back; false if there is none.
    ///
    /// # Errors
    ///
    /// As [`Self::undo`].
    pub fn redo(
        &mut self,
        replica: &mut Replica,
        now: &mut Now<'_>,
        document: DocumentId,
    ) -> Result<bool, CommandError> {
        let step = reverse(&mut self.undone, replica, now, document)?;
        Ok(keep(&mut self.done, document, step))
    }
}

fn keep(steps: &mut BTreeMap<DocumentId, Vec<Step>>, document: DocumentId, step: Option<Step>) -> bool {
    let is_done = step.is_some();
    steps.entry(document).or_default().extend(step);
    is_done
}

/// Writes what stood before the last of `steps`; returns the step that this was.
fn reverse(
    steps: &mut BTreeMap<DocumentId, Vec<Step>>,
    replica: &mut Replica,
    now: &mut Now<'_>,
    document: DocumentId,
) -> Result<Option<Step>, CommandError> {
    while let Some(step) = steps.get(&document).and_then(|steps| steps.last()).cloned() {
        let edits = step.reversed(replica, document)?;
        let noted = Noted::of(replica, document, &edits);
        let outcome = match edits.is_empty() {
            true => EditOutcome::Nothing,
            // Undoing never becomes a suggestion: that would be another intention.
            false => match replica.foresee(now, document, &edits)? {
                crate::replica::Foreseen::Saved => replica.edit_all(now, document, edits, None)?,
                _ => EditOutcome::Nothing,
            },
        };
        steps.entry(document).or_default().pop();
        if outcome == EditOutcome::Saved {
            return Ok(Some(noted.step(replica, now.ms).1));
        }
    }
    Ok(None)
}

impl Step {
    /// Takes typing that goes on in the same text into this step.
    fn goes_on_with(&mut self, next: &Self) -> bool {
        let ([own], [new]) = (&mut self.strokes[..], &next.strokes[..]) else { return false };
        let same = own.section == new.section && own.path == new.path && own.after == new.before;
        let is_text = matches!((&own.before, &new.after), (Some(Value::Text(_)), Some(Value::Text(_))));
        if !same || !is_text || next.time_ms > self.time_ms + BURST_MS {
            return false;
        }
        own.after.clone_from(&new.after);
        self.time_ms = next.time_ms;
        true
    }

    fn reversed(&self, replica: &Replica, document: DocumentId) -> Result<Edits, CommandError> {
        let kind = replica.document(document)?.kind();
        let mut edits: Edits = Vec::new();
        for stroke in self.strokes.iter().rev() {
            let now = value(replica, document, &stroke.section, &stroke.path);
            let commands = stroke.reversed(kind, now.as_ref());
            match edits.iter_mut().find(|(section, _)| *section == stroke.section) {
                Some((_, all)) => all.extend(commands),
                None if commands.is_empty() => {}
                None => edits.push((stroke.section.clone(), commands)),
            }
        }
        Ok(edits)
    }
}

impl Stroke {
    fn reversed(&self, kind: &'static Kind, now: Option<&Value>) -> Vec<EditCommand> {
        match (&self.before, &self.after, now) {
            (Some(Value::Text(before)), Some(Value::Text(after)), Some(Value::Text(now))) => {
                let splices = rebased(before, after, now);
                let splice = |(at, delete, insert)| EditCommand::SpliceText {
                    path: self.path.clone(),
                    at,
                    delete,
                    insert,
                };
                splices.into_iter().map(splice).collect()
            }
            (before, after, now) if after.as_ref() == now => {
                toward(kind, &self.section, &self.path, now, before.as_ref())
            }
            // Somebody wrote something else since: that stays.
            _ => Vec::new(),
        }
    }
}

/// The splices that take back in `now` what made `after` of `before`, from the end to the beginning.
fn rebased(before: &str, after: &str, now: &str) -> Vec<(u32, u32, String)> {
    // Where each letter of `after` stands in `now`, and where its place would be if it is gone.
    let length = after.chars().count();
    let mut places: Vec<(usize, bool)> = Vec::with_capacity(length + 1);
    let (mut old_at, mut new_at) = (0, 0);
    for splice in splices(after, now) {
        while old_at < splice.at {
            places.push((new_at, true));
            (old_at, new_at) = (old_at + 1, new_at + 1);
        }
        places.extend(std::iter::repeat_n((new_at, false), splice.delete));
        old_at += splice.delete;
        new_at += splice.insert.chars().count();
    }
    while old_at <= length {
        places.push((new_at, true));
        (old_at, new_at) = (old_at + 1, new_at + 1);
    }
    let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    for splice in splices(after, before).into_iter().rev() {
        let own = places.get(splice.at..splice.at + splice.delete).unwrap_or_default();
        let at = places.get(splice.at).map_or(new_at, |(place, _)| *place);
        // Letters of others between one's own stay, so the own ones may stand in several runs.
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (place, _) in own.iter().filter(|(_, stands)| *stands) {
            match runs.last_mut() {
                Some((from, count)) if *from + *count == *place => *count += 1,
                _ => runs.push((*place, 1)),
            }
        }
        let is_first = |place: usize| place == at;
        let mut inserted = splice.insert.is_empty();
        for (place, count) in runs.into_iter().rev() {
            let insert = if is_first(place) && !inserted { splice.insert.clone() } else { String::new() };
            inserted |= is_first(place);
            found.push((number(place), number(count), insert));
        }
        if !inserted {
            found.push((number(at), 0, splice.insert));
        }
    }
    found
}

/// What a command changes; `None` for what is not undone.
fn target(command: &EditCommand) -> Option<Path> {
    match command {
        EditCommand::AddRow { path, id, .. } => Some(path.join(id)),
        EditCommand::MoveRow { path, .. } => Some(path.join("order")),
        EditCommand::MarkTranslated { .. } => None,
        command => Some(command.path().clone()),
    }
}

fn value(replica: &Replica, document: DocumentId, section: &SectionId, path: &Path) -> Option<Value> {
    let working = replica.working(document).ok()?;
    let found = value_at(working.get(section)?.doc(), path);
    let kind = replica.document(document).ok()?.kind();
    // A row's own place among the others is not part of what its fields hold.
    match (found, kind.slot(section, path)) {
        (Some(Value::Null), Some(Slot::Field(_))) => None,
        (found, _) => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(before: &str, after: &str, now: &str) -> String {
        let mut letters: Vec<char> = now.chars().collect();
        for (at, delete, insert) in rebased(before, after, now) {
            let (at, delete) = (at as usize, delete as usize);
            letters.splice(at..at + delete, insert.chars());
        }
        letters.into_iter().collect()
    }

    #[test]
    fn typing_is_taken_back_where_nobody_else_typed() {
        assert_eq!(undone("", "Зима", "Зима"), "");
        assert_eq!(undone("one two", "one three two", "one three two"), "one two");
        assert_eq!(undone("one two", "one", "one"), "one two");
        assert_eq!(undone("ab", "xaby", "xaby"), "ab");
    }

    #[test]
    fn what_others_typed_meanwhile_stays() {
        assert_eq!(undone("winter", "winter launch", "cold winter launch"), "cold winter");
        assert_eq!(undone("winter", "winter launch", "winter launch 🎿 now"), "winter 🎿 now");
        assert_eq!(undone("a b", "b", "b c"), "a b c");
        // Somebody wrote inside of what is taken back.
        assert_eq!(undone("", "long walk", "long cold walk"), "cold ");
    }

    #[test]
    fn what_somebody_else_took_away_does_not_come_back_twice() {
        assert_eq!(undone("one", "one two", "one"), "one");
        assert_eq!(undone("one two three", "one three", "three"), "two three");
    }
}
