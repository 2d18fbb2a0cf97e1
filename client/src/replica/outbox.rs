//! The outbox: signed statements that are not in a ledger yet. Their bytes never change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use entente_shared::document::{Candidate, Findings};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{Act, Header, Statement};

/// A signed statement of this device that is not in a ledger yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Its number: statements are sent in this order.
    pub number: u64,
    /// The statement.
    pub statement: Statement,
    /// Whether this device's judge expected it to wait for somebody.
    pub suggestion: bool,
    /// What became of it so far.
    pub state: OutgoingState,
}

/// What became of an outgoing statement.
#[derive(Debug, Clone, PartialEq)]
pub enum OutgoingState {
    /// To be sent, or sent and not answered.
    Waiting,
    /// Refused for good; kept for its author, with the reason.
    Refused(Refusal),
}

impl Outgoing {
    /// Tells whether it still is to be sent.
    pub fn is_waiting(&self) -> bool {
        self.state == OutgoingState::Waiting
    }
}

/// The statements of this device that are not in a ledger yet, and which of them are on the way.
#[derive(Clone, Default)]
pub(super) struct Outbox {
    statements: BTreeMap<u64, Outgoing>,
    /// Their numbers, and what the gate found of them.
    known: BTreeMap<StatementId, (u64, Arc<Findings>)>,
    sent: BTreeSet<StatementId>,
    /// What the relay did not take when it was last sent, and may take later.
    returned: BTreeMap<StatementId, Refusal>,
    next: u64,
}

impl Outbox {
    pub fn iter(&self) -> impl Iterator<Item = &Outgoing> + Clone {
        self.statements.values()
    }

    /// The waiting statements about one document, oldest first.
    pub fn of(&self, document: DocumentId) -> impl Iterator<Item = &Statement> + Clone {
        let waiting = self.statements.values().filter(|outgoing| outgoing.is_waiting());
        waiting.map(|outgoing| &outgoing.statement).filter(move |one| one.header.document == document)
    }

    /// The same, to be judged.
    pub fn candidates(&self, document: DocumentId) -> impl Iterator<Item = Candidate<'_>> {
        self.of(document).map(|statement| {
            let findings = self.known.get(&statement.id).map(|(_, findings)| &**findings);
            Candidate { statement, findings }
        })
    }

    /// What the gate found of a statement that is here.
    pub fn findings(&self, statement: &StatementId) -> Option<Arc<Findings>> {
        self.known.get(statement).map(|(_, findings)| Arc::clone(findings))
    }

    pub fn load(&mut self, outgoing: Outgoing) {
        let findings = Arc::new(Findings::of(&outgoing.statement));
        self.known.insert(outgoing.statement.id, (outgoing.number, findings));
        self.next = self.next.max(outgoing.number + 1);
        self.statements.insert(outgoing.number, outgoing);
    }

    pub fn push(&mut self, statement: Statement, suggestion: bool) -> &Outgoing {
        let findings = Arc::new(Findings::of(&statement));
        self.push_judged(statement, findings, suggestion)
    }

    pub fn push_judged(
        &mut self,
        statement: Statement,
        findings: Arc<Findings>,
        suggestion: bool,
    ) -> &Outgoing {
        let number = self.next;
        self.next += 1;
        self.known.insert(statement.id, (number, findings));
        let outgoing = Outgoing { number, statement, suggestion, state: OutgoingState::Waiting };
        self.statements.entry(number).or_insert(outgoing)
    }

    pub fn find(&self, statement: &StatementId) -> Option<&Outgoing> {
        self.statements.get(&self.known.get(statement)?.0)
    }

    pub fn remove(&mut self, statement: &StatementId) -> Option<Outgoing> {
        let (number, _) = self.known.remove(statement)?;
        self.forget_way(statement);
        self.statements.remove(&number)
    }

    pub fn refuse(&mut self, statement: &StatementId, refusal: Refusal) -> Option<&Outgoing> {
        let number = self.find(statement)?.number;
        self.forget_way(statement);
        let outgoing = self.statements.get_mut(&number)?;
        outgoing.state = OutgoingState::Refused(refusal);
        Some(outgoing)
    }

    /// The waiting statements that build on one that was refused: on its changes, or on the document
    /// that it would have created.
    pub fn built_on(&self, statement: &StatementId) -> Vec<StatementId> {
        let created = self.find(statement).map(|base| &base.statement.header);
        let created = created.filter(|header| matches!(header.act, Act::Create { .. }));
        let created = created.map(|header| header.document);
        let builds = |header: &Header| match &header.act {
            Act::Edit { after, .. } if after.contains(statement) => true,
            _ => Some(header.document) == created,
        };
        let waiting = self.statements.values().filter(|outgoing| outgoing.is_waiting());
        waiting.filter(|one| builds(&one.statement.header)).map(|one| one.statement.id).collect()
    }

    /// Forgets which statements are on the way, because the connection is gone.
    pub fn disconnected(&mut self) {
        self.sent.clear();
    }

    /// A transient refusal: the statement may be sent again.
    pub fn return_with(&mut self, statement: &StatementId, refusal: Refusal) {
        self.sent.remove(statement);
        self.returned.insert(*statement, refusal);
    }

    /// What the relay did not take when it was last sent, and why.
    pub fn returned(&self) -> impl Iterator<Item = (&StatementId, &Refusal)> {
        self.returned.iter()
    }

    fn forget_way(&mut self, statement: &StatementId) {
        self.sent.remove(statement);
        self.returned.remove(statement);
    }

    pub fn is_all_answered(&self) -> bool {
        self.sent.is_empty()
    }

    /// Takes the waiting statements that are not on the way, in frames of at most `bytes_max`.
    pub fn take_unsent(&mut self, bytes_max: usize) -> Vec<Vec<Statement>> {
        let mut frames: Vec<Vec<Statement>> = Vec::new();
        let mut room = 0;
        for outgoing in self.statements.values().filter(|outgoing| outgoing.is_waiting()) {
            let statement = &outgoing.statement;
            if !self.sent.insert(statement.id) {
                continue;
            }
            self.returned.remove(&statement.id);
            let bytes = statement.bytes() + 256;
            match frames.last_mut() {
                Some(frame) if bytes <= room => frame.push(statement.clone()),
                _ => {
                    room = bytes_max;
                    frames.push(vec![statement.clone()]);
                }
            }
            room = room.saturating_sub(bytes);
        }
        frames
    }
}
