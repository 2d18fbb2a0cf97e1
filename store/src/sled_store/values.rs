//! Long values: bytes of any length in values of at most 4 KiB, so that sled never writes `blobs/`.

/// Most bytes of one value in sled.
pub(super) const VALUE_BYTES_MAX: usize = 4096;
/// Bytes of a long value in its first chunk, after the whole length.
const FIRST_BYTES_MAX: usize = VALUE_BYTES_MAX - 4;

/// Puts a long value, and removes what chunks a longer old one of `old_bytes` leaves; `None` deletes.
pub(super) fn replace(batch: &mut sled::Batch, key: &[u8], old_bytes: Option<usize>, value: Option<&[u8]>) {
    let kept = value.map_or(0, |value| chunks_after_first(value.len()));
    for chunk in kept..old_bytes.map_or(0, chunks_after_first) {
        batch.remove(chunk_key(key, chunk));
    }
    match value {
        Some(value) => put(batch, key, value),
        None => batch.remove(key),
    }
}

/// Puts a long value under a key that holds none yet, or an equally long one.
///
/// # Panics
/// If the value has 4 GiB or more, or chunks beyond the numbering (256 MiB).
pub(super) fn put(batch: &mut sled::Batch, key: &[u8], value: &[u8]) {
    let length = u32::try_from(value.len()).expect("a long value is shorter than 4 GiB");
    let (first, rest) = value.split_at(value.len().min(FIRST_BYTES_MAX));
    batch.insert(key, [&length.to_be_bytes(), first].concat());
    for (chunk, bytes) in rest.chunks(VALUE_BYTES_MAX).enumerate() {
        batch.insert(chunk_key(key, chunk), bytes);
    }
}

/// The length of the long value under `key`, in bytes.
///
/// # Errors
/// What sled says, or that the first chunk is damaged.
pub(super) fn length(tree: &sled::Tree, key: &[u8]) -> Result<Option<usize>, String> {
    let first = tree.get(key).map_err(|error| error.to_string())?;
    first.map(|first| split_first(&first).map(|(length, _)| length)).transpose()
}

/// The long value under `key`.
///
/// # Errors
/// What sled says, or which chunk is missing or damaged.
pub(super) fn get(tree: &sled::Tree, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let first = tree.get(key).map_err(|error| error.to_string())?;
    first.map(|first| complete(tree, key, &first)).transpose()
}

/// Completes the long value under `key` whose first chunk is `first`.
///
/// # Errors
/// What sled says, or which chunk is missing or damaged.
pub(super) fn complete(tree: &sled::Tree, key: &[u8], first: &[u8]) -> Result<Vec<u8>, String> {
    let (length, bytes) = split_first(first)?;
    let mut value = bytes.to_vec();
    for chunk in 0..chunks_after_first(length) {
        let bytes = tree.get(chunk_key(key, chunk)).map_err(|error| error.to_string())?;
        value.extend_from_slice(&bytes.ok_or_else(|| format!("chunk {chunk} is missing"))?);
    }
    if value.len() != length {
        return Err(format!("{} bytes instead of {length}", value.len()));
    }
    Ok(value)
}

fn split_first(first: &[u8]) -> Result<(usize, &[u8]), String> {
    let (length, bytes) = first.split_first_chunk().ok_or("the first chunk is too short")?;
    let length = u32::from_be_bytes(*length) as usize;
    if bytes.len() != length.min(FIRST_BYTES_MAX) {
        return Err("the first chunk has the wrong length".to_owned());
    }
    Ok((length, bytes))
}

fn chunks_after_first(length: usize) -> usize {
    length.saturating_sub(FIRST_BYTES_MAX).div_ceil(VALUE_BYTES_MAX)
}

fn chunk_key(key: &[u8], chunk: usize) -> Vec<u8> {
    let chunk = u16::try_from(chunk).expect("a long value has fewer than 65,536 chunks");
    let key_bytes = u16::try_from(key.len()).expect("a key is shorter than 64 KiB");
    [b"~", &key_bytes.to_be_bytes()[..], key, &chunk.to_be_bytes()].concat()
}
