//! Strict decoders of Automerge's column encodings.
//!
//! Each accepts exactly the bytes that Automerge's encoder makes from the same values, because
//! Automerge keeps no change bytes: it re-encodes them when it loads a saved document, and the
//! hashes must come out the same. Nothing here allocates by a length that the input claims.

use super::fault::Fault;

/// Reads from a byte string; every read names the part for the error.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    part: &'static str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self { rest: bytes, part }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn part(&mut self, part: &'static str) -> &mut Self {
        self.part = part;
        self
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let (&byte, rest) = self.rest.split_first().ok_or(Fault::Malformed(self.part))?;
        self.rest = rest;
        Ok(byte)
    }

    pub(super) fn take(&mut self, len: u64) -> Result<&'a [u8], Fault> {
        let len = usize::try_from(len).map_err(|_| Fault::Malformed(self.part))?;
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Fault::Malformed(self.part))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(Fault::Malformed(self.part))?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Reads an unsigned number in the shortest LEB128 form.
    #[inline]
    pub(super) fn unsigned(&mut self) -> Result<u64, Fault> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let (mut value, mut shift) = (u64::from(first & 0x7f), 7);
        loop {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(Fault::Malformed(self.part));
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte == 0 {
                return Err(Fault::NotCanonical(self.part));
            }
            if byte < 0x80 {
                return Ok(value);
            }
            shift += 7;
        }
    }

    /// Reads a signed number in the shortest LEB128 form.
    #[inline]
    pub(super) fn signed(&mut self) -> Result<i64, Fault> {
        let (mut value, mut shift, mut previous) = (0_i128, 0, 0);
        loop {
            let byte = self.byte()?;
            value |= i128::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                let sign = byte & 0x40;
                if shift > 7
                    && ((byte == 0 && previous & 0x40 == 0) || (byte == 0x7f && previous & 0x40 != 0))
                {
                    return Err(Fault::NotCanonical(self.part));
                }
                if sign != 0 {
                    value -= 1 << shift;
                }
                return i64::try_from(value).map_err(|_| Fault::Malformed(self.part));
            }
            if shift >= 70 {
                return Err(Fault::Malformed(self.part));
            }
            previous = byte;
        }
    }

    /// Reads text with its length before it.
    pub(super) fn text(&mut self) -> Result<&'a str, Fault> {
        let len = self.unsigned()?;
        let bytes = self.take(len)?;
        std::str::from_utf8(bytes).map_err(|_| Fault::Malformed(self.part))
    }
}

/// What a run-length encoded column holds.
pub(super) trait Item<'a>: Copy + PartialEq {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault>;
}

impl<'a> Item<'a> for u64 {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.unsigned()
    }
}

impl<'a> Item<'a> for i64 {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.signed()
    }
}

impl<'a> Item<'a> for &'a str {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.text()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum RunKind {
    Start,
    Repeat,
    Literal,
    Null,
}

/// A run-length encoded column of values and nulls.
pub(super) struct Runs<'a, T> {
    cursor: Cursor<'a>,
    kind: RunKind,
    left: u64,
    last: Option<T>,
    absent: bool,
    any: bool,
}

impl<'a, T: Item<'a>> Runs<'a, T> {
    pub(super) fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self {
            cursor: Cursor::new(bytes, part),
            kind: RunKind::Start,
            left: 0,
            last: None,
            absent: bytes.is_empty(),
            any: false,
        }
    }

    /// Returns the next value; `None` for a null. A column that is absent is all nulls.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<T>, Fault> {
        if self.absent {
            return Ok(None);
        }
        if self.left == 0 {
            self.start()?;
        }
        self.left -= 1;
        if self.kind == RunKind::Literal {
            let value = T::read(&mut self.cursor)?;
            if self.last == Some(value) {
                return Err(Fault::NotCanonical(self.cursor.part));
            }
            self.last = Some(value);
        }
        Ok(self.last)
    }

    /// Returns the next value, where a null is an error.
    #[inline]
    pub(super) fn value(&mut self) -> Result<T, Fault> {
        self.next()?.ok_or(Fault::Malformed(self.cursor.part))
    }

    fn start(&mut self) -> Result<(), Fault> {
        let part = self.cursor.part;
        let header = self.cursor.signed()?;
        let before = std::mem::replace(
            &mut self.kind,
            match header {
                0 => RunKind::Null,
                1.. => RunKind::Repeat,
                _ => RunKind::Literal,
            },
        );
        let canonical = match self.kind {
            RunKind::Null => {
                self.left = self.cursor.unsigned()?;
                self.last = None;
                before != RunKind::Null && self.left > 0
            }
            RunKind::Repeat => {
                self.left = header.unsigned_abs();
                let value = T::read(&mut self.cursor)?;
                let new = self.last.replace(value) != Some(value);
                self.any = true;
                new && header > 1
            }
            _ => {
                self.left = header.unsigned_abs();
                self.any = true;
                before != RunKind::Literal
            }
        };
        if canonical { Ok(()) } else { Err(Fault::NotCanonical(part)) }
    }

    /// Checks that the column ends here and would not have been left out.
    pub(super) fn finish(&self) -> Result<(), Fault> {
        if self.absent || (self.left == 0 && self.cursor.is_empty() && self.any) {
            Ok(())
        } else {
            Err(Fault::NotCanonical(self.cursor.part))
        }
    }
}

impl Runs<'_, u64> {
    /// Counts the values by the run lengths alone, up to `most`.
    pub(super) fn count(mut self, most: u64) -> Result<u64, Fault> {
        let mut count = 0_u64;
        while !self.cursor.is_empty() {
            self.start()?;
            count = count.saturating_add(self.left);
            if count > most {
                return Err(Fault::TooMany("operations"));
            }
            if self.kind == RunKind::Literal {
                for _ in 0..self.left {
                    self.last = Some(u64::read(&mut self.cursor)?);
                }
            }
        }
        Ok(count)
    }
}

/// A run-length encoded column of the differences between counters.
pub(super) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    pub(super) fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self { runs: Runs::new(bytes, part), sum: 0 }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<u32>, Fault> {
        let Some(delta) = self.runs.next()? else {
            return Ok(None);
        };
        let part = self.runs.cursor.part;
        self.sum = self.sum.checked_add(delta).ok_or(Fault::Malformed(part))?;
        u32::try_from(self.sum).map(Some).map_err(|_| Fault::OutOfRange(part))
    }

    pub(super) fn finish(&self) -> Result<(), Fault> {
        self.runs.finish()
    }
}

/// A column of booleans: alternating counts of false and true.
pub(super) struct Booleans<'a> {
    cursor: Cursor<'a>,
    value: bool,
    left: u64,
    started: bool,
    absent: bool,
}

impl<'a> Booleans<'a> {
    pub(super) fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self {
            cursor: Cursor::new(bytes, part),
            value: true,
            left: 0,
            started: false,
            absent: bytes.is_empty(),
        }
    }

    /// Returns the next value. A column that is absent is all false.
    #[inline]
    pub(super) fn next(&mut self) -> Result<bool, Fault> {
        if self.absent {
            return Ok(false);
        }
        while self.left == 0 {
            self.left = self.cursor.unsigned()?;
            if self.left == 0 && self.started {
                return Err(Fault::NotCanonical(self.cursor.part));
            }
            self.started = true;
            self.value = !self.value;
        }
        self.left -= 1;
        Ok(self.value)
    }

    pub(super) fn is_absent(&self) -> bool {
        self.absent
    }

    /// Checks that the column ends here.
    pub(super) fn finish(&self) -> Result<(), Fault> {
        if self.left == 0 && self.cursor.is_empty() {
            Ok(())
        } else {
            Err(Fault::NotCanonical(self.cursor.part))
        }
    }
}
