//! Responses read from end to end, a page at a time, for extracts. Between pages no connection and no transaction is held, so that whoever
//! reads slowly holds nobody up. An [`Extract`] is handed out only inside a transaction that has written the act down.
//!
//! Pages go scheme by scheme, by the key of the table: each is a seek, however many rows were read before.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::responses;
use super::{Db, StorageError};

/// The most schemes that one page looks through: one without a row costs a look as well.
const MOST_SCHEMES: usize = 16;

/// Which responses an extract is of.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The numbers of the schemes, in order.
    pub schemes: Vec<i64>,
    /// The questionnaire.
    pub questionnaire: String,
    /// Answered on or after.
    pub from: Option<NaiveDate>,
    /// Answered on or before.
    pub to: Option<NaiveDate>,
    /// Accepted at this time or before: what comes later is not in it, wherever it would stand.
    pub accepted_by: NaiveDateTime,
}

/// The right to read what an extract is of. Made by [`begin`] only.
#[derive(Debug)]
pub struct Extract(Scope);

/// How far an extract has been read.
#[derive(Debug, Clone, Default)]
pub struct Position {
    /// How many schemes are done.
    schemes: usize,
    /// The last response read of the next one.
    after: String,
    /// How many rows of that scheme were read.
    rows: u64,
}

impl Position {
    /// How many schemes are read to their end.
    pub fn schemes(&self) -> usize {
        self.schemes
    }

    /// How many rows of the scheme after those were read.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether every scheme is read to its end.
    pub fn is_at_end(&self, Extract(scope): &Extract) -> bool {
        self.schemes >= scope.schemes.len()
    }
}

/// What an extract reads of a response.
#[derive(Debug, Clone, Queryable)]
pub struct ExtractRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id.
    pub id: String,
    /// When it was accepted.
    pub accepted_at: NaiveDateTime,
    /// 1, and one more with each correction.
    pub revision: i64,
    /// The checked submission, as JSON.
    pub body: String,
}

/// Begins an extract.
pub fn begin(_: &mut Recorded<'_>, scope: Scope) -> Extract {
    Extract(scope)
}

/// The next rows that are not withdrawn, in the order of scheme and id: `most` of them at the most. Few rows, or none,
/// are not yet the end: see [`Position::is_at_end`].
pub fn page(
    db: &mut Db,
    Extract(scope): &Extract,
    at: &mut Position,
    most: usize,
) -> Result<Vec<ExtractRow>, StorageError> {
    let mut rows = Vec::new();
    for number in scope.schemes.iter().skip(at.schemes).take(MOST_SCHEMES) {
        let wanted = most - rows.len();
        let found: Vec<ExtractRow> = on!(db, |c| {
            let mut query = responses::table
                .filter(responses::scheme_number.eq(number))
                .filter(responses::id.gt(&at.after))
                .filter(responses::withdrawn_at.is_null())
                .filter(responses::questionnaire.eq(&scope.questionnaire))
                .filter(responses::accepted_at.le(scope.accepted_by))
                .into_boxed();
            if let Some(from) = scope.from {
                query = query.filter(responses::completed_on.ge(from));
            }
            if let Some(to) = scope.to {
                query = query.filter(responses::completed_on.le(to));
            }
            query
                .select((
                    responses::scheme_number,
                    responses::id,
                    responses::accepted_at,
                    responses::revision,
                    responses::body,
                ))
                .order(responses::id)
                .limit(i64::try_from(wanted).unwrap_or(i64::MAX))
                .load(c)
        })?;
        let full = found.len() == wanted;
        if let Some(last) = found.last().filter(|_| full) {
            at.after.clone_from(&last.id);
            at.rows += found.len() as u64;
            rows.extend(found);
            break;
        }
        rows.extend(found);
        *at = Position { schemes: at.schemes + 1, ..Position::default() };
    }
    Ok(rows)
}

/// How many responses of any kind each scheme has, to say how far an extract has come: for each scheme, in order, the most rows it can give.
pub fn most_rows(db: &mut Db, Extract(scope): &Extract) -> Result<Vec<u64>, StorageError> {
    let counted: Vec<(i64, i64)> = on!(db, |c| responses::table
        .group_by(responses::scheme_number)
        .select((responses::scheme_number, diesel::dsl::count_star()))
        .load(c))?;
    let of = |number: &i64| counted.iter().find(|(scheme, _)| scheme == number).map_or(0, |(_, n)| *n);
    Ok(scope.schemes.iter().map(|number| u64::try_from(of(number)).unwrap_or(0)).collect())
}
