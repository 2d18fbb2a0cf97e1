//! The splices that turn one text into another.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// One replaced stretch of a text, in code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Where it begins in the old text.
    pub at: usize,
    /// How many code points go.
    pub delete: usize,
    /// What comes in their place.
    pub insert: String,
}

/// Finds the splices that turn `old` into `new`, in the order of positions in `old`.
///
/// Words are compared, not letters: a text that two people rewrote at once should mix sentences and
/// words, not letters. Inside a changed stretch, what its beginning and end share stays untouched,
/// so a mended typo touches one letter.
pub fn splices(old: &str, new: &str) -> Vec<Splice> {
    let (old_words, new_words) = (words(old), words(new));
    let positions = positions(&old_words);
    let kept = capture_diff_slices(Algorithm::Myers, &old_words, &new_words)
        .into_iter()
        .filter(|op| matches!(op, DiffOp::Equal { .. }))
        .map(|op| (op.old_range(), op.new_range()));
    let end = (old_words.len()..old_words.len(), new_words.len()..new_words.len());
    let (mut old_at, mut new_at) = (0, 0);
    let mut splices = Vec::new();
    for (old_kept, new_kept) in kept.chain([end]) {
        let gone = old_words[old_at..old_kept.start].concat();
        let come = new_words[new_at..new_kept.start].concat();
        if gone != come {
            splices.push(trimmed(positions[old_at], &gone, &come));
        }
        (old_at, new_at) = (old_kept.end, new_kept.end);
    }
    splices
}

/// Words, the spaces between them, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match class(first) {
            Class::Other => first.len_utf8(),
            class_of_first => rest.find(|c| class(c) != class_of_first).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

#[derive(PartialEq)]
enum Class {
    Word,
    Space,
    Other,
}

fn class(c: char) -> Class {
    match c {
        '\n' => Class::Other,
        c if c.is_alphanumeric() => Class::Word,
        c if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    }
}

/// The position in code points at which each word begins, and where the text ends.
fn positions(words: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut positions = vec![at];
    for word in words {
        at += word.chars().count();
        positions.push(at);
    }
    positions
}

fn trimmed(at: usize, gone: &str, come: &str) -> Splice {
    let old: Vec<char> = gone.chars().collect();
    let new: Vec<char> = come.chars().collect();
    let shorter = old.len().min(new.len());
    let front = (0..shorter).take_while(|i| old[*i] == new[*i]).count();
    let back = (0..shorter - front).take_while(|i| old[old.len() - 1 - i] == new[new.len() - 1 - i]).count();
    Splice {
        at: at + front,
        delete: old.len() - front - back,
        insert: new[front..new.len() - back].iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(old: &str, splices: &[Splice]) -> String {
        let mut text: Vec<char> = old.chars().collect();
        for splice in splices.iter().rev() {
            text.splice(splice.at..splice.at + splice.delete, splice.insert.chars());
        }
        text.into_iter().collect()
    }

    #[test]
    fn a_mended_letter_is_one_letter() {
        let expected = [Splice { at: 6, delete: 1, insert: "а".into() }];
        assert_eq!(splices("Зима без спешки", "Зима баз спешки"), expected);
    }

    #[test]
    fn two_changed_words_are_two_splices() {
        let splices = splices("one two three four", "one 2 three 4");
        assert_eq!(splices.len(), 2);
        assert_eq!((splices[0].at, splices[0].delete, splices[0].insert.as_str()), (4, 3, "2"));
    }

    proptest! {
        #[test]
        fn the_splices_lead_to_the_new_text(old in "[аб 🎿\n,]{0,20}", new in "[аб 🎿\n,]{0,20}") {
            let splices = splices(&old, &new);
            prop_assert_eq!(applied(&old, &splices), new.clone());
            prop_assert_eq!(splices.is_empty(), old == new);
            prop_assert!(splices.iter().all(|s| s.delete > 0 || !s.insert.is_empty()));
        }
    }
}
