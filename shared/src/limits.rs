//! Every bound of the rules version 1, with its unit and its source.
//!
//! They belong to the rules version: a replica that used other numbers would reach other
//! verdicts. Bounds of one process (queues, sockets) stand in that process's crate.

/// Most bytes of a statement's header.
pub const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Most bytes of one payload: one section's changes with their message.
pub const PAYLOAD_BYTES_MAX: usize = 1024 * 1024;
/// Most bytes of a statement with all its payloads.
pub const STATEMENT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Most sections that one statement may touch.
pub const PARTS_MAX: usize = 32;
/// Most changes in one payload.
pub const CHANGES_MAX: usize = 4096;
/// Most operations in one change. 69 bytes can claim 100 million (20 s to parse).
pub const CHANGE_OPS_MAX: u64 = 100_000;
/// Operations beyond one per byte of their change; deletions do not count. A run of equal values
/// can claim thousands of operations in a few bytes, and each would have to be kept.
pub const CHANGE_OPS_FREE: usize = 256;
/// Most operations in the changes of one payload.
pub const PAYLOAD_OPS_MAX: u64 = 400_000;
/// Most bytes of the changes of one payload once inflated.
pub const PAYLOAD_INFLATED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Greatest time in a change: the end of the year 9999, in milliseconds since 1970.
pub const CHANGE_TIME_MAX: i64 = 253_402_300_799_999;
/// Most bytes of a change's columns once inflated.
pub const CHANGE_INFLATED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most dependencies of one change.
pub const CHANGE_DEPS_MAX: usize = 256;
/// Most actors that one change may name.
pub const CHANGE_ACTORS_MAX: usize = 1024;
/// Greatest operation counter; Automerge panics near `u32::MAX`.
pub const OP_COUNTER_MAX: u64 = 1 << 30;
/// Deepest nesting of objects in a section.
pub const NESTING_MAX: usize = 64;
/// Most bytes of one map key.
pub const KEY_BYTES_MAX: usize = 256;
/// Most bytes of a change's commit message; clients write none.
pub const CHANGE_MESSAGE_BYTES_MAX: usize = 1024;
/// Most bytes of a message or reason of a statement.
pub const TEXT_BYTES_MAX: usize = 8 * 1024;
/// Most bytes of a document's title.
pub const TITLE_BYTES_MAX: usize = 400;
/// Most sections of one document.
pub const SECTIONS_MAX: usize = 256;
/// Most open holds of one device.
pub const OPEN_HOLDS_MAX: usize = 64;
/// Most bytes in the open holds of one device.
pub const OPEN_HOLD_BYTES_MAX: usize = 1024 * 1024;
/// Longest validity of an invitation: 72 hours, in milliseconds.
pub const INVITE_VALID_MS_MAX: u64 = 72 * 3600 * 1000;
/// Most rules of one partnership.
pub const RULES_MAX: usize = 256;
/// Most bytes of one rule as it is stored.
pub const RULE_BYTES_MAX: usize = 4 * 1024;
/// Most items of one list in a rule.
pub const RULE_LIST_MAX: usize = 64;
/// Most reasons that are named why a section cannot be signed.
pub const REASONS_MAX: usize = 16;
