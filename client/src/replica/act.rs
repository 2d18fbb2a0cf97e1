//! Commands beyond editing: founding, inviting, deciding, signing, changing the ground rules.

use std::sync::Arc;

use entente_shared::charter::TO_SIGN;
use entente_shared::content::{EditCommand, Path, Value, apply_edit};
use entente_shared::crypto::{Key, Purpose};
use entente_shared::document::{Findings, Hold};
use entente_shared::ids::*;
use entente_shared::judge::Need;
use entente_shared::kinds;
use entente_shared::ledger::{RULES_VERSION, Verdict};
use entente_shared::limits;
use entente_shared::rules::Rules;
use entente_shared::statement::*;

use super::edit::EditOutcome;
use super::link::JoinPass;
use super::records::Profile;
use super::replicated::{Base, Replicated};
use super::{CommandError, Now, Replica};

/// What a new partnership begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Founding {
    /// What the partnership is called.
    pub title: String,
    /// The relay's addresses and key, from the founding link.
    pub addresses: Vec<String>,
    /// The relay's key.
    pub relay: RelayId,
    /// The operator's token.
    pub token: Vec<u8>,
    /// The founder's party, as its id and the row of `parties`.
    pub party: (PartyId, Vec<(&'static str, String)>),
    /// The party's offsets and holidays, as the section `calendar/<party>` holds them.
    pub calendar: Vec<(&'static str, String)>,
    /// The founder's name.
    pub person: String,
    /// What the founder calls this device.
    pub device_label: String,
    /// The public half of the party's recovery key, which the shell prints.
    pub recovery: DeviceId,
}

/// Whom to invite.
#[derive(Debug, Clone, PartialEq)]
pub struct InviteWish {
    /// The party.
    pub party: PartyId,
    /// The person's name and roles; absent for a further device of `person`.
    pub row: Option<(String, Vec<RoleId>)>,
    /// The person, if already known.
    pub person: Option<PersonId>,
    /// For how long the link works, in milliseconds; at most 72 hours.
    pub valid_ms: u64,
}

/// An invitation that was made.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The secret key that stands in the link.
    pub key: Key,
    /// Who is invited.
    pub person: PersonId,
    /// Until when the link works (milliseconds since 1970).
    pub expires_ms: u64,
    /// What became of the statement.
    pub submitted: Submitted,
}

/// A statement that was signed and waits to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// The statement.
    pub statement: StatementId,
    /// The verdict that this device expects.
    pub verdict: Verdict,
    /// Who would have to agree, if it waits.
    pub needs: Vec<Need>,
}

/// Builds the statement that founds a partnership, and the profile of its first device.
///
/// # Errors
///
/// The party's data is not well formed.
pub fn founding(now: &mut Now<'_>, key: &Key, wish: &Founding) -> Result<(Statement, Profile), CommandError> {
    let document = DocumentId::new(now.ms, now.draw());
    let person = PersonId(now.draw());
    let party = &wish.party.0;
    let rules = Rules::standard(party).map_err(|error| CommandError::Charter(error.to_string()))?;
    let row = map(wish.party.1.iter().map(|(key, text)| (*key, text.clone())));
    let me = map([("name", wish.person.clone()), ("roles", "lead".to_owned())]);
    let texts = rules.to_stored().into_iter();
    let sections = [
        ("parties".to_owned(), vec![(Path::new(["parties", party.as_str()]), row)]),
        (format!("people/{party}"), vec![(Path::new(["people", &person.to_hex()]), me)]),
        (
            format!("calendar/{party}"),
            (wish.calendar.iter())
                .map(|(key, text)| (Path::new(["calendar", *key]), Value::string(text)))
                .collect(),
        ),
        (
            "rules".to_owned(),
            texts.map(|(id, text)| (Path::new(["rules", id.as_str()]), Value::string(text))).collect(),
        ),
    ];
    let mut parts = Vec::new();
    for (section, values) in sections {
        let section = SectionId::new(section);
        parts.push((section.clone(), first_payload(now, key, document, &section, values)?));
    }
    if let Some((_, payload)) = parts.first_mut() {
        payload.text = Some(wish.title.clone());
    }
    let act = Act::Found {
        rules_version: RULES_VERSION,
        relay: wish.relay,
        party: party.clone(),
        person,
        label: wish.device_label.clone(),
        recovery: wish.recovery,
    };
    let header = Header {
        version: HEADER_VERSION,
        partnership: None,
        document,
        device: key.device(),
        seen: Seen::default(),
        clock_ms: now.ms,
        act,
        parts: Vec::new(),
    };
    let statement = Statement::sign(key, header, parts);
    let profile = Profile {
        partnership: statement.partnership(),
        relay: Some(wish.relay),
        addresses: wish.addresses.clone(),
        entry: Some(JoinPass::Founding { token: wish.token.clone().into() }),
        operator: String::new(),
    };
    Ok((statement, profile))
}

/// The first content of one section of a new charter.
fn first_payload(
    now: &mut Now<'_>,
    key: &Key,
    document: DocumentId,
    section: &SectionId,
    values: Vec<(Path, Value)>,
) -> Result<Payload, CommandError> {
    let unknown = || CommandError::UnknownSection(section.clone());
    let kind = kinds::newest(&KindId::new(kinds::CHARTER)).ok_or_else(unknown)?;
    let mut content = kind.genesis_content(section).ok_or_else(unknown)?;
    let nonce = ActorNonce(now.draw());
    content.set_actor(ActorKey::derive(key.device(), document, section, nonce));
    for (path, value) in values {
        apply_edit(content.doc_mut(), kind, section, &EditCommand::SetScalar { path, value })?;
    }
    let doc = content.doc_mut();
    let hash = doc.commit().ok_or_else(unknown)?;
    let mut change = doc.get_change_by_hash(&hash).ok_or_else(unknown)?;
    let changes = vec![change.bytes().into_owned().into()];
    Ok(Payload { salt: now.draw(), nonce: Some(nonce), changes, text: None })
}

fn map<K: Into<String>>(rows: impl IntoIterator<Item = (K, String)>) -> Value {
    Value::Map(rows.into_iter().map(|(key, text)| (key.into(), Value::String(text))).collect())
}

/// By how much the relay's clock may have gone back since this device last met it, in milliseconds,
/// for an invitation of the longest validity to be admitted.
const INVITE_MARGIN_MS: u64 = 10 * 60_000;

impl Replica {
    /// Signs a statement and takes it into the outbox.
    ///
    /// # Errors
    ///
    /// The rules would refuse it; then nothing is signed for good.
    pub(super) fn submit(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        act: Act,
        parts: Vec<(SectionId, Payload)>,
    ) -> Result<Submitted, CommandError> {
        self.check_writable(document)?;
        let statement = self.sign(now, document, act, parts);
        let findings = Arc::new(Findings::of(&statement));
        self.submit_signed(statement, findings, now.ms)
    }

    /// The charter's id.
    ///
    /// # Errors
    ///
    /// [`CommandError::NoPartnership`].
    pub fn charter_id(&self) -> Result<DocumentId, CommandError> {
        self.charter.as_ref().map(|charter| charter.id()).ok_or(CommandError::NoPartnership)
    }

    /// Creates a document of `kind` from its template, with a section for each party or market.
    ///
    /// # Errors
    ///
    /// The kind is unknown, or the rules would refuse it.
    pub fn create(
        &mut self,
        now: &mut Now<'_>,
        kind: &KindId,
        title: &str,
    ) -> Result<(DocumentId, Submitted), CommandError> {
        self.create_for(now, kind, title, None)
    }

    /// Creates a document with the sections of one market alone, if one is named; those of others can
    /// be added later.
    ///
    /// # Errors
    ///
    /// As for [`Self::create`].
    pub fn create_for(
        &mut self,
        now: &mut Now<'_>,
        kind: &KindId,
        title: &str,
        market: Option<&MarketId>,
    ) -> Result<(DocumentId, Submitted), CommandError> {
        let known = kinds::newest(kind).filter(|kind| kind.id.as_str() != kinds::CHARTER);
        let known = known.ok_or(CommandError::UnknownDocument)?;
        let state = self.state()?;
        let parties = state.contents.parties.keys().map(|party| party.to_string()).collect();
        let markets: std::collections::BTreeSet<_> =
            state.teams().iter().map(|team| team.market.to_string()).collect();
        let is_meant = |name: &String| market.is_none_or(|market| market.as_str() == name);
        let markets = markets.into_iter().filter(is_meant).collect();
        let subjects = [("party".to_owned(), parties), ("market".to_owned(), markets)];
        let mut sections = known.sections_for(&subjects.into_iter().collect());
        sections.sort();
        let document = DocumentId::new(now.ms, now.draw());
        let title = title.to_owned();
        let act = Act::Create { kind: kind.clone(), schema: known.schema, title, sections };
        let statement = self.sign(now, document, act.clone(), Vec::new());
        let replicated = Replicated::unacknowledged(&statement).map_err(CommandError::Refused)?;
        self.documents.insert(document, replicated);
        let submitted = self.submit(now, document, act, Vec::new());
        if submitted.is_err() {
            self.documents.remove(&document);
        }
        Ok((document, submitted?))
    }

    /// Invites a person, or a further device of one.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn invite(&mut self, now: &mut Now<'_>, wish: &InviteWish) -> Result<Invited, CommandError> {
        let charter = self.charter_id()?;
        let key = Key::from_secret(now.draw());
        let person = wish.person.unwrap_or_else(|| PersonId(now.draw()));
        // The relay's clock decides, and the invitation may be a while on its way there.
        let relay_ms = now.ms.saturating_add_signed(self.clock_ahead_ms.min(0));
        let expires_ms = relay_ms + wish.valid_ms.min(limits::INVITE_VALID_MS_MAX - INVITE_MARGIN_MS);
        let mut parts = Vec::new();
        if let Some((name, roles)) = &wish.row {
            let section = SectionId::new(format!("people/{}", wish.party));
            let roles: Vec<_> = roles.iter().map(RoleId::as_str).collect();
            let value = map([("name", name.clone()), ("roles", roles.join(" "))]);
            let path = Path::new(["people", &person.to_hex()]);
            let commands = [EditCommand::SetScalar { path, value }];
            let draft = self.draft(now, charter, &section, &commands, Base::Signed)?;
            parts.extend(draft.map(|payload| (section, payload)));
        }
        let act = Act::Invite { invite: key.invite(), party: wish.party.clone(), person, expires_ms };
        let submitted = self.submit(now, charter, act, parts)?;
        Ok(Invited { key, person, expires_ms, submitted })
    }

    /// Enrols this device by the invitation that its profile carries.
    ///
    /// # Errors
    ///
    /// There is none, the charter has not arrived, or the invitation does not work any more.
    pub fn enrol(
        &mut self,
        now: &mut Now<'_>,
        label: &str,
        recovery: Option<DeviceId>,
    ) -> Result<Submitted, CommandError> {
        let Some(JoinPass::Invited { secret }) = self.profile.entry.clone() else {
            return Err(CommandError::NotEnrolled);
        };
        let charter = self.charter_id()?;
        let invite = Key::from_secret(secret);
        let device = self.key.device();
        let consent = invite.sign(Purpose::Enrol, &[&self.profile.partnership.0, &device.0]);
        // A party's recovery key comes with its first lead; from anybody else it would be refused.
        let state = self.state()?;
        let invited = state.members.invitations.get(&invite.invite()).map(|found| found.person);
        let leads = invited.and_then(|person| state.member(&person)).is_some_and(|member| member.is_lead());
        let recovery = recovery.filter(|_| leads);
        let act = Act::Enrol { invite: invite.invite(), label: label.to_owned(), consent, recovery };
        self.submit(now, charter, act, Vec::new())
    }

    /// Signs the ground rules as they are now.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn sign_rules(&mut self, now: &mut Now<'_>) -> Result<Submitted, CommandError> {
        let charter = self.charter.as_ref().ok_or(CommandError::NoPartnership)?;
        let mut items = Vec::new();
        for name in TO_SIGN {
            let section = SectionId::new(name);
            let mut content = (charter.copy_of(&section, Base::Signed))
                .ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
            items.push(SignedContent { section, heads: content.heads(), digest: content.digest() });
        }
        let id = self.charter_id()?;
        self.submit(now, id, Act::Sign { items }, Vec::new())
    }

    /// Changes the charter's content in one statement: at once where the rules admit it, else as a
    /// proposal with a message.
    ///
    /// # Errors
    ///
    /// The edit does not fit, or the rules would refuse it.
    pub fn change_charter(
        &mut self,
        now: &mut Now<'_>,
        edits: Vec<(SectionId, Vec<EditCommand>)>,
        message: Option<String>,
    ) -> Result<EditOutcome, CommandError> {
        let charter = self.charter_id()?;
        let outcome = self.edit_all(now, charter, edits, message)?;
        // Ground rules are changed on purpose, never while typing: signed at once.
        self.commit_document(now, charter);
        Ok(outcome)
    }

    /// Revokes a device, person or invitation.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn revoke(&mut self, now: &mut Now<'_>, target: RevokeTarget) -> Result<Submitted, CommandError> {
        let charter = self.charter_id()?;
        self.submit(now, charter, Act::Revoke { target }, Vec::new())
    }

    /// The document in which a suggestion is open, and the suggestion.
    ///
    /// # Errors
    ///
    /// [`CommandError::NotOpen`].
    pub fn find_hold(&self, statement: &StatementId) -> Result<(DocumentId, &Hold), CommandError> {
        let found = self.all().find_map(|replicated| {
            let hold = replicated.ahead_or_ledger().document().open_holds().get(statement)?;
            Some((replicated.id(), hold))
        });
        found.ok_or(CommandError::NotOpen)
    }

    /// Approves a suggestion, with edits on top if something has to be put right.
    ///
    /// # Errors
    ///
    /// It is not open, or somebody else decides it.
    pub fn endorse(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        message: Option<String>,
    ) -> Result<Submitted, CommandError> {
        self.endorse_as(now, target, Capacity::Decider, message)
    }

    /// Lets a suggestion, also one's own, go beyond its band on one's own responsibility.
    ///
    /// # Errors
    ///
    /// It is not open, it does not go beyond a band, the rules do not name the reader, or the reason
    /// is empty.
    pub fn override_band(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        reason: String,
    ) -> Result<Submitted, CommandError> {
        self.endorse_as(now, target, Capacity::Override, Some(reason))
    }

    fn endorse_as(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        capacity: Capacity,
        message: Option<String>,
    ) -> Result<Submitted, CommandError> {
        let (document, hold) = self.find_hold(&target)?;
        let ledger = self.replicated(document)?.ahead_or_ledger().document();
        let mut heads = Vec::new();
        if let Act::Ask { version, .. } = &hold.act {
            heads.push(version.clone());
        }
        for section in hold.sections().filter(|_| !hold.is_ask()) {
            let known = ledger.sections().get(section).and_then(|section| section.known());
            let known = known.ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
            heads.push(SectionHeads { section: section.clone(), heads: known.index.heads().to_vec() });
        }
        heads.sort_by(|a, b| a.section.cmp(&b.section));
        let parts = self.words_on(now, hold, message);
        let act = Act::Endorse { target, capacity, heads };
        self.submit(now, document, act, parts)
    }

    /// Declines a suggestion with a reason, or sends it back.
    ///
    /// # Errors
    ///
    /// It is not open, or somebody else decides it.
    pub fn decline(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        outcome: DeclineOutcome,
        reason: Option<String>,
    ) -> Result<Submitted, CommandError> {
        let (document, hold) = self.find_hold(&target)?;
        let parts = self.words_on(now, hold, reason);
        self.submit(now, document, Act::Decline { target, outcome }, parts)
    }

    /// Takes back one's own suggestion: a waiting one in the ledger, or one that is not sent yet.
    ///
    /// # Errors
    ///
    /// It is not open, or somebody else's.
    pub fn withdraw(&mut self, now: &mut Now<'_>, target: StatementId) -> Result<Submitted, CommandError> {
        let (document, _) = self.find_hold(&target)?;
        self.submit(now, document, Act::Withdraw { target }, Vec::new())
    }

    /// Words go with the first section of a suggestion, so that who may read it may read them.
    fn words_on(&self, now: &mut Now<'_>, hold: &Hold, words: Option<String>) -> Vec<(SectionId, Payload)> {
        let section = hold.sections().next().cloned();
        let payload = words.map(|text| Payload { salt: now.draw(), text: Some(text), ..Payload::default() });
        section.zip(payload).into_iter().collect()
    }
}
