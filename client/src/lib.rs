//! The Entente client: a sans-IO [`replica`], the words that people read, and, on native machines,
//! the shells around them.

pub mod form;
pub mod replica;
pub mod views;
pub mod words;
pub mod zones;
