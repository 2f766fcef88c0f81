//! Releases: frozen publications.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::releases;
use super::{Db, StorageError};

/// A release as it is stored: id, when it was published, its text.
pub type ReleaseRow = (String, NaiveDateTime, String);

/// Adds a release.
pub fn insert(db: &mut Recorded<'_>, id: &str, now: NaiveDateTime, body: &str) -> Result<(), StorageError> {
    let row = || (releases::id.eq(id), releases::published_at.eq(now), releases::body.eq(body));
    on!(db, |c| diesel::insert_into(releases::table).values(row()).execute(c))?;
    Ok(())
}

/// The release with this id.
pub fn find(db: &mut Db, id: &str) -> Result<Option<ReleaseRow>, StorageError> {
    Ok(on!(db, |c| releases::table.find(id).first(c).optional())?)
}

/// The newest release.
pub fn latest(db: &mut Db) -> Result<Option<ReleaseRow>, StorageError> {
    let order = || (releases::published_at.desc(), releases::id.desc());
    Ok(on!(db, |c| releases::table.order(order()).first(c).optional())?)
}

/// Every release's id and time, newest first.
pub fn list(db: &mut Db) -> Result<Vec<(String, NaiveDateTime)>, StorageError> {
    let order = || (releases::published_at.desc(), releases::id.desc());
    Ok(on!(db, |c| releases::table.select((releases::id, releases::published_at)).order(order()).load(c))?)
}
