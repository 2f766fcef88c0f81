//! The KPIs of a release: the UK's and the nations', where enough organisations have sent them.

use super::{Policy, Released};
use crate::domain::area::Level;
use crate::domain::performance::KpiRow;
use crate::domain::returns::Amount;

/// Keeps, of `rows`, the KPIs of the UK and the nations that at least `policy.least_senders` organisations have sent in, and that count
/// at least `policy.least_counted`. As with headlines, all nations go where one of them cannot be shown: the UK's less the others' would
/// give it away. What is worked out stays with those who can see what it is worked out from.
pub fn release_kpis(rows: Vec<KpiRow>, policy: Policy) -> Released<Vec<KpiRow>> {
    let sent: Vec<KpiRow> = rows
        .into_iter()
        .filter(|row| matches!(row.place.level, Level::Uk | Level::Nation))
        .filter(|row| row.returned > 0 && row.inputs.is_none())
        .collect();
    let same_figure = |a: &KpiRow, b: &KpiRow| (&a.kpi, &a.model, &a.period) == (&b.kpi, &b.model, &b.period);
    let kept: Vec<KpiRow> = sent
        .iter()
        .filter(|row| is_sound(row, policy))
        .filter(|row| {
            row.place.level == Level::Uk
                || sent.iter().filter(|other| same_figure(row, other)).all(|other| is_sound(other, policy))
        })
        // What the national body wants to reach is its own.
        .map(|row| KpiRow { target: None, ..row.clone() })
        .collect();
    Released(kept)
}

fn is_sound(row: &KpiRow, policy: Policy) -> bool {
    let least = Amount::whole(policy.least_counted);
    let enough = |numerator: Amount| match row.denominator {
        Some(denominator) if row.unit == "percent" => numerator >= least && denominator >= numerator + least,
        _ => numerator >= least,
    };
    row.senders >= policy.least_senders && row.value.is_some() && row.numerator.is_some_and(enough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::figures::Place;
    use crate::domain::performance::{KpiStatus, TargetSeen};

    fn row(level: Level, code: &str, senders: i64, numerator: i64, denominator: Option<i64>) -> KpiRow {
        KpiRow {
            kpi: "staff-turnover".into(),
            model: Some("shared-lives".into()),
            place: Place { level, code: code.into(), name: code.into() },
            period: "2025-26".into(),
            numerator: Some(Amount::whole(numerator)),
            denominator: denominator.map(Amount::whole),
            value: Some(1.0),
            unit: if denominator.is_some() { "percent" } else { "people" }.into(),
            direction: "L",
            returned: senders,
            expected: senders,
            senders,
            status: KpiStatus::Shown,
            price_year: None,
            inputs: None,
            caveat: None,
            target: Some(TargetSeen { value: 5.0, met: Some(true) }),
        }
    }

    fn places(rows: Vec<KpiRow>) -> Vec<String> {
        let kept = release_kpis(rows, Policy::default());
        assert!(kept.get().iter().all(|row| row.target.is_none()));
        kept.get().iter().map(|row| row.place.code.clone()).collect()
    }

    #[test]
    fn a_kpi_is_published_where_enough_have_sent_enough() {
        let uk = |senders, numerator, denominator| vec![row(Level::Uk, "K", senders, numerator, denominator)];
        assert_eq!(places(uk(3, 10, None)), ["K"]);
        assert!(places(uk(2, 1000, None)).is_empty(), "of two, each would know the other's");
        assert!(places(uk(30, 9, None)).is_empty());
        assert_eq!(places(uk(3, 10, Some(20))), ["K"]);
        assert!(places(uk(3, 11, Some(20))).is_empty(), "nine did not");
        assert!(places(uk(3, 9, Some(200))).is_empty());
        // What is not a share leaves nobody over: hours by visit.
        let by_visit = uk(3, 11, Some(20)).into_iter().map(|row| KpiRow { unit: "hours".into(), ..row });
        assert_eq!(places(by_visit.collect()), ["K"]);
    }

    #[test]
    fn a_nation_that_cannot_be_shown_is_not_found_as_what_is_left_of_the_uk() {
        let nation = |code: &str, senders| row(Level::Nation, code, senders, 100, None);
        let uk = row(Level::Uk, "K", 12, 300, None);
        assert_eq!(places(vec![uk.clone(), nation("E", 9), nation("W", 3)]), ["K", "E", "W"]);
        assert_eq!(places(vec![uk.clone(), nation("E", 9), nation("W", 2)]), ["K"]);
        // A nation that has sent nothing hides nothing.
        let none = KpiRow { returned: 0, senders: 0, numerator: None, value: None, ..nation("W", 0) };
        assert_eq!(places(vec![uk.clone(), nation("E", 9), none]), ["K", "E"]);
        // Councils and schemes are in no release of this kind, nor is what is worked out.
        let council = row(Level::LocalAuthority, "E08000035", 9, 100, None);
        let worked_out = KpiRow { inputs: Some(Vec::new()), ..uk };
        assert!(places(vec![council, worked_out]).is_empty());
    }
}
