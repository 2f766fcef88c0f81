//! What a published cell says: a number, or the shorthand for why there is none. That is never taken for 0.

/// Why a publisher shows no number, as official statistics write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shorthand {
    /// `[x]`, `:` or `..`: not available.
    NotAvailable,
    /// `[c]` or `*`: left out because it could tell of few people.
    Confidential,
    /// `[z]` or `.`: it does not apply.
    NotApplicable,
    /// `[low]`: so low that it would round to 0.
    Low,
    /// `[u]`: too unreliable.
    Unreliable,
    /// `[w]`: nothing was recorded.
    NotRecorded,
}

impl Shorthand {
    const ALL: [(Self, &'static str, &'static [&'static str]); 6] = [
        (Self::NotAvailable, "x", &["[x]", ":", "..", "n/a"]),
        (Self::Confidential, "c", &["[c]", "*"]),
        (Self::NotApplicable, "z", &["[z]", "."]),
        (Self::Low, "low", &["[low]"]),
        (Self::Unreliable, "u", &["[u]"]),
        (Self::NotRecorded, "w", &["[w]"]),
    ];

    /// Its letter, as it is stored and shown.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("x", |(_, code, _)| code)
    }

    /// The one with this letter.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(one, ..)| *one)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotAvailable => "not available",
            Self::Confidential => "not shown, because it could tell of few people",
            Self::NotApplicable => "does not apply",
            Self::Low => "too low to show",
            Self::Unreliable => "too unreliable to show",
            Self::NotRecorded => "nothing was recorded",
        }
    }
}

/// What is said of one number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Told {
    /// Nothing: there is no row for it.
    #[default]
    Nothing,
    /// This number.
    Number(f64),
    /// Why there is none.
    NotShown(Shorthand),
}

/// What is wrong with a cell.
pub(super) struct WrongCell {
    pub(super) code: &'static str,
    pub(super) detail: &'static str,
}

/// The greatest number that is taken.
const GREATEST: f64 = 1e12;

impl Told {
    /// The number, if there is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Nothing | Self::NotShown(_) => None,
        }
    }

    /// Why there is none, if the publisher says so.
    pub fn shorthand(self) -> Option<Shorthand> {
        match self {
            Self::NotShown(shorthand) => Some(shorthand),
            Self::Nothing | Self::Number(_) => None,
        }
    }

    /// What a cell says.
    pub(super) fn read(text: &str) -> Result<Self, WrongCell> {
        let lower = text.to_ascii_lowercase();
        let written = Shorthand::ALL.iter().find(|(.., written)| written.contains(&lower.as_str()));
        if let Some((shorthand, ..)) = written {
            return Ok(Self::NotShown(*shorthand));
        }
        if text.starts_with('[') {
            let detail = "This shorthand is not known. Known are [x], [c], [z], [low], [u] and [w].";
            return Err(WrongCell { code: "unknown-shorthand", detail });
        }
        if text.ends_with('%') {
            let detail = "Leave the percent sign away: the measure says what the number is in.";
            return Err(WrongCell { code: "percentage", detail });
        }
        let (negative, digits) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
        let Some(number) = decimal(digits) else {
            let detail = "This must be a number, such as 12 or 1234.5, or a shorthand such as [x] or [c].";
            return Err(WrongCell { code: "not-a-number", detail });
        };
        if negative && number > 0.0 {
            return Err(WrongCell { code: "negative", detail: "This cannot be below 0." });
        }
        if number > GREATEST {
            return Err(WrongCell { code: "too-large", detail: "This is above a million million." });
        }
        Ok(Self::Number(number))
    }
}

/// Digits with commas only where they part thousands, and decimals.
fn decimal(text: &str) -> Option<f64> {
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.clone();
    let grouped = rest.next().is_none() || first.len() <= 3 && groups.all(|g| g.len() == 3 && digits(g));
    if !grouped || !digits(first) || !decimals.is_none_or(digits) || text.len() > 40 {
        return None;
    }
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_number_a_shorthand_or_wrong_and_a_shorthand_is_never_zero() {
        let read = |text: &str| Told::read(text).map_err(|wrong| wrong.code);
        for (text, number) in
            [("0", 0.0), ("45.4", 45.4), ("1,234", 1234.0), ("1,234,567.25", 1_234_567.25), ("-0", 0.0)]
        {
            assert_eq!(read(text), Ok(Told::Number(number)), "{text}");
        }
        for (text, shorthand) in [
            ("[x]", Shorthand::NotAvailable),
            ("[C]", Shorthand::Confidential),
            ("*", Shorthand::Confidential),
            ("[z]", Shorthand::NotApplicable),
            ("..", Shorthand::NotAvailable),
            ("[low]", Shorthand::Low),
        ] {
            let told = Told::NotShown(shorthand);
            assert_eq!(read(text), Ok(told), "{text}");
            assert_eq!((told.number(), Shorthand::parse(shorthand.code())), (None, Some(shorthand)));
        }
        for (text, code) in [
            ("[q]", "unknown-shorthand"),
            ("45%", "percentage"),
            ("some", "not-a-number"),
            ("1,23", "not-a-number"),
            ("12,34,567", "not-a-number"),
            ("1e3", "not-a-number"),
            ("NaN", "not-a-number"),
            ("1.", "not-a-number"),
            ("", "not-a-number"),
            ("-3", "negative"),
            ("1000000000001", "too-large"),
        ] {
            assert_eq!(read(text), Err(code), "{text}");
        }
    }
}
