//! Periods: calendar quarters, financial years (April to March), twelve months to a quarter, three financial years.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

/// The kinds of period; each is counted for itself, years are never sums of quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// `2026-Q3`: a calendar quarter.
    Quarter,
    /// `2026-27`: a financial year, April to March.
    Year,
    /// `12m-2026-Q3`: the twelve months ending with a quarter.
    TwelveMonths,
    /// `3y-2026-27`: three financial years, ending with that one.
    ThreeYears,
}

impl PeriodKind {
    /// The name used in `breakdowns.json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::TwelveMonths => "12m",
            Self::ThreeYears => "3y",
        }
    }

    /// The kind with this name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Quarter, Self::Year, Self::TwelveMonths, Self::ThreeYears]
            .into_iter()
            .find(|k| k.code() == code)
    }
}

/// A calendar quarter, numbered `year * 4 + (quarter - 1)` so that it can be stepped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(i32);

impl Quarter {
    /// The quarter that holds `date`.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.year() * 4 + i32::try_from(date.month0() / 3).unwrap_or(0))
    }

    /// The quarter `steps` later (earlier if negative).
    pub fn plus(self, steps: i32) -> Self {
        Self(self.0 + steps)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        day(self.0.div_euclid(4), u32::try_from(self.0.rem_euclid(4)).unwrap_or(0) * 3 + 1)
    }
}

impl Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-Q{}", self.0.div_euclid(4), self.0.rem_euclid(4) + 1)
    }
}

impl FromStr for Quarter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, quarter) = text.split_once("-Q").ok_or(())?;
        match (four_digits(year), quarter) {
            (Some(year), "1" | "2" | "3" | "4") => {
                Ok(Self(year * 4 + quarter.parse::<i32>().map_err(|_| ())? - 1))
            }
            _ => Err(()),
        }
    }
}

/// One period. Its text form is its name in the API and in storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar quarter.
    Quarter(Quarter),
    /// A financial year, by the year it begins in.
    Year(i32),
    /// The twelve months ending with a quarter.
    TwelveMonths(Quarter),
    /// Three financial years, by the year the last one begins in.
    ThreeYears(i32),
}

impl Period {
    /// Its kind.
    pub fn kind(self) -> PeriodKind {
        match self {
            Self::Quarter(_) => PeriodKind::Quarter,
            Self::Year(_) => PeriodKind::Year,
            Self::TwelveMonths(_) => PeriodKind::TwelveMonths,
            Self::ThreeYears(_) => PeriodKind::ThreeYears,
        }
    }

    /// Every period that holds `date`: one quarter, one year, four windows of twelve months, three of three years.
    pub fn holding(date: NaiveDate) -> [Period; 9] {
        let quarter = Quarter::of(date);
        let year = financial_year(date);
        [
            Self::Quarter(quarter),
            Self::Year(year),
            Self::TwelveMonths(quarter),
            Self::TwelveMonths(quarter.plus(1)),
            Self::TwelveMonths(quarter.plus(2)),
            Self::TwelveMonths(quarter.plus(3)),
            Self::ThreeYears(year),
            Self::ThreeYears(year + 1),
            Self::ThreeYears(year + 2),
        ]
    }

    /// The quarters it is made of, first and last.
    pub fn quarters(self) -> (Quarter, Quarter) {
        match self {
            Self::Quarter(quarter) => (quarter, quarter),
            Self::TwelveMonths(last) => (last.plus(-3), last),
            Self::Year(year) => (Quarter(year * 4 + 1), Quarter(year * 4 + 4)),
            Self::ThreeYears(year) => (Quarter((year - 2) * 4 + 1), Quarter(year * 4 + 4)),
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.quarters().0.first_day()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.quarters().1.plus(1).first_day().pred_opt().unwrap_or(NaiveDate::MIN)
    }

    /// The period of the same kind that comes next.
    pub fn next(self) -> Self {
        match self {
            Self::Quarter(quarter) => Self::Quarter(quarter.plus(1)),
            Self::Year(year) => Self::Year(year + 1),
            Self::TwelveMonths(quarter) => Self::TwelveMonths(quarter.plus(1)),
            Self::ThreeYears(year) => Self::ThreeYears(year + 1),
        }
    }

    /// The period of the same kind that came before.
    pub fn before(self) -> Self {
        match self {
            Self::Quarter(quarter) => Self::Quarter(quarter.plus(-1)),
            Self::Year(year) => Self::Year(year - 1),
            Self::TwelveMonths(quarter) => Self::TwelveMonths(quarter.plus(-1)),
            Self::ThreeYears(year) => Self::ThreeYears(year - 1),
        }
    }

    /// Three financial years, the last of which holds the last day of this period: what is too small for this period may be enough there.
    pub fn three_years(self) -> Self {
        Self::ThreeYears(financial_year(self.last_day()))
    }

    /// Whether there is a day that is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.first_day() <= other.last_day() && other.first_day() <= self.last_day()
    }

    /// The periods of `a..b` (both included), or the one period `a`; at most 120.
    pub fn parse_range(text: &str) -> Option<Vec<Period>> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last): (Period, Period) = (first.parse().ok()?, last.parse().ok()?);
        if first.kind() != last.kind() || first > last {
            return None;
        }
        let mut periods = vec![first];
        while let Some(&at) = periods.last()
            && at < last
        {
            if periods.len() == 120 {
                return None;
            }
            periods.push(at.next());
        }
        Some(periods)
    }
}

impl Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quarter(quarter) => write!(f, "{quarter}"),
            Self::TwelveMonths(quarter) => write!(f, "12m-{quarter}"),
            Self::Year(year) => write!(f, "{year}-{:02}", (year + 1).rem_euclid(100)),
            Self::ThreeYears(year) => write!(f, "3y-{year}-{:02}", (year + 1).rem_euclid(100)),
        }
    }
}

impl FromStr for Period {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some(rest) = text.strip_prefix("12m-") {
            return Ok(Self::TwelveMonths(rest.parse()?));
        }
        if let Some(rest) = text.strip_prefix("3y-") {
            return Ok(Self::ThreeYears(parse_year(rest).ok_or(())?));
        }
        if text.contains('Q') {
            return Ok(Self::Quarter(text.parse()?));
        }
        Ok(Self::Year(parse_year(text).ok_or(())?))
    }
}

/// A day for people to read, in English: `3 April 2026`.
pub fn day_in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The year in which the financial year of `date` begins (1 April).
pub fn financial_year(date: NaiveDate) -> i32 {
    if date.month() >= 4 { date.year() } else { date.year() - 1 }
}

fn parse_year(text: &str) -> Option<i32> {
    let (year, end) = text.split_once('-')?;
    let year = four_digits(year)?;
    (end.len() == 2
        && end.bytes().all(|b| b.is_ascii_digit())
        && end.parse::<i32>().ok()? == (year + 1) % 100)
        .then_some(year)
}

fn four_digits(text: &str) -> Option<i32> {
    let year =
        (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i32>().ok())??;
    (1900..2200).contains(&year).then_some(year)
}

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_days_of_each_kind() {
        for (name, first, last) in [
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026-27", "2026-04-01", "2027-03-31"),
            ("12m-2026-Q3", "2025-10-01", "2026-09-30"),
            ("3y-2026-27", "2024-04-01", "2027-03-31"),
            ("1999-00", "1999-04-01", "2000-03-31"),
        ] {
            let period: Period = name.parse().expect(name);
            assert_eq!(period.to_string(), name);
            assert_eq!(
                (period.first_day().to_string(), period.last_day().to_string()),
                (first.into(), last.into()),
                "{name}"
            );
        }
        for wrong in
            ["2026-Q5", "2026-28", "12m-2026", "3y-2026-Q1", "26-27", "2026", "", "20260-Q1", "2006-+7"]
        {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_lies_in_exactly_the_periods_named_for_it() {
        let mut date = NaiveDate::from_ymd_opt(2024, 1, 1).expect("date");
        for _ in 0..800 {
            let holding = Period::holding(date);
            for period in holding {
                assert!(period.first_day() <= date && date <= period.last_day(), "{period} {date}");
            }
            let quarter = Quarter::of(date);
            let beside = [
                Period::TwelveMonths(quarter.plus(4)),
                Period::TwelveMonths(quarter.plus(-1)),
                Period::ThreeYears(financial_year(date) + 3),
            ];
            assert!(beside.iter().all(|p| date < p.first_day() || date > p.last_day()));
            date = date.succ_opt().expect("date");
        }
    }

    #[test]
    fn three_years_hold_the_last_day_in_their_last_year() {
        for (name, pooled) in [
            ("2026-Q1", "3y-2025-26"),
            ("2026-Q2", "3y-2026-27"),
            ("12m-2026-Q3", "3y-2026-27"),
            ("2026-27", "3y-2026-27"),
            ("3y-2026-27", "3y-2026-27"),
        ] {
            assert_eq!(name.parse::<Period>().map(|p| p.three_years().to_string()), Ok(pooled.to_owned()));
        }
    }

    #[test]
    fn periods_overlap_where_they_share_a_day() {
        let overlap = |a: &str, b: &str| {
            let (a, b): (Period, Period) = (a.parse().expect("a period"), b.parse().expect("a period"));
            assert_eq!(a.overlaps(b), b.overlaps(a));
            a.overlaps(b)
        };
        assert!(overlap("2026-Q3", "2026-Q3") && overlap("2026-27", "12m-2026-Q2"));
        assert!(overlap("2026-Q1", "3y-2025-26") && !overlap("2026-Q2", "3y-2025-26"));
        assert!(!overlap("2026-27", "2027-28") && !overlap("12m-2026-Q1", "2026-27"));
    }

    #[test]
    fn a_range_steps_through_one_kind() {
        let names: Vec<String> =
            Period::parse_range("2025-Q3..2026-Q1").expect("range").iter().map(ToString::to_string).collect();
        assert_eq!(names, ["2025-Q3", "2025-Q4", "2026-Q1"]);
        assert!(Period::parse_range("2026-Q1..2025-Q3").is_none());
        assert!(Period::parse_range("2026-Q1..2026-27").is_none());
    }
}
