//! One author under load: makes statements, keeps what is not acknowledged, submits it again.

use std::collections::VecDeque;

use anyhow::{Result, bail};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::statement::*;
use entente_shared::wire::*;
use tokio::sync::mpsc::UnboundedSender;

use super::author::{Author, Writer};
use super::socket::{Socket, enter, next_frame, send};
use super::witness::Entered;
use super::{draw, unix_ms};

/// Most statements on the way at once.
const OUTSTANDING: usize = 16;
/// Every so many statements one is long, so that the store cuts it into several values.
const LONG_EVERY: usize = 17;
/// Bytes of the text in a long statement.
const LONG_BYTES: usize = 20_000;

/// An acknowledgement: the statement, and where it stands.
pub type Acknowledged = (StatementId, Entered);

/// What a lane's statements are.
pub enum Style {
    /// Edits that are admitted.
    Column(Box<Writer>),
    /// Edits of another team's section, which are held, each taken back by the next statement.
    Suggestions {
        /// Who suggests.
        author: Author,
        /// The other team's section.
        section: String,
        /// The suggestion that is to be taken back.
        open: Option<StatementId>,
    },
    /// Invitations to the author's own next device, each revoked by the next statement.
    Invitations {
        /// Who invites, in the charter.
        author: Author,
        /// Their team.
        party: PartyId,
        /// Who they are.
        person: PersonId,
        /// The invitation that is to be revoked.
        open: Option<InviteId>,
    },
    /// New documents.
    Documents(Author),
}

/// One author of one document, whose statements enter in the order in which they were made.
pub struct Lane {
    style: Style,
    unanswered: VecDeque<Statement>,
    /// How many statements were made so far.
    pub made: usize,
    /// How many more may be made; those that exist are submitted in any case.
    pub budget: usize,
}

impl Lane {
    /// A lane that makes nothing until it is given a budget.
    pub fn new(style: Style) -> Self {
        Self { style, unanswered: VecDeque::new(), made: 0, budget: 0 }
    }

    /// What its statements are.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// Tells whether everything that was made is acknowledged.
    pub fn is_done(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// Submits what is not acknowledged, then new statements, until the budget is used up and
    /// everything is acknowledged, or the relay is gone. Each acknowledgement is reported; so is
    /// a refusal, which is an error: every statement is one that the rules take.
    pub async fn run(mut self, address: String, reports: UnboundedSender<Result<Acknowledged>>) -> Self {
        let (key, partnership) = (self.author().key.clone(), self.author().partnership);
        // A relay that is gone is nothing to report: it was killed.
        let Ok(mut socket) = enter(&address, partnership, &key).await else { return self };
        let again: Vec<_> = self.unanswered.iter().map(|statement| statement.envelope.clone()).collect();
        if submit(&mut socket, again).await.is_err() {
            return self;
        }
        loop {
            let fresh = self.make();
            if submit(&mut socket, fresh).await.is_err() || self.is_done() {
                return self;
            }
            let Ok(frame) = next_frame(&mut socket).await else { return self };
            let report = self.take(frame);
            let has_failed = report.is_err();
            if reports.send(report).is_err() || has_failed {
                return self;
            }
        }
    }

    /// New statements, in bursts: when half of what may be on the way is answered.
    fn make(&mut self) -> Vec<Envelope> {
        let room = OUTSTANDING.saturating_sub(self.unanswered.len());
        if room < OUTSTANDING / 2 {
            return Vec::new();
        }
        let count = room.min(self.budget);
        self.budget -= count;
        let fresh: Vec<_> = (0..count).map(|_| self.next()).collect();
        let envelopes = fresh.iter().map(|statement| statement.envelope.clone()).collect();
        self.unanswered.extend(fresh);
        envelopes
    }

    fn next(&mut self) -> Statement {
        self.made += 1;
        let is_long = self.made.is_multiple_of(LONG_EVERY);
        match &mut self.style {
            Style::Column(writer) if is_long => writer.write(&long_text()),
            Style::Column(writer) => writer.sign_next(),
            Style::Suggestions { author, section, open } => match open.take() {
                Some(target) => author.sign(Act::Withdraw { target }, Vec::new()),
                None => {
                    let writer = Writer::new(author.clone(), section, None);
                    let statement = writer.expect("every column has a template").sign_next();
                    *open = Some(statement.id);
                    statement
                }
            },
            Style::Invitations { author, party, person, open } => match open.take() {
                Some(invite) => {
                    author.sign(Act::Revoke { target: RevokeTarget::Invite { invite } }, Vec::new())
                }
                None => {
                    let invite = Key::from_secret(draw()).invite();
                    *open = Some(invite);
                    let (party, person) = (party.clone(), *person);
                    let expires_ms = unix_ms() + 3_600_000;
                    author.sign(Act::Invite { invite, party, person, expires_ms }, Vec::new())
                }
            },
            Style::Documents(author) => create(author),
        }
    }

    /// Takes the relay's answer to one of the statements on the way.
    fn take(&mut self, frame: RelayFrame) -> Result<Acknowledged> {
        let (id, position, verdict) = match frame {
            RelayFrame::Answer { statement, answer: Answer::Entered { position, verdict } } => {
                (statement, position, verdict)
            }
            other => bail!("not an acknowledgement: {other:?}"),
        };
        let Some(place) = self.unanswered.iter().position(|statement| statement.id == id) else {
            bail!("{id} was acknowledged twice");
        };
        let document = self.unanswered.remove(place).expect("it was found there").header.document;
        let is_new = matches!(self.style, Style::Documents(_));
        let seen = &mut self.author_mut().seen;
        if !is_new && seen.document.is_none_or(|seen| seen.seq < position.seq) {
            seen.document = Some(position);
        }
        Ok((id, Entered { document, position, verdict }))
    }

    fn author(&self) -> &Author {
        match &self.style {
            Style::Column(writer) => &writer.author,
            Style::Suggestions { author, .. }
            | Style::Invitations { author, .. }
            | Style::Documents(author) => author,
        }
    }

    fn author_mut(&mut self) -> &mut Author {
        match &mut self.style {
            Style::Column(writer) => &mut writer.author,
            Style::Suggestions { author, .. }
            | Style::Invitations { author, .. }
            | Style::Documents(author) => author,
        }
    }
}

async fn submit(socket: &mut Socket, statements: Vec<Envelope>) -> Result<()> {
    if statements.is_empty() {
        return Ok(());
    }
    send(socket, &ClientFrame::Submit { statements }).await
}

/// A matrix for two teams.
fn create(author: &Author) -> Statement {
    let kind = KindId::new("matrix");
    let schema = kinds::newest(&kind).expect("the matrix is a kind").schema;
    let sections = ["escalation", "functions", "party/moscow", "party/newyork", "split", "talk"];
    let sections = sections.into_iter().map(SectionId::new).collect();
    let document = DocumentId::new(unix_ms(), draw());
    let seen = Seen { document: None, ..author.seen };
    let author = Author { document, seen, ..author.clone() };
    author.sign(Act::Create { kind, schema, title: "Under load".to_owned(), sections }, Vec::new())
}

/// Text that does not compress well.
pub fn random_text(bytes: usize) -> String {
    let chunks = (0..bytes.div_ceil(32)).map(|_| StatementId(draw()).to_string());
    let mut text: String = chunks.collect();
    text.truncate(bytes);
    text
}

fn long_text() -> String {
    random_text(LONG_BYTES)
}
