//! Work in progress.

pub mod words;
pub mod zones;
