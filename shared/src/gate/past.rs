//! The causal past of a change: what its author had seen.
//!
//! Changes are numbered in the order in which they became effective, so nearly every past is
//! "all numbers below n", plus a few changes above, kept as the last sequence number of each
//! actor (an actor's changes build on each other). Only `n` is stored with each change; the rest
//! is walked again when needed, down to `n` at most, and cached for the latest changes. Long
//! offline branches therefore cost one step a change, not one walk.

use std::collections::BTreeMap;

use super::layer::{OpId, View};

/// How far one change may extend the whole prefix of its past: bounds the work, loses nothing,
/// since what is not in the prefix stays listed.
const EXTEND_STEPS: u32 = 64;

/// A set of changes that is closed under dependencies.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// All changes numbered below this.
    pub(super) whole: u32,
    /// The last sequence number of each actor that has changes at or above `whole`; ascending.
    pub(super) above: Vec<(u32, u32)>,
}

impl Past {
    pub(super) fn contains(&self, number: u32, view: View<'_>) -> bool {
        number < self.whole || {
            let node = view.node(number);
            let at = self.above.binary_search_by_key(&node.actor, |(actor, _)| *actor);
            at.is_ok_and(|at| node.seq <= self.above[at].1)
        }
    }

    /// Adds the last sequence numbers of `other`, ascending by actor.
    fn merge(&mut self, other: &[(u32, u32)]) {
        if self.above.is_empty() {
            self.above = other.to_vec();
        } else if other.len() * 16 < self.above.len() {
            for (actor, seq) in other {
                match self.above.binary_search_by_key(actor, |(actor, _)| *actor) {
                    Ok(at) => self.above[at].1 = self.above[at].1.max(*seq),
                    Err(at) => self.above.insert(at, (*actor, *seq)),
                }
            }
        } else {
            self.above.extend_from_slice(other);
            self.above.sort_unstable_by_key(|(actor, seq)| (*actor, std::cmp::Reverse(*seq)));
            self.above.dedup_by_key(|(actor, _)| *actor);
        }
    }

    /// Tells whether the past holds the change that made an operation.
    pub(super) fn holds(&self, id: OpId, view: View<'_>) -> bool {
        self.whole == view.changes() || view.maker(id).is_some_and(|number| self.contains(number, view))
    }
}

/// The pasts of the latest changes that had some concurrent with them.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    pasts: Vec<(u32, Past)>,
    next: usize,
}

impl Recent {
    const MOST: usize = 16;

    pub(super) fn get(&self, number: u32) -> Option<&Past> {
        self.pasts.iter().find(|(of, _)| *of == number).map(|(_, past)| past)
    }

    /// Keeps the past of a change, in place of one that it builds on if there is any.
    pub(super) fn keep(&mut self, number: u32, past: Past, deps: &[u32]) {
        if let Some(old) = self.pasts.iter_mut().find(|(of, _)| deps.contains(of)) {
            *old = (number, past);
        } else if self.pasts.len() < Self::MOST {
            self.pasts.push((number, past));
        } else {
            self.pasts[self.next] = (number, past);
            self.next = (self.next + 1) % Self::MOST;
        }
    }
}

/// Computes the past of a change that depends on `deps` and is not in `view` yet.
pub(super) fn past_of(deps: &[u32], view: View<'_>, recent: &Recent) -> Past {
    let mut whole = 0;
    for &dep in deps {
        let below = view.node(dep).whole;
        whole = whole.max(if below == dep { dep + 1 } else { below });
    }
    let mut past = Past { whole, above: Vec::new() };
    for &dep in deps.iter().filter(|dep| **dep >= whole) {
        let node = view.node(dep);
        if let Some(known) = view.pending_past(dep).or_else(|| recent.get(dep)) {
            past.merge(&known.above);
        } else if node.whole < dep {
            past.merge(&walk(dep, view));
        }
        past.merge(&[(node.actor, node.seq)]);
    }
    for _ in 0..EXTEND_STEPS {
        if past.whole == view.changes() || !past.contains(past.whole, view) {
            break;
        }
        past.whole += 1;
    }
    if past.whole == view.changes() {
        past.above.clear();
    }
    past
}

/// Collects the ancestors of a change down to its whole prefix.
fn walk(from: u32, view: View<'_>) -> Vec<(u32, u32)> {
    let whole = view.node(from).whole;
    let mut above: BTreeMap<u32, u32> = BTreeMap::new();
    let mut seen = vec![false; (from - whole) as usize];
    let mut left = vec![from];
    while let Some(number) = left.pop() {
        for &dep in view.deps(number) {
            if dep >= whole && !std::mem::replace(&mut seen[(dep - whole) as usize], true) {
                let last = above.entry(view.node(dep).actor).or_default();
                *last = view.node(dep).seq.max(*last);
                left.push(dep);
            }
        }
    }
    above.into_iter().collect()
}
