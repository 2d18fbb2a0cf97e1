//! A section packed for a snapshot: Automerge's saved document, deflated as a whole.
//!
//! The gate does not see saved documents. Automerge 0.12 inflates their columns without a bound and
//! believes their run lengths, so both are bounded here before it reads anything: one document
//! chunk with nothing after it, no column compressed by itself, and a count of the rows that the
//! columns claim. It also takes the order in which operations are stored as the order of lists and
//! texts, which no hash covers; what comes from somebody else is therefore built anew from its
//! changes ([`Section::unpack_foreign`]), whose hashes do.

use std::panic::catch_unwind;

use automerge::SaveOptions;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::{ContentError, Section};
use crate::ids::ChangeId;

/// Most bytes of a packed section: a frame holds it.
pub const PACKED_BYTES_MAX: usize = 3 * 1024 * 1024;
/// Most bytes of a packed section once inflated.
const INFLATED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most rows that the columns of a saved document may claim, each.
const ROWS_MAX: u64 = 4_000_000;
/// How hard deflate tries, from 0 to 10.
const LEVEL: u8 = 6;

impl Section {
    /// Packs the section; `None` if it is too large for a snapshot, or Automerge would not read it
    /// back with the same heads.
    pub fn pack(&mut self) -> Option<Vec<u8>> {
        let heads = self.heads();
        let saved = self.doc.save_with_options(SaveOptions { deflate: false, retain_orphans: false });
        if saved.len() > INFLATED_BYTES_MAX || Self::load(&saved, &heads).is_err() {
            return None;
        }
        let packed = compress_to_vec(&saved, LEVEL);
        (packed.len() <= PACKED_BYTES_MAX).then_some(packed)
    }

    /// Reads what [`Self::pack`] made here, and checks that it has `heads`.
    ///
    /// # Errors
    ///
    /// The bytes are damaged, or have other heads.
    pub fn unpack(packed: &[u8], heads: &[ChangeId]) -> Result<Self, ContentError> {
        Self::load(&inflate(packed)?, heads)
    }

    /// Reads what somebody else says they packed: the content is what the changes up to `heads` make
    /// of it, and nothing else.
    ///
    /// # Errors
    ///
    /// The bytes are not a packed section, or have other heads.
    pub fn unpack_foreign(packed: &[u8], heads: &[ChangeId]) -> Result<Self, ContentError> {
        let saved = inflate(packed)?;
        // Where a program unwinds, a panic in Automerge stops here; in a browser the worker dies, and
        // is started anew.
        catch_unwind(|| Self::rebuild(&saved, heads))
            .unwrap_or_else(|_| Err(ContentError::Unreadable("Automerge gave up on it".to_owned())))
    }

    /// Makes a section of the changes in a saved document.
    fn rebuild(saved: &[u8], heads: &[ChangeId]) -> Result<Self, ContentError> {
        let mut loaded = Self::load(saved, heads)?;
        let mut section = Self::empty();
        let changes = loaded.doc.get_changes(&[]);
        section
            .doc
            .apply_changes_batch(changes)
            .map_err(|error| ContentError::Unreadable(error.to_string()))?;
        let mut expected = heads.to_vec();
        expected.sort();
        if section.heads() == expected { Ok(section) } else { Err(ContentError::OtherHeads) }
    }
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, ContentError> {
    let unreadable = |what: &str| ContentError::Unreadable(what.to_owned());
    if packed.len() > PACKED_BYTES_MAX {
        return Err(unreadable("too many bytes"));
    }
    let saved = decompress_to_vec_with_limit(packed, INFLATED_BYTES_MAX)
        .map_err(|error| ContentError::Unreadable(error.to_string()))?;
    check(&saved).ok_or_else(|| unreadable("not one saved document within bounds"))?;
    Ok(saved)
}

/// Checks the outline of a saved document: see the module's documentation.
fn check(saved: &[u8]) -> Option<()> {
    const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
    const DOCUMENT: u8 = 0;
    let mut reader = Reader(saved);
    if reader.take(4)? != MAGIC {
        return None;
    }
    reader.take(4)?;
    if reader.byte()? != DOCUMENT || reader.unsigned()? != reader.0.len() as u64 {
        return None;
    }
    for _ in 0..reader.unsigned()? {
        let length = reader.unsigned()?;
        reader.take(length)?;
    }
    let heads = reader.unsigned()?;
    reader.take(heads.checked_mul(32)?)?;
    let columns = [reader.columns()?, reader.columns()?];
    for (kind, length) in columns.into_iter().flatten() {
        let rows = rows_of(kind, reader.take(length)?)?;
        if rows > ROWS_MAX {
            return None;
        }
    }
    Some(())
}

/// How many rows a column claims; `None` if it is compressed or cannot be read.
fn rows_of(specification: u64, column: &[u8]) -> Option<u64> {
    const COMPRESSED: u64 = 0b1000;
    if specification & COMPRESSED != 0 {
        return None;
    }
    let mut reader = Reader(column);
    let mut rows = 0_u64;
    while !reader.0.is_empty() {
        let added = match specification & 0b111 {
            // Booleans are runs alone, raw values are bytes.
            4 => reader.unsigned()?,
            7 => return Some(0),
            kind => reader.run(kind)?,
        };
        rows = rows.checked_add(added)?;
    }
    Some(rows)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned LEB128 number of at most 63 bits.
    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A signed LEB128 number of at most 63 bits.
    fn signed(&mut self) -> Option<i64> {
        let mut value = 0_i64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                let sign = if byte & 0x40 == 0 { 0 } else { -1_i64 << (shift + 7) };
                return Some(value | sign);
            }
        }
        None
    }

    /// Specification and length of each column.
    fn columns(&mut self) -> Option<Vec<(u64, u64)>> {
        let count = self.unsigned()?;
        let mut columns = Vec::new();
        for _ in 0..count {
            columns.push((self.unsigned()?, self.unsigned()?));
        }
        Some(columns)
    }

    /// One run of a run-length encoded column; how many rows it claims.
    fn run(&mut self, kind: u64) -> Option<u64> {
        let length = self.signed()?;
        match length {
            0 => self.unsigned(),
            1.. => self.value(kind).map(|()| length.unsigned_abs()),
            _ => {
                for _ in 0..length.unsigned_abs() {
                    self.value(kind)?;
                }
                Some(length.unsigned_abs())
            }
        }
    }

    fn value(&mut self, kind: u64) -> Option<()> {
        const STRING: u64 = 5;
        // Signed and unsigned numbers end alike.
        let mut number = Reader(self.0);
        let mut length = 0;
        loop {
            length += 1;
            if number.byte()? < 0x80 {
                break;
            }
        }
        if length > 10 {
            return None;
        }
        if kind == STRING {
            let length = self.unsigned()?;
            return self.take(length).map(drop);
        }
        self.take(length).map(drop)
    }
}

#[cfg(test)]
mod tests;
