//! Drafts of releases, and what schemes say of their own figures in them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{release_comments, release_drafts};
use super::{Db, StorageError};

/// Schemes can look at it, and it can be published.
pub const OPEN: &str = "open";
/// It has become a release.
pub const PUBLISHED: &str = "published";
/// Another draft has taken its place.
pub const REPLACED: &str = "replaced";
/// It was thrown away, and nothing has taken its place.
pub const DISCARDED: &str = "discarded";

/// A draft without what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = release_drafts)]
pub struct DraftRow {
    /// Its id.
    pub id: String,
    /// Its period.
    pub period: String,
    /// When it was made.
    pub made_at: NaiveDateTime,
    /// Until when schemes can comment on it; it can be published from then on.
    pub open_until: NaiveDateTime,
    /// `open`, `published`, `replaced` or `discarded`.
    pub state: String,
}

/// What a scheme says of its own figures.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = release_comments)]
pub struct CommentRow {
    /// The draft.
    pub release_draft: String,
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its words.
    pub comment: String,
    /// When.
    pub at: NaiveDateTime,
    /// By which account.
    pub account: String,
}

/// Puts a draft in the place of the one that is open.
pub fn insert(db: &mut Recorded<'_>, draft: &DraftRow, body: &str) -> Result<(), StorageError> {
    end(db, REPLACED)?;
    let row = || (draft, release_drafts::body.eq(body));
    on!(db, |c| diesel::insert_into(release_drafts::table).values(row()).execute(c))?;
    Ok(())
}

/// The open draft, if there is one, becomes `state`. What was in it is not kept twice.
pub fn end(db: &mut Recorded<'_>, state: &str) -> Result<(), StorageError> {
    let open = release_drafts::table.filter(release_drafts::state.eq(OPEN));
    let ended = (release_drafts::state.eq(state), release_drafts::body.eq(""));
    on!(db, |c| diesel::update(open).set(ended).execute(c))?;
    Ok(())
}

/// The draft with this id.
pub fn find(db: &mut Db, id: &str) -> Result<Option<DraftRow>, StorageError> {
    Ok(on!(db, |c| release_drafts::table.find(id).select(DraftRow::as_select()).get_result(c).optional())?)
}

/// The draft that is open.
pub fn open(db: &mut Db) -> Result<Option<DraftRow>, StorageError> {
    Ok(on!(db, |c| release_drafts::table
        .filter(release_drafts::state.eq(OPEN))
        .select(DraftRow::as_select())
        .get_result(c)
        .optional())?)
}

/// What is in a draft, as JSON; empty once it is no longer open.
pub fn body(db: &mut Db, id: &str) -> Result<Option<String>, StorageError> {
    Ok(on!(db, |c| release_drafts::table.find(id).select(release_drafts::body).get_result(c).optional())?)
}

/// Every draft, newest first.
pub fn list(db: &mut Db) -> Result<Vec<DraftRow>, StorageError> {
    Ok(on!(db, |c| release_drafts::table
        .order((release_drafts::made_at.desc(), release_drafts::id.desc()))
        .select(DraftRow::as_select())
        .load(c))?)
}

/// Puts what a scheme says in the place of what it said before.
pub fn put_comment(db: &mut Recorded<'_>, row: &CommentRow) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(release_comments::table.find((&row.release_draft, row.scheme_number))).execute(c)?;
        diesel::insert_into(release_comments::table).values(row).execute(c)
    })?;
    Ok(())
}

/// What a scheme says of its own figures in a draft.
pub fn comment(db: &mut Db, draft: &str, scheme: i64) -> Result<Option<CommentRow>, StorageError> {
    Ok(on!(db, |c| release_comments::table.find((draft, scheme)).get_result(c).optional())?)
}

/// What schemes say, in every draft, by draft and scheme.
pub fn comments(db: &mut Db) -> Result<Vec<CommentRow>, StorageError> {
    let order = || (release_comments::release_draft, release_comments::scheme_number);
    Ok(on!(db, |c| release_comments::table.order(order()).load(c))?)
}
