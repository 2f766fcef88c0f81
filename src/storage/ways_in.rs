//! Ways in to a survey: the keyed hashes of links and codes, and the open links of schemes.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{entry_codes, open_link_uses, open_links};
use super::{Db, StorageError};

/// What a link or a code leads to.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = entry_codes, treat_none_as_default_value = false)]
pub struct EntryCodeRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Keyed hash of what stands in the link or is typed.
    pub code_hash: Vec<u8>,
    /// The invitation.
    pub invitation_id: Option<String>,
    /// Or the open link.
    pub open_link_id: Option<String>,
    /// Or a draft without an invitation, to come back to.
    pub draft_id: Option<String>,
}

/// A scheme's open link: anybody who has it may answer, without a name.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = open_links, treat_none_as_default_value = false)]
pub struct OpenLinkRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id.
    pub id: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The council its answers count for.
    pub council: String,
    /// The unit its answers belong to.
    pub unit: Option<String>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it was closed.
    pub closed_at: Option<NaiveDateTime>,
    /// Answers that came through it.
    pub sent: i64,
    /// Answers that were begun and not sent.
    pub unfinished: i64,
}

/// Adds ways in.
pub fn insert_codes(db: &mut Db, rows: &[EntryCodeRow]) -> Result<(), StorageError> {
    for chunk in rows.chunks(1000) {
        on!(db, |c| diesel::insert_into(entry_codes::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// What this code leads to.
pub fn find_code(
    db: &mut Db,
    scheme_number: i64,
    code_hash: &[u8],
) -> Result<Option<EntryCodeRow>, StorageError> {
    Ok(on!(db, |c| entry_codes::table.find((scheme_number, code_hash)).get_result(c).optional())?)
}

/// Takes the ways in of an invitation back.
pub fn delete_codes(db: &mut Recorded<'_>, scheme_number: i64, invitation: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        entry_codes::table
            .filter(entry_codes::scheme_number.eq(scheme_number))
            .filter(entry_codes::invitation_id.eq(invitation))
    )
    .execute(c))?;
    Ok(())
}

/// Adds an open link.
pub fn insert_open_link(db: &mut Recorded<'_>, row: &OpenLinkRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(open_links::table).values(row).execute(c))?;
    Ok(())
}

/// A scheme's open links, oldest first.
pub fn open_links_of(db: &mut Db, scheme_number: i64) -> Result<Vec<OpenLinkRow>, StorageError> {
    Ok(on!(db, |c| open_links::table
        .filter(open_links::scheme_number.eq(scheme_number))
        .order(open_links::id)
        .load(c))?)
}

/// Open links of every scheme that are not closed, at most `limit`.
pub fn some_open_links(db: &mut Db, limit: i64) -> Result<Vec<OpenLinkRow>, StorageError> {
    Ok(on!(db, |c| open_links::table
        .filter(open_links::closed_at.is_null())
        .order((open_links::scheme_number, open_links::id))
        .limit(limit)
        .load(c))?)
}

/// The open link with this id.
pub fn find_open_link(
    db: &mut Db,
    scheme_number: i64,
    id: &str,
) -> Result<Option<OpenLinkRow>, StorageError> {
    Ok(on!(db, |c| open_links::table.find((scheme_number, id)).get_result(c).optional())?)
}

/// Closes an open link; false if there is no open one with this id.
pub fn close_open_link(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let closed = on!(db, |c| diesel::update(
        open_links::table.find((scheme_number, id)).filter(open_links::closed_at.is_null())
    )
    .set(open_links::closed_at.eq(Some(now)))
    .execute(c))?;
    Ok(closed == 1)
}

/// Counts an answer that was begun through an open link and not sent.
pub fn count_unfinished(db: &mut Db, scheme_number: i64, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(open_links::table.find((scheme_number, id)))
        .set(open_links::unfinished.eq(open_links::unfinished + 1))
        .execute(c))?;
    Ok(())
}

/// One use of an open link: from which address (a keyed hash), on which day.
#[derive(Debug, Clone)]
pub struct Use {
    /// The open link.
    pub open_link_id: String,
    /// The day.
    pub day: NaiveDate,
    /// Keyed hash of the address.
    pub address_hash: Vec<u8>,
}

/// How many answers came through an open link from this address on this day.
pub fn uses(db: &mut Db, scheme_number: i64, used: &Use) -> Result<i64, StorageError> {
    let found: Option<i64> = on!(db, |c| open_link_uses::table
        .find((scheme_number, &used.open_link_id, used.day, &used.address_hash))
        .select(open_link_uses::uses)
        .get_result(c)
        .optional())?;
    Ok(found.unwrap_or(0))
}

/// Counts an answer that came through an open link.
pub fn count_use(db: &mut Db, scheme_number: i64, used: &Use) -> Result<(), StorageError> {
    let key = || (scheme_number, &used.open_link_id, used.day, &used.address_hash);
    on!(db, |c| {
        diesel::update(open_links::table.find((scheme_number, &used.open_link_id)))
            .set(open_links::sent.eq(open_links::sent + 1))
            .execute(c)?;
        diesel::insert_into(open_link_uses::table)
            .values((
                open_link_uses::scheme_number.eq(scheme_number),
                open_link_uses::open_link_id.eq(&used.open_link_id),
                open_link_uses::day.eq(used.day),
                open_link_uses::address_hash.eq(&used.address_hash),
                open_link_uses::uses.eq(0),
            ))
            .on_conflict_do_nothing()
            .execute(c)?;
        diesel::update(open_link_uses::table.find(key()))
            .set(open_link_uses::uses.eq(open_link_uses::uses + 1))
            .execute(c)
    })?;
    Ok(())
}

/// Forgets addresses of days before `day`.
pub fn forget_uses(db: &mut Db, day: NaiveDate) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(open_link_uses::table.filter(open_link_uses::day.lt(day))).execute(c))?;
    Ok(())
}
