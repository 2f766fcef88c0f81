//! How large the demo's KPI figures are: near what the sector publishes, in proportion to the scheme, unit or area that sends them.

use serde_json::{Value, json};

use super::chance::Chance;
use crate::domain::definition::{Kpi, Shape};

/// How a number comes about.
#[derive(Clone, Copy)]
enum Number {
    /// So many for one of the size: of a scheme or unit one person, of an area a thousand adults.
    Each(f64),
    /// So many, whatever the size.
    Fixed(f64),
    /// So many for one of the denominator, in the unit of the KPI; and by how much that grows in a year.
    Rate(f64, f64),
}

use Number::{Each, Fixed, Rate};

/// A KPI's numerator, and what it is divided by.
type Row = (&'static str, Number, Option<Number>);

/// Days in a quarter, and in a year.
const QUARTER: f64 = 91.0;
const YEAR: f64 = 365.0;

const ROWS: &[Row] = &[
    ("shared-lives-good", Rate(93.0, 0.0), Some(Fixed(1.0))),
    ("shared-lives-good-scotland", Rate(93.0, 0.0), Some(Fixed(1.0))),
    ("shared-lives-people", Each(1.0), None),
    ("shared-lives-people-live-in", Each(0.56), None),
    ("shared-lives-people-visiting", Each(0.44), None),
    ("shared-lives-people-short-breaks", Each(0.27), None),
    ("shared-lives-people-day-support", Each(0.21), None),
    ("shared-lives-carers", Each(0.85), None),
    ("ae-visits", Rate(0.4, -0.04), Some(Each(QUARTER))),
    ("hospital-nights", Rate(2.1, -0.03), Some(Each(QUARTER))),
    ("homeshare-live-matches", Each(0.5), None),
    ("homeshare-started", Each(0.12), None),
    ("homeshare-participants", Each(1.0), None),
    ("homeshare-months-at-home", Rate(15.0, 0.05), Some(Each(0.5))),
    ("homeshare-falls", Rate(0.6, -0.05), Some(Each(QUARTER / 2.0))),
    ("homeshare-home-help", Rate(4.5, -0.06), Some(Each(QUARTER / 2.0))),
    ("homeshare-waiting-householders", Each(0.35), None),
    ("homeshare-waiting-homesharers", Each(0.5), None),
    ("community-enterprises", Each(0.9), None),
    ("community-enterprises-started", Each(0.09), None),
    ("community-enterprises-established", Each(0.05), None),
    ("community-enterprise-starters", Each(0.22), None),
    ("community-enterprises-per-coordinator", Each(0.9), Some(Fixed(2.0))),
    ("catalyst-cost", Rate(46_000.0, 0.03), Some(Fixed(2.0))),
    ("community-enterprise-people", Each(1.0), None),
    ("community-enterprise-jobs", Each(0.25), None),
    ("community-enterprise-volunteering", Each(0.3), None),
    ("community-enterprise-hours", Each(4.0), None),
    ("community-enterprise-hour-cost", Rate(19.5, 0.03), Some(Each(4.0))),
    ("gp-visits", Rate(5.4, -0.06), Some(Each(QUARTER))),
    ("lac-referrals-social-care", Rate(0.6, -0.1), Some(Each(QUARTER))),
    ("lac-referrals-mental-health", Rate(0.5, -0.08), Some(Each(QUARTER))),
    ("lac-formal-support", Rate(34.0, -0.04), Some(Each(1.0))),
    ("evictions", Each(0.05), None),
    ("housing-cost", Each(900.0), None),
    ("safeguarding-concerns", Each(0.12), None),
    ("safeguarding-days", Rate(34.0, -0.08), Some(Each(0.1))),
    ("circles-active", Each(0.9), None),
    ("circle-connectors", Fixed(2.0), None),
    ("circle-facilitators", Each(0.8), None),
    ("circle-volunteers-into-care-work", Each(0.1), None),
    ("circle-service-cost", Rate(31_000.0, -0.04), Some(Each(YEAR / 2.0))),
    ("circle-start-cost", Each(350.0), None),
    ("overhead-share", Rate(14.0, -0.03), Some(Each(30_000.0))),
    ("staff-turnover", Rate(16.0, -0.05), Some(Each(0.6))),
    ("complaints", Each(0.06), None),
    ("services-below-good", Rate(8.0, 0.0), Some(Fixed(1.0))),
    ("living-wage-staff", Rate(88.0, 0.02), Some(Each(0.6))),
    ("zero-hours-staff", Rate(7.0, -0.1), Some(Each(0.6))),
    ("wellbeing-teams-running", Fixed(2.0), None),
    ("returned-home", Each(0.04), None),
    ("social-interaction-minutes", Rate(62.0, 0.04), Some(Each(0.8))),
    ("restraint", Each(0.2), None),
    ("over-medication", Rate(27.0, -0.12), Some(Each(1.0))),
    ("small-supports-people", Each(1.0), None),
    ("small-supports-size", Each(1.0), Some(Fixed(1.0))),
    ("direct-payment-people", Each(2.4), None),
    ("hospital-waiting-days", Rate(4.3, -0.06), Some(Each(0.4))),
    ("shared-lives-reach", Rate(3.1, 0.03), Some(Each(1000.0))),
    ("shared-lives-cost-ld", Rate(27_500.0, 0.04), Some(Each(0.25 * YEAR))),
    ("other-care-cost-ld", Rate(53_000.0, 0.05), Some(Each(1.1 * YEAR))),
    ("shared-lives-cost-mh", Rate(24_000.0, 0.04), Some(Each(0.04 * YEAR))),
    ("other-care-cost-mh", Rate(32_000.0, 0.05), Some(Each(0.2 * YEAR))),
    ("cls-conversion", Rate(27.0, -0.1), Some(Each(9.0))),
    ("cls-waiting-days", Rate(38.0, -0.15), Some(Each(2.0))),
    ("cls-community-option", Rate(39.0, 0.04), Some(Each(1.2))),
    ("inpatients", Each(0.06), None),
    ("distance-from-home", Rate(48.0, -0.05), Some(Each(0.06))),
    ("small-supports-organisations", Each(0.008), None),
    ("social-care-requests", Each(9.0), None),
    ("social-care-spend", Each(112_000.0), None),
    ("care-home-admissions", Each(0.42), None),
    ("lived-experience-workforce", Rate(11.0, 0.08), Some(Each(1.6))),
    ("shared-lives-schemes", Fixed(150.0), None),
    ("homeshare-schemes", Fixed(24.0), None),
    ("community-enterprise-areas", Fixed(34.0), None),
    ("lac-areas", Fixed(14.0), None),
    ("wellbeing-teams-interest", Fixed(9.0), None),
    ("cls-areas", Fixed(37.0), None),
];

/// A value as it is sent in; none for what is not known here, and where there was nothing to divide by. `years` are those since the
/// calendar's beginning.
pub(super) fn value(kpi: &Kpi, council: &str, size: f64, years: f64, chance: &mut Chance) -> Option<Value> {
    let sent = kpi.sent()?;
    let (_, top, bottom) = ROWS.iter().find(|(id, ..)| *id == kpi.id)?;
    // Things grow a little from year to year.
    let size = size * (1.0 + 0.04 * years);
    let plain = |number: &Number| match number {
        Each(each) => size * each,
        Fixed(fixed) => *fixed,
        Rate(..) => 0.0,
    };
    let Some(bottom) = bottom else {
        return Some(json!({"kpi": kpi.id, "council": council, "numerator": whole(plain(top), chance)}));
    };
    let denominator = whole(plain(bottom), chance);
    if denominator == 0 {
        return None;
    }
    let out_of = denominator as f64;
    let numerator = match top {
        Rate(rate, growth) => {
            let rate = rate * (1.0 + growth * years) * (0.93 + 0.14 * chance.unit());
            whole(rate * out_of / sent.per as f64, chance)
        }
        other => whole(plain(other), chance),
    };
    let numerator = if sent.shape == Shape::Share { numerator.min(denominator) } else { numerator };
    Some(json!({"kpi": kpi.id, "council": council, "numerator": numerator, "denominator": denominator}))
}

/// A whole number near `number`: the part after the point is the chance of one more.
fn whole(number: f64, chance: &mut Chance) -> i64 {
    let below = number.floor();
    #[expect(clippy::cast_possible_truncation, reason = "far below 2^53")]
    let least = below.max(0.0) as i64;
    least + i64::from(chance.hit(number - below))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition_files::shipped;
    use crate::domain::definition::{Registry, Sender};
    use crate::domain::returns::{Amount, value as shown};

    #[test]
    fn every_kpi_that_is_sent_in_has_figures_near_what_is_likely() {
        let registry = Registry::load(&shipped()).registry;
        let mut chance = Chance::new(7);
        for kpi in &registry.kpis {
            let Some(sent) = kpi.sent() else { continue };
            // Twenty people, or four hundred thousand adults.
            let size = if kpi.by == Sender::Area { 400.0 } else { 20.0 };
            let found: Vec<Value> =
                (0..5).filter_map(|_| value(kpi, "E08000035", size, 1.0, &mut chance)).collect();
            assert!(!found.is_empty(), "{} has no row", kpi.id);
            for value in found {
                let amount = |key: &str| value[key].as_i64().map(Amount::whole);
                let numerator = amount("numerator").expect("a numerator");
                let shown = shown(sent, numerator, amount("denominator")).expect("a value");
                assert!((sent.range.0..=sent.range.1).contains(&shown), "{}: {shown} of {value}", kpi.id);
                assert_eq!(kpi.denominator.is_some(), value["denominator"].is_i64(), "{}", kpi.id);
            }
        }
        assert!(ROWS.iter().all(|(id, ..)| registry.kpi(id).is_some_and(|k| k.sent().is_some())));
    }
}
