//! The Entente client: a sans-IO [`replica`], the words that people read, and, on native machines,
//! the shells around them.

#[cfg(feature = "native")]
pub mod cli;
pub mod form;
#[cfg(feature = "native")]
pub mod native;
pub mod replica;
pub mod views;
pub mod words;
pub mod zones;
