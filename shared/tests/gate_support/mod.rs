//! For the gate's tests: a writer of change chunks, well-formed or not, and random honest
//! histories made by Automerge.
#![allow(dead_code, missing_docs)]

pub mod history;
pub mod mutate;
pub mod writer;
