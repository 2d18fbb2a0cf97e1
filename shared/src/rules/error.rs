//! Why rules cannot be used, in words for the person who wrote them.

use super::RULES_VERSION;
use crate::ids::RuleId;
use crate::limits::RULES_MAX;

/// The keys that a rule of this version has, in the order of the stored form.
pub(super) const KEYS: [&str; 15] = [
    "name", "on", "read", "propose", "edit", "endorse", "hold", "fields", "grants", "not_self", "internal",
    "sign", "chain", "band", "local",
];

/// Why the text of one rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A form that a later rules version knows.
    #[error("rules version {version} does not know `{key}`: it comes with a later version; leave it out")]
    Later {
        /// The form.
        key: String,
        /// The version for which the rule is written.
        version: u32,
    },
    /// A key that no rules version knows.
    #[error("`{0}` is not a part of a rule; known are: id, {known}", known = KEYS.join(", "))]
    UnknownKey(String),
    /// A key with a value of another type, or without the value it needs.
    #[error("{0}")]
    Value(String),
    /// A target or role that cannot be read.
    #[error("`{text}`: {why}")]
    Pattern {
        /// What was written.
        text: String,
        /// What was expected.
        why: &'static str,
    },
    /// A role refers to something that one of the targets does not name.
    #[error("`{role}` is used, but the section of `{target}` has no {placeholder}")]
    Unbound {
        /// The role as written.
        role: String,
        /// The target that does not bind it.
        target: String,
        /// What is missing.
        placeholder: &'static str,
    },
    /// Two parts of the rule do not go together.
    #[error("{0}")]
    Contradiction(&'static str),
    /// The same thing stands twice in one list.
    #[error("`{key}` lists `{item}` twice")]
    Twice {
        /// The list.
        key: &'static str,
        /// What stands twice.
        item: String,
    },
    /// More than a bound of the rules version allows.
    #[error("{what}: at most {max}")]
    TooMuch {
        /// What is too long or too many, with its unit.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// The stored text says the right thing in other bytes than the one stored form.
    #[error("the stored text is not in the one form that rules have")]
    NotCanonical,
}

impl RuleError {
    pub(super) fn pattern(text: &str, why: &'static str) -> Self {
        Self::Pattern { text: text.to_owned(), why }
    }
}

/// Why a set of rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// One rule cannot be read.
    #[error("rule `{id}`: {error}")]
    Rule {
        /// Which one; its place (`number 3`) if it has no id.
        id: String,
        /// What is wrong with it.
        error: RuleError,
    },
    /// The text is not TOML, or has tables other than rules.
    #[error("the rules cannot be read: {0}")]
    Text(String),
    /// The text was written for another rules version.
    #[error("these rules are for version {0}; this program knows version {RULES_VERSION}")]
    Version(i64),
    /// Two rules have one id.
    #[error("two rules are called `{0}`")]
    SameId(RuleId),
    /// More rules than the rules version allows.
    #[error("at most {RULES_MAX} rules")]
    TooMany,
}
