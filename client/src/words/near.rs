//! What somebody may have meant by a name that does not exist.

use std::cmp::Reverse;

/// Most candidates shown.
const NEAR_MAX: usize = 3;
/// Least similarity (Jaro-Winkler, in thousandths) of a candidate that is worth showing.
const SIMILARITY_MIN: u32 = 780;

/// Finds up to three of `names` that are spelled most like `wanted`, the nearest first.
pub fn near<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = plain(wanted);
    if wanted.is_empty() {
        return Vec::new();
    }
    let rated = names.into_iter().map(|name| (similarity(&wanted, name), name));
    let mut rated: Vec<_> = rated.filter(|(similarity, _)| *similarity >= SIMILARITY_MIN).collect();
    rated.sort_by_key(|(similarity, name)| (Reverse(*similarity), *name));
    rated.dedup();
    rated.into_iter().take(NEAR_MAX).map(|(_, name)| name).collect()
}

/// Rates a name from 0 to 1000; its last part after a slash may stand for all of it.
fn similarity(wanted: &str, name: &str) -> u32 {
    let whole = plain(name);
    let last = name.rsplit('/').next().map(plain).unwrap_or_default();
    let rate = |candidate: &str| match () {
        () if candidate == wanted => 1000,
        () if wanted.chars().count() >= 3 && candidate.starts_with(wanted) => 950,
        () if wanted.chars().count() >= 4 && candidate.contains(wanted) => 900,
        () => (strsim::jaro_winkler(wanted, candidate) * 900.0) as u32,
    };
    rate(&whole).max(rate(&last))
}

/// Only letters and digits, in lower case, `ё` as `е`.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.map(|c| if c == 'ё' { 'е' } else { c }).collect()
}
