//! How far a section has come: which version is in review, which was approved, who has signed.

use serde::Serialize;

use crate::charter::CharterState;
use crate::document::{Agreed, Document, Hold, KnownSection, LocalUse};
use crate::ids::*;
use crate::judge::DocumentCourt;
use crate::rules::{BoundChain, BoundRole, BoundSigning, BoundStage};
use crate::statement::Act;

/// Where a section stands between a draft and a signed text. Times are the relay's, in
/// milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The section.
    pub section: SectionId,
    /// In one word.
    pub state: State,
    /// The version that waits for approval, if one does.
    pub review: Option<Review>,
    /// The version that was approved last, if one was.
    pub approved: Option<ApprovedVersion>,
    /// The signatures, if a rule asks for any.
    pub signing: Option<Signing>,
    /// Whether a rule says whose approval a version asks for.
    pub has_chain: bool,
    /// The last use of local authority on the version that waits or was approved last; one that was
    /// objected to stays here until a version waits again.
    #[serde(skip)]
    pub local: Option<LocalUse>,
}

/// Where a section stands, in one word; of several that hold, the last in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// People write it.
    Draft,
    /// What was approved or signed is not the present text any more.
    Changed,
    /// The present version is approved.
    Approved,
    /// Some of those who are to sign have.
    PartlySigned,
    /// All have signed; the text changes only with all of them, if the rule locks it.
    Signed,
    /// All had signed, and their signatures have lapsed.
    Lapsed,
    /// A version waits for approval.
    InReview,
}

/// A version that waits for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The `Ask`.
    pub ask: StatementId,
    /// Who asked.
    pub author: PersonId,
    /// When.
    pub asked_ms: u64,
    /// Whether the text has changed since.
    pub changed_since: bool,
    /// The stage that is asked now, from 1.
    pub stage: usize,
    /// How many stages there are.
    pub stages: usize,
    /// Which round of this stage it is, from 1.
    pub round: u32,
    /// How many rounds the stage has planned.
    pub rounds: Option<u32>,
    /// Who decides now: whom the stage names, or who that goes to once the rounds are used up.
    pub who: Vec<BoundRole>,
    /// Since when that stage is asked.
    pub since_ms: u64,
    /// Until when an answer is due: in the hours of whoever decides or, if that is earlier, when it is
    /// needed.
    pub due_ms: Option<u64>,
    /// When the author needs an answer at the latest, if the author said so.
    pub needed_ms: Option<u64>,
}

impl Review {
    /// Whether the rounds that were planned are used up.
    pub fn is_over_budget(&self) -> bool {
        self.rounds.is_some_and(|rounds| self.round > rounds)
    }
}

/// A version that was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApprovedVersion {
    /// The `Ask`.
    pub ask: StatementId,
    /// When the last stage approved.
    pub at_ms: u64,
    /// Whether it is the present text.
    pub is_present: bool,
}

/// The signatures of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signing {
    /// The rule that asks for them.
    pub rule: RuleId,
    /// For whom a signature is asked, with the one that is there.
    pub signers: Vec<Signer>,
    /// Whether the text changes only with everybody who signed.
    pub is_locked: bool,
    /// When the first signature lapses, if the rule says so.
    pub lapses_ms: Option<u64>,
}

/// For whom a signature is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// The role.
    pub role: BoundRole,
    /// The statement by which somebody signed for it.
    pub statement: Option<StatementId>,
    /// When.
    pub at_ms: Option<u64>,
}

impl Signing {
    /// How many have signed.
    pub fn signed(&self) -> usize {
        self.signers.iter().filter(|signer| signer.statement.is_some()).count()
    }
}

impl Standing {
    /// Computes where a section stands at `now_ms`; `None` if it may not be read here, or no rule
    /// asks for approval or signatures.
    pub fn of(document: &Document, charter: &CharterState, section: &SectionId, now_ms: u64) -> Option<Self> {
        let known = document.sections().get(section)?.known()?;
        let rights = charter.rights(&document.kind().id, section);
        if rights.chain().is_none() && rights.signing().is_none() {
            return None;
        }
        let asked = document.asked(section).zip(rights.chain());
        let review = asked.and_then(|(ask, chain)| review_of(document, charter, known, ask, chain));
        let approved = known.approved.as_ref().map(|approved| ApprovedVersion {
            ask: approved.ask,
            at_ms: approved.at_ms,
            is_present: approved.heads == known.index.heads(),
        });
        let signing = rights.signing().map(|signing| signing_of(known, signing, now_ms));
        let mut standing = Self {
            section: section.clone(),
            state: State::Draft,
            review,
            approved,
            signing,
            has_chain: rights.chain().is_some(),
            local: None,
        };
        standing.local = standing.local_use(document);
        standing.state = standing.in_a_word(known, now_ms);
        Some(standing)
    }

    fn local_use(&self, document: &Document) -> Option<LocalUse> {
        let mut uses = document.local_uses().iter().filter(|used| used.section == self.section).rev();
        let about = |ask: StatementId| document.local_uses_of(ask).last().cloned();
        match (&self.review, &self.approved) {
            (Some(review), _) => about(review.ask),
            (None, Some(approved)) => about(approved.ask),
            (None, None) => uses.find(|used| document.is_objected(used.ask)).cloned(),
        }
    }

    fn in_a_word(&self, known: &KnownSection, now_ms: u64) -> State {
        let signed = self.signing.as_ref().map_or(0, Signing::signed);
        let has_lapsed = known.agreed.is_some() && known.agreed_at(now_ms).is_none();
        match () {
            () if self.review.is_some() => State::InReview,
            () if has_lapsed => State::Lapsed,
            () if known.agreed.is_some() => State::Signed,
            () if signed > 0 => State::PartlySigned,
            () if self.approved.as_ref().is_some_and(|approved| approved.is_present) => State::Approved,
            () if self.approved.is_some() => State::Changed,
            () => State::Draft,
        }
    }
}

fn review_of(
    document: &Document,
    charter: &CharterState,
    known: &KnownSection,
    ask: &Hold,
    chain: &BoundChain,
) -> Option<Review> {
    let Act::Ask { version, .. } = &ask.act else { return None };
    let court = DocumentCourt::new(document.kind().id.clone());
    let left = document.stages_left(&court, charter, ask);
    let stages = chain.stages.len();
    let stage = stages - left.len().clamp(1, stages);
    let bound = &chain.stages[stage];
    let since_ms = ask.endorsements.last().map_or(ask.time_ms, |last| last.time_ms);
    let needed_ms = document.asked_about(&ask.statement).and_then(|asked| asked.due_ms);
    let who = left.into_iter().next().map_or_else(|| bound.who.clone(), |need| need.who);
    Some(Review {
        ask: ask.statement,
        author: ask.author,
        asked_ms: ask.time_ms,
        changed_since: version.heads != known.index.heads(),
        stage: stage + 1,
        stages,
        round: document.round_of(&version.section, &bound.who),
        rounds: bound.rounds,
        due_ms: due_ms(charter, bound, &who, since_ms).into_iter().chain(needed_ms).min(),
        needed_ms,
        who,
        since_ms,
    })
}

/// Until when an answer to what is asked at `since_ms` is due, in the hours of the team that gives it;
/// both in milliseconds since 1970. `None` where the rule sets no time, or the team's calendar ends
/// before.
pub fn due_ms(charter: &CharterState, stage: &BoundStage, who: &[BoundRole], since_ms: u64) -> Option<u64> {
    let party = who.iter().find_map(|role| match role {
        BoundRole::Party(party, _) => Some(party.clone()),
        BoundRole::AnyParty(_) | BoundRole::Person(_) => {
            let holder = charter.holders(role).into_iter().next()?;
            charter.member(&holder).map(|member| member.party)
        }
    });
    let row = charter.contents.parties.get(&party?)?;
    stage.answer_within?.due_ms(row.calendar.as_ref(), since_ms)
}

fn signing_of(known: &KnownSection, signing: &BoundSigning, now_ms: u64) -> Signing {
    let agreed = known.agreed_at(now_ms);
    let required = agreed.map_or(&signing.all_of, |agreed| &agreed.required);
    let signer = |role: &BoundRole| {
        let signature = known.signatures.get(&Agreed::signer(role));
        Signer {
            role: role.clone(),
            statement: signature.map(|signature| signature.statement),
            at_ms: signature.map(|signature| signature.at_ms),
        }
    };
    Signing {
        rule: signing.rule.clone(),
        signers: required.iter().map(signer).collect(),
        is_locked: agreed.is_some_and(|agreed| agreed.locks),
        lapses_ms: known.lapses_ms(),
    }
}
