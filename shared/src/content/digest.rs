//! The canonical bytes of a value tree, and their digest. Frozen: signatures name it.
//!
//! RFC 8949, section 4.2.1 (core deterministic encoding): shortest numbers, definite lengths, map
//! keys sorted by their encoded bytes. The types that CBOR does not have carry a tag, so that two
//! different trees never have the same bytes: 60001 unsigned number, 60002 timestamp, 60003
//! counter, 60004 text (a bare CBOR string is a string), 60005 `[code, bytes]` of an unknown scalar.

use minicbor::data::Tag;
use minicbor::encode::{Error, Write};
use minicbor::{Decoder, Encoder};

use super::Value;
use crate::ids::{ContentDigest, sha256};

pub(super) const TAG_UINT: u64 = 60_001;
pub(super) const TAG_TIMESTAMP: u64 = 60_002;
pub(super) const TAG_COUNTER: u64 = 60_003;
pub(super) const TAG_TEXT: u64 = 60_004;
pub(super) const TAG_UNKNOWN: u64 = 60_005;

/// The SHA-256 of a value tree's canonical bytes.
pub fn content_digest(value: &Value) -> ContentDigest {
    ContentDigest(sha256(&[&canonical_cbor(value)]))
}

/// The canonical bytes of a value tree.
pub fn canonical_cbor(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    match write(value, &mut encoder) {
        Ok(()) => encoder.into_writer(),
        Err(_) => unreachable!("writing to memory does not fail"),
    }
}

pub(super) fn write<W: Write>(value: &Value, e: &mut Encoder<W>) -> Result<(), Error<W::Error>> {
    match value {
        Value::Null => e.null()?,
        Value::Bool(flag) => e.bool(*flag)?,
        Value::Int(number) => e.i64(*number)?,
        Value::Uint(number) => e.tag(Tag::new(TAG_UINT))?.u64(*number)?,
        Value::Timestamp(ms) => e.tag(Tag::new(TAG_TIMESTAMP))?.i64(*ms)?,
        Value::Counter(sum) => e.tag(Tag::new(TAG_COUNTER))?.i64(*sum)?,
        Value::F64(number) => return write_float(*number, e),
        Value::String(text) => e.str(text)?,
        Value::Text(text) => e.tag(Tag::new(TAG_TEXT))?.str(text)?,
        Value::Bytes(bytes) => e.bytes(bytes)?,
        Value::Unknown(code, bytes) => e.tag(Tag::new(TAG_UNKNOWN))?.array(2)?.u8(*code)?.bytes(bytes)?,
        Value::List(items) => {
            e.array(items.len() as u64)?;
            return items.iter().try_for_each(|item| write(item, e));
        }
        Value::Map(entries) => {
            e.map(entries.len() as u64)?;
            let mut keys: Vec<&String> = entries.keys().collect();
            // A CBOR string begins with its length, so shorter keys sort first.
            keys.sort_by_key(|key| (key.len(), key.as_bytes()));
            for key in keys {
                e.str(key)?;
                write(&entries[key], e)?;
            }
            return Ok(());
        }
    };
    Ok(())
}

/// Writes the shortest of the three float widths that keeps the value; every NaN is the same.
fn write_float<W: Write>(number: f64, e: &mut Encoder<W>) -> Result<(), Error<W::Error>> {
    let single = number as f32;
    if number.is_nan() {
        raw_half(0x7e00, e)
    } else if f64::from(single).to_bits() != number.to_bits() {
        e.f64(number)?.ok()
    } else if let Some(half) = half_bits(single) {
        raw_half(half, e)
    } else {
        e.f32(single)?.ok()
    }
}

fn raw_half<W: Write>(bits: u16, e: &mut Encoder<W>) -> Result<(), Error<W::Error>> {
    let [high, low] = bits.to_be_bytes();
    e.writer_mut().write_all(&[0xf9, high, low]).map_err(Error::write)
}

/// Reads a 16-bit float, which stands next.
pub(super) fn read_half(d: &mut Decoder<'_>) -> Result<f64, minicbor::decode::Error> {
    let at = d.position();
    let Some([0xf9, high, low]) = d.input().get(at..at + 3) else {
        return Err(minicbor::decode::Error::end_of_input());
    };
    let bits = u16::from_be_bytes([*high, *low]);
    d.set_position(at + 3);
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    let size = match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * 2.0_f64.powi(exponent - 25),
    };
    Ok(if bits & 0x8000 == 0 { size } else { -size })
}

/// The half-precision bits of a number that is not NaN, if half precision keeps it.
fn half_bits(number: f32) -> Option<u16> {
    let bits = number.to_bits();
    let sign = ((bits >> 16) & 0x8000) as u16;
    let exponent = ((bits >> 23) & 0xff) as i32 - 127;
    let fraction = bits & 0x007f_ffff;
    match exponent {
        -127 if fraction == 0 => Some(sign),
        128 => Some(sign | 0x7c00),
        -14..=15 if fraction & 0x1fff == 0 => {
            Some(sign | (((exponent + 15) as u16) << 10) | (fraction >> 13) as u16)
        }
        -24..=-15 => {
            // A subnormal half: the implicit one is shifted into the fraction.
            let shift = (-exponent - 1) as u32;
            let full = fraction | 0x0080_0000;
            (full & ((1 << shift) - 1) == 0).then(|| sign | (full >> shift) as u16)
        }
        _ => None,
    }
}
