//! A suggestion that waits: what it would change, whose it is, and who decides.

use std::collections::BTreeMap;

use entente_shared::content::{Competing, Conflict, EditCommand, Section, Value, conflicts};
use entente_shared::document::{Document, Hold};
use entente_shared::ids::*;
use entente_shared::kinds::Kind;
use entente_shared::rules::BoundRole;
use entente_shared::statement::{Act, RevokeTarget, Statement};
use entente_shared::views::Standing;
use entente_shared::views::standing::Review;
use serde::Serialize;

use super::changes::{ChangeLine, changes};
use super::ids::Ids;
use super::local::LocalOffer;
use super::place::Naming;
use super::rule::rule_text;
use super::setting::{Decider, PersonRef, Setting};
use super::standing::round_text;
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Replica, Replicated, actors};
use crate::words::Words;

/// Written so much earlier than received, a statement was written without a connection.
pub(super) const OFFLINE_MS: u64 = 5 * 60 * 1000;

/// A suggestion.
#[derive(Clone, Serialize)]
pub struct Proposal {
    /// Its short name, such as `h-7c1`.
    pub id: String,
    /// The statement.
    pub statement: StatementId,
    /// The document.
    pub document: DocumentId,
    /// The document's title; of the ground rules that of the partnership.
    pub title: String,
    /// The document's kind.
    pub kind: KindId,
    /// What it would change on what stands now.
    pub changes: Vec<ChangeLine>,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// What else it states: `invite`, `enrol`, `revoke`, or `edit`.
    pub act: &'static str,
    /// How far the approval has come, if it asks for that of a version.
    pub review: Option<Review>,
    /// Whether it would change signed text.
    pub amends: bool,
    /// The person that it is about, if it invites or revokes one.
    pub about: Option<PersonRef>,
    /// The author's words.
    pub message: Option<String>,
    /// Who wrote it.
    pub author: PersonRef,
    /// When, by the clock of the author's device (milliseconds since 1970).
    pub written_ms: u64,
    /// When the relay received it (milliseconds since 1970); absent if it did not yet.
    pub received_ms: Option<u64>,
    /// The rule under which it waits.
    pub rule: RuleId,
    /// What must be agreed, each by one person.
    pub needs: Vec<NeedLine>,
    /// Everybody who can agree to some of it.
    pub deciders: Vec<Decider>,
    /// Whether the reader is one of them.
    pub yours: bool,
    /// Whether the reader may let it go beyond a band on their own responsibility, with a reason.
    pub yours_to_override: bool,
    /// Whether the reader wrote it.
    pub own: bool,
    /// Whether a part of it may not be read here.
    pub hidden: bool,
    /// What the reader may approve now instead of a team that is closed.
    pub local: Option<LocalOffer>,
    /// Whether another value would go on standing somewhere, although this is approved.
    pub loses: bool,
    #[serde(skip)]
    overriders: Vec<BoundRole>,
    #[serde(skip)]
    setting: Setting,
}

/// Something that must be agreed.
#[derive(Clone, Debug, Serialize)]
pub struct NeedLine {
    /// The section on whose account.
    pub section: SectionId,
    /// The rule that says so.
    pub rule: RuleId,
    /// The roles of which one holder must agree.
    pub roles: Vec<BoundRole>,
    /// The people who can.
    pub deciders: Vec<Decider>,
}

impl Proposal {
    /// Looks at one open suggestion.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(
        replica: &Replica,
        setting: &Setting,
        ids: &Ids,
        document: DocumentId,
        hold: &Hold,
    ) -> Result<Self, CommandError> {
        let replicated = replica.replicated(document)?;
        let state = replicated.ahead_or_ledger().document();
        let kind = &state.kind().id;
        let statement = replica.held_statement(document, &hold.statement);
        let naming = Naming::new(setting, replicated);
        let changes =
            statement.map(|one| effect(replica, replicated, &naming, hold, one)).unwrap_or_default();
        let needs = replica.needs(document, hold);
        let deciders = setting.deciders(kind, &needs, Some(hold.author));
        let entered = replicated.ledger().document().open_holds().contains_key(&hold.statement);
        let text = statement.and_then(|one| one.payloads.iter().flatten().find_map(|part| part.text.clone()));
        let (act, about) = describe(setting, &hold.act);
        let hidden = hold.is_redacted() && statement.is_none_or(Statement::is_redacted);
        let line = |need: &entente_shared::judge::Need| NeedLine {
            section: need.section.clone(),
            rule: need.rule.clone(),
            roles: need.who.clone(),
            deciders: setting.deciders(kind, std::slice::from_ref(need), Some(hold.author)),
        };
        Ok(Self {
            id: ids.short(&hold.statement),
            statement: hold.statement,
            document,
            title: state.title().to_owned(),
            kind: kind.clone(),
            loses: changes.iter().any(|change| change.loses),
            changes,
            sections: hold.sections().cloned().collect(),
            act,
            review: review_of(setting, state, hold),
            amends: needs.iter().any(|need| need.signs),
            local: LocalOffer::of(replica, setting, document, hold),
            about,
            message: text,
            author: setting.person(hold.author),
            written_ms: statement.map_or(hold.time_ms, |one| one.header.clock_ms),
            received_ms: entered.then_some(hold.time_ms),
            rule: hold.rule.clone(),
            needs: needs.iter().map(line).collect(),
            yours: deciders.iter().any(|one| setting.is_me(&one.person.id)),
            yours_to_override: needs.iter().any(|need| setting.overrides(need)),
            overriders: needs.iter().flat_map(|need| need.overrides.iter().cloned()).collect(),
            own: setting.is_me(&hold.author),
            deciders,
            hidden,
            setting: setting.clone(),
        })
    }

    /// Where it changes something, as people call it: `Moscow · logistics`, and how much more.
    pub fn place_text(&self, words: &Words) -> String {
        let lang = words.lang();
        match &self.changes[..] {
            [first] => first.place_text(lang).to_owned(),
            [first, others @ ..] => {
                let more = words.say("more-of-list", args![count = others.len()]);
                format!("{} {more}", first.place_text(lang))
            }
            [] => self.what(words),
        }
    }

    /// The edits that write its values once more, over later ones.
    pub fn restated(&self) -> Vec<(SectionId, Vec<EditCommand>)> {
        let mut edits: BTreeMap<SectionId, Vec<EditCommand>> = BTreeMap::new();
        for change in &self.changes {
            let (path, section) = (change.place.path.clone(), change.place.section.clone());
            let command = match change.after.value.clone() {
                Some(Value::Text(new)) => EditCommand::SetText { path, new },
                Some(value) if !value.is_object() => EditCommand::SetScalar { path, value },
                _ => continue,
            };
            edits.entry(section).or_default().push(command);
        }
        edits.into_iter().collect()
    }

    /// What it is, where no change of a field shows it.
    fn what(&self, words: &Words) -> String {
        let person = || self.about.as_ref().map(|about| self.setting.name(words, about)).unwrap_or_default();
        match self.act {
            "invite" => words.say("doc-log-invited", args![person = person()]),
            "revoke" => words.say("doc-log-revoked", args![person = person()]),
            "enrol" => words.say("doc-log-enrolled", args![]),
            _ => {
                let names = self.section_names(words);
                match &self.review {
                    Some(review) => {
                        let round = round_text(words, review);
                        words.say("held-version", args![place = words.list(&names), round])
                    }
                    None => words.list(&names),
                }
            }
        }
    }

    fn section_names(&self, words: &Words) -> Vec<String> {
        let kind = entente_shared::kinds::newest(&self.kind);
        let sections = self.sections.iter();
        sections.map(|section| section_name(kind, section, &self.setting, words)).collect()
    }

    /// Adds its lines to a table: name, place, change, author and time.
    pub(super) fn rows(&self, words: &Words, table: &mut Table) {
        let time = self.setting.time_of(words, self.written_ms, self.author.party.as_ref());
        let by = format!("{}, {time}", self.setting.name(words, &self.author));
        let mut lines: Vec<(String, String)> = self
            .changes
            .iter()
            .map(|change| (change.place_text(words.lang()).to_owned(), change.values_text(words)))
            .collect();
        if lines.is_empty() {
            lines.push((self.what(words), String::new()));
        }
        for (number, (place, values)) in lines.into_iter().enumerate() {
            let first = |text: &str| if number == 0 { text.to_owned() } else { String::new() };
            table.row([first(&self.id), place, values, first(&by)]);
        }
        if let Some(message) = &self.message {
            table.row_over([String::new(), words.say("quoted", args![text = message.as_str()])]);
        }
    }

    /// For each need, the people who can meet it.
    pub(super) fn groups(&self) -> Vec<Vec<Decider>> {
        self.needs.iter().map(|need| need.deciders.clone()).collect()
    }

    /// Names who decides: `Anna Orlova or Lee Wong`.
    pub fn one_of_each(&self, words: &Words) -> String {
        self.setting.one_of_each(words, &self.groups())
    }

    /// Names who may let it go beyond its band on their own responsibility.
    pub fn overriders(&self, words: &Words) -> String {
        self.setting.roles(words, &self.overriders)
    }

    /// Says who decides, with whether they are at work.
    pub fn deciders_text(&self, words: &Words) -> String {
        if !self.deciders.is_empty() {
            let deciders = self.setting.list_deciders(words, &self.deciders);
            return words.say("held-for", args![deciders]);
        }
        let roles: Vec<_> = self.needs.iter().flat_map(|need| need.roles.iter().cloned()).collect();
        let (role, lead) = (self.setting.roles(words, &roles), self.setting.ask(words));
        words.say("held-for-nobody", args![role, lead])
    }

    /// The whole suggestion for people.
    pub fn text(&self, words: &Words) -> String {
        let (setting, lang) = (&self.setting, words.lang());
        let person = setting.name(words, &self.author);
        let (id, place) = (self.id.as_str(), self.place_text(words));
        let mut text = words.say("held-show-title", args![id, person, place]) + "\n";
        let mut table = Table::default();
        for change in &self.changes {
            let [now, then] = [&change.before, &change.after].map(|value| value.label.get(lang));
            let now = words.say("held-show-now", args![value = now]);
            let then = words.say("held-show-then", args![value = then]);
            table.row([change.place_text(lang).to_owned(), now, then]);
        }
        text += &table.text("  ");
        let mut line = |line: String| text += &format!("  {line}\n");
        if self.loses {
            line(words.say("held-show-loses", args![]));
        }
        if let Some(message) = &self.message {
            line(words.say("held-show-message", args![message = message.as_str()]));
        }
        line(written_text(words, setting, self.written_ms, self.received_ms));
        line(rule_text(words, setting, &self.rule, &self.kind, self.sections.first()));
        match self.deciders.is_empty() {
            true => line(self.deciders_text(words)),
            false => {
                let people = setting.list_deciders(words, &self.deciders);
                line(words.say("why-can-decide", args![people]));
            }
        }
        if let Some(missing) = self.missing(words) {
            line(words.say("held-show-missing", args![deciders = missing]));
        }
        if self.yours {
            line(words.say("held-show-decide", args![id]));
        }
        if self.yours_to_override {
            line(words.say("held-show-override", args![id]));
        }
        if let Some(local) = &self.local {
            line(local.text(words, setting));
            line(words.say("local-offer-how", args![id]));
        }
        text
    }

    /// Who else must agree once the reader has; `None` if nobody or the reader does not decide.
    fn missing(&self, words: &Words) -> Option<String> {
        let mine = |need: &&NeedLine| need.deciders.iter().any(|one| self.setting.is_me(&one.person.id));
        let left: Vec<_> = self.needs.iter().filter(|need| !mine(need)).collect();
        (self.yours && !left.is_empty()).then(|| {
            let each = left.iter().map(|need| match need.deciders.is_empty() {
                true => self.setting.roles(words, &need.roles),
                false => self.setting.list_deciders(words, &need.deciders),
            });
            each.collect::<Vec<_>>().join("; ")
        })
    }
}

/// Says when something was written and when it arrived.
pub(super) fn written_text(
    words: &Words,
    setting: &Setting,
    written_ms: u64,
    received_ms: Option<u64>,
) -> String {
    let written = setting.time(words, written_ms);
    let Some(received_ms) = received_ms else { return words.say("why-written-here", args![written]) };
    let arrived = setting.time(words, received_ms);
    if written_ms + OFFLINE_MS < received_ms {
        words.say("why-written-offline", args![written, arrived])
    } else {
        words.say("why-written", args![written, arrived])
    }
}

fn describe(setting: &Setting, act: &Act) -> (&'static str, Option<PersonRef>) {
    match act {
        Act::Invite { person, .. } => ("invite", Some(setting.person(*person))),
        Act::Enrol { .. } => ("enrol", None),
        Act::Revoke { target: RevokeTarget::Person { person } } => ("revoke", Some(setting.person(*person))),
        Act::Revoke { target: RevokeTarget::Device { device, .. } } => ("revoke", setting.person_of(device)),
        Act::Revoke { .. } => ("revoke", None),
        Act::Ask { .. } => ("ask", None),
        _ => ("edit", None),
    }
}

fn review_of(setting: &Setting, state: &Document, hold: &Hold) -> Option<Review> {
    let Act::Ask { version, .. } = &hold.act else { return None };
    let standing = Standing::of(state, setting.state(), &version.section, setting.now_ms());
    standing?.review.filter(|review| review.ask == hold.statement)
}

/// What people call a section of a document that is not at hand.
pub(super) fn section_name(
    kind: Option<&'static Kind>,
    section: &SectionId,
    setting: &Setting,
    words: &Words,
) -> String {
    let (_, subject) = section.split();
    let labels = setting.labels();
    let label = subject.and_then(|subject| labels.get(subject)).map(|label| label.get(words.lang()));
    let name = label.or(subject).unwrap_or_default();
    match (kind.and_then(|kind| kind.section(section)), label) {
        (_, Some(label)) if section.split().0 == "party" => label.to_owned(),
        (Some(found), _) => found.title(words.lang(), subject, name),
        (None, _) => section.to_string(),
    }
}

/// What a held statement would change on what stands now.
fn effect(
    replica: &Replica,
    replicated: &Replicated,
    naming: &Naming<'_>,
    hold: &Hold,
    statement: &Statement,
) -> Vec<ChangeLine> {
    let mut contents: BTreeMap<SectionId, Section> = BTreeMap::new();
    let effective = replicated.effective();
    let mut before: BTreeMap<SectionId, Value> = BTreeMap::new();
    for section in hold.sections() {
        let known = effective.get(section).map(|content| (*content).clone());
        let genesis = || naming.kind().genesis_content(section);
        let Some(content) = known.or_else(genesis) else { continue };
        before.insert(section.clone(), content.value());
        contents.insert(section.clone(), content);
    }
    let document = replicated.id();
    let earlier = hold.after.iter().filter_map(|id| replica.held_statement(document, id));
    for one in earlier.chain([statement]) {
        apply(&mut contents, one);
    }
    let mut lines = Vec::new();
    let own: Vec<_> = actors(statement).into_iter().map(|(actor, _)| actor).collect();
    for (section, content) in &contents {
        lines.extend(changes(naming, section, before.get(section), Some(&content.value())));
        lines
            .extend(conflicts(content.doc()).iter().filter_map(|field| losing(naming, section, &own, field)));
    }
    lines
}

/// A value of the suggestion that another one would win over.
fn losing(
    naming: &Naming<'_>,
    section: &SectionId,
    own: &[ActorKey],
    field: &Conflict,
) -> Option<ChangeLine> {
    let (standing, others) = field.values.split_last()?;
    let is_own = |value: &&Competing| value.actor.is_some_and(|actor| own.contains(&actor));
    let lost = others.iter().find(is_own).filter(|_| !is_own(&standing))?;
    Some(ChangeLine {
        place: naming.place(section, &field.path),
        before: naming.shown(section, &field.path, Some(&standing.value)),
        after: naming.shown(section, &field.path, Some(&lost.value)),
        loses: true,
    })
}

/// Applies a statement's changes to copies; what does not apply shows nothing.
fn apply(contents: &mut BTreeMap<SectionId, Section>, statement: &Statement) {
    for (section, payload) in statement.parts() {
        let (Some(content), Some(payload)) = (contents.get_mut(section), payload) else { continue };
        let _ = content.apply(payload.changes.iter().map(|change| change.as_slice()));
    }
}
