//! The envelope of a change: one chunk, its checksum and hash, and bounded inflation.

use std::borrow::Cow;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::columns::Cursor;
use super::fault::Fault;
use crate::ids::{ChangeId, sha256};
use crate::limits::CHANGE_INFLATED_BYTES_MAX;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const COMPRESSED_CHANGE: u8 = 2;

/// A chunk whose checksum holds: the body of one change, inflated, and its hash.
pub(super) struct Chunk<'a> {
    pub(super) body: Cow<'a, [u8]>,
    pub(super) id: ChangeId,
}

impl<'a> Chunk<'a> {
    /// Reads the only chunk in `bytes`. The hash covers the inflated body, so one change has one
    /// id whether it came compressed or not.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(bytes, "chunk header");
        if cursor.array()? != MAGIC {
            return Err(Fault::Malformed("chunk header"));
        }
        let checksum: [u8; 4] = cursor.array()?;
        let [kind] = cursor.array()?;
        let len = cursor.unsigned()?;
        let data = cursor.part("chunk").take(len)?;
        if !cursor.is_empty() {
            return Err(Fault::TrailingBytes);
        }
        let body = match kind {
            CHANGE if data.len() > CHANGE_INFLATED_BYTES_MAX => return Err(Fault::TooMany("bytes")),
            CHANGE => Cow::Borrowed(data),
            COMPRESSED_CHANGE => Cow::Owned(inflate(data)?),
            other => return Err(Fault::NotAChange(other)),
        };
        let id = hash(&body);
        if id.0[..4] != checksum {
            return Err(Fault::WrongChecksum);
        }
        Ok(Self { body, id })
    }
}

fn hash(body: &[u8]) -> ChangeId {
    let mut header = [CHANGE; 11];
    let (mut len, mut at) = (body.len() as u64, 1);
    loop {
        header[at] = (len & 0x7f) as u8 | if len > 0x7f { 0x80 } else { 0 };
        at += 1;
        len >>= 7;
        if len == 0 {
            return ChangeId(sha256(&[&header[..at], body]));
        }
    }
}

/// Inflates a raw deflate stream of at most [`CHANGE_INFLATED_BYTES_MAX`] bytes that ends where
/// `data` ends.
fn inflate(data: &[u8]) -> Result<Vec<u8>, Fault> {
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; (data.len() * 4).clamp(512, CHANGE_INFLATED_BYTES_MAX)];
    let (mut read, mut written) = (0, 0);
    loop {
        let (status, consumed, produced) = decompress(&mut state, &data[read..], &mut out, written, flags);
        read += consumed;
        written += produced;
        match status {
            TINFLStatus::Done if read < data.len() => return Err(Fault::TrailingBytes),
            TINFLStatus::Done => {
                out.truncate(written);
                return Ok(out);
            }
            TINFLStatus::HasMoreOutput if out.len() == CHANGE_INFLATED_BYTES_MAX => {
                return Err(Fault::TooMany("inflated bytes"));
            }
            TINFLStatus::HasMoreOutput => out.resize((out.len() * 2).min(CHANGE_INFLATED_BYTES_MAX), 0),
            _ => return Err(Fault::Malformed("compressed change")),
        }
    }
}
