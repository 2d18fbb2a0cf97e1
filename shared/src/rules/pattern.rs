//! The small patterns that rules are made of: targets, sections, fields and roles.
//!
//! Each has one spelling: what was parsed is written back as it was.

use std::fmt;

use crate::ids::{KindId, PartyId, PersonId, RoleId, SectionId};

use super::RuleError;

/// A name in a section that stands for any party, market or person, and binds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `{party}`: the party of that name.
    Party,
    /// `{market}`: every party of that market.
    Market,
    /// `{person}`: the person of that id.
    Person,
}

/// What a section's name bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bindings<'a> {
    /// The party named.
    pub party: Option<&'a str>,
    /// The market named.
    pub market: Option<&'a str>,
    /// The person named.
    pub person: Option<PersonId>,
}

/// What a rule is about: `kind:section` or `kind:section#field`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The kind of document.
    pub kind: KindId,
    /// The sections of it.
    pub section: SectionPattern,
    /// The fields in them; `None` is the whole section.
    pub field: Option<FieldPattern>,
}

/// Section names: parts between slashes, `{party}`, `{market}`, `{person}` for one part each, and
/// at the end `*` for all that is left (slashes too, but at least one character).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionPattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Name(String),
    Bind(Placeholder),
    Rest,
}

/// Fields: the keys on the way from the section's root, between slashes. `*` stands for any one
/// key, `**` at the end for one key or more. A pattern covers the field it names and all below.
/// A mark at the end (`**@translation`) keeps only the fields that carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPattern {
    keys: Vec<Key>,
    mark: Option<Mark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Name(String),
    Any,
    Rest,
}

/// What a field can be marked as by the content around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A language of a bilingual field other than the one it was written in.
    Translation,
}

/// Who: a role, in a party that is named, bound or left open; or the person bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolePattern {
    /// `coordinator`: in any party.
    Bare(RoleId),
    /// `*/lead`: in any party. It means the same as the bare role.
    AnyParty(RoleId),
    /// `moscow/lead`: in this party.
    Party(PartyId, RoleId),
    /// `{party}/lead`: in the party that the section names.
    BoundParty(RoleId),
    /// `{market}/lead`: in a party of the market that the section names.
    BoundMarket(RoleId),
    /// `{person}`: the person that the section names, in whatever role.
    Person,
}

impl Placeholder {
    fn parse(text: &str) -> Option<Self> {
        [Self::Party, Self::Market, Self::Person].into_iter().find(|p| p.as_str() == text)
    }

    /// The placeholder as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Party => "{party}",
            Self::Market => "{market}",
            Self::Person => "{person}",
        }
    }
}

impl Target {
    /// Reads `kind:section` or `kind:section#field`.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let bad = |why| RuleError::pattern(text, why);
        let (kind, rest) = text.split_once(':').ok_or_else(|| bad("expected kind:section"))?;
        let kind = KindId::new(kind);
        if !kind.is_valid() || kind.as_str().contains('/') {
            return Err(bad("the kind before the colon has letters a-z, digits and hyphens"));
        }
        let (section, field) = match rest.split_once('#') {
            Some((section, field)) => (section, Some(FieldPattern::parse(field).map_err(bad)?)),
            None => (rest, None),
        };
        Ok(Self { kind, section: SectionPattern::parse(section).map_err(bad)?, field })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.section)?;
        match &self.field {
            Some(field) => write!(f, "#{field}"),
            None => Ok(()),
        }
    }
}

impl SectionPattern {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let texts: Vec<&str> = text.split('/').collect();
        let mut parts = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let part = match (*text, Placeholder::parse(text)) {
                ("*", _) if at + 1 == texts.len() => Part::Rest,
                ("*", _) => return Err("in a section, * stands at the end only"),
                (_, Some(bound)) if parts.contains(&Part::Bind(bound)) => {
                    return Err("a section names each of {party}, {market}, {person} once at most");
                }
                (_, Some(bound)) => Part::Bind(bound),
                (name, None) if SectionId::new(name).is_valid() => Part::Name(name.to_owned()),
                _ => {
                    return Err(
                        "a section has names of a-z, 0-9 and hyphens, {party}, {market}, {person} or *",
                    );
                }
            };
            parts.push(part);
        }
        Ok(Self(parts))
    }

    /// Matches a section's name, and tells what the placeholders stand for in it.
    pub fn bind<'a>(&self, section: &'a SectionId) -> Option<Bindings<'a>> {
        let mut bindings = Bindings::default();
        let mut names = section.as_str().split('/');
        for part in &self.0 {
            let name = names.next().filter(|name| !name.is_empty())?;
            match part {
                Part::Rest => return Some(bindings),
                Part::Name(expected) if expected == name => {}
                Part::Name(_) => return None,
                Part::Bind(Placeholder::Party) => bindings.party = Some(name),
                Part::Bind(Placeholder::Market) => bindings.market = Some(name),
                Part::Bind(Placeholder::Person) => bindings.person = Some(PersonId::from_hex(name)?),
            }
        }
        names.next().is_none().then_some(bindings)
    }

    /// Tells whether the pattern binds this placeholder.
    pub fn binds(&self, placeholder: Placeholder) -> bool {
        self.0.contains(&Part::Bind(placeholder))
    }
}

impl fmt::Display for SectionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(match part {
                Part::Name(name) => name,
                Part::Bind(placeholder) => placeholder.as_str(),
                Part::Rest => "*",
            })?;
        }
        Ok(())
    }
}

impl FieldPattern {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let (keys_text, mark) = match text.split_once('@') {
            Some((keys, "translation")) => (keys, Some(Mark::Translation)),
            Some(_) => return Err("the one mark that fields have is @translation"),
            None => (text, None),
        };
        let texts: Vec<&str> = keys_text.split('/').collect();
        let mut keys = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            keys.push(match *text {
                "**" if at + 1 == texts.len() => Key::Rest,
                "*" => Key::Any,
                "" => return Err("a field has no empty part between slashes"),
                name if name.contains(['*', '{', '}', '#']) => {
                    return Err("a field has keys, * for one key, and ** at the end only");
                }
                name => Key::Name(name.to_owned()),
            });
        }
        Ok(Self { keys, mark })
    }

    /// Checks the name of one top-level field, as `fields` lists them.
    pub(super) fn check_name(field: &str) -> Result<(), RuleError> {
        match Self::parse(field) {
            Ok(Self { keys, mark: None }) if matches!(&*keys, [Key::Name(_)]) => Ok(()),
            _ => Err(RuleError::pattern(field, "`fields` lists the names of top-level fields")),
        }
    }

    /// The pattern for one top-level field and all below it.
    pub(super) fn top_level(field: &str) -> Self {
        Self { keys: vec![Key::Name(field.to_owned())], mark: None }
    }

    /// The keys of the one field that the pattern names; `None` if it may name several, or asks for
    /// a mark.
    pub fn exact(&self) -> Option<Vec<String>> {
        let key = |key: &Key| match key {
            Key::Name(name) => Some(name.clone()),
            Key::Any | Key::Rest => None,
        };
        self.keys.iter().map(key).collect::<Option<_>>().filter(|_| self.mark.is_none())
    }

    /// Tells whether the pattern depends on the content: whether a field is a translation.
    pub fn asks_mark(&self) -> bool {
        self.mark.is_some()
    }

    /// Tells whether the path, and with it all below it, is covered.
    pub fn covers(&self, path: &[&str], translation: bool) -> bool {
        let agrees = |(key, found): (&Key, &&str)| match key {
            Key::Name(name) => name == found,
            Key::Any | Key::Rest => true,
        };
        path.len() >= self.keys.len()
            && self.keys.iter().zip(path).all(agrees)
            && (self.mark.is_none() || translation)
    }
}

impl fmt::Display for FieldPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.keys.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(match key {
                Key::Name(name) => name,
                Key::Any => "*",
                Key::Rest => "**",
            })?;
        }
        f.write_str(if self.mark.is_some() { "@translation" } else { "" })
    }
}

impl RolePattern {
    /// Reads one of the forms that stand with the variants.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let bad = |why| RuleError::pattern(text, why);
        let role = |name: &str| {
            let role = RoleId::new(name);
            let ok = role.is_valid() && !name.contains('/');
            ok.then_some(role).ok_or_else(|| bad("a role has letters a-z, digits and hyphens"))
        };
        Ok(match text.split_once('/') {
            None if text == "{person}" => Self::Person,
            None => Self::Bare(role(text)?),
            Some(("*", name)) => Self::AnyParty(role(name)?),
            Some(("{party}", name)) => Self::BoundParty(role(name)?),
            Some(("{market}", name)) => Self::BoundMarket(role(name)?),
            Some((party, name)) if PartyId::new(party).is_valid() => {
                Self::Party(PartyId::new(party), role(name)?)
            }
            Some(_) => return Err(bad("before the slash stands a team, *, {party} or {market}")),
        })
    }

    /// The role's name, without its party; `None` for a person.
    pub fn role(&self) -> Option<&RoleId> {
        match self {
            Self::Bare(role)
            | Self::AnyParty(role)
            | Self::Party(_, role)
            | Self::BoundParty(role)
            | Self::BoundMarket(role) => Some(role),
            Self::Person => None,
        }
    }

    /// The placeholder that a section must bind for this pattern to name anybody.
    pub fn needs(&self) -> Option<Placeholder> {
        match self {
            Self::Bare(_) | Self::AnyParty(_) | Self::Party(..) => None,
            Self::BoundParty(_) => Some(Placeholder::Party),
            Self::BoundMarket(_) => Some(Placeholder::Market),
            Self::Person => Some(Placeholder::Person),
        }
    }
}

impl fmt::Display for RolePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(role) => write!(f, "{role}"),
            Self::AnyParty(role) => write!(f, "*/{role}"),
            Self::Party(party, role) => write!(f, "{party}/{role}"),
            Self::BoundParty(role) => write!(f, "{{party}}/{role}"),
            Self::BoundMarket(role) => write!(f, "{{market}}/{role}"),
            Self::Person => f.write_str("{person}"),
        }
    }
}
