//! The shell on real files.

pub mod poison;
