//! The order of a mark's two ends in their text.
//!
//! Automerge pairs a mark's end with the beginning that has the counter before it, and refuses to
//! load a document in which the end stands first. Which stands first follows from the insertion
//! tree alone: each element comes after the one it was inserted after, and among those inserted
//! after the same one, the greater id comes first. Only changes with marks pay for this walk,
//! once for each text.

use std::collections::BTreeMap;

use super::fault::{Fault, GateError};
use super::layer::{OpId, View};

/// A mark to be checked: its end has the counter after its beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarkSpan {
    pub(super) change: usize,
    pub(super) op: u32,
    pub(super) text: u32,
    pub(super) begin: OpId,
}

/// Checks that every mark begins before it ends.
pub(super) fn check_order(spans: &[MarkSpan], view: View<'_>) -> Result<(), GateError> {
    let mut orders = BTreeMap::new();
    for span in spans {
        let order = orders.entry(span.text).or_insert_with(|| Order::of(span.text, view));
        let end = OpId { counter: span.begin.counter + 1, ..span.begin };
        if order.rank(span.begin) >= order.rank(end) {
            let fault = Fault::Forbidden { op: span.op, what: "a mark ends before it begins" };
            return Err(GateError { change: span.change, fault });
        }
    }
    Ok(())
}

/// Runs of elements (first and length) by the element that the first was inserted after.
type Children = BTreeMap<Option<(u32, u32)>, Vec<(OpId, u32)>>;

/// Stretches of elements with consecutive ids that stand side by side: first element to rank.
struct Order(BTreeMap<(u32, u32), u32>);

impl Order {
    fn of(text: u32, view: View<'_>) -> Self {
        let mut children: Children = BTreeMap::new();
        for (first, run) in view.runs(text) {
            let parent = run.after.map(|id| (id.actor, id.counter));
            children.entry(parent).or_default().push((first, run.len));
        }
        let key = |id: OpId| (id.counter, view.actor_key(id.actor));
        let mut left = children.get(&None).cloned().unwrap_or_default();
        left.sort_unstable_by_key(|(id, _)| key(*id));
        let mut ranks = BTreeMap::new();
        while let Some((first, len)) = left.pop() {
            let rank = ranks.len() as u32;
            ranks.insert((first.actor, first.counter), rank);
            let last = first.counter + len - 1;
            let within = Some((first.actor, first.counter))..=Some((first.actor, last));
            let Some((Some((_, at)), next)) = children.range(within).next() else {
                continue;
            };
            let from = left.len();
            left.extend_from_slice(next);
            if *at < last {
                left.push((OpId { counter: at + 1, ..first }, last - at));
            }
            left[from..].sort_unstable_by_key(|(id, _)| key(*id));
        }
        Self(ranks)
    }

    fn rank(&self, id: OpId) -> (u32, u32) {
        let stretch = self.0.range(..=(id.actor, id.counter)).next_back();
        stretch.map_or((u32::MAX, id.counter), |(_, rank)| (*rank, id.counter))
    }
}
