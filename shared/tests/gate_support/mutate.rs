//! Mutations of honest changes: of their bytes, their columns, and their fields.

use entente_shared::ids::{ActorKey, ChangeId};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::history::actor;
use super::writer::*;

/// Honest material to build hostile changes from.
pub struct Material<'a> {
    /// The change to begin with; honest at this point of its history.
    pub base: &'a RawChange,
    /// Changes of this and of other histories.
    pub others: &'a [RawChange],
    /// What stands already: id, one after the last operation.
    pub known: &'a [(ChangeId, u64)],
    /// The next sequence number of each actor.
    pub next: &'a [(ActorKey, u64)],
}

/// Makes one hostile change; its checksum is right.
pub fn mutate(rng: &mut ChaCha8Rng, from: &Material<'_>) -> Vec<u8> {
    match rng.random_range(0..10) {
        0 | 1 => flip_bytes(rng, from),
        2 => swap_columns(rng, from),
        _ => edit_fields(rng, from),
    }
}

fn flip_bytes(rng: &mut ChaCha8Rng, from: &Material<'_>) -> Vec<u8> {
    let mut bytes = body(&from.base.bytes()).to_vec();
    // Mostly past the dependencies and actor, where flips are less boring.
    let fields = 1 + from.base.deps.len() * 32 + 17;
    for _ in 0..rng.random_range(1..4) {
        let low = if rng.random_ratio(9, 10) { fields.min(bytes.len() - 1) } else { 0 };
        let at = rng.random_range(low..bytes.len());
        match rng.random_range(0..6) {
            0 => bytes[at] = rng.random(),
            1 => bytes[at] = bytes[at].wrapping_add(1),
            2 => bytes[at] = bytes[at].wrapping_sub(1),
            3 => bytes[at] ^= 1 << rng.random_range(0..8),
            4 => bytes.insert(at, rng.random()),
            _ => drop(bytes.remove(at)),
        }
    }
    chunk(1, &bytes)
}

fn swap_columns(rng: &mut ChaCha8Rng, from: &Material<'_>) -> Vec<u8> {
    let mut columns = from.base.columns();
    let other = from.others[rng.random_range(0..from.others.len())].columns();
    if other.is_empty() {
        return from.base.bytes();
    }
    for _ in 0..rng.random_range(1..3) {
        let (spec, bytes) = other[rng.random_range(0..other.len())].clone();
        match columns.iter_mut().find(|(own, _)| *own == spec) {
            Some(own) if rng.random_ratio(3, 4) => own.1 = bytes,
            Some(_) => columns.retain(|(own, _)| *own != spec),
            None => columns.push((spec, bytes)),
        }
    }
    columns.sort();
    let mut others = from.base.others();
    if rng.random_ratio(1, 4) {
        others.push(actor(rng.random_range(0..6)));
        others.sort();
        others.dedup();
    }
    chunk(1, &from.base.body_with(&others, &columns))
}

fn edit_fields(rng: &mut ChaCha8Rng, from: &Material<'_>) -> Vec<u8> {
    let mut change = from.base.clone();
    if rng.random_ratio(1, 4) {
        let other = &from.others[rng.random_range(0..from.others.len())];
        let (at, base) = (rng.random_range(0..=change.ops.len()), change.ops.len());
        let taken = rng.random_range(0..=other.ops.len().min(5));
        change.ops.splice(at..rng.random_range(at..=base), other.ops[..taken].iter().cloned());
    }
    for _ in 0..rng.random_range(1..4) {
        edit_operation(rng, &mut change, from);
    }
    if rng.random_ratio(1, 4) {
        edit_change(rng, &mut change, from);
    }
    if rng.random_ratio(4, 5) {
        repair(&mut change, from);
    }
    change.bytes()
}

/// Makes dependencies ascending, and sequence and start what they must be.
fn repair(change: &mut RawChange, from: &Material<'_>) {
    let old = change.start;
    change.deps.sort();
    change.deps.dedup();
    let ends = change.deps.iter().filter_map(|dep| from.known.iter().find(|(id, _)| id == dep));
    change.start = ends.map(|(_, end)| *end).max().unwrap_or(1);
    let next = from.next.iter().find(|(actor, _)| *actor == change.actor);
    change.seq = next.map_or(1, |(_, seq)| *seq);
    let (actor, start) = (change.actor, change.start);
    for op in &mut change.ops {
        for id in ids_of(op).into_iter().filter(|id| id.actor == actor && id.counter >= old) {
            id.counter = (id.counter - old).saturating_add(start);
        }
        op.preds.sort_by_key(|id| (id.counter, id.actor));
    }
}

fn ids_of(op: &mut RawOp) -> Vec<&mut Id> {
    let mut ids: Vec<_> = op.preds.iter_mut().collect();
    ids.extend(op.object.as_mut());
    if let At::Element(id) = &mut op.at {
        ids.push(id);
    }
    ids
}

fn edit_operation(rng: &mut ChaCha8Rng, change: &mut RawChange, from: &Material<'_>) {
    let donor = &from.others[rng.random_range(0..from.others.len())].ops;
    if change.ops.is_empty() || donor.is_empty() {
        change.ops.push(RawOp::put(None, "a", RawValue::int(1)));
        return;
    }
    let at = rng.random_range(0..change.ops.len());
    let near = change.ops[rng.random_range(0..change.ops.len())].clone();
    let far = donor[rng.random_range(0..donor.len())].clone();
    let other = if rng.random() { near } else { far };
    let own =
        Id { actor: change.actor, counter: change.start + rng.random_range(0..change.ops.len() as u64 + 1) };
    let len = change.ops.len();
    let op = &mut change.ops[at];
    match rng.random_range(0..20) {
        0 => op.object = other.object,
        1 => op.object = Some(own),
        2 => op.at = other.at,
        3 => op.at = At::Element(own),
        4 => op.at = At::Head,
        5 => op.at = At::Key("a".into()),
        6 => op.insert = !op.insert,
        7 => op.action = rng.random_range(0..9),
        8 => (op.action, op.value) = (other.action, other.value),
        9 => op.value = other.value,
        10 => op.value.0 = rng.random_range(0..16),
        11 => op.preds = other.preds,
        12 => op.preds.extend(other.preds),
        13 => op.preds.push(own),
        14 => op.expand = !op.expand,
        15 => op.mark = if op.mark.is_some() { None } else { Some("bold".into()) },
        16 => {
            let mut ids = ids_of(op);
            if !ids.is_empty() {
                let which = rng.random_range(0..ids.len());
                ids[which].counter = ids[which].counter.wrapping_add_signed(rng.random_range(-2..3));
            }
        }
        17 => drop(change.ops.remove(at)),
        18 => change.ops.insert(at, other),
        _ => change.ops.swap(at, rng.random_range(0..len)),
    }
}

fn edit_change(rng: &mut ChaCha8Rng, change: &mut RawChange, from: &Material<'_>) {
    let known = from.known[rng.random_range(0..from.known.len())].0;
    match rng.random_range(0..10) {
        0 => change.deps.push(known),
        1 => change.deps = vec![known],
        2 => drop(change.deps.pop()),
        3 => change.actor = actor(rng.random_range(0..9)),
        4 => change.seq = change.seq.wrapping_add_signed(rng.random_range(-2..3)),
        5 => change.start = change.start.wrapping_add_signed(rng.random_range(-2..3)),
        6 => change.start = u64::from(u32::MAX) - rng.random_range(0..3),
        7 => change.time = rng.random(),
        8 => change.message = vec![rng.random(); 3],
        _ => change.extra = [vec![], vec![1, 2, 7, 7], vec![rng.random()]][rng.random_range(0..3)].clone(),
    }
}
