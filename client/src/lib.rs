//! The Entente client: a sans-IO [`replica`], the words that people read, and, on native machines,
//! the shells around them.

#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod form;
pub mod joining;
pub mod links;
#[cfg(feature = "native")]
pub mod native;
pub mod paper;
pub mod replica;
pub mod team;
pub mod toward;
pub mod undo;
pub mod views;
pub mod words;
pub mod zones;
