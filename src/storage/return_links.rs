//! Links through which a unit sends in its return without an account. Of a link, and of the session that it is exchanged for, only keyed
//! hashes are stored.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::return_links;
use super::{Db, StorageError};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = return_links, treat_none_as_default_value = false)]
pub struct ReturnLinkRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id.
    pub id: String,
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// The keyed hash of what stands in the link.
    pub code_hash: Vec<u8>,
    /// The keyed hash of the token of the browser that it let in last.
    pub session_hash: Option<Vec<u8>>,
    /// When it was made.
    pub made_at: NaiveDateTime,
    /// By which account.
    pub made_by: String,
    /// Until when it can be used.
    pub ends_at: NaiveDateTime,
    /// When it last let somebody in.
    pub opened_at: Option<NaiveDateTime>,
    /// When the return was sent in, or the link taken back.
    pub closed_at: Option<NaiveDateTime>,
}

impl ReturnLinkRow {
    /// Whether it lets somebody in at `now`.
    pub fn is_open(&self, now: NaiveDateTime) -> bool {
        self.closed_at.is_none() && now < self.ends_at
    }
}

/// Adds a link; those that were over before `forgotten` are deleted.
pub fn insert(
    db: &mut Recorded<'_>,
    row: &ReturnLinkRow,
    forgotten: NaiveDateTime,
) -> Result<(), StorageError> {
    let old = return_links::table
        .filter(return_links::scheme_number.eq(row.scheme_number))
        .filter(return_links::ends_at.lt(forgotten));
    on!(db, |c| {
        diesel::delete(old).execute(c)?;
        diesel::insert_into(return_links::table).values(row).execute(c)
    })?;
    Ok(())
}

/// The links of a scheme, the newest first.
pub fn of_scheme(db: &mut Db, scheme_number: i64) -> Result<Vec<ReturnLinkRow>, StorageError> {
    Ok(on!(db, |c| return_links::table
        .filter(return_links::scheme_number.eq(scheme_number))
        .order((return_links::made_at.desc(), return_links::id))
        .load(c))?)
}

/// The link with this code.
pub fn find(
    db: &mut Db,
    scheme_number: i64,
    code_hash: &[u8],
) -> Result<Option<ReturnLinkRow>, StorageError> {
    Ok(on!(db, |c| return_links::table
        .filter(return_links::scheme_number.eq(scheme_number).and(return_links::code_hash.eq(code_hash)))
        .get_result(c)
        .optional())?)
}

/// The link that let in the browser with this token.
pub fn find_by_session(
    db: &mut Db,
    scheme_number: i64,
    session_hash: &[u8],
) -> Result<Option<ReturnLinkRow>, StorageError> {
    Ok(on!(db, |c| return_links::table
        .filter(
            return_links::scheme_number.eq(scheme_number).and(return_links::session_hash.eq(session_hash))
        )
        .get_result(c)
        .optional())?)
}

/// Lets a browser in; one that was in before is out. False if the link is over.
pub fn let_in(
    db: &mut Recorded<'_>,
    row: &ReturnLinkRow,
    session_hash: &[u8],
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let open = return_links::table
        .find((row.scheme_number, &row.id))
        .filter(return_links::closed_at.is_null())
        .filter(return_links::ends_at.gt(now));
    let changed = on!(db, |c| diesel::update(open)
        .set((return_links::session_hash.eq(Some(session_hash)), return_links::opened_at.eq(Some(now))))
        .execute(c))?;
    Ok(changed == 1)
}

/// Takes a link back. False if it is closed already.
pub fn close(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let open = return_links::table.find((scheme_number, id)).filter(return_links::closed_at.is_null());
    let changed = on!(db, |c| diesel::update(open)
        .set((return_links::closed_at.eq(Some(now)), return_links::session_hash.eq(None::<Vec<u8>>)))
        .execute(c))?;
    Ok(changed == 1)
}

/// Closes every link to the return of a unit for a period: it is sent in.
pub fn close_all(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    unit: &str,
    period: &str,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let open = return_links::table
        .filter(return_links::scheme_number.eq(scheme_number))
        .filter(return_links::unit.eq(unit).and(return_links::period.eq(period)))
        .filter(return_links::closed_at.is_null());
    on!(db, |c| diesel::update(open)
        .set((return_links::closed_at.eq(Some(now)), return_links::session_hash.eq(None::<Vec<u8>>)))
        .execute(c))?;
    Ok(())
}
