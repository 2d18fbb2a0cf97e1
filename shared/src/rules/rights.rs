//! What the rules say about one section: the table that the judge asks.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::ids::{KindId, PartyId, PersonId, RoleId, RuleId, SectionId};

use super::{
    Bindings, BoundBand, BoundChain, BoundLocal, BoundSigning, FieldPattern, Hold, Member, Right,
    RolePattern, Rule, Team,
};

/// The part of a section that a change touches, and what the judge knows about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touched<'a> {
    /// The keys from the section's root; empty is the whole section. Any element of a list is
    /// [`Touched::ITEM`], places in texts are not named.
    pub path: &'a [&'a str],
    /// Everything below the path is touched too: an object was made, replaced or deleted there.
    /// A pattern of version 1 covers a field with all below it, so no verdict hangs on this.
    pub subtree: bool,
    /// The path, with all below it, is the translation of a field: see [`is_translation`]. It
    /// matters only where [`SectionRights::asks_marks`].
    pub translation: bool,
    /// The person about whom this part of the charter is.
    pub subject: Option<PersonId>,
    /// The roles that the change gives to that person.
    pub granted: &'a [RoleId],
}

impl<'a> Touched<'a> {
    /// The key that stands for any element of a list. Patterns match it by `*` and `**` only.
    pub const ITEM: &'static str = "*";

    /// The whole section.
    pub const SECTION: Self =
        Touched { path: &[], subtree: true, translation: false, subject: None, granted: &[] };

    /// The field at `path`, and nothing below it.
    pub const fn field(path: &'a [&'a str]) -> Self {
        Touched { path, subtree: false, ..Touched::SECTION }
    }

    /// The object at `path` with everything below it.
    pub const fn subtree(path: &'a [&'a str]) -> Self {
        Touched { path, ..Touched::SECTION }
    }
}

/// Tells whether `path` is a translation: a language of a bilingual field other than the one in
/// its `source`, or the note of what was translated. `source_of` returns the source language of
/// the bilingual field at a path, or `None` if there is no such field. In a list nothing is a
/// translation: the path does not tell which element is meant.
pub fn is_translation<'s>(path: &[&str], source_of: impl FnOnce(&[&str]) -> Option<&'s str>) -> bool {
    let Some((key, field)) = path.split_last() else { return false };
    let language = matches!(key.as_bytes(), [b'a'..=b'z', b'a'..=b'z']);
    if (!language && *key != "translated_from") || path.contains(&Touched::ITEM) {
        return false;
    }
    source_of(field).is_some_and(|source| source != *key)
}

/// A role of a rule once the section's name has bound its placeholders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoundRole {
    /// A role in any party.
    #[n(0)]
    AnyParty(#[n(0)] RoleId),
    /// A role in one party.
    #[n(1)]
    Party(#[n(0)] PartyId, #[n(1)] RoleId),
    /// One person.
    #[n(2)]
    Person(#[n(0)] PersonId),
}

impl BoundRole {
    /// Tells whether `member` holds the role, or is the person.
    pub fn is_held_by(&self, member: &Member) -> bool {
        match self {
            Self::AnyParty(role) => member.roles.contains(role),
            Self::Party(party, role) => member.party == *party && member.roles.contains(role),
            Self::Person(person) => member.person == *person,
        }
    }

    /// Binds one pattern: nobody, one role, or one for each party of a market.
    pub(super) fn bind(pattern: &RolePattern, bindings: &Bindings<'_>, teams: &[Team], into: &mut Vec<Self>) {
        match pattern {
            RolePattern::Bare(role) | RolePattern::AnyParty(role) => into.push(Self::AnyParty(role.clone())),
            RolePattern::Party(party, role) => into.push(Self::Party(party.clone(), role.clone())),
            RolePattern::BoundParty(role) => {
                into.extend(bindings.party.map(|party| Self::Party(PartyId::new(party), role.clone())));
            }
            RolePattern::BoundMarket(role) => {
                let parties = teams.iter().filter(|team| bindings.market == Some(team.market.as_str()));
                into.extend(parties.map(|team| Self::Party(team.party.clone(), role.clone())));
            }
            RolePattern::Person => into.extend(bindings.person.map(Self::Person)),
        }
    }
}

impl fmt::Display for BoundRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyParty(role) => write!(f, "*/{role}"),
            Self::Party(party, role) => write!(f, "{party}/{role}"),
            Self::Person(person) => write!(f, "{person}"),
        }
    }
}

/// What the rules let a member do by an edit of some part of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditRight<'a> {
    /// The change stands; this rule gives the right.
    Direct(&'a RuleId),
    /// The change waits; this rule says who decides (or, if none does, lets it be suggested).
    Held(&'a RuleId),
    /// No rule lets the member change or suggest this.
    Missing,
}

/// The rights on one section, resolved from all rules. Grants are in the order of rule ids, so of
/// several rules that give a right the first by id is the one that is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionRights {
    grants: Vec<Grant>,
    signing: Option<BoundSigning>,
    chain: Option<BoundChain>,
    bands: Vec<BoundBand>,
    locals: Vec<BoundLocal>,
}

/// What one target of one rule gives on the section.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Grant {
    rule: RuleId,
    /// The fields covered by every right but `read`; empty: the whole section.
    fields: Vec<FieldPattern>,
    /// The roles for each right, in the order of [`Right::ALL`].
    roles: [Vec<BoundRole>; 4],
    /// The rule names somebody who decides, even if a market without parties leaves nobody.
    endorses: bool,
    hold: Option<Hold>,
    grants: Vec<RoleId>,
    not_self: bool,
}

impl SectionRights {
    pub(super) fn resolve<'r>(
        rules: impl Iterator<Item = &'r Rule>,
        kind: &KindId,
        section: &SectionId,
        teams: &[Team],
    ) -> Self {
        let mut rights = Self::default();
        for rule in rules {
            for target in rule.on.iter().filter(|target| target.kind == *kind) {
                let Some(bindings) = target.section.bind(section) else { continue };
                rights.grants.push(Grant::bind(rule, target.field.as_ref(), &bindings, teams));
                if let (Some(sign), None) = (&rule.sign, &rights.signing) {
                    rights.signing = Some(sign.bind(&rule.id, &bindings, teams));
                }
                if let (Some(chain), None) = (&rule.chain, &rights.chain) {
                    rights.chain = Some(chain.bind(&rule.id, &bindings, teams));
                }
                let field = target.field.as_ref().and_then(FieldPattern::exact);
                if let (Some(band), Some(path)) = (&rule.band, field) {
                    rights.bands.push(band.bind(&rule.id, path, &rule.endorse, &bindings, teams));
                }
                rights.locals.extend(rule.local.iter().map(|local| local.bind(&rule.id, &bindings, teams)));
            }
        }
        rights
    }

    /// Who signs the section, if a rule asks for signatures; of several rules the first by id.
    pub fn signing(&self) -> Option<&BoundSigning> {
        self.signing.as_ref()
    }

    /// Whose approval a version of the section asks for; of several rules the first by id.
    pub fn chain(&self) -> Option<&BoundChain> {
        self.chain.as_ref()
    }

    /// The fields that move within a band; each rule's band counts.
    pub fn bands(&self) -> &[BoundBand] {
        &self.bands
    }

    /// Who may approve a version of the section instead of a party that is closed, in the order of
    /// rules.
    pub fn locals(&self) -> &[BoundLocal] {
        &self.locals
    }

    /// The first rule that gives `member` this right on all of `touched`.
    ///
    /// A `hold` is not considered: for an edit ask [`Self::edit`], for a decision
    /// [`Self::decides`].
    pub fn may(&self, right: Right, member: &Member, touched: &Touched<'_>) -> Option<&RuleId> {
        self.grants.iter().find(|grant| grant.gives(right, member, touched)).map(|grant| &grant.rule)
    }

    /// The first rule under which `member` reads the section. Reading is for whole sections.
    pub fn may_read(&self, member: &Member) -> Option<&RuleId> {
        self.may(Right::Read, member, &Touched::SECTION)
    }

    /// Tells what becomes of a change of `touched` by `member`.
    pub fn edit(&self, member: &Member, touched: &Touched<'_>) -> EditRight<'_> {
        let edits = self.may(Right::Edit, member, touched);
        let suggests = || self.may(Right::Propose, member, touched);
        if let Some(hold) = self.held_edits() {
            return match (self.decides(member, touched), edits.or_else(suggests)) {
                (Some(rule), _) => EditRight::Direct(rule),
                (None, Some(_)) => EditRight::Held(hold),
                (None, None) => EditRight::Missing,
            };
        }
        if let Some(rule) = edits {
            return EditRight::Direct(rule);
        }
        let held = |rule| EditRight::Held(self.deciding_rule(touched).unwrap_or(rule));
        suggests().map_or(EditRight::Missing, held)
    }

    /// The first rule that holds every change of the section by others than those who decide it.
    pub fn held_edits(&self) -> Option<&RuleId> {
        self.grants.iter().find(|grant| grant.hold == Some(Hold::Edits)).map(|grant| &grant.rule)
    }

    /// The rule under which `member` decides a suggested change of `touched`: one that lets them
    /// endorse it or, where no rule names anybody who endorses, edit it.
    pub fn decides(&self, member: &Member, touched: &Touched<'_>) -> Option<&RuleId> {
        self.may(self.deciding_right(touched), member, touched)
    }

    /// Everybody who decides a suggested change of `touched`, as roles. (Who of them decides
    /// this very change, [`Self::decides`] tells: nobody decides about themselves.)
    pub fn deciders(&self, touched: &Touched<'_>) -> Vec<(&RuleId, &BoundRole)> {
        self.listed(self.deciding_right(touched), |grant| grant.reaches(touched))
    }

    /// The roles that hold a right on some part of the section, with the rule that gives it.
    pub fn who_can(&self, right: Right) -> Vec<(&RuleId, &BoundRole)> {
        self.listed(right, |_| true)
    }

    /// Tells whether a role is given the right to edit the section as a whole, not only fields of it.
    pub fn writes_all(&self, role: &BoundRole) -> bool {
        let whole = self.grants.iter().filter(|grant| grant.fields.is_empty());
        whole.flat_map(|grant| grant.roles(Right::Edit)).any(|one| one == role)
    }

    /// Tells whether any verdict here depends on which fields are translations.
    pub fn asks_marks(&self) -> bool {
        self.grants.iter().any(|grant| grant.fields.iter().any(FieldPattern::asks_mark))
    }

    /// Tells whether the verdict on this very change depends on [`Touched::translation`], so that
    /// the judge needs the content. For owners it does not, and nothing is materialised.
    pub fn edit_asks_marks(&self, member: &Member, touched: &Touched<'_>) -> bool {
        let edit = |translation| self.edit(member, &Touched { translation, ..*touched });
        self.asks_marks() && edit(false) != edit(true)
    }

    fn listed(&self, right: Right, keep: impl Fn(&Grant) -> bool) -> Vec<(&RuleId, &BoundRole)> {
        let mut list = Vec::new();
        for grant in self.grants.iter().filter(|grant| keep(grant)) {
            for item in grant.roles(right).iter().map(|role| (&grant.rule, role)) {
                if !list.contains(&item) {
                    list.push(item);
                }
            }
        }
        list
    }

    fn deciding_right(&self, touched: &Touched<'_>) -> Right {
        let named = self.grants.iter().any(|grant| grant.endorses && grant.reaches(touched));
        if named { Right::Endorse } else { Right::Edit }
    }

    fn deciding_rule(&self, touched: &Touched<'_>) -> Option<&RuleId> {
        let right = self.deciding_right(touched);
        let decides = |grant: &&Grant| grant.reaches(touched) && !grant.roles(right).is_empty();
        self.grants.iter().find(decides).map(|grant| &grant.rule)
    }
}

impl Grant {
    fn bind(rule: &Rule, field: Option<&FieldPattern>, bindings: &Bindings<'_>, teams: &[Team]) -> Self {
        let listed = rule.fields.iter().map(|name| FieldPattern::top_level(name));
        let mut roles: [Vec<BoundRole>; 4] = Default::default();
        for (right, bound) in Right::ALL.into_iter().zip(&mut roles) {
            for pattern in rule.roles(right) {
                BoundRole::bind(pattern, bindings, teams, bound);
            }
        }
        Self {
            rule: rule.id.clone(),
            fields: listed.chain(field.cloned()).collect(),
            roles,
            endorses: !rule.endorse.is_empty(),
            hold: rule.hold,
            grants: rule.grants.clone(),
            not_self: rule.not_self,
        }
    }

    fn roles(&self, right: Right) -> &[BoundRole] {
        &self.roles[right as usize]
    }

    fn is_held(&self, right: Right, member: &Member) -> bool {
        self.roles(right).iter().any(|role| role.is_held_by(member))
    }

    /// Tells whether `member` has `right` on all of `touched`. Suggesting is allowed for oneself.
    fn gives(&self, right: Right, member: &Member, touched: &Touched<'_>) -> bool {
        let about_self = touched.subject == Some(member.person);
        let barred = self.not_self && about_self && matches!(right, Right::Edit | Right::Endorse);
        !barred && self.is_held(right, member) && (right == Right::Read || self.reaches(touched))
    }

    /// Tells whether all of `touched`, and every role that it gives, is within the rule.
    fn reaches(&self, touched: &Touched<'_>) -> bool {
        self.covers(touched) && touched.granted.iter().all(|role| self.grants.contains(role))
    }

    fn covers(&self, touched: &Touched<'_>) -> bool {
        self.fields.is_empty()
            || self.fields.iter().any(|field| field.covers(touched.path, touched.translation))
    }
}
