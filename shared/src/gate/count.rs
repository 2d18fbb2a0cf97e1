//! How often the gate has looked at changes: tests see by it that nothing is looked at twice.

use std::cell::Cell;

thread_local! {
    static CHECKS: Cell<u64> = const { Cell::new(0) };
}

/// How many lists of changes were checked on this thread so far.
pub fn checks() -> u64 {
    CHECKS.get()
}

pub(super) fn one_more() {
    CHECKS.set(CHECKS.get() + 1);
}
