//! The connection, as the engine sees it, and what happened there.

use entente_client::args;
use entente_client::links::JoinLink;
use entente_client::replica::{Event, InviteWish, JoinPass, Kept, LinkState, Now, OutgoingState, is_final};
use entente_client::views::Notice;
use entente_shared::charter::Standing;
use entente_shared::ids::DocumentId;
use entente_shared::limits::INVITE_VALID_MS_MAX;
use serde_json::{Value, json};

use crate::answer::{Answer, Problem};
use crate::engine::Engine;

impl Engine {
    /// A connection is there.
    pub fn connected(&mut self) {
        self.replica.connected(true);
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) {
        self.replica.disconnected();
    }

    /// Takes a frame of the relay.
    pub fn receive(&mut self, now: &mut Now<'_>, frame: &[u8]) {
        self.replica.receive(now, frame);
        self.recover(now);
    }

    /// Some time has passed. What was typed is signed: while connected at once, else after a session.
    pub fn tick(&mut self, now: &mut Now<'_>) {
        match self.replica.link() {
            LinkState::Live => self.replica.flush(now),
            _ => self.replica.commit_old(now),
        }
    }

    /// Whether the session has done what it was for, and the shell connects anew.
    pub fn is_session_over(&self) -> bool {
        self.replica.is_session_over() && self.recovering.is_none() && self.recovered.is_none()
    }

    /// Whether connecting again would change nothing.
    pub fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Hands over the entries that [`Effect::Refill`](entente_client::replica::Effect) asked for.
    pub fn refill(&mut self, document: DocumentId, kept: &[Kept]) {
        if let Some(from) = self.refills.remove(&document) {
            self.replica.refill(document, from, kept);
        }
    }

    /// Hands over the entries of a branch that is put aside.
    pub fn salvage(&mut self, kept: &[Kept]) {
        self.replica.salvage(kept);
    }

    /// Takes note of something that happened.
    pub fn hear(&mut self, event: &Event, now_ms: u64) {
        let address = self.replica.profile().addresses.first().cloned().unwrap_or_default();
        match event {
            Event::Closed(reason) if is_final(reason) => {
                let said = self.words.of(|words| words.closed(&address, reason));
                self.ended = Some(Problem { code: "closed", said });
            }
            Event::OtherRelay { .. } => {
                let said = self.words.of(|words| {
                    let person = words.say("someone-unknown", args![]);
                    words.say("relay-key-differs", args![relay = address.as_str(), person])
                });
                self.ended = Some(Problem { code: "closed", said });
            }
            Event::Refused { refusal, .. } if self.replica.profile().entry.is_some() => {
                let said = self
                    .words
                    .of(|words| entente_client::views::refusal_text(&self.replica, words, refusal, now_ms));
                self.turned_away = Some(Problem { code: "refused", said });
            }
            event => self.notice(event, now_ms),
        }
    }

    fn notice(&mut self, event: &Event, now_ms: u64) {
        let Some(notice) = Notice::of(event) else { return };
        let said = self.words.of(|words| Notice::text(event, &self.replica, words, now_ms));
        let id = self.notices_made;
        self.notices_made += 1;
        let value = json!({
            "id": id,
            "what": notice.what,
            "said": said,
            "document": notice.document,
            "statement": notice.statement,
        });
        self.notices.push((id, value));
    }

    /// How far this browser is with the partnership.
    pub fn stage(&self) -> &'static str {
        let profile = self.replica.profile();
        let joins = self.replica.outgoing().any(|outgoing| outgoing.is_waiting());
        match (&profile.entry, self.replica.me().is_ok()) {
            (Some(JoinPass::Founding { .. }), _) => "founding",
            (Some(JoinPass::Invited { .. }), _) if joins => "joining",
            (Some(JoinPass::Invited { .. }), _) => "invited",
            (None, true) => "member",
            (None, false) => "ended",
        }
    }

    /// Invites with the recovery key, once the ground rules are here.
    fn recover(&mut self, now: &mut Now<'_>) {
        let Some(name) = self.recovering.clone() else { return };
        if !self.replica.is_settled() || self.replica.charter().is_none() {
            return;
        }
        self.recovering = None;
        let answer = self.invite_recovered(now, &name);
        self.replica.flush(now);
        self.recovered = Some(answer);
    }

    fn invite_recovered(&mut self, now: &mut Now<'_>, name: &str) -> Answer {
        let failed = |id: &str| self.words.problem("usage", id, args![name]);
        let state = self.replica.state().map_err(|_| failed("status-never-synced"))?;
        let Ok(Standing::Recovery(party)) = state.standing(&self.replica.key().device()) else {
            return Err(failed("recover-key-mistyped"));
        };
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let mut people = state.contents.people.iter().filter(|(_, row)| row.party == party);
        let found = people.find(|(_, row)| plain(&row.name) == plain(name));
        let (person, _) = found.ok_or_else(|| failed("unknown-person"))?;
        let (person, valid_ms) = (*person, INVITE_VALID_MS_MAX);
        let wish = InviteWish { party, row: None, person: Some(person), valid_ms };
        let invited = self.replica.invite(now, &wish).map_err(|error| self.failed(&error, now.ms))?;
        let profile = self.replica.profile();
        let address = profile.addresses.first().cloned().unwrap_or_default();
        let link = JoinLink { address, partnership: profile.partnership, key: invited.key };
        let said = self.words.say("recover-done", args![person = name]);
        Ok(json!({ "link": link.to_string(), "said": said }))
    }

    /// What came of recovering; nothing while it is under way.
    pub fn recovered(&self) -> Option<Answer> {
        if let Some(problem) = self.ended.clone().or_else(|| self.turned_away.clone()) {
            return Some(Err(Box::new(problem)));
        }
        let answer = self.recovered.clone()?;
        if answer.is_err() {
            return Some(answer);
        }
        match self.replica.outgoing().next().map(|outgoing| &outgoing.state) {
            None => Some(answer),
            Some(OutgoingState::Waiting) => None,
            Some(OutgoingState::Refused(refusal)) => {
                let problem = refusal.to_string();
                Some(Err(self.words.problem("refused", "refused-unknown", args![problem])))
            }
        }
    }

    /// Where the connection stands, by the word that the interface knows.
    pub fn link_state(&self) -> &'static str {
        match self.replica.link() {
            LinkState::Offline => "offline",
            LinkState::Connected | LinkState::Greeted => "connecting",
            LinkState::CatchingUp => "catching-up",
            LinkState::Live => "live",
        }
    }

    /// What happened that the person has not put away.
    pub fn notices(&self) -> Vec<&Value> {
        self.notices.iter().map(|(_, notice)| notice).collect()
    }
}
