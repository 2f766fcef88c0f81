//! Adding up: numerators and denominators of everybody who is expected to send a KPI, and how many have sent it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::period::Period;
use crate::domain::returns::Amount;

/// Who sends figures in: a scheme, one of its units, or an area.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sender {
    /// A scheme, by its number.
    Scheme(i64),
    /// A unit of a scheme.
    Unit(i64, String),
    /// An area, by its code.
    Area(String),
}

impl Sender {
    /// As it is stored: the scheme's number (0 for areas), and `scheme`, `unit:<id>` or `area:<code>`.
    pub fn key(&self) -> (i64, String) {
        match self {
            Self::Scheme(number) => (*number, "scheme".into()),
            Self::Unit(number, unit) => (*number, format!("unit:{unit}")),
            Self::Area(code) => (0, format!("area:{code}")),
        }
    }

    /// The organisation that it is, or is a part of: a scheme's number, or an area's code.
    fn organisation(&self) -> (i64, &str) {
        match self {
            Self::Scheme(number) | Self::Unit(number, _) => (*number, ""),
            Self::Area(code) => (0, code),
        }
    }

    /// The sender that is stored so.
    pub fn parse(number: i64, text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "scheme" => Some(Self::Scheme(number)),
            Some(("unit", unit)) => Some(Self::Unit(number, unit.to_owned())),
            Some(("area", code)) => Some(Self::Area(code.to_owned())),
            _ => None,
        }
    }
}

/// A figure as it was sent in: of one KPI, for one council and one returned period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Who sent it.
    pub sender: Sender,
    /// For which council.
    pub council: String,
    /// The returned period.
    pub period: Period,
    /// What was counted.
    pub numerator: Amount,
    /// Out of how many.
    pub denominator: Option<Amount>,
}

/// Somebody who should send a KPI for a returned period, for one council.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expected {
    /// Who.
    pub sender: Sender,
    /// For which council.
    pub council: String,
    /// For which returned period.
    pub period: Period,
}

/// What adds up at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// The sum of numerators; nothing where nobody sent one.
    pub numerator: Option<Amount>,
    /// The sum of denominators; nothing where there are none.
    pub denominator: Option<Amount>,
    /// How many figures are there of those that should be.
    pub returned: i64,
    /// How many figures should be there.
    pub expected: i64,
    /// How many schemes, or areas, have sent some of it: however many units they have.
    pub senders: i64,
}

/// Figures of one KPI, to be looked up.
pub struct Returned<'f>(BTreeMap<(&'f Sender, &'f str, Period), &'f Figure>);

impl<'f> Returned<'f> {
    /// Of these figures.
    pub fn of(figures: &'f [Figure]) -> Self {
        Self(figures.iter().map(|f| ((&f.sender, f.council.as_str(), f.period), f)).collect())
    }

    /// The figure that was sent in for what is due.
    pub fn get(&self, due: &Expected) -> Option<&'f Figure> {
        self.0.get(&(&due.sender, due.council.as_str(), due.period)).copied()
    }
}

/// Adds up the figures of those that are expected. A figure that nobody expects (of a scheme that has left the place, say) is in no sum.
pub fn add_up<'e>(expected: impl IntoIterator<Item = &'e Expected>, returned: &Returned<'_>) -> Sums {
    let mut sums = Sums::default();
    let mut senders = BTreeSet::new();
    for due in expected {
        sums.expected += 1;
        let Some(figure) = returned.get(due) else { continue };
        sums.returned += 1;
        senders.insert(due.sender.organisation());
        sums.numerator = Some(sums.numerator.unwrap_or_default() + figure.numerator);
        if let Some(denominator) = figure.denominator {
            sums.denominator = Some(sums.denominator.unwrap_or_default() + denominator);
        }
    }
    sums.senders = i64::try_from(senders.len()).unwrap_or(i64::MAX);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEEDS: &str = "E08000035";
    const YORK: &str = "E06000014";

    fn due(scheme: i64, council: &str) -> Expected {
        let period = "2026-Q1".parse().expect("a period");
        Expected { sender: Sender::Scheme(scheme), council: council.into(), period }
    }

    fn figure(scheme: i64, council: &str, numerator: i64, denominator: i64) -> Figure {
        let Expected { sender, council, period } = due(scheme, council);
        Figure {
            sender,
            council,
            period,
            numerator: Amount::whole(numerator),
            denominator: Some(Amount::whole(denominator)),
        }
    }

    #[test]
    fn a_ratio_is_that_of_sums_and_what_is_missing_is_not_zero() {
        let expected = [due(1, LEEDS), due(1, YORK), due(2, LEEDS), due(3, LEEDS)];
        // Scheme 9 is expected by nobody.
        let figures =
            [figure(1, LEEDS, 1, 2), figure(1, YORK, 3, 3), figure(2, LEEDS, 8, 98), figure(9, LEEDS, 1, 1)];
        let (in_leeds, in_york): (Vec<_>, Vec<_>) =
            expected.into_iter().partition(|due| due.council == LEEDS);
        let (leeds, york) =
            (add_up(&in_leeds, &Returned::of(&figures)), add_up(&in_york, &Returned::of(&figures)));
        assert_eq!((leeds.returned, leeds.expected, leeds.senders), (2, 3, 2));
        let everywhere: Vec<Expected> = in_leeds.iter().chain(&in_york).cloned().collect();
        let everywhere = add_up(&everywhere, &Returned::of(&figures));
        assert_eq!(
            (everywhere.returned, everywhere.senders),
            (3, 2),
            "a scheme of two councils is one sender"
        );
        let (top, bottom) = (leeds.numerator.expect("sent"), leeds.denominator.expect("sent"));
        assert_eq!(top.over(bottom, 100), Some(9.0), "not the mean of 50% and 8.2%");
        assert_eq!((york.returned, york.expected), (1, 1));
        let nobody = add_up(&[due(3, LEEDS)], &Returned::of(&figures));
        assert_eq!((nobody.numerator, nobody.returned), (None, 0));
    }
}
