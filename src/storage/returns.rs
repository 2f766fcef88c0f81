//! Returns: the state of each, the figures that were sent in, and what each revision said.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{return_events, return_figures, returns};
use super::{Db, StorageError};

/// A return: of a sender for a period.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = returns, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ReturnRow {
    /// The scheme's number; 0 for areas and the national body.
    pub scheme_number: i64,
    /// `scheme`, `unit:<id>` or `area:<code>`.
    pub sender: String,
    /// The period.
    pub period: String,
    /// Counts up with every change.
    pub revision: i64,
    /// `draft`, `submitted`, `queried` or `approved`.
    pub status: String,
    /// What is filled in and not sent yet, as JSON.
    pub draft: Option<String>,
    /// What is asked about it.
    pub query: Option<String>,
    /// When it was changed last.
    pub updated_at: NaiveDateTime,
    /// By which account, or `link`.
    pub updated_by: String,
    /// When it was first sent in.
    pub submitted_at: Option<NaiveDateTime>,
}

/// A figure that was sent in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = return_figures, treat_none_as_default_value = false)]
pub struct FigureRow {
    /// The scheme's number; 0 for areas and the national body.
    pub scheme_number: i64,
    /// Who sent it.
    pub sender: String,
    /// The period.
    pub period: String,
    /// The KPI.
    pub kpi: String,
    /// The council it is counted for.
    pub council: String,
    /// What was counted, in hundredths.
    pub numerator: i64,
    /// Out of how many, in hundredths.
    pub denominator: Option<i64>,
}

/// What a revision said.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = return_events, treat_none_as_default_value = false)]
pub struct ReturnEventRow {
    /// The scheme's number; 0 for areas and the national body.
    pub scheme_number: i64,
    /// Who sent it.
    pub sender: String,
    /// The period.
    pub period: String,
    /// The revision.
    pub revision: i64,
    /// `submitted`, `corrected`, `queried` or `approved`.
    pub act: String,
    /// When.
    pub at: NaiveDateTime,
    /// By which account, or `link`.
    pub by_whom: String,
    /// The figures as they were from then on, as JSON.
    pub figures: String,
    /// What was said with it.
    pub said: Option<String>,
    /// The release that first held it.
    pub published_in: Option<String>,
}

/// The return of a sender for a period.
pub fn find(db: &mut Db, number: i64, sender: &str, period: &str) -> Result<Option<ReturnRow>, StorageError> {
    Ok(on!(db, |c| returns::table.find((number, sender, period)).first(c).optional())?)
}

/// Every return of a scheme for these periods.
pub fn of_periods(db: &mut Db, number: i64, periods: &[String]) -> Result<Vec<ReturnRow>, StorageError> {
    Ok(on!(db, |c| returns::table
        .filter(returns::scheme_number.eq(number).and(returns::period.eq_any(periods)))
        .order((returns::sender, returns::period))
        .load(c))?)
}

/// Everybody's returns for a period.
pub fn of_period(db: &mut Db, period: &str) -> Result<Vec<ReturnRow>, StorageError> {
    Ok(on!(db, |c| returns::table.filter(returns::period.eq(period)).load(c))?)
}

/// Makes the first revision of a return. Says whether there was none yet.
pub fn insert(db: &mut Recorded<'_>, row: &ReturnRow) -> Result<bool, StorageError> {
    let made =
        on!(db, |c| diesel::insert_into(returns::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(made == 1)
}

/// Puts a later revision in place of the one before it. Says whether that still stood.
pub fn replace(db: &mut Recorded<'_>, row: &ReturnRow) -> Result<bool, StorageError> {
    let before = returns::table
        .find((row.scheme_number, &row.sender, &row.period))
        .filter(returns::revision.eq(row.revision - 1));
    Ok(on!(db, |c| diesel::update(before).set(row).execute(c))? == 1)
}

/// Puts these figures in place of those a return had, and notes the revision.
pub fn put_figures(
    db: &mut Recorded<'_>,
    figures: &[FigureRow],
    event: &ReturnEventRow,
) -> Result<(), StorageError> {
    let old = return_figures::table.filter(
        return_figures::scheme_number
            .eq(event.scheme_number)
            .and(return_figures::sender.eq(&event.sender))
            .and(return_figures::period.eq(&event.period)),
    );
    on!(db, |c| diesel::delete(old).execute(c))?;
    for some in figures.chunks(100) {
        on!(db, |c| diesel::insert_into(return_figures::table).values(some).execute(c))?;
    }
    note(db, event)
}

/// Notes what happened to a return.
pub fn note(db: &mut Recorded<'_>, event: &ReturnEventRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(return_events::table).values(event).execute(c))?;
    Ok(())
}

/// The figures a return holds.
pub fn figures_of(
    db: &mut Db,
    number: i64,
    sender: &str,
    period: &str,
) -> Result<Vec<FigureRow>, StorageError> {
    Ok(on!(db, |c| return_figures::table
        .filter(
            return_figures::scheme_number
                .eq(number)
                .and(return_figures::sender.eq(sender))
                .and(return_figures::period.eq(period))
        )
        .order((return_figures::kpi, return_figures::council))
        .load(c))?)
}

/// Everybody's figures of these KPIs and periods.
pub fn figures(db: &mut Db, kpis: &[String], periods: &[String]) -> Result<Vec<FigureRow>, StorageError> {
    Ok(on!(db, |c| return_figures::table
        .filter(return_figures::kpi.eq_any(kpis).and(return_figures::period.eq_any(periods)))
        .load(c))?)
}

/// How many figures each return of these periods holds: scheme number, sender, period, number.
pub fn figure_counts(
    db: &mut Db,
    periods: &[String],
) -> Result<Vec<(i64, String, String, i64)>, StorageError> {
    Ok(on!(db, |c| return_figures::table
        .filter(return_figures::period.eq_any(periods))
        .group_by((return_figures::scheme_number, return_figures::sender, return_figures::period))
        .select((
            return_figures::scheme_number,
            return_figures::sender,
            return_figures::period,
            diesel::dsl::count_star(),
        ))
        .load(c))?)
}

/// Notes on the revisions whose figures of these KPIs and periods stood at `read_at` that `release` is the first one they are published in.
pub fn mark_published(
    db: &mut Recorded<'_>,
    kpis: &[String],
    periods: &[String],
    read_at: NaiveDateTime,
    release: &str,
) -> Result<(), StorageError> {
    let with_figures: BTreeSet<(i64, String, String)> = on!(db, |c| return_figures::table
        .filter(return_figures::kpi.eq_any(kpis).and(return_figures::period.eq_any(periods)))
        .select((return_figures::scheme_number, return_figures::sender, return_figures::period))
        .distinct()
        .load(c))?
    .into_iter()
    .collect();
    let sent: Vec<(i64, String, String, i64, Option<String>)> = on!(db, |c| return_events::table
        .filter(
            return_events::period.eq_any(periods).and(return_events::act.eq_any(["submitted", "corrected"]))
        )
        .filter(return_events::at.le(read_at))
        .order(return_events::revision)
        .select((
            return_events::scheme_number,
            return_events::sender,
            return_events::period,
            return_events::revision,
            return_events::published_in,
        ))
        .load(c))?;
    // Of a return's revisions the last one stands.
    let last: BTreeMap<(i64, String, String), (i64, Option<String>)> = sent
        .into_iter()
        .map(|(number, sender, period, at, first)| ((number, sender, period), (at, first)))
        .collect();
    for (key, (revision, first)) in last {
        if first.is_some() || !with_figures.contains(&key) {
            continue;
        }
        let (number, sender, period) = key;
        let one = return_events::table.find((number, sender, period, revision));
        on!(db, |c| diesel::update(one).set(return_events::published_in.eq(release)).execute(c))?;
    }
    Ok(())
}

/// What became of a return, in order.
pub fn history(
    db: &mut Db,
    number: i64,
    sender: &str,
    period: &str,
) -> Result<Vec<ReturnEventRow>, StorageError> {
    Ok(on!(db, |c| return_events::table
        .filter(
            return_events::scheme_number
                .eq(number)
                .and(return_events::sender.eq(sender))
                .and(return_events::period.eq(period))
        )
        .order(return_events::revision)
        .load(c))?)
}
