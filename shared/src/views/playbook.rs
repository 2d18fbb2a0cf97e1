//! The coordination playbook: who has the final say, when, who talks to whom, who approves.

use serde::Serialize;

use super::{Bilingual, Docs, Person, bilingual, number, person, rows, section, string};
use crate::content::Value;
use crate::ids::SectionId;

/// A playbook. A part is `None` if its section cannot be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaybookView {
    /// How decisions get made.
    pub decisions: Option<Decisions>,
    /// The timeline.
    pub timeline: Option<Timeline>,
    /// Who talks to whom.
    pub who: Option<Who>,
    /// The approval chain.
    pub chain: Option<Chain>,
    /// Topics that nobody decides, by their UUID: each needs one name (003-09).
    pub undecided: Vec<String>,
    /// Roles that nobody holds, by their UUID (003-16).
    pub unheld: Vec<String>,
    /// Sides without rounds or without an approver, by their UUID.
    pub incomplete_sides: Vec<String>,
}

/// How decisions get made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decisions {
    /// In short.
    pub principle: Bilingual,
    /// Topic by topic.
    pub topics: Vec<Topic>,
    /// How feedback is used.
    pub feedback: Bilingual,
    /// How success is measured.
    pub success: Bilingual,
}

/// A topic of decisions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Topic {
    /// The row's UUID.
    pub id: String,
    /// The topic.
    pub topic: Bilingual,
    /// `local`, `central` or `together`.
    pub place: Option<String>,
    /// Who has the final say.
    pub decider: Option<Person>,
    /// `fixed` or `flexible`.
    pub flexibility: Option<String>,
    /// How it is decided.
    pub how: Bilingual,
}

/// Phases and rhythm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// The phases of the partnership.
    pub phases: Vec<Moment>,
    /// What comes again and again.
    pub rhythm: Vec<Moment>,
}

/// A phase or a regular event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moment {
    /// The row's UUID.
    pub id: String,
    /// What.
    pub what: Bilingual,
    /// `once`, `weekly`, `monthly`, `quarterly` or `campaign`.
    pub rhythm: Option<String>,
    /// When, and how long.
    pub when: Bilingual,
    /// What it ends with.
    pub outcome: Bilingual,
}

/// Who talks to whom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Who {
    /// The people, by role.
    pub contacts: Vec<Contact>,
    /// The channels.
    pub channels: Bilingual,
    /// What happens if two do not agree.
    pub escalation: Bilingual,
}

/// A role in the conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contact {
    /// The row's UUID.
    pub id: String,
    /// The role.
    pub role: Bilingual,
    /// The team.
    pub side: Option<String>,
    /// The person.
    pub person: Option<Person>,
    /// What they do and do not do.
    pub does: Bilingual,
    /// Where to write.
    pub channel: Option<String>,
}

/// The approval chain, one side beside the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain {
    /// Each side.
    pub sides: Vec<Side>,
    /// What happens if it is urgent and the other side sleeps.
    pub urgent: Bilingual,
    /// How to see that the playbook works.
    pub measures: Vec<Measure>,
}

/// A side of the approval chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// The row's UUID.
    pub id: String,
    /// The side.
    pub name: Bilingual,
    /// The team.
    pub team: Option<String>,
    /// Who approves.
    pub approver: Option<Person>,
    /// How many rounds it has.
    pub rounds: Option<i64>,
    /// Within how many working hours it answers.
    pub answer_hours: Option<i64>,
    /// What it approves.
    pub approves: Bilingual,
}

/// A measure of the coordination itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// The row's UUID.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    /// What to aim at.
    pub target: Option<String>,
}

impl PlaybookView {
    /// Computes the playbook.
    pub fn new(docs: &Docs<'_>) -> Self {
        let read = |name: &str| section(docs, &SectionId::new(name));
        let decisions = read("decisions").as_ref().map(decisions);
        let who = read("who").as_ref().map(who);
        let chain = read("chain").as_ref().map(chain);
        let topics = decisions.iter().flat_map(|decisions| &decisions.topics);
        let contacts = who.iter().flat_map(|who| &who.contacts);
        let sides = chain.iter().flat_map(|chain| &chain.sides);
        let complete = |side: &Side| side.approver.is_some() && side.rounds.is_some_and(|rounds| rounds > 0);
        Self {
            undecided: topics.filter(|topic| topic.decider.is_none()).map(|topic| topic.id.clone()).collect(),
            unheld: contacts.filter(|role| role.person.is_none()).map(|role| role.id.clone()).collect(),
            incomplete_sides: sides.filter(|side| !complete(side)).map(|side| side.id.clone()).collect(),
            timeline: read("timeline").as_ref().map(timeline),
            decisions,
            who,
            chain,
        }
    }
}

fn decisions(value: &Value) -> Decisions {
    let topic = |(id, row): (&str, &Value)| Topic {
        id: id.to_owned(),
        topic: bilingual(row, "topic"),
        place: string(row, "place"),
        decider: person(row, "decider"),
        flexibility: string(row, "flexibility"),
        how: bilingual(row, "how"),
    };
    Decisions {
        principle: bilingual(value, "principle"),
        topics: rows(value, "topics").into_iter().map(topic).collect(),
        feedback: bilingual(value, "feedback"),
        success: bilingual(value, "success"),
    }
}

fn timeline(value: &Value) -> Timeline {
    let moment = |(id, row): (&str, &Value)| Moment {
        id: id.to_owned(),
        what: bilingual(row, "what"),
        rhythm: string(row, "rhythm"),
        when: bilingual(row, "when"),
        outcome: bilingual(row, "outcome"),
    };
    let moments = |field| rows(value, field).into_iter().map(moment).collect();
    Timeline { phases: moments("phases"), rhythm: moments("rhythm") }
}

fn who(value: &Value) -> Who {
    let contact = |(id, row): (&str, &Value)| Contact {
        id: id.to_owned(),
        role: bilingual(row, "role"),
        side: string(row, "side"),
        person: person(row, "person"),
        does: bilingual(row, "does"),
        channel: string(row, "channel"),
    };
    Who {
        contacts: rows(value, "contacts").into_iter().map(contact).collect(),
        channels: bilingual(value, "channels"),
        escalation: bilingual(value, "escalation"),
    }
}

fn chain(value: &Value) -> Chain {
    let side = |(id, row): (&str, &Value)| Side {
        id: id.to_owned(),
        name: bilingual(row, "name"),
        team: string(row, "team"),
        approver: person(row, "approver"),
        rounds: number(row, "rounds"),
        answer_hours: number(row, "answer_hours"),
        approves: bilingual(row, "approves"),
    };
    let measure = |(id, row): (&str, &Value)| Measure {
        id: id.to_owned(),
        name: bilingual(row, "name"),
        target: string(row, "target"),
    };
    Chain {
        sides: rows(value, "sides").into_iter().map(side).collect(),
        urgent: bilingual(value, "urgent"),
        measures: rows(value, "measures").into_iter().map(measure).collect(),
    }
}
