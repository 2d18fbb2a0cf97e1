//! The simulated network: people with devices, one relay, and everything that can go wrong between
//! them, without sockets, disks, sleeps or real clocks. One seed is one history, to the byte.
//!
//! | module | what it is |
//! |---|---|
//! | [`world`] | the network: who is connected, what is on the way, what happens next |
//! | [`host`], [`device`], [`disk`] | the relay's and the people's machines, with what survives a crash |
//! | [`story`] | what people do, as verbs: tests read like stories |
//! | [`teams`], [`places`] | the three teams, and the fields that they write in |
//! | [`hand`] | statements that no honest program would write |
//! | [`history`] | random histories: people, networks and disks as a seed has them behave |
//! | [`oracle`] | every ledger of the relay replayed apart, with its content |
//! | [`referee`] | the rules once more, in the plainest words |
//! | [`process`] | beside all that: real programs over real sockets |
//! | [`checks`] | what must hold once everything has healed |

pub mod checks;
pub mod device;
pub mod disk;
pub mod hand;
pub mod history;
pub mod host;
pub mod oracle;
pub mod places;
pub mod process;
pub mod referee;
pub mod story;
pub mod teams;
pub mod world;
