//! A party's recovery key on paper: base32 in groups of four, with a checksum against mistakes.

use entente_shared::crypto::Key;
use entente_shared::ids::sha256;

/// Crockford's alphabet: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_BYTES: usize = 3;

/// Writes a key for paper: fourteen groups of four letters and digits.
pub fn to_paper(key: &Key) -> String {
    let secret = key.secret();
    let bytes = [&secret[..], &sha256(&[&secret])[..CHECK_BYTES]].concat();
    let (mut text, mut bits, mut count) = (String::new(), 0_u32, 0);
    for byte in bytes {
        (bits, count) = ((bits << 8) | u32::from(byte), count + 8);
        while count >= 5 {
            count -= 5;
            if !text.is_empty() && text.chars().filter(|c| *c != ' ').count() % 4 == 0 {
                text.push(' ');
            }
            text.push(ALPHABET[(bits >> count) as usize & 31] as char);
        }
        bits &= (1 << count) - 1;
    }
    text
}

/// Reads what somebody typed from paper; `None` if it is not complete or mistyped.
pub fn from_paper(text: &str) -> Option<Key> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for typed in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let letter = match typed.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        let digit = ALPHABET.iter().position(|known| *known as char == letter)?;
        (bits, count) = ((bits << 5) | u32::try_from(digit).ok()?, count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    let (secret, check) = bytes.split_first_chunk::<32>()?;
    (check == &sha256(&[secret])[..CHECK_BYTES]).then(|| Key::from_secret(*secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_paper_and_a_mistake_is_noticed() {
        for byte in [0, 1, 0x5a, 0xff] {
            let key = Key::from_secret([byte; 32]);
            let paper = to_paper(&key);
            assert_eq!(paper.split(' ').map(str::len).collect::<Vec<_>>(), [4; 14]);
            let typed = paper.to_lowercase().replace(' ', "-").replace('0', "o");
            assert_eq!(from_paper(&typed).map(|key| key.secret()), Some(key.secret()));
            let mistyped = format!("{}{}", if paper.starts_with('7') { "8" } else { "7" }, &paper[1..]);
            assert!(from_paper(&mistyped).is_none());
        }
        assert!(from_paper("").is_none());
    }
}
