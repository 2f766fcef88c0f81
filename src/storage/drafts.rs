//! Drafts: what people have said and not yet sent; and sittings: the browsers that may go on with them.

use chrono::NaiveDateTime;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::audit::Recorded;
use super::connection::{Inner, on};
use super::schema::{drafts, sittings};
use super::{Db, StorageError};

/// A draft as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = drafts, treat_none_as_default_value = false)]
pub struct DraftRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id: the invitation's, where it has one.
    pub id: String,
    /// One more with each page that is saved.
    pub revision: i64,
    /// The draft, as JSON; once it is sent, only how its pages look.
    pub body: String,
    /// The response it became.
    pub response_id: Option<String>,
    /// When it was last saved.
    pub updated_at: NaiveDateTime,
    /// When it is deleted.
    pub ends_at: NaiveDateTime,
}

/// A page of a draft to be saved, if nobody else saved one since it was read.
#[derive(Debug, Clone)]
pub struct DraftChange {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The draft.
    pub id: String,
    /// The revision that was read.
    pub revision: i64,
    /// What it says now.
    pub body: String,
    /// Now.
    pub at: NaiveDateTime,
}

/// That a draft becomes a response.
#[derive(Debug, Clone)]
pub struct DraftEnd {
    /// The draft.
    pub id: String,
    /// The revision that is sent.
    pub revision: i64,
    /// What stays of it.
    pub body: String,
}

/// Adds a draft; false if there is one with this id.
pub fn insert(db: &mut Db, row: &DraftRow) -> Result<bool, StorageError> {
    let added =
        on!(db, |c| diesel::insert_into(drafts::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(added == 1)
}

/// The draft with this id.
pub fn find(db: &mut Db, scheme_number: i64, id: &str) -> Result<Option<DraftRow>, StorageError> {
    Ok(on!(db, |c| drafts::table.find((scheme_number, id)).get_result(c).optional())?)
}

/// The draft that a browser may go on with, and the number of its sitting.
pub fn find_by_sitting(
    db: &mut Db,
    scheme_number: i64,
    token_hash: &[u8],
) -> Result<Option<(DraftRow, i64)>, StorageError> {
    Ok(on!(db, |c| sittings::table
        .inner_join(
            drafts::table
                .on(drafts::scheme_number.eq(sittings::scheme_number).and(drafts::id.eq(sittings::draft_id)))
        )
        .filter(sittings::scheme_number.eq(scheme_number))
        .filter(sittings::token_hash.eq(token_hash))
        .select((drafts::all_columns, sittings::number))
        .get_result(c)
        .optional())?)
}

/// Lets the browser that holds this token go on with a draft.
pub fn insert_sitting(
    db: &mut Db,
    scheme_number: i64,
    token_hash: &[u8],
    draft_id: &str,
    number: i64,
) -> Result<(), StorageError> {
    let row = || {
        (
            sittings::scheme_number.eq(scheme_number),
            sittings::token_hash.eq(token_hash),
            sittings::draft_id.eq(draft_id),
            sittings::number.eq(number),
        )
    };
    on!(db, |c| diesel::insert_into(sittings::table).values(row()).execute(c))?;
    Ok(())
}

/// Saves each change whose draft still has its revision and is not sent; says of each whether it had. Of two changes of one draft at most
/// one is saved. On PostgreSQL this is one statement.
pub fn save(db: &mut Db, changes: &[&DraftChange]) -> Result<Vec<bool>, StorageError> {
    let mut saved = vec![false; changes.len()];
    match &mut db.inner {
        Inner::Sqlite(c) => {
            for (saved, change) in saved.iter_mut().zip(changes) {
                *saved = SavePage(change).execute(c)? == 1;
            }
        }
        Inner::Postgres(c) => {
            let numbers: Vec<i64> = SavePages::of(changes).load(c.as_mut())?;
            for number in numbers {
                if let Some(saved) = usize::try_from(number - 1).ok().and_then(|at| saved.get_mut(at)) {
                    *saved = true;
                }
            }
        }
    }
    Ok(saved)
}

/// The one statement that is run for every page of every person, written out: an update of diesel's own is parsed each time anew; this
/// one is prepared once a connection.
struct SavePage<'a>(&'a DraftChange);

impl QueryId for SavePage<'_> {
    type QueryId = SavePage<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Sqlite> for SavePage<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Self(change) = self;
        out.push_sql("UPDATE drafts SET revision = revision + 1, body = ");
        out.push_bind_param::<Text, _>(&change.body)?;
        out.push_sql(", updated_at = ");
        out.push_bind_param::<Timestamp, _>(&change.at)?;
        out.push_sql(" WHERE scheme_number = ");
        out.push_bind_param::<BigInt, _>(&change.scheme_number)?;
        out.push_sql(" AND id = ");
        out.push_bind_param::<Text, _>(&change.id)?;
        out.push_sql(" AND revision = ");
        out.push_bind_param::<BigInt, _>(&change.revision)?;
        out.push_sql(" AND response_id IS NULL");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for SavePage<'_> {}

/// The same on PostgreSQL, for all pages that wait together: one trip and one commit, where a transaction of one update each takes a trip
/// for every page and two more. Gives the place of each that was saved, from 1.
struct SavePages<'a> {
    scheme_numbers: Vec<i64>,
    ids: Vec<&'a str>,
    revisions: Vec<i64>,
    bodies: Vec<&'a str>,
    times: Vec<NaiveDateTime>,
}

impl<'a> SavePages<'a> {
    fn of(changes: &[&'a DraftChange]) -> Self {
        Self {
            scheme_numbers: changes.iter().map(|c| c.scheme_number).collect(),
            ids: changes.iter().map(|c| c.id.as_str()).collect(),
            revisions: changes.iter().map(|c| c.revision).collect(),
            bodies: changes.iter().map(|c| c.body.as_str()).collect(),
            times: changes.iter().map(|c| c.at).collect(),
        }
    }
}

impl QueryId for SavePages<'_> {
    type QueryId = SavePages<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for SavePages<'_> {
    type SqlType = BigInt;
}

impl QueryFragment<Pg> for SavePages<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE drafts SET revision = drafts.revision + 1, body = page.body, updated_at = page.at FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.scheme_numbers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.revisions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.bodies)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamp>, _>(&self.times)?;
        out.push_sql(
            ") WITH ORDINALITY AS page (scheme_number, id, revision, body, at, place) \
             WHERE drafts.scheme_number = page.scheme_number AND drafts.id = page.id AND drafts.revision = page.revision \
             AND drafts.response_id IS NULL RETURNING page.place",
        );
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for SavePages<'_> {}

/// Notes the response that a draft becomes; its answers go. Says whether it still had its revision and was not sent.
pub fn end(
    db: &mut Db,
    scheme_number: i64,
    end: &DraftEnd,
    response_id: &str,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let ended = on!(db, |c| diesel::update(
        drafts::table
            .find((scheme_number, &end.id))
            .filter(drafts::revision.eq(end.revision))
            .filter(drafts::response_id.is_null())
    )
    .set((
        drafts::revision.eq(end.revision + 1),
        drafts::body.eq(&end.body),
        drafts::response_id.eq(Some(response_id)),
        drafts::updated_at.eq(now)
    ))
    .execute(c))?;
    Ok(ended == 1)
}

/// Gives an unsent draft until `ends_at`.
pub fn extend(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    ends_at: NaiveDateTime,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        drafts::table.find((scheme_number, id)).filter(drafts::response_id.is_null())
    )
    .set(drafts::ends_at.eq(ends_at))
    .execute(c))?;
    Ok(())
}

/// Deletes what is left of drafts that became this response.
pub fn forget_response(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    response_id: &str,
) -> Result<(), StorageError> {
    let ids: Vec<String> = on!(db, |c| drafts::table
        .filter(drafts::scheme_number.eq(scheme_number))
        .filter(drafts::response_id.eq(response_id))
        .select(drafts::id)
        .load(c))?;
    for id in ids {
        delete(db, scheme_number, &id)?;
    }
    Ok(())
}

/// Deletes a draft and its sittings, if it still has its revision and is not sent; says whether it had.
pub fn delete_unsent(db: &mut Db, scheme_number: i64, id: &str, revision: i64) -> Result<bool, StorageError> {
    // The row first: whoever saves or sends it at the same moment waits for this, or this finds what they did.
    let gone = on!(db, |c| diesel::delete(
        drafts::table
            .find((scheme_number, id))
            .filter(drafts::revision.eq(revision))
            .filter(drafts::response_id.is_null())
    )
    .execute(c))?;
    if gone == 1 {
        delete(db, scheme_number, id)?;
    }
    Ok(gone == 1)
}

/// Deletes a draft and its sittings.
pub fn delete(db: &mut Db, scheme_number: i64, id: &str) -> Result<bool, StorageError> {
    let gone = on!(db, |c| {
        diesel::delete(
            sittings::table
                .filter(sittings::scheme_number.eq(scheme_number))
                .filter(sittings::draft_id.eq(id)),
        )
        .execute(c)?;
        diesel::delete(drafts::table.find((scheme_number, id))).execute(c)
    })?;
    Ok(gone == 1)
}

/// Drafts whose time is over, at most `limit`.
pub fn ended(db: &mut Db, now: NaiveDateTime, limit: i64) -> Result<Vec<DraftRow>, StorageError> {
    Ok(on!(db, |c| drafts::table
        .filter(drafts::ends_at.le(now))
        .order((drafts::ends_at, drafts::scheme_number, drafts::id))
        .limit(limit)
        .load(c))?)
}
