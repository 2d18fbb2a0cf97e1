//! What an interface keeps beside the replica, durably, in records of its own.

use std::collections::BTreeMap;

use entente_client::replica::Effect;
use serde::{Deserialize, Serialize};

use crate::command::TeamWish;

/// Where these records begin; the replica leaves names alone that it does not know.
const PREFIX: &str = "web/";
const PLAN: &str = "web/plan";
const KEPT: &str = "web/kept/";

/// What is to be done once the relay has let this device in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Teams to be added to the ground rules.
    pub teams: Vec<TeamWish>,
    /// Whether the calendar of one's own team is to be written.
    pub calendar: bool,
}

/// The records.
#[derive(Debug, Default)]
pub struct Memory {
    plan: Option<Plan>,
    kept: BTreeMap<String, String>,
}

impl Memory {
    /// Takes them out of what is stored. One that cannot be read is left out: none of them carries
    /// anything that somebody wrote into a document.
    pub fn read(records: &mut Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        let mut memory = Self::default();
        let own = records.extract_if(.., |(key, _)| key.starts_with(PREFIX.as_bytes()));
        for (key, value) in own {
            let (Ok(key), Ok(value)) = (String::from_utf8(key), String::from_utf8(value)) else { continue };
            if key == PLAN {
                memory.plan = serde_json::from_str(&value).ok();
            } else if let Some(name) = key.strip_prefix(KEPT) {
                memory.kept.insert(name.to_owned(), value);
            }
        }
        memory
    }

    /// What is planned.
    pub fn planned(&self) -> Option<Plan> {
        self.plan.clone()
    }

    /// Plans something else, or nothing.
    pub fn plan(&mut self, plan: Option<Plan>) -> Effect {
        let value = plan.as_ref().and_then(|plan| serde_json::to_vec(plan).ok());
        self.plan = plan;
        Effect::Write { key: PLAN.into(), value }
    }

    /// What the interface keeps under a name.
    pub fn kept(&self, name: &str) -> Option<&str> {
        self.kept.get(name).map(String::as_str)
    }

    /// Keeps something under a name, or forgets it.
    pub fn keep(&mut self, name: &str, value: Option<String>) -> Effect {
        let key = format!("{KEPT}{name}").into_bytes();
        let bytes = value.clone().map(String::into_bytes);
        match value {
            Some(value) => self.kept.insert(name.to_owned(), value),
            None => self.kept.remove(name),
        };
        Effect::Write { key, value: bytes }
    }
}
