//! How rules are written: one line of JSON each in the charter, TOML tables for people.
//!
//! The stored form is the compact JSON object of a rule without its id, members in the order of
//! [`Form`], absent where empty or false, texts without escapes that JSON does not ask for. It is
//! the one spelling: any other is refused, so that equal rules are equal bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml_writer::ToTomlValue;

use super::authority::{ChainForm, SignForm};
use super::band::BandForm;
use super::error::KEYS;
use super::local::LocalForm;
use super::{
    Band, Chain, FieldPattern, Hold, Local, Placeholder, RULES_VERSION, Right, RolePattern, Rule, RuleError,
    Rules, RulesError, Signing, Target,
};
use crate::ids::{RoleId, RuleId};
use crate::kinds::Words;
use crate::limits::{RULE_BYTES_MAX, RULE_LIST_MAX, RULES_MAX};
use crate::tables;

/// The keys that a later rules version gives a meaning to.
/// The keys that rules version 2 gave a meaning to.
const KEYS_OF_2: [&str; 2] = ["sign", "chain"];
/// The keys that rules version 3 gave a meaning to.
const KEYS_OF_3: [&str; 2] = ["band", "local"];

/// A rule as text; its members are the stored form, in this order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Words>,
    on: OneOrMany,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    read: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    propose: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    edit: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    endorse: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold: Option<Hold>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grants: Vec<RoleId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not_self: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    internal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sign: Option<SignForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chain: Option<ChainForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    band: Option<BandForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    local: Option<LocalForm>,
}

/// A list of which people may write the only item without brackets.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "`on` is a text such as \"matrix:party/{party}\", or a list of them")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Rule {
    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// Every [`RuleError`]; the same on every replica.
    pub fn parse(id: &RuleId, text: &str, version: u32) -> Result<Self, RuleError> {
        at_most(text.len(), RULE_BYTES_MAX, "bytes of a rule")?;
        let table = serde_json::from_str(text).map_err(|error| RuleError::Value(error.to_string()))?;
        let rule = Self::from_table(id.clone(), table, version)?;
        if rule.to_stored() == text { Ok(rule) } else { Err(RuleError::NotCanonical) }
    }

    /// Reads an object with the members of the stored form, in any order, under a rules version.
    ///
    /// # Errors
    ///
    /// Every [`RuleError`].
    pub fn from_members(id: RuleId, members: Map<String, Value>, version: u32) -> Result<Self, RuleError> {
        Self::from_table(id, members, version)
    }

    /// Writes the stored form.
    pub fn to_stored(&self) -> String {
        serde_json::to_string(&Form::from(self)).expect("a form is texts, lists and flags")
    }

    /// Reads a rule from a table without `id`, in either form.
    fn from_table(id: RuleId, table: Map<String, Value>, version: u32) -> Result<Self, RuleError> {
        if !id.is_valid() || id.as_str().contains('/') {
            return Err(RuleError::Value("an id has 1 to 64 letters a-z, digits and hyphens".to_owned()));
        }
        for key in table.keys() {
            let first = match key.as_str() {
                key if KEYS_OF_3.contains(&key) => 3,
                key if KEYS_OF_2.contains(&key) => 2,
                _ => 1,
            };
            if version < first {
                return Err(RuleError::Later { key: key.clone(), version });
            }
            if !KEYS.contains(&key.as_str()) {
                return Err(RuleError::UnknownKey(key.clone()));
            }
        }
        let form =
            Form::deserialize(Value::Object(table)).map_err(|error| RuleError::Value(error.to_string()))?;
        let rule = form.into_rule(id)?;
        rule.check()?;
        at_most(rule.to_stored().len(), RULE_BYTES_MAX, "bytes of a rule")?;
        Ok(rule)
    }

    /// Checks what no part of the rule shows alone.
    fn check(&self) -> Result<(), RuleError> {
        let has_field = self.on.iter().any(|target| target.field.is_some());
        let some_fields = has_field || !self.fields.is_empty();
        let in_charter = self.on.iter().all(|target| target.kind.as_str() == "charter");
        let for_charter = self.not_self || !self.grants.is_empty();
        let idle = Right::ALL.iter().all(|right| self.roles(*right).is_empty())
            && self.sign.is_none()
            && self.chain.is_none()
            && self.local.is_none();
        let agreed = self.sign.is_some() || self.chain.is_some();
        let whole = |on: &Target| on.kind.as_str() != "charter";
        let contradictions = [
            (self.on.is_empty(), "`on` names no section"),
            (idle, "the rule gives nobody any right: read, propose, edit or endorse"),
            (self.hold.is_some() && self.endorse.is_empty(), "`hold` needs `endorse`: who decides"),
            (self.hold.is_some() && some_fields, "`hold` is for whole sections: name no fields"),
            (has_field && !self.read.is_empty(), "`read` is for whole sections: leave out the #field"),
            (has_field && !self.fields.is_empty(), "name fields by `fields` or by #field, not by both"),
            (for_charter && !in_charter, "`grants` and `not_self` are for sections of the charter"),
            (agreed && some_fields, "`sign` and `chain` are for whole sections: name no fields"),
            (
                agreed && self.on.iter().any(|on| on.kind.as_str() == "charter"),
                "the ground rules are signed by the leads of all teams: leave out `sign` and `chain`",
            ),
            (
                self.local.is_some() && (some_fields || !self.on.iter().all(whole)),
                "`local` is for versions of whole sections, and not of the ground rules",
            ),
        ];
        if let Some((_, why)) = contradictions.into_iter().find(|(found, _)| *found) {
            return Err(RuleError::Contradiction(why));
        }
        self.check_band()?;
        self.check_name()?;
        self.check_lists()?;
        self.check_bindings()
    }

    fn check_band(&self) -> Result<(), RuleError> {
        if self.band.is_none() {
            return Ok(());
        }
        if self.on.iter().any(|on| on.kind.as_str() == "charter") {
            return Err(RuleError::Contradiction("the ground rules hold no money: leave out `band`"));
        }
        if self.edit.is_empty() || self.endorse.is_empty() {
            let why = "`band` needs `edit`: who moves inside it, and `endorse`: who decides beyond it";
            return Err(RuleError::Contradiction(why));
        }
        self.on.iter().try_for_each(|target| Band::check_field(target.field.as_ref()))
    }

    fn check_name(&self) -> Result<(), RuleError> {
        let Some(name) = &self.name else { return Ok(()) };
        for text in [&name.ru, &name.en] {
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                return Err(RuleError::Contradiction("`name` has one line of text in ru and in en"));
            }
        }
        Ok(())
    }

    fn check_lists(&self) -> Result<(), RuleError> {
        distinct("on", self.on.iter().map(Target::to_string))?;
        for (key, right) in ["read", "propose", "edit", "endorse"].into_iter().zip(Right::ALL) {
            distinct(key, self.roles(right).iter().map(RolePattern::to_string))?;
        }
        distinct("fields", self.fields.iter().cloned())?;
        distinct("grants", self.grants.iter().map(RoleId::to_string))
    }

    /// Every placeholder in a role is bound by every target.
    fn check_bindings(&self) -> Result<(), RuleError> {
        let rights = Right::ALL.iter().flat_map(|right| self.roles(*right));
        let signing = self.sign.iter().flat_map(|sign| &sign.all_of);
        let deciding = self.chain.iter().flat_map(Chain::roles);
        let overriding = self.band.iter().flat_map(|band| &band.overrides);
        let standing_in = self.local.iter().flat_map(Local::roles);
        let others = overriding.chain(standing_in);
        for role in rights.chain(signing).chain(deciding).chain(others) {
            let Some(placeholder) = role.needs() else { continue };
            if let Some(target) = self.on.iter().find(|target| !target.section.binds(placeholder)) {
                let (role, target) = (role.to_string(), target.to_string());
                return Err(RuleError::Unbound {
                    role,
                    target,
                    placeholder: Placeholder::as_str(placeholder),
                });
            }
        }
        Ok(())
    }
}

impl From<&Rule> for Form {
    fn from(rule: &Rule) -> Self {
        let roles = |right| rule.roles(right).iter().map(RolePattern::to_string).collect();
        Self {
            name: rule.name.clone(),
            on: OneOrMany::Many(rule.on.iter().map(Target::to_string).collect()),
            read: roles(Right::Read),
            propose: roles(Right::Propose),
            edit: roles(Right::Edit),
            endorse: roles(Right::Endorse),
            hold: rule.hold,
            fields: rule.fields.clone(),
            grants: rule.grants.clone(),
            not_self: rule.not_self,
            internal: rule.internal,
            sign: rule.sign.as_ref().map(SignForm::from),
            chain: rule.chain.as_ref().map(ChainForm::from),
            band: rule.band.as_ref().map(BandForm::from),
            local: rule.local.as_ref().map(LocalForm::from),
        }
    }
}

impl Form {
    fn into_rule(self, id: RuleId) -> Result<Rule, RuleError> {
        let on = match self.on {
            OneOrMany::One(target) => vec![target],
            OneOrMany::Many(targets) => targets,
        };
        let roles =
            |texts: Vec<String>| texts.iter().map(|text| RolePattern::parse(text)).collect::<Result<_, _>>();
        for field in &self.fields {
            FieldPattern::check_name(field)?;
        }
        if let Some(role) = self.grants.iter().find(|role| !role.is_valid() || role.as_str().contains('/')) {
            return Err(RuleError::pattern(role.as_str(), "`grants` lists roles without a team"));
        }
        Ok(Rule {
            id,
            name: self.name,
            on: on.iter().map(|text| Target::parse(text)).collect::<Result<_, _>>()?,
            read: roles(self.read)?,
            propose: roles(self.propose)?,
            edit: roles(self.edit)?,
            endorse: roles(self.endorse)?,
            hold: self.hold,
            fields: self.fields,
            grants: self.grants,
            not_self: self.not_self,
            internal: self.internal,
            sign: self.sign.map(Signing::try_from).transpose()?,
            chain: self.chain.map(Chain::try_from).transpose()?,
            band: self.band.map(Band::try_from).transpose()?,
            local: self.local.map(Local::try_from).transpose()?,
        })
    }
}

impl Rules {
    /// Reads the stored form under a rules version: the text of each rule by its id, as the
    /// charter's `rules` section holds them.
    ///
    /// # Errors
    ///
    /// The first rule by id that cannot be read, or too many of them.
    pub fn parse(stored: &BTreeMap<RuleId, String>, version: u32) -> Result<Self, RulesError> {
        let mut rules = BTreeMap::new();
        for (id, text) in stored {
            let rule = Rule::parse(id, text, version)
                .map_err(|error| RulesError::Rule { id: id.to_string(), error })?;
            rules.insert(id.clone(), rule);
        }
        if rules.len() > RULES_MAX { Err(RulesError::TooMany) } else { Ok(Self(rules)) }
    }

    /// Writes the stored form.
    pub fn to_stored(&self) -> BTreeMap<RuleId, String> {
        self.0.iter().map(|(id, rule)| (id.clone(), rule.to_stored())).collect()
    }

    /// Reads the form for people: `[[rule]]` tables.
    ///
    /// # Errors
    ///
    /// Every [`RulesError`], naming the rule.
    pub fn from_toml(text: &str) -> Result<Self, RulesError> {
        let file = File::read(text)?;
        let version = file.version()?;
        let mut rules = BTreeMap::new();
        for (at, mut table) in file.rule.into_iter().enumerate() {
            let wrong = |id: &str, error| RulesError::Rule { id: id.to_owned(), error };
            let Some(Value::String(id)) = table.remove("id") else {
                let error = RuleError::Value("it has no `id`".to_owned());
                return Err(wrong(&format!("number {}", at + 1), error));
            };
            let rule =
                Rule::from_table(RuleId::new(&*id), table, version).map_err(|error| wrong(&id, error))?;
            if let Some(twin) = rules.insert(rule.id.clone(), rule) {
                return Err(RulesError::SameId(twin.id));
            }
        }
        if rules.len() > RULES_MAX { Err(RulesError::TooMany) } else { Ok(Self(rules)) }
    }

    /// The rules version for which a text in the form for people is written; the newest if it does
    /// not say.
    ///
    /// # Errors
    ///
    /// The text cannot be read, or the version is not known.
    pub fn version_in_toml(text: &str) -> Result<u32, RulesError> {
        File::read(text)?.version()
    }

    /// Writes the form for people, which [`Self::from_toml`] reads back to equal rules.
    pub fn to_toml(&self, version: u32) -> String {
        let mut text = format!("judge_version = {version}\n");
        for rule in self.iter() {
            let _ = write!(text, "\n[[rule]]\nid = \"{}\"\n", rule.id);
            let Ok(Value::Object(mut members)) = serde_json::to_value(Form::from(rule)) else { continue };
            for key in KEYS {
                if let Some(value) = members.remove(key) {
                    let _ = writeln!(text, "{key} = {}", inline(&value));
                }
            }
        }
        text
    }
}

/// What a file of rules may hold.
const FILE: &str = "a file has `judge_version`, a number, and `[[rule]]` tables; nothing else";

/// A file of rules for people.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    judge_version: Option<i64>,
    #[serde(default)]
    rule: Vec<Map<String, Value>>,
}

impl File {
    fn read(text: &str) -> Result<Self, RulesError> {
        let table = tables::read(text).map_err(|error| RulesError::Text(error.to_string()))?;
        serde_json::from_value(table).map_err(|_| RulesError::Text(FILE.to_owned()))
    }

    fn version(&self) -> Result<u32, RulesError> {
        let Some(named) = self.judge_version else { return Ok(RULES_VERSION) };
        let known = u32::try_from(named).ok().filter(|known| (1..=RULES_VERSION).contains(known));
        known.ok_or(RulesError::Version(named))
    }
}

/// Writes a value on one line of TOML.
fn inline(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::String(text) => text.to_toml_value(),
        other => other.to_string(),
    }
}

fn at_most(found: usize, max: usize, what: &'static str) -> Result<(), RuleError> {
    if found > max { Err(RuleError::TooMuch { what, max }) } else { Ok(()) }
}

pub(super) fn distinct(key: &'static str, items: impl Iterator<Item = String>) -> Result<(), RuleError> {
    let mut seen = BTreeSet::new();
    for item in items {
        if let Some(item) = seen.replace(item) {
            return Err(RuleError::Twice { key, item });
        }
        at_most(seen.len(), RULE_LIST_MAX, "items of a list in a rule")?;
    }
    Ok(())
}
