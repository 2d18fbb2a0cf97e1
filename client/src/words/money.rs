//! Amounts of money as people type and read them: `120 000 ₽`, `$1,200.50`.

use entente_shared::kinds::Lang;
use entente_shared::money::Amount;

/// What people write for a currency, and its code; the first of each is what they read.
const UNITS: [(&str, &str); 10] = [
    ("₽", "RUB"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("рублей", "RUB"),
    ("руб.", "RUB"),
    ("руб", "RUB"),
    ("р.", "RUB"),
    ("долларов", "USD"),
    ("евро", "EUR"),
];

/// Writes an amount as people read it; the smallest units only where there are some.
pub fn money_text(amount: &Amount, lang: Lang) -> String {
    let decimals = Amount::decimals(amount.currency());
    let unit = 10_u64.pow(decimals as u32);
    let (space, point) = match lang {
        Lang::Ru => ('\u{a0}', ','),
        Lang::En => (',', '.'),
    };
    let mut number = grouped(amount.minor / unit, space);
    if !amount.minor.is_multiple_of(unit) {
        number += &format!("{point}{:0decimals$}", amount.minor % unit);
    }
    let sign = UNITS.iter().find(|(_, code)| *code == amount.currency()).map(|(sign, _)| *sign);
    match (sign, lang) {
        (Some(sign), Lang::En) => format!("{sign}{number}"),
        (sign, _) => format!("{number}\u{a0}{}", sign.unwrap_or(amount.currency())),
    }
}

/// The same of an amount as a document holds it; what is none stays as it is.
pub fn stored_money_text(text: &str, lang: Lang) -> String {
    Amount::parse(text).map_or_else(|| text.to_owned(), |amount| money_text(&amount, lang))
}

fn grouped(number: u64, space: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(space);
        }
        text.push(digit);
    }
    text
}

/// Reads what a person typed: a number with spaces, commas or points as people use them, and the
/// currency by its sign, its code or in words. `None` where it could mean two things.
pub fn read_money(typed: &str) -> Option<Amount> {
    let lowered = typed.trim().to_lowercase();
    let text: String = lowered.chars().filter(|c| !c.is_whitespace() && *c != '\'' && *c != '’').collect();
    let strip = |unit: &str| text.strip_suffix(unit).or_else(|| text.strip_prefix(unit)).map(str::to_owned);
    let by_sign = UNITS.iter().find_map(|(unit, code)| Some((strip(unit)?, (*code).to_owned())));
    let (number, currency) = by_sign.or_else(|| by_code(&text))?;
    let minor = minor_units(&number, Amount::decimals(&currency))?;
    Amount::new(minor, &currency)
}

/// Splits three letters off, before or after the number.
fn by_code(text: &str) -> Option<(String, String)> {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let number = text.trim_matches(is_letter);
    let code = text.replace(number, "");
    (code.len() == 3 && code.chars().all(is_letter)).then(|| (number.to_owned(), code.to_uppercase()))
}

fn minor_units(number: &str, decimals: usize) -> Option<u64> {
    let groups: Vec<&str> = number.split([',', '.']).collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let (last, first) = groups.split_last().filter(|_| groups.iter().all(is_digits))?;
    // Three digits behind one separator are thousands, unless the currency has three decimals.
    if decimals == 3 && first.len() == 1 && last.len() == 3 {
        return None;
    }
    let (whole, rest) = match first {
        [_, ..] if (1..=decimals).contains(&last.len()) => (first, *last),
        _ => (groups.as_slice(), ""),
    };
    let is_grouped =
        whole.len() == 1 || (whole[0].len() <= 3 && whole[1..].iter().all(|group| group.len() == 3));
    let signs: Vec<char> = number.chars().filter(|c| matches!(c, ',' | '.')).collect();
    let (between, behind) = signs.split_at(whole.len() - 1);
    let one_sign = between.windows(2).all(|pair| pair[0] == pair[1]) && between.first() != behind.first();
    let one_sign = one_sign || signs.is_empty();
    let minor = format!("{}{rest:0<decimals$}", whole.concat()).parse().ok();
    minor.filter(|_| is_grouped && one_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_amounts_as_they_are_used_to() {
        let table = [
            ("1 200,00 ₽", "120000 RUB"),
            ("120 000 ₽", "12000000 RUB"),
            ("120000 RUB", "12000000 RUB"),
            ("120 000 руб.", "12000000 RUB"),
            ("1200,5 р.", "120050 RUB"),
            ("$1,200.00", "120000 USD"),
            ("1200 usd", "120000 USD"),
            ("USD 1,234,567.89", "123456789 USD"),
            ("1.200,50 €", "120050 EUR"),
            ("1'200 chf", "120000 CHF"),
            ("12 000 JPY", "12000 JPY"),
            ("0.5 KWD", "500 KWD"),
            ("1,200 KWD", ""),
            ("1,2,3 USD", ""),
            ("1.200.50 USD", ""),
            ("1,20,00 USD", ""),
            ("12.345 JPY", "12345 JPY"),
            ("12.34 JPY", ""),
            ("-5 USD", ""),
            ("5", ""),
            ("USD", ""),
            ("", ""),
        ];
        for (typed, stored) in table {
            let read = read_money(typed).map(|amount| amount.to_string()).unwrap_or_default();
            assert_eq!(read, stored, "{typed:?}");
        }
    }

    #[test]
    fn what_is_shown_reads_back_as_the_same() {
        for minor in [0, 1, 99, 100, 123_456, 12_000_000, 999_999_999_999_999] {
            for currency in ["RUB", "USD", "EUR", "GBP", "JPY", "KZT", "KWD"] {
                for lang in Lang::ALL {
                    let amount = Amount::new(minor, currency).expect("an amount");
                    let shown = money_text(&amount, lang);
                    let ambiguous = currency == "KWD" && read_money(&shown).is_none();
                    assert!(ambiguous || read_money(&shown) == Some(amount), "{shown}");
                }
            }
        }
        let amount = Amount::parse("120050 RUB").expect("an amount");
        assert_eq!(money_text(&amount, Lang::Ru), "1\u{a0}200,50\u{a0}₽");
        assert_eq!(money_text(&amount, Lang::En), "₽1,200.50");
        assert_eq!(stored_money_text("120000 USD", Lang::En), "$1,200");
    }
}
