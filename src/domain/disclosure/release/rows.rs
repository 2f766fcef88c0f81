//! The rows of a release: nothing of a row is printed but what is put into it here.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{LedgerCell, LedgerTable, rank};
use crate::domain::area::Level;
use crate::domain::definition::Title;
use crate::domain::disclosure::details::{Parts, printed};
use crate::domain::disclosure::words::Said;
use crate::domain::disclosure::{Count, Policy};
use crate::domain::figures::{Interval, Row, Spread, Status};
use crate::domain::period::Period;
use crate::domain::statement;
use crate::domain::statistics::percent;

/// A row of which nothing is printed but which figure it is.
pub(super) fn blank(row: &Row, period: Period) -> Row {
    Row {
        indicator: row.indicator.clone(),
        series: row.series.clone(),
        model: row.model.clone(),
        rule: row.rule.clone(),
        period: row.period.clone(),
        place: row.place.clone(),
        group: row.group.clone(),
        n: None,
        positive: None,
        percent: None,
        mean: None,
        sd: None,
        interval: None,
        distribution: None,
        left_out: None,
        completed_by: None,
        without_supporter: None,
        supported: None,
        eligible: None,
        invited: None,
        responded: None,
        unfinished: None,
        response_rate: None,
        open: None,
        schemes: row.schemes.filter(|_| row.group.is_none() && rank(row.place.level.code()) <= 2),
        change: None,
        statement: None,
        status: Status::Suppressed,
        periods: None,
        band: None,
        merged_into: None,
        // A release is of its period, whenever it was made: the same figures give the same bytes.
        as_of: period.last_day().to_string(),
        practice: false,
    }
}

/// Prints a share. Everything follows from the two numbers, so nothing else can tell more.
pub(super) fn put_share(row: &mut Row, count: Count, statement: Option<&Title>) {
    row.n = Some(count.n);
    row.positive = Some(count.positive);
    row.percent = percent(count.positive, count.n);
    row.interval = Interval::wilson95(count.positive, count.n);
    row.status = Status::Shown;
    row.statement = statement.map(|words| statement::of_row(words, row));
}

/// The row of a cell of a table: printed, pooled, in words, counted with a larger place, or hidden.
pub(super) fn of_cell(
    row: &Row,
    cell: &LedgerCell,
    table: &LedgerTable,
    period: Period,
    statement: Option<&Title>,
) -> Row {
    let mut public = blank(row, period);
    if cell.printed {
        put_share(&mut public, cell.units.iter().map(|u| table.units[*u].count).sum(), statement);
        return public;
    }
    match cell.said {
        Some(Said::Pooled { count, .. } | Said::Earlier(count)) => {
            put_share(&mut public, count, statement);
            public.status = Status::Pooled;
            public.periods = cell.years.clone().map(|years| vec![years]);
        }
        Some(Said::AlmostAll) => (public.status, public.band) = (Status::Banded, Some("almost-all".into())),
        Some(Said::VeryFew) => (public.status, public.band) = (Status::Banded, Some("very-few".into())),
        None => {
            if let Some(around) = around(cell, table) {
                public.status = Status::Merged;
                public.merged_into = Some(around.code.clone());
            }
        }
    }
    public
}

/// The smallest printed figure of a larger place that holds everybody of this one; of nobody, the country's.
fn around<'a>(cell: &LedgerCell, table: &'a LedgerTable) -> Option<&'a LedgerCell> {
    let holds = |other: &&LedgerCell| match cell.units.as_slice() {
        [] => rank(&other.level) == 0,
        units => units.iter().all(|u| other.units.binary_search(u).is_ok()),
    };
    let larger = |other: &&LedgerCell| other.printed && rank(&other.level) < rank(&cell.level);
    table.cells.iter().filter(larger).filter(holds).max_by_key(|other| rank(&other.level))
}

/// The rows of the UK and the nations with what may be printed besides their figures. `rows` are all rows of everybody of one indicator,
/// series and model, as they were counted; `public` those of the UK and the printed nations.
pub(super) fn add_details(
    public: &mut [Row],
    rows: &[&Row],
    nations: &BTreeMap<String, BTreeSet<String>>,
    policy: &Policy,
) {
    let at = |level: Level| move |row: &&&Row| row.place.level == level;
    let Some(uk) = rows.iter().find(at(Level::Uk)) else { return };
    let schemes: Vec<&Row> = rows.iter().filter(at(Level::Scheme)).copied().collect();
    for kind in KINDS {
        // Parts by scheme, as far as they add up to those of the place.
        let parts_of = |row: &Row, inside: &dyn Fn(&Row) -> bool| -> Option<Parts> {
            let mut parts = Parts::default();
            for scheme in schemes.iter().filter(|scheme| inside(scheme)) {
                for (part, count) in (kind.parts)(scheme)? {
                    parts.enlarge(&part, &scheme.place.code, count);
                }
            }
            let whole = (kind.parts)(row)?;
            whole.iter().all(|(part, count)| parts.total(part) == *count).then_some(parts)
        };
        let Some(of_uk) = parts_of(uk, &|_| true) else { continue };
        let in_nation = |code: &str| {
            let own = nations.get(code).cloned().unwrap_or_default();
            move |scheme: &Row| own.contains(&scheme.place.code)
        };
        let shown: Vec<&Row> = rows
            .iter()
            .filter(at(Level::Nation))
            .filter(|row| public.iter().any(|p| p.place == row.place && p.n.is_some()))
            .copied()
            .collect();
        let of_nations: Option<Vec<Parts>> =
            shown.iter().map(|row| parts_of(row, &in_nation(&row.place.code))).collect();
        let (of_uk_printed, of_nations_printed) =
            printed(&of_uk, of_nations.as_deref().unwrap_or_default(), policy);
        for row in public.iter_mut().filter(|row| rank(row.place.level.code()) <= 1) {
            let Some(counted) = rows.iter().find(|counted| counted.place == row.place) else { continue };
            let is_printed = match row.place.level {
                Level::Uk => of_uk_printed,
                _ => of_nations_printed && of_nations.is_some(),
            };
            if is_printed && row.n.is_some() {
                (kind.put)(row, counted);
            }
        }
        if !of_uk_printed
            && kind.name == "left-out"
            && let Some(row) = public.iter_mut().find(|row| row.place.level == Level::Uk && row.n.is_some())
        {
            row.left_out = of_uk.merged("several-reasons", policy);
        }
    }
}

/// A kind of detail: into which parts it takes people apart, and how it is printed.
struct Kind {
    name: &'static str,
    parts: fn(&Row) -> Option<Vec<(String, i64)>>,
    put: fn(&mut Row, &Row),
}

const KINDS: &[Kind] = &[
    Kind {
        name: "distribution",
        parts: |row| match row.distribution.as_ref()? {
            Spread::Counts(counts) => {
                Some(counts.iter().map(|(code, count)| (code.clone(), *count)).collect())
            }
            Spread::Bands(bands) => {
                Some(bands.iter().map(|(code, band)| (code.clone(), band.count)).collect())
            }
        },
        put: |row, counted| row.distribution.clone_from(&counted.distribution),
    },
    Kind {
        name: "left-out",
        parts: |row| Some(row.left_out.clone()?.into_iter().collect()),
        put: |row, counted| row.left_out.clone_from(&counted.left_out),
    },
    Kind {
        name: "completed-by",
        parts: |row| Some(row.completed_by.clone()?.into_iter().collect()),
        put: |row, counted| row.completed_by.clone_from(&counted.completed_by),
    },
    Kind {
        name: "without-supporter",
        parts: |row| {
            let (n, positive, without) = (row.n?, row.positive?, row.without_supporter.as_ref()?);
            Some(vec![
                ("positive".into(), without.positive),
                ("others".into(), without.n - without.positive),
                ("positive-with".into(), positive - without.positive),
                ("others-with".into(), n - positive - without.n + without.positive),
            ])
        },
        put: |row, counted| row.without_supporter.clone_from(&counted.without_supporter),
    },
    Kind {
        name: "asked",
        parts: |row| {
            let (invited, responded, unfinished) =
                (row.invited?, row.responded?, row.unfinished.unwrap_or_default());
            Some(vec![
                ("responded".into(), responded),
                ("unfinished".into(), unfinished),
                ("silent".into(), invited - responded - unfinished),
            ])
        },
        put: |row, counted| {
            (row.invited, row.responded, row.unfinished) =
                (counted.invited, counted.responded, counted.unfinished);
            row.response_rate = counted.response_rate;
        },
    },
    Kind {
        name: "open",
        parts: |row| Some(vec![("open".into(), row.open?)]),
        put: |row, counted| row.open = counted.open,
    },
    Kind {
        name: "people",
        parts: |row| {
            Some(vec![("eligible".into(), row.eligible?), ("others".into(), row.supported? - row.eligible?)])
        },
        put: |row, counted| (row.supported, row.eligible) = (counted.supported, counted.eligible),
    },
    Kind {
        name: "change",
        parts: |row| {
            let change = row.change.as_ref()?;
            Some(vec![
                ("improved".into(), change.improved.unwrap_or(change.pairs - change.same)),
                ("same".into(), change.same),
                ("worse".into(), change.worse.unwrap_or_default()),
                ("lost".into(), change.lost),
            ])
        },
        put: |row, counted| row.change.clone_from(&counted.change),
    },
];

/// The rows of an indicator that is no share: of the UK, and of the nations if every nation and what is left of the UK is large enough.
pub(super) fn others(
    rows: &[&Row],
    nations: &BTreeMap<String, BTreeSet<String>>,
    period: Period,
    policy: &Policy,
) -> Vec<Row> {
    let people = |inside: &dyn Fn(&Row) -> bool| {
        let mut parts = Parts::default();
        let schemes = rows.iter().filter(|row| row.place.level == Level::Scheme && inside(row));
        schemes.for_each(|row| parts.enlarge("n", &row.place.code, row.n.unwrap_or_default()));
        parts
    };
    let large = Policy { least_part: policy.least_mean, ..*policy };
    let shown: Vec<&&Row> = rows.iter().filter(|row| row.place.level == Level::Nation).collect();
    let of_nations: Vec<Parts> = shown
        .iter()
        .map(|row| {
            let own = nations.get(&row.place.code).cloned().unwrap_or_default();
            people(&|scheme| own.contains(&scheme.place.code))
        })
        .collect();
    let adds_up = shown.iter().zip(&of_nations).all(|(row, parts)| row.n == Some(parts.total("n")));
    let of_uk = people(&|_| true);
    let uk_adds_up = rows.iter().any(|row| row.place.level == Level::Uk && row.n == Some(of_uk.total("n")));
    let (uk, all) = printed(&of_uk, &of_nations, &large);
    let uk = uk && uk_adds_up;
    let all = uk && all && adds_up;
    let mut public: Vec<Row> = rows
        .iter()
        .filter(|row| rank(row.place.level.code()) <= 1)
        .map(|row| {
            let mut public = blank(row, period);
            let is_printed = if row.place.level == Level::Uk { uk } else { all };
            if is_printed && row.n.is_some_and(|n| n > 0) {
                (public.n, public.mean, public.sd) = (row.n, row.mean, row.sd);
                public.interval.clone_from(&row.interval);
                public.statement.clone_from(&row.statement);
                public.status = Status::Shown;
            }
            public
        })
        .collect();
    add_details(&mut public, rows, nations, policy);
    public
}
