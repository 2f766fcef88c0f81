//! What stands in a cell: dates as people in the UK write them.

use chrono::{Days, NaiveDate};

use crate::domain::reader::parse_date;

/// Why a cell holds no date that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongDate {
    /// Stable name of the rule.
    pub code: &'static str,
    /// What would be right.
    pub detail: &'static str,
}

/// What a cell with a date says.
pub type TableDate = Result<NaiveDate, WrongDate>;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads a date: `2026-04-03`, day first as in the UK (`03/04/2026`, `3.4.2026`), with the month as a word (`3 April 2026`), or, from a
/// workbook, as the bare number that a date is there. A time of day behind it is left out.
///
/// # Errors
///
/// The rule that is broken, and what would be right.
pub fn read_date(text: &str, workbook: bool) -> TableDate {
    let text = text.trim();
    let text = text.split_once('T').map_or(text, |(day, time)| if time.contains(':') { day } else { text });
    if let Some(date) = parse_date(text) {
        return Ok(date);
    }
    if workbook && let Ok(serial) = text.parse::<f64>() {
        return from_serial(serial);
    }
    let mut parts: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || "/.-,".contains(c)).filter(|p| !p.is_empty()).collect();
    if parts.last().is_some_and(|last| last.contains(':')) {
        parts.pop();
    }
    let [day, month, year] = parts.as_slice() else { return Err(NOT_A_DATE) };
    let number = |t: &str| t.parse::<u32>().ok().filter(|_| t.bytes().all(|b| b.is_ascii_digit()));
    let ordinal = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let word = month.to_lowercase();
    let named = MONTHS
        .iter()
        .position(|m| word.len() >= 3 && m.starts_with(&word))
        .and_then(|i| u32::try_from(i + 1).ok());
    let (Some(day), Some(month)) = (number(ordinal), number(month).or(named)) else { return Err(NOT_A_DATE) };
    if year.len() != 4 {
        return Err(YEAR_NOT_CLEAR);
    }
    let Some(year) = number(year).and_then(|y| i32::try_from(y).ok()).filter(|y| (1900..2200).contains(y))
    else {
        return Err(NOT_A_DATE);
    };
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => Ok(date),
        None if named.is_none() && NaiveDate::from_ymd_opt(year, day, month).is_some() => Err(MONTH_FIRST),
        None => Err(NO_SUCH_DAY),
    }
}

const NOT_A_DATE: WrongDate = WrongDate {
    code: "not-a-date",
    detail: "This must be a date such as 03/04/2026 (3 April 2026) or 2026-04-03.",
};
const NO_SUCH_DAY: WrongDate =
    WrongDate { code: "not-a-date", detail: "There is no such day in the calendar." };
const YEAR_NOT_CLEAR: WrongDate =
    WrongDate { code: "year-not-clear", detail: "Write the year with four digits, such as 03/04/2026." };
const MONTH_FIRST: WrongDate =
    WrongDate { code: "month-first", detail: "The day comes first here: 13/04/2026 is 13 April 2026." };

/// Days since the end of 1899, as workbooks count them.
fn from_serial(serial: f64) -> TableDate {
    // From 1905 to 2119: smaller and larger numbers are no dates of support.
    let day = (2000..80_000_u32).contains(&whole(serial)).then(|| u64::from(whole(serial)));
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30);
    epoch.zip(day).and_then(|(epoch, day)| epoch.checked_add_days(Days::new(day))).ok_or(NOT_A_DATE)
}

/// The whole part of a number from 0 to a million; anything else is 0.
fn whole(serial: f64) -> u32 {
    if !(0.0..1_000_000.0).contains(&serial) {
        return 0;
    }
    serial.trunc().to_string().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_day_first_and_doubtful_ones_are_refused() {
        let read = |text: &str| read_date(text, false).map(|d| d.to_string()).map_err(|wrong| wrong.code);
        for text in [
            "03/04/2026",
            "3/4/2026",
            "3.4.2026",
            "03-04-2026",
            "3 April 2026",
            "3rd Apr 2026",
            "2026-04-03",
            "03-Apr-2026",
            "2026-04-03T00:00:00",
            "03/04/2026 00:00",
        ] {
            assert_eq!(read(text), Ok("2026-04-03".to_owned()), "{text}");
        }
        let refused = [
            ("04/13/2026", "month-first"),
            ("03/04/26", "year-not-clear"),
            ("31/02/2026", "not-a-date"),
            ("spring", "not-a-date"),
            ("46115", "not-a-date"),
            ("", "not-a-date"),
            ("3/4", "not-a-date"),
            ("03/04/1826", "not-a-date"),
        ];
        for (text, code) in refused {
            assert_eq!(read(text), Err(code), "{text}");
        }
    }

    #[test]
    fn a_bare_number_is_a_date_in_a_workbook_only() {
        assert_eq!(read_date("46115", true).map(|d| d.to_string()), Ok("2026-04-03".to_owned()));
        assert_eq!(read_date("46115.75", true).map(|d| d.to_string()), Ok("2026-04-03".to_owned()));
        assert!(
            read_date("7", true).is_err()
                && read_date("1e300", true).is_err()
                && read_date("NaN", true).is_err()
        );
    }
}
