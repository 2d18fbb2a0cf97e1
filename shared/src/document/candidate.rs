//! A statement that is to be judged, with what the gate found of it before.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::gate::Checked;
use crate::ids::*;
use crate::statement::Statement;

/// A statement that is to be judged, with what the gate found of it before, if it looked before.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// Where the gate's findings are kept; absent for what is judged once.
    pub findings: Option<&'a Findings>,
}

impl<'a> From<&'a Statement> for Candidate<'a> {
    fn from(statement: &'a Statement) -> Self {
        Self { statement, findings: None }
    }
}

impl<'a> From<(&'a Statement, &'a Findings)> for Candidate<'a> {
    fn from((statement, findings): (&'a Statement, &'a Findings)) -> Self {
        Self { statement, findings: Some(findings) }
    }
}

/// What the gate found of the changes of one statement, for whoever lets it be judged several times:
/// a replica judges its own before they are sent, after each entry that comes before them, and when
/// they come back.
///
/// A finding is used again only where the section has the heads that it had, so that the gate would
/// find the same: what changes touch depends on what stands beside them. Rights are judged anew each
/// time. The statement's id covers the hashes of its payloads, so findings belong to these very bytes.
#[derive(Debug)]
pub struct Findings {
    statement: StatementId,
    parts: Mutex<BTreeMap<SectionId, Finding>>,
}

/// What was found in one section, and the heads that it had then.
#[derive(Debug)]
struct Finding {
    heads: Vec<ChangeId>,
    checked: Arc<Checked>,
}

impl Findings {
    /// Of a statement that the gate has not seen yet.
    pub fn of(statement: &Statement) -> Self {
        Self { statement: statement.id, parts: Mutex::default() }
    }

    /// What was found of the changes of `statement` in `section` when it had these heads.
    pub(super) fn look_up(
        &self,
        statement: &Statement,
        section: &SectionId,
        heads: &[ChangeId],
    ) -> Option<Arc<Checked>> {
        let parts = self.parts.lock().ok().filter(|_| self.statement == statement.id)?;
        let finding = parts.get(section).filter(|finding| finding.heads == heads)?;
        Some(Arc::clone(&finding.checked))
    }

    pub(super) fn keep(
        &self,
        statement: &Statement,
        section: &SectionId,
        heads: &[ChangeId],
        checked: &Arc<Checked>,
    ) {
        if self.statement == statement.id
            && let Ok(mut parts) = self.parts.lock()
        {
            let finding = Finding { heads: heads.to_vec(), checked: Arc::clone(checked) };
            parts.insert(section.clone(), finding);
        }
    }
}
