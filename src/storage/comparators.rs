//! Figures that others publish: the files they came in, and what these say.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{comparator_files, comparators};
use super::{Db, StorageError};

/// How many figures go into the database with one statement.
const FIGURES_AT_A_TIME: usize = 1000;

/// A file of published figures.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = comparator_files, treat_none_as_default_value = false)]
pub struct ComparatorFileRow {
    /// Counts up.
    pub id: i64,
    /// Whose figures: `ascof`.
    pub source: String,
    /// The financial year.
    pub year: String,
    /// What the file was called.
    pub name: String,
    /// Its digest: SHA-256.
    pub digest: String,
    /// How many rows it had.
    pub file_rows: i64,
    /// When it was imported.
    pub imported_at: NaiveDateTime,
    /// By whom.
    pub imported_by: String,
    /// When another file took its place.
    pub superseded_at: Option<NaiveDateTime>,
}

/// A published figure.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = comparators, treat_none_as_default_value = false)]
pub struct ComparatorRow {
    /// The file it came in.
    pub file_id: i64,
    /// The area's code.
    pub area: String,
    /// What is measured.
    pub measure: String,
    /// Of whom.
    pub disaggregation: String,
    /// What was counted.
    pub numerator: Option<f64>,
    /// Why it is not shown.
    pub numerator_shorthand: Option<String>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// Why it is not shown.
    pub denominator_shorthand: Option<String>,
    /// The published result.
    pub outcome: Option<f64>,
    /// Why it is not shown.
    pub outcome_shorthand: Option<String>,
}

/// Every file, newest first.
pub fn files(db: &mut Db) -> Result<Vec<ComparatorFileRow>, StorageError> {
    Ok(on!(db, |c| comparator_files::table.order(comparator_files::id.desc()).load(c))?)
}

/// The file that stands for a source and year.
pub fn standing(db: &mut Db, source: &str, year: &str) -> Result<Option<ComparatorFileRow>, StorageError> {
    let query = || {
        comparator_files::table
            .filter(comparator_files::source.eq(source.to_owned()))
            .filter(comparator_files::year.eq(year.to_owned()))
            .filter(comparator_files::superseded_at.is_null())
    };
    Ok(on!(db, |c| query().first(c).optional())?)
}

/// Puts a file and its figures into the place of the one before it. `step` is told how many figures are in.
pub fn put(
    db: &mut Recorded<'_>,
    file: &ComparatorFileRow,
    figures: &[ComparatorRow],
    step: &dyn Fn(usize),
) -> Result<(), StorageError> {
    let before = comparator_files::table
        .filter(comparator_files::source.eq(&file.source))
        .filter(comparator_files::year.eq(&file.year))
        .filter(comparator_files::superseded_at.is_null());
    let ends = comparator_files::superseded_at.eq(file.imported_at);
    on!(db, |c| diesel::update(before).set(ends).execute(c))?;
    on!(db, |c| diesel::insert_into(comparator_files::table).values(file).execute(c))?;
    for (index, some) in figures.chunks(FIGURES_AT_A_TIME).enumerate() {
        on!(db, |c| diesel::insert_into(comparators::table).values(some).execute(c))?;
        step(index * FIGURES_AT_A_TIME + some.len());
    }
    Ok(())
}

/// The figures of these areas in the files that stand for these years.
pub fn of_areas(
    db: &mut Db,
    years: &[String],
    areas: &[String],
) -> Result<Vec<(ComparatorFileRow, ComparatorRow)>, StorageError> {
    let standing = || {
        comparator_files::table
            .filter(comparator_files::superseded_at.is_null().and(comparator_files::year.eq_any(years)))
    };
    let files: Vec<ComparatorFileRow> = on!(db, |c| standing().load(c))?;
    let mut found = Vec::new();
    for file in files {
        let figures: Vec<ComparatorRow> = on!(db, |c| comparators::table
            .filter(comparators::file_id.eq(file.id).and(comparators::area.eq_any(areas)))
            .order((comparators::area, comparators::measure, comparators::disaggregation))
            .load(c))?;
        found.extend(figures.into_iter().map(|figure| (file.clone(), figure)));
    }
    Ok(found)
}
