//! Keys that put rows in order, between which there is always room for another.
//!
//! The form is David Greenspan's fractional index: a whole part whose first letter says its
//! length (`a`–`z` for 1 to 26 digits, `Z`–`A` for the numbers below zero), then a fraction. Keys compare
//! as bytes. Adding at the end makes keys grow by one character only every 62 times.
//! Source: <https://observablehq.com/@dgreenspan/implementing-fractional-indexing>.
//!
//! Two people offline may make the same key; rows with equal keys are ordered by their UUID.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Longest key that is read; longer ones come from no honest client and count as no key.
pub const ORDER_BYTES_MAX: usize = 128;

/// A key between two neighbours; `None` stands for the beginning or the end.
///
/// Neighbours that are no keys count as none. If `before` is not less than `after` (two rows with
/// one key), the result follows `before`.
pub fn between(before: Option<&str>, after: Option<&str>) -> String {
    let before = before.filter(|key| is_valid(key));
    let after = after.filter(|key| is_valid(key)).filter(|after| before.is_none_or(|before| before < *after));
    match (before, after) {
        (None, None) => "a0".to_owned(),
        (None, Some(after)) => below(after),
        (Some(before), None) => above(before),
        (Some(before), Some(after)) => inside(before, after),
    }
}

/// The keys of `count` rows that are written at once.
pub fn spread(count: usize) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(count);
    for _ in 0..count {
        keys.push(between(keys.last().map(String::as_str), None));
    }
    keys
}

/// Tells whether the text is such a key.
pub fn is_valid(key: &str) -> bool {
    let Some(length) = whole_length(key) else { return false };
    key.len() >= length
        && key.len() <= ORDER_BYTES_MAX
        && key.bytes().skip(1).all(|byte| DIGITS.contains(&byte))
        && (key.len() == length || !key.ends_with('0'))
        && !is_smallest(key)
}

fn whole_length(key: &str) -> Option<usize> {
    match key.bytes().next()? {
        letter @ b'a'..=b'z' => Some(usize::from(letter - b'a') + 2),
        letter @ b'A'..=b'Z' => Some(usize::from(b'Z' - letter) + 2),
        _ => None,
    }
}

fn split(key: &str) -> (&str, &str) {
    key.split_at(whole_length(key).unwrap_or(key.len()).min(key.len()))
}

fn above(before: &str) -> String {
    let (whole, fraction) = split(before);
    increment(whole).unwrap_or_else(|| format!("{whole}{}", midpoint(fraction, None)))
}

fn below(after: &str) -> String {
    let (whole, fraction) = split(after);
    if is_smallest(whole) {
        return format!("{whole}{}", midpoint("", Some(fraction)));
    }
    if !fraction.is_empty() {
        return whole.to_owned();
    }
    let whole = decrement(whole);
    if is_smallest(&whole) { format!("{whole}{}", midpoint("", None)) } else { whole }
}

/// The smallest whole part stands only with a fraction, so that there is room below it.
fn is_smallest(whole: &str) -> bool {
    whole.starts_with('A') && whole.bytes().skip(1).all(|byte| byte == b'0')
}

fn inside(before: &str, after: &str) -> String {
    let (low, low_fraction) = split(before);
    let (high, high_fraction) = split(after);
    if low == high {
        return format!("{low}{}", midpoint(low_fraction, Some(high_fraction)));
    }
    match increment(low) {
        Some(next) if next.as_str() < after => next,
        _ => format!("{low}{}", midpoint(low_fraction, None)),
    }
}

/// A fraction strictly between two; `high` absent stands for one. Fractions never end in `0`.
fn midpoint(low: &str, high: Option<&str>) -> String {
    let (low, high) = (low.as_bytes(), high.map(str::as_bytes));
    let mut result = Vec::new();
    let mut bounded = high;
    for place in 0.. {
        let low_digit = low.get(place).map_or(0, |byte| digit(*byte));
        let high_digit = match bounded {
            Some(high) => high.get(place).map_or(0, |byte| digit(*byte)),
            None => DIGITS.len(),
        };
        if high_digit == low_digit {
            result.push(DIGITS[low_digit]);
            continue;
        }
        if high_digit - low_digit > 1 {
            result.push(DIGITS[(low_digit + high_digit).div_ceil(2)]);
            break;
        }
        if bounded.is_some_and(|high| high.len() > place + 1) {
            result.push(DIGITS[high_digit]);
            break;
        }
        result.push(DIGITS[low_digit]);
        bounded = None;
    }
    result.into_iter().map(char::from).collect()
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|digit| *digit == byte).unwrap_or(0)
}

fn increment(whole: &str) -> Option<String> {
    let (head, digits) = parts(whole);
    let (digits, carried) = carry(digits, b'z', b'0', |place| place + 1);
    let head = if carried { next_head(head)? } else { head };
    Some(fit(head, digits, '0'))
}

/// The whole part before, which is not the smallest.
fn decrement(whole: &str) -> String {
    let (head, digits) = parts(whole);
    let (digits, carried) = carry(digits, b'0', b'z', |place| place - 1);
    fit(if carried { previous_head(head) } else { head }, digits, 'z')
}

fn parts(whole: &str) -> (u8, Vec<u8>) {
    let bytes = whole.as_bytes();
    (bytes[0], bytes[1..].to_vec())
}

/// Steps the last digit; a digit `from` wraps to `to` and carries on. Tells whether all wrapped.
fn carry(mut digits: Vec<u8>, from: u8, to: u8, step: impl Fn(usize) -> usize) -> (Vec<u8>, bool) {
    for place in digits.iter_mut().rev() {
        if *place != from {
            *place = DIGITS[step(digit(*place))];
            return (digits, false);
        }
        *place = to;
    }
    (digits, true)
}

fn next_head(head: u8) -> Option<u8> {
    match head {
        b'Z' => Some(b'a'),
        b'z' => None,
        other => Some(other + 1),
    }
}

fn previous_head(head: u8) -> u8 {
    if head == b'a' { b'Z' } else { head.saturating_sub(1).max(b'A') }
}

/// Gives the digits the length that the head asks for.
fn fit(head: u8, digits: Vec<u8>, fill: char) -> String {
    let mut key = String::from(char::from(head));
    let wanted = whole_length(&key).unwrap_or(2);
    key.extend(digits.into_iter().map(char::from));
    while key.len() < wanted {
        key.push(fill);
    }
    key.truncate(wanted);
    key
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_at_the_end_stay_short() {
        let keys = spread(5_000);
        assert!(keys.is_sorted());
        assert_eq!(keys[..3], ["a0", "a1", "a2"]);
        assert_eq!(keys.last().map(String::len), Some(4));
    }

    #[test]
    fn there_is_room_at_the_beginning_again_and_again() {
        let mut first = between(None, None);
        for _ in 0..5_000 {
            let before = between(None, Some(&first));
            assert!(before < first && is_valid(&before), "{before} {first}");
            first = before;
        }
        let smallest = format!("A{}1", "0".repeat(25));
        let before = between(None, Some(&smallest));
        assert!(is_valid(&before) && before < smallest);
        assert!(between(None, Some(&before)) < before);
    }

    #[test]
    fn what_is_no_key_counts_as_no_neighbour() {
        assert_eq!(between(Some("b"), Some("a0V0")), "a0");
        assert_eq!(between(Some(""), Some("a0")), "Zz");
        assert_eq!(between(Some("a1"), Some("a1")), "a2");
        assert!(!is_valid(&"z".repeat(ORDER_BYTES_MAX + 1)));
    }

    proptest! {
        #[test]
        fn a_key_lies_between_its_neighbours(places in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
            let mut keys: Vec<String> = Vec::new();
            for place in places {
                let place = place.index(keys.len() + 1);
                let before = place.checked_sub(1).map(|i| keys[i].as_str());
                let key = between(before, keys.get(place).map(String::as_str));
                prop_assert!(is_valid(&key), "{}", key);
                keys.insert(place, key);
                prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", keys);
            }
        }

        #[test]
        fn any_text_is_taken_without_panic(before in "[0-9A-Za-z]{0,40}", after in "\\PC{0,40}") {
            between(Some(&before), Some(&after));
            between(Some(&after), Some(&before));
        }
    }
}
