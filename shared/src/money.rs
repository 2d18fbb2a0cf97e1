//! Amounts of money, as documents hold them and as bands measure them.
//!
//! An amount and its currency stand in one string, `120000 RUB`, that merges as a whole: two people
//! who change it at the same time cannot make a third amount of it. The number counts the smallest
//! units of the currency (kopecks, cents), so that nothing is ever rounded.

use std::fmt;

/// Most digits of an amount.
const DIGITS_MAX: usize = 15;

/// A sum of money in the smallest unit of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How many of the smallest units: kopecks, cents.
    pub minor: u64,
    currency: [u8; 3],
}

impl Amount {
    /// An amount in the currency with this code of ISO 4217; `None` if that is not three capital
    /// letters, or the amount has more than fifteen digits.
    pub fn new(minor: u64, currency: &str) -> Option<Self> {
        let code: [u8; 3] = currency.as_bytes().try_into().ok()?;
        let fits = code.iter().all(u8::is_ascii_uppercase) && minor < 10_u64.pow(DIGITS_MAX as u32);
        fits.then_some(Self { minor, currency: code })
    }

    /// Reads the one spelling that an amount has in a document: `120000 RUB`.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, currency) = text.split_once(' ')?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= DIGITS_MAX;
        let amount = Self::new(digits.parse().ok().filter(|_| is_number)?, currency)?;
        (amount.to_string() == text).then_some(amount)
    }

    /// The currency's code of ISO 4217.
    pub fn currency(&self) -> &str {
        std::str::from_utf8(&self.currency).unwrap_or_default()
    }

    /// How many digits of the number are behind the point when people read it (ISO 4217).
    pub fn decimals(currency: &str) -> usize {
        const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
        match currency {
            code if NONE.split(' ').any(|one| one == code) => 0,
            code if THREE.split(' ').any(|one| one == code) => 3,
            _ => 2,
        }
    }

    /// The least and the greatest amount within `basis_points` hundredths of a percent of this one.
    pub fn limits(&self, basis_points: u32) -> [Self; 2] {
        let reach = u128::from(self.minor) * u128::from(basis_points) / 10_000;
        let reach = u64::try_from(reach).unwrap_or(self.minor);
        [self.minor.saturating_sub(reach), self.minor.saturating_add(reach)]
            .map(|minor| Self { minor, ..*self })
    }

    /// Tells whether this is in the same currency as `base` and at most `basis_points` hundredths of
    /// a percent of it away.
    pub fn is_within(&self, basis_points: u32, base: &Self) -> bool {
        let distance = u128::from(self.minor.abs_diff(base.minor)) * 10_000;
        self.currency == base.currency && distance <= u128::from(base.minor) * u128::from(basis_points)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.minor, self.currency())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_one_spelling() {
        for text in ["0 RUB", "1 USD", "120000 RUB", "999999999999999 JPY"] {
            assert_eq!(Amount::parse(text).map(|amount| amount.to_string()).as_deref(), Some(text));
        }
        let others = [
            "",
            "RUB",
            "120000",
            "120000RUB",
            "120000  RUB",
            " 120000 RUB",
            "120000 RUB ",
            "0120 RUB",
            "+1 RUB",
            "-1 RUB",
            "1.5 RUB",
            "1e3 RUB",
            "120000 rub",
            "120000 RUBL",
            "120000 РУБ",
            "1000000000000000 RUB",
            "99999999999999999999999 RUB",
        ];
        for text in others {
            assert_eq!(Amount::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_band_is_closed_at_both_ends_and_never_rounds() {
        let amount = |text| Amount::parse(text).expect("an amount");
        let base = amount("120000 RUB");
        let within = |text| amount(text).is_within(1_500, &base);
        assert!(within("138000 RUB") && within("102000 RUB") && within("120000 RUB"));
        assert!(!within("138001 RUB") && !within("101999 RUB"));
        assert!(!within("120000 USD"), "another currency is never inside");
        assert!(!amount("999999999999999 RUB").is_within(10_000, &base));
        assert!(amount("1 RUB").is_within(0, &amount("1 RUB")));
        assert!(!amount("1 RUB").is_within(10_000, &amount("0 RUB")), "nothing has no band around it");
    }
}
