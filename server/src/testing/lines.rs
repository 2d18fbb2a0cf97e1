//! What a relay does, in one line for each action.

use std::collections::BTreeMap;

use entente_shared::attested::{AttestedPart, AttestedView};
use entente_shared::codec;
use entente_shared::ids::DocumentId;
use entente_shared::ledger::{Entry, SignedCheckpoint, Verdict};
use entente_shared::wire::{Answer, Delivery, RelayFrame};
use entente_store::Append;

use crate::relay::{Action, ConnectionId, Event};

/// What connections and documents are called in the lines.
#[derive(Default)]
pub struct Names {
    /// Connections.
    pub connections: BTreeMap<ConnectionId, String>,
    /// Documents.
    pub documents: BTreeMap<DocumentId, String>,
}

impl Names {
    /// One action in a line; counters are left out.
    pub fn line(&self, action: &Action) -> Option<String> {
        Some(match action {
            Action::Send { connection, frame } => {
                let frame = RelayFrame::decode(frame).expect("the relay sends frames");
                format!("{} < {}", self.connection(connection), self.frame(&frame))
            }
            Action::Close { connection, .. } => format!("close {}", self.connection(connection)),
            Action::Commit { appends, .. } if appends.is_empty() => "commit records".to_owned(),
            Action::Commit { appends, .. } => {
                let appends: Vec<_> = appends.iter().map(|append| self.append(append)).collect();
                format!("commit {}", appends.join(", "))
            }
            Action::Materialise(task) => format!("materialise {}", self.document(&task.document)),
            Action::Report(Event::Count { .. }) => return None,
            Action::Report(event) => format!("report {}", self.event(event)),
            Action::Stopped => "stopped".to_owned(),
        })
    }

    fn connection(&self, id: &ConnectionId) -> &str {
        self.connections.get(id).map_or("?", String::as_str)
    }

    fn document(&self, id: &DocumentId) -> &str {
        self.documents.get(id).map_or("?", String::as_str)
    }

    fn append(&self, append: &Append) -> String {
        let seqs: Vec<_> = append.entries.iter().map(|entry| entry.seq.to_string()).collect();
        format!("{} {}", self.document(&append.document), seqs.join(" "))
    }

    fn frame(&self, frame: &RelayFrame) -> String {
        match frame {
            RelayFrame::Challenge { .. } => "challenge".to_owned(),
            RelayFrame::Welcome { access, .. } => format!("welcome {access:?}").to_lowercase(),
            RelayFrame::Entries { document, deliveries, .. } => {
                let deliveries: Vec<_> = deliveries.iter().map(delivery).collect();
                format!("entries {} {}", self.document(document), deliveries.join(" "))
            }
            RelayFrame::Answer { answer, .. } => answer_line(answer),
            RelayFrame::Heads { checkpoints } => {
                let heads: Vec<_> = checkpoints.iter().map(|signed| self.head(signed)).collect();
                format!("heads {}", heads.join(", "))
            }
            RelayFrame::Missing { document, from } => {
                let from = from.map_or("nothing".to_owned(), |from| from.seq.to_string());
                format!("missing {} after {from}", self.document(document))
            }
            RelayFrame::Attested { views } => {
                let views: Vec<_> = views.iter().map(|view| self.view(view)).collect();
                format!("attested {}", views.join(", "))
            }
            RelayFrame::Present { document, others } => {
                let place = |one: &entente_shared::wire::Present| {
                    one.section.as_ref().map_or("somewhere".to_owned(), ToString::to_string)
                };
                let others: Vec<_> = others.iter().map(place).collect();
                format!("present {} [{}]", self.document(document), others.join(", "))
            }
            RelayFrame::Closing { reason } => format!("closing {reason:?}"),
        }
    }

    fn view(&self, view: &AttestedView) -> String {
        let entry: Entry = codec::decode("entry", &view.entry, 1 << 20).expect("an entry");
        let hidden = view.sections.iter().filter(|(_, part)| matches!(part, AttestedPart::Hidden { .. }));
        let (shown, hidden) = (view.sections.len() - hidden.clone().count(), hidden.count());
        format!("{} {}({shown} shown, {hidden} hidden)", self.document(&entry.document), entry.seq)
    }

    fn head(&self, signed: &SignedCheckpoint) -> String {
        format!("{} {}", self.document(&signed.checkpoint.document), signed.checkpoint.head.seq)
    }

    fn event(&self, event: &Event) -> String {
        match event {
            Event::Count { counter, by } => format!("{} {by}", counter.name()),
            Event::Quarantined { document, .. } => format!("quarantined {}", self.document(document)),
            Event::NotMaterialised { document, .. } => {
                format!("not materialised {}", self.document(document))
            }
            Event::CommitFailed { .. } => "commit failed".to_owned(),
            Event::Missing { document, from_seq, to_seq } => {
                format!("missing {} {from_seq} to {to_seq}", self.document(document))
            }
            Event::Refilled { document, entries } => {
                format!("refilled {} with {entries}", self.document(document))
            }
            Event::OtherBranch { document, seq } => {
                format!("other branch {} {seq}", self.document(document))
            }
        }
    }
}

/// The entry's number, and what of it is left out.
fn delivery(delivery: &Delivery) -> String {
    let entry: Entry = codec::decode("entry", &delivery.entry, 1 << 20).expect("an entry");
    let hidden = delivery.envelope.payloads.iter().filter(|payload| payload.is_none()).count();
    match &delivery.redaction {
        None => entry.seq.to_string(),
        Some(redaction) => {
            format!("{}(-{hidden} payloads +{} leaves)", entry.seq, redaction.leaves.len())
        }
    }
}

fn answer_line(answer: &Answer) -> String {
    match answer {
        Answer::Entered { position, verdict: Verdict::Admitted { rule } } => {
            format!("entered {} admitted by {rule}", position.seq)
        }
        Answer::Entered { position, verdict: Verdict::Held { rule } } => {
            format!("entered {} held by {rule}", position.seq)
        }
        Answer::Refused { refusal } => format!("refused: {refusal}"),
    }
}
