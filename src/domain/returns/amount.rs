//! Exact amounts: whole numbers, hours, pounds and pence. They are added up by the thousand, so they are never floating point.

use std::fmt::Display;
use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

/// An amount from 0 with up to two decimals, kept in hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// The greatest amount of one figure: a million million, in hundredths.
const GREATEST: i64 = 100_000_000_000_000;

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnAmount {
    /// It ends with a percent sign.
    Percentage,
    /// It is below zero.
    Negative,
    /// It has more than two decimals.
    TooFine,
    /// It is above a million million.
    TooLarge,
    /// It is no number.
    NoNumber,
}

/// Why something cannot stand in a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its code among the faults.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub detail: String,
}

impl From<NotAnAmount> for Refused {
    fn from(why: NotAnAmount) -> Self {
        match why {
            NotAnAmount::Percentage => Self {
                code: "percentage",
                detail: "A percentage cannot be added up with those of others. Give what was counted, and out of how many.".into(),
            },
            NotAnAmount::Negative => Self { code: "negative", detail: "This cannot be below 0.".into() },
            NotAnAmount::TooFine => {
                Self { code: "too-many-decimals", detail: "This has more than two decimals.".into() }
            }
            NotAnAmount::TooLarge => {
                Self { code: "too-large", detail: "This is above a million million.".into() }
            }
            NotAnAmount::NoNumber => {
                Self { code: "not-a-number", detail: "This must be a number, such as 12 or 1234.50.".into() }
            }
        }
    }
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A whole number of them.
    pub fn whole(number: i64) -> Self {
        Self(number * 100)
    }

    /// From hundredths, as they are stored.
    pub fn of_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// In hundredths, as they are stored.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// Whether it has no decimals.
    pub fn is_whole(self) -> bool {
        self.0 % 100 == 0
    }

    /// As people and spreadsheets write it: spaces, commas between thousands and a pound sign are allowed.
    pub fn parse(text: &str) -> Result<Self, NotAnAmount> {
        let text = text.trim();
        if text.ends_with('%') {
            return Err(NotAnAmount::Percentage);
        }
        let text = text.strip_prefix('£').unwrap_or(text).trim();
        let (negative, text) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
        let plain = without_separators(text).ok_or(NotAnAmount::NoNumber)?;
        let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || plain.ends_with('.') {
            return Err(NotAnAmount::NoNumber);
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 2 {
            return Err(NotAnAmount::TooFine);
        }
        let whole: i64 = whole.parse().map_err(|_| NotAnAmount::TooLarge)?;
        let hundredths = format!("{decimals:0<2}").parse().unwrap_or(0);
        let amount = whole.checked_mul(100).and_then(|a| a.checked_add(hundredths));
        let amount = amount.filter(|a| *a <= GREATEST).ok_or(NotAnAmount::TooLarge)?;
        if negative && amount > 0 {
            return Err(NotAnAmount::Negative);
        }
        Ok(Self(amount))
    }

    /// This amount over `denominator`, times `per`; nothing where that is zero. For people to read, so rounded like any other quotient.
    #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53 hundredths")]
    pub fn over(self, denominator: Self, per: i64) -> Option<f64> {
        (denominator.0 != 0).then(|| self.0 as f64 / denominator.0 as f64 * per as f64)
    }

    /// As a floating-point number.
    #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53 hundredths")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// Commas only where they part thousands.
fn without_separators(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
    if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
            return None;
        }
    }
    let whole = whole.replace(',', "");
    Some(rest.map_or(whole.clone(), |decimals| format!("{whole}.{decimals}")))
}

impl Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_whole() {
            write!(f, "{}", self.0 / 100)
        } else {
            write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() {
            serializer.serialize_i64(self.0 / 100)
        } else {
            serializer.serialize_f64(self.as_f64())
        }
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them_and_kept_exactly() {
        for (text, hundredths) in [
            ("0", 0),
            ("12", 1200),
            (" 1,234.5 ", 123_450),
            ("£26,000", 2_600_000),
            ("0.07", 7),
            ("1000000.100", 100_000_010),
            ("-0", 0),
        ] {
            assert_eq!(Amount::parse(text), Ok(Amount(hundredths)), "{text}");
        }
        for (text, why) in [
            ("12%", NotAnAmount::Percentage),
            ("-3", NotAnAmount::Negative),
            ("1.234", NotAnAmount::TooFine),
            ("1000000000001", NotAnAmount::TooLarge),
            ("99999999999999999999", NotAnAmount::TooLarge),
            ("1,23", NotAnAmount::NoNumber),
            ("12,34,567", NotAnAmount::NoNumber),
            ("twelve", NotAnAmount::NoNumber),
            ("1.", NotAnAmount::NoNumber),
            ("", NotAnAmount::NoNumber),
            ("1e3", NotAnAmount::NoNumber),
        ] {
            assert_eq!(Amount::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_sum_of_many_is_exact_and_an_amount_reads_as_it_was_written() {
        let pence: Amount = std::iter::repeat_n(Amount(10), 1_000_000).sum();
        assert_eq!(pence, Amount::whole(100_000));
        assert_eq!([Amount(123_450), Amount(1200)].map(|a| a.to_string()), ["1234.50", "12"]);
        assert_eq!(serde_json::json!([Amount(123_450), Amount(1200)]).to_string(), "[1234.5,12]");
        assert_eq!(Amount::whole(12).over(Amount::whole(80), 100), Some(15.0));
        assert_eq!(Amount::whole(12).over(Amount::ZERO, 100), None);
    }
}
