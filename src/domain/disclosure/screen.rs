//! Small numbers on the screens of schemes and areas.

use std::collections::BTreeMap;

use super::steady::Shown;
use crate::domain::area::Level;
use crate::domain::definition::Title;
use crate::domain::figures::{Interval, Row, Status};
use crate::domain::statement;
use crate::domain::statistics::{percent, round_to};

/// The least number of people in a figure on a scheme's own screen.
pub const SCHEME_BASE: i64 = 5;
/// The least number of people in a figure for an area, and in any download.
pub const AREA_BASE: i64 = 10;

/// Hides every row with fewer than `base` people, and then, in each breakdown of one figure, a second group
/// (the smallest shown) wherever a single hidden one could be found by taking the shown ones from the total.
pub fn protect(rows: &mut [Row], base: i64) {
    let small: Vec<bool> = rows.iter().map(|r| people(r) < base).collect();
    let mut hidden = small;
    let mut groups: BTreeMap<(String, String, String, String, String, Vec<String>), Vec<usize>> =
        BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        // The units of a scheme are parts of it as groups are: their whole may be known too.
        let whole = match (&row.group, row.place.level) {
            (Some(_), _) => row.place.code.clone(),
            (None, Level::Unit) => row.place.code.split('/').next().unwrap_or_default().to_owned(),
            (None, _) => continue,
        };
        let by = row.group.iter().flat_map(|g| g.keys().cloned()).collect();
        let key =
            (row.period.clone(), whole, row.model.clone(), row.indicator.clone(), row.series.clone(), by);
        groups.entry(key).or_default().push(index);
    }
    for indices in groups.values() {
        let hidden_people: i64 = indices.iter().filter(|i| hidden[**i]).map(|i| people(&rows[*i])).sum();
        let any_hidden = indices.iter().any(|i| hidden[*i]);
        if any_hidden
            && hidden_people < base
            && let Some(smallest) =
                indices.iter().copied().filter(|i| !hidden[*i]).min_by_key(|i| people(&rows[*i]))
        {
            hidden[smallest] = true;
        }
    }
    for (row, hide) in rows.iter_mut().zip(hidden) {
        if hide {
            suppress(row);
        } else {
            hide_parts(row, base);
        }
    }
}

/// How the sum of a figure's values becomes what its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// People whose answer is positive.
    People,
    /// Amounts, `scale` times as large, counted from `lowest`.
    Amounts {
        /// How many make one.
        scale: i64,
        /// What a value of 0 stands for, times the scale.
        lowest: i64,
    },
}

/// Puts into a scheme's own row what is shown of it and what follows from that, and takes out everything else that comes from
/// answers. What is known only from above or below is shown as words if it is almost all or very few, and hidden otherwise.
pub fn show_own(
    row: &mut Row,
    shown: Option<(Shown, Unit)>,
    base: i64,
    statement: Option<&Title>,
    as_of: &str,
) {
    let (responded, unfinished, rate) = (row.responded, row.unfinished, row.response_rate);
    suppress(row);
    // Who was asked and who answered is known where they work.
    (row.responded, row.unfinished, row.response_rate) = (responded, unfinished, rate);
    let Some((shown, unit)) = shown.filter(|(shown, _)| shown.n >= base) else { return };
    as_of.clone_into(&mut row.as_of);
    row.n = Some(shown.n);
    let exact = shown.least == shown.most;
    match unit {
        Unit::People if exact => {
            row.positive = Some(shown.least);
            row.percent = percent(shown.least, shown.n);
            row.interval = Interval::wilson95(shown.least, shown.n);
        }
        Unit::Amounts { scale, lowest } if exact => {
            let sum = shown.least + shown.n * lowest;
            row.mean = Some(round_to(sum as f64 / (shown.n * scale) as f64, 2));
        }
        Unit::People if shown.least * 5 >= shown.n * 4 => row.band = Some("almost-all".to_owned()),
        Unit::People if shown.most * 5 <= shown.n => row.band = Some("very-few".to_owned()),
        Unit::People | Unit::Amounts { .. } => return,
    }
    row.status = if exact { Status::Shown } else { Status::Banded };
    row.statement = statement.filter(|_| exact).map(|words| statement::of_row(words, row));
}

/// The people the figure is of.
fn people(row: &Row) -> i64 {
    row.n.unwrap_or(0)
}

fn suppress(row: &mut Row) {
    row.n = None;
    row.positive = None;
    row.percent = None;
    row.mean = None;
    row.sd = None;
    row.interval = None;
    row.distribution = None;
    row.left_out = None;
    row.completed_by = None;
    row.without_supporter = None;
    row.open = None;
    row.responded = None;
    row.unfinished = None;
    row.response_rate = None;
    row.change = None;
    row.statement = None;
    row.status = Status::Suppressed;
}

/// In a shown row: the parts that speak of fewer people than `base`, or that would give such a part away.
fn hide_parts(row: &mut Row, base: i64) {
    let n = people(row);
    let small = |count: i64| count > 0 && count < base;
    if row.without_supporter.as_ref().is_some_and(|w| small(w.n) || small(n - w.n)) {
        row.without_supporter = None;
    }
    if row.completed_by.as_ref().is_some_and(|by| by.values().any(|c| small(*c))) {
        row.completed_by = None;
    }
    if row.left_out.as_ref().is_some_and(|reasons| reasons.values().any(|c| small(*c))) {
        row.left_out = None;
    }
    if row.change.as_ref().is_some_and(|c| c.pairs < base) {
        row.change = None;
    }
}
