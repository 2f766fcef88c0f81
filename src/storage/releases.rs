//! Releases: frozen publications, and what the protection of later ones must know of them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{release_claims, release_ledgers, release_parts, releases};
use super::{Db, StorageError};
use crate::domain::disclosure::Released;
use crate::domain::disclosure::release::{Part, Publication};

/// A release without its cells.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = releases)]
pub struct ReleaseRow {
    /// Its id.
    pub id: String,
    /// Counts up.
    pub number: i64,
    /// When it was published.
    pub published_at: NaiveDateTime,
    /// Its period.
    pub period: String,
    /// The earlier release of the same period that it takes the place of.
    pub supersedes: Option<String>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

/// The words of a release besides its parts: a JSON object without cells, an array of KPI rows, and of a release from before there were
/// parts the whole.
pub type ReleaseText = (String, String, Option<String>);

/// A release that comes into being.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = releases, treat_none_as_default_value = false)]
pub struct NewRelease {
    /// Its id.
    pub id: String,
    /// Its number, one more than the newest.
    pub number: i64,
    /// When.
    pub published_at: NaiveDateTime,
    /// The earlier release of the same period that it takes the place of.
    pub supersedes: Option<String>,
    /// What is printed besides cells and claims: a JSON object.
    pub head: String,
}

/// Adds a release. What is added has survived the attack: nothing else is a `Released<Publication>`.
///
/// ```
/// use khi::domain::disclosure::{Released, release::Publication};
/// use khi::storage::{StorageError, audit::Recorded, releases::{NewRelease, insert}};
///
/// fn publish(db: &mut Recorded<'_>, new: &NewRelease, released: &Released<Publication>) -> Result<(), StorageError> {
///     insert(db, new, released)
/// }
/// ```
///
/// A publication that nobody attacked is none:
///
/// ```compile_fail
/// use khi::domain::disclosure::{Released, release::Publication};
/// use khi::storage::{StorageError, audit::Recorded, releases::{NewRelease, insert}};
///
/// fn publish(db: &mut Recorded<'_>, new: &NewRelease, unprotected: &Publication) -> Result<(), StorageError> {
///     insert(db, new, unprotected)
/// }
/// ```
///
/// And nobody outside of `disclosure` can say that it is one:
///
/// ```compile_fail
/// use khi::domain::disclosure::{Released, release::Publication};
/// use khi::storage::{StorageError, audit::Recorded, releases::{NewRelease, insert}};
///
/// fn publish(db: &mut Recorded<'_>, new: &NewRelease, unprotected: Publication) -> Result<(), StorageError> {
///     insert(db, new, &Released(unprotected))
/// }
/// ```
pub fn insert(
    db: &mut Recorded<'_>,
    new: &NewRelease,
    released: &Released<Publication>,
) -> Result<(), StorageError> {
    let publication = released.get();
    let id = new.id.as_str();
    let ledger = serde_json::to_string(&publication.ledger)
        .map_err(|e| StorageError::Corrupt(format!("the ledger of release {id}: {e}")))?;
    let row =
        || (new, releases::period.eq(&publication.period), releases::kpi_cells.eq(&publication.kpi_cells));
    on!(db, |c| diesel::insert_into(releases::table).values(row()).execute(c))?;
    for (position, part) in (0_i64..).zip(&publication.parts) {
        let row = || {
            (
                release_parts::release_id.eq(id),
                release_parts::position.eq(position),
                release_parts::level.eq(&part.level),
                release_parts::model.eq(&part.model),
                release_parts::cells.eq(&part.cells),
            )
        };
        on!(db, |c| diesel::insert_into(release_parts::table).values(row()).execute(c))?;
    }
    for (position, claimed) in (0_i64..).zip(&publication.claims) {
        let row = || {
            (
                release_claims::release_id.eq(id),
                release_claims::position.eq(position),
                release_claims::claim.eq(&claimed.id),
                release_claims::passport.eq(&claimed.passport),
            )
        };
        on!(db, |c| diesel::insert_into(release_claims::table).values(row()).execute(c))?;
    }
    let row = || (release_ledgers::release_id.eq(id), release_ledgers::body.eq(&ledger));
    on!(db, |c| diesel::insert_into(release_ledgers::table).values(row()).execute(c))?;
    Ok(())
}

/// Withdraws a release. Says whether it stood until then.
pub fn withdraw(
    db: &mut Recorded<'_>,
    id: &str,
    now: NaiveDateTime,
    why: &str,
) -> Result<bool, StorageError> {
    let standing = releases::table.filter(releases::id.eq(id).and(releases::withdrawn_at.is_null()));
    let withdrawn = (releases::withdrawn_at.eq(now), releases::withdrawn_why.eq(why));
    Ok(on!(db, |c| diesel::update(standing).set(withdrawn).execute(c))? == 1)
}

/// The release with this id.
pub fn find(db: &mut Db, id: &str) -> Result<Option<ReleaseRow>, StorageError> {
    Ok(on!(db, |c| releases::table.find(id).select(ReleaseRow::as_select()).get_result(c).optional())?)
}

/// The newest release that is not withdrawn.
pub fn latest(db: &mut Db) -> Result<Option<ReleaseRow>, StorageError> {
    Ok(on!(db, |c| releases::table
        .filter(releases::withdrawn_at.is_null())
        .order(releases::number.desc())
        .select(ReleaseRow::as_select())
        .first(c)
        .optional())?)
}

/// Every release, newest first.
pub fn list(db: &mut Db) -> Result<Vec<ReleaseRow>, StorageError> {
    Ok(on!(db, |c| releases::table.order(releases::number.desc()).select(ReleaseRow::as_select()).load(c))?)
}

/// The number of the newest release; 0 if there is none.
pub fn newest_number(db: &mut Db) -> Result<i64, StorageError> {
    let newest: Option<i64> =
        on!(db, |c| releases::table.select(diesel::dsl::max(releases::number)).get_result(c))?;
    Ok(newest.unwrap_or(0))
}

/// The words of a release besides its parts.
pub fn text(db: &mut Db, id: &str) -> Result<Option<ReleaseText>, StorageError> {
    Ok(on!(db, |c| releases::table
        .find(id)
        .select((releases::head, releases::kpi_cells, releases::body))
        .get_result(c)
        .optional())?)
}

/// The parts of a release, in the order in which they are printed: of these levels, and of this model; empty and none = all.
pub fn parts(db: &mut Db, id: &str, levels: &[&str], model: Option<&str>) -> Result<Vec<Part>, StorageError> {
    let rows: Vec<(String, String, String)> = on!(db, |c| {
        let mut query = release_parts::table.filter(release_parts::release_id.eq(id)).into_boxed();
        if !levels.is_empty() {
            query = query.filter(release_parts::level.eq_any(levels));
        }
        if let Some(model) = model {
            query = query.filter(release_parts::model.eq(model));
        }
        query
            .order(release_parts::position)
            .select((release_parts::level, release_parts::model, release_parts::cells))
            .load(c)?
    });
    Ok(rows.into_iter().map(|(level, model, cells)| Part { level, model, cells }).collect())
}

/// The claims of a release, by id, in the order in which they are printed.
pub fn claims(db: &mut Db, id: &str) -> Result<Vec<String>, StorageError> {
    Ok(on!(db, |c| release_claims::table
        .filter(release_claims::release_id.eq(id))
        .order(release_claims::position)
        .select(release_claims::claim)
        .load(c))?)
}

/// The passports of all of them, in that order.
pub fn passports(db: &mut Db, id: &str) -> Result<Vec<String>, StorageError> {
    Ok(on!(db, |c| release_claims::table
        .filter(release_claims::release_id.eq(id))
        .order(release_claims::position)
        .select(release_claims::passport)
        .load(c))?)
}

/// The passport of one of them.
pub fn claim(db: &mut Db, id: &str, claim: &str) -> Result<Option<String>, StorageError> {
    Ok(on!(db, |c| release_claims::table
        .find((id, claim))
        .select(release_claims::passport)
        .get_result(c)
        .optional())?)
}

/// What must be known of every release, oldest first, also of those that are withdrawn. A release from before ledgers were kept has none.
pub fn ledgers(db: &mut Db) -> Result<Vec<(ReleaseRow, Option<String>)>, StorageError> {
    Ok(on!(db, |c| releases::table
        .left_join(release_ledgers::table)
        .order(releases::number)
        .select((ReleaseRow::as_select(), release_ledgers::body.nullable()))
        .load(c))?)
}
