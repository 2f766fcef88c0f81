//! Responses, what they said before, the keys they were sent under, and the marks that they are not yet folded.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{idempotency_keys, response_events, responses, unfolded};
use super::{Db, Engine, StorageError};

/// A stored response.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = responses, treat_none_as_default_value = false)]
pub struct ResponseRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id, in time order.
    pub id: String,
    /// Whose it is: the participant's reference, or `~` and the response's id.
    pub person: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The day it was answered.
    pub completed_on: NaiveDate,
    /// When it was accepted.
    pub accepted_at: NaiveDateTime,
    /// 1, and one more with each correction.
    pub revision: i64,
    /// When it was withdrawn.
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Keyed hash of its receipt.
    pub receipt_hash: Vec<u8>,
    /// The checked submission, as JSON.
    pub body: String,
}

/// A key a response was sent under.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct KeyRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Keyed hash of the key.
    pub key_hash: Vec<u8>,
    /// Keyed hash of the body.
    pub body_hash: Vec<u8>,
    /// The response; none once it is erased.
    pub response_id: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = unfolded, treat_none_as_default_value = false)]
struct MarkRow<'a> {
    scheme_number: i64,
    response_id: &'a str,
    person: &'a str,
}

/// What happened to a response.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = response_events, treat_none_as_default_value = false)]
pub struct EventRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The response.
    pub response_id: String,
    /// The revision that ended with this event.
    pub revision: i64,
    /// `corrected` or `withdrawn`.
    pub kind: String,
    /// When.
    pub at: NaiveDateTime,
    /// By which account; none = by receipt.
    pub account: Option<String>,
    /// What it said before.
    pub old_body: String,
}

/// The keys, of those given, that are known already.
pub fn find_keys(db: &mut Db, keys: &[&KeyRow]) -> Result<Vec<KeyRow>, StorageError> {
    let mut schemes: Vec<i64> = keys.iter().map(|k| k.scheme_number).collect();
    schemes.dedup();
    let hashes: Vec<&[u8]> = keys.iter().map(|k| k.key_hash.as_slice()).collect();
    Ok(on!(db, |c| idempotency_keys::table
        .filter(idempotency_keys::scheme_number.eq_any(&schemes))
        .filter(idempotency_keys::key_hash.eq_any(&hashes))
        .load(c))?)
}

/// Inserts the keys that are not known yet, and says how many they were.
pub fn insert_keys(db: &mut Db, keys: &[&KeyRow]) -> Result<usize, StorageError> {
    Ok(on!(db, |c| diesel::insert_into(idempotency_keys::table)
        .values(keys.to_vec())
        .on_conflict_do_nothing()
        .execute(c))?)
}

/// Inserts responses with their marks.
pub fn insert(db: &mut Db, rows: &[&ResponseRow]) -> Result<(), StorageError> {
    let marks: Vec<MarkRow<'_>> = rows
        .iter()
        .map(|r| MarkRow { scheme_number: r.scheme_number, response_id: &r.id, person: &r.person })
        .collect();
    on!(db, |c| {
        diesel::insert_into(responses::table).values(rows.to_vec()).execute(c)?;
        diesel::insert_into(unfolded::table).values(&marks).execute(c)
    })?;
    Ok(())
}

/// The response with this id, for somebody who is to see what it says.
pub fn read(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
) -> Result<Option<ResponseRow>, StorageError> {
    find(db, scheme_number, id)
}

/// The response with this id, for an act upon it.
pub fn find(db: &mut Db, scheme_number: i64, id: &str) -> Result<Option<ResponseRow>, StorageError> {
    let key = || (scheme_number, id.to_owned());
    Ok(on!(db, |c| responses::table.find(key()).get_result(c).optional())?)
}

/// The response with this receipt.
pub fn find_by_receipt(
    db: &mut Db,
    scheme_number: i64,
    receipt_hash: &[u8],
) -> Result<Option<ResponseRow>, StorageError> {
    Ok(on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme_number))
        .filter(responses::receipt_hash.eq(receipt_hash))
        .get_result(c)
        .optional())?)
}

/// The responses of these persons that are not withdrawn, each with whether it is still unfolded: one statement, so one moment.
pub fn of_people(
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
) -> Result<Vec<(ResponseRow, bool)>, StorageError> {
    let mut found = Vec::new();
    for chunk in persons.chunks(1000) {
        let rows: Vec<(ResponseRow, Option<String>)> = on!(db, |c| responses::table
            .left_join(
                unfolded::table.on(unfolded::scheme_number
                    .eq(responses::scheme_number)
                    .and(unfolded::response_id.eq(responses::id)))
            )
            .filter(responses::scheme_number.eq(scheme_number))
            .filter(responses::person.eq_any(chunk))
            .filter(responses::withdrawn_at.is_null())
            .select((responses::all_columns, unfolded::response_id.nullable()))
            .load(c))?;
        found.extend(rows.into_iter().map(|(row, mark)| (row, mark.is_some())));
    }
    Ok(found)
}

/// The ids of everything that a person has sent, withdrawn or not.
pub fn ids_of(db: &mut Db, scheme_number: i64, person: &str) -> Result<Vec<String>, StorageError> {
    Ok(on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme_number))
        .filter(responses::person.eq(person))
        .select(responses::id)
        .load(c))?)
}

/// Everything that a person has sent, withdrawn or not, the earliest first.
pub fn all_of(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    person: &str,
) -> Result<Vec<ResponseRow>, StorageError> {
    Ok(on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme_number))
        .filter(responses::person.eq(person))
        .order(responses::id)
        .load(c))?)
}

/// Everyone in a scheme who has a response.
pub fn people(db: &mut Db, scheme_number: i64) -> Result<Vec<String>, StorageError> {
    Ok(on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme_number))
        .select(responses::person)
        .distinct()
        .load(c))?)
}

/// Schemes with responses that are not yet folded, each with the last id among them.
pub fn unfolded_schemes(db: &mut Db) -> Result<Vec<(i64, String)>, StorageError> {
    let rows: Vec<(i64, Option<String>)> = on!(db, |c| unfolded::table
        .group_by(unfolded::scheme_number)
        .select((unfolded::scheme_number, diesel::dsl::max(unfolded::response_id)))
        .order(unfolded::scheme_number)
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(number, last)| Some((number, last?))).collect())
}

/// After many marks were cleared: gives back the room of those that are gone (PostgreSQL keeps it until it is told).
pub fn tidy_marks(db: &mut Db) -> Result<(), StorageError> {
    if db.engine() == Engine::Postgres { db.execute("VACUUM unfolded") } else { Ok(()) }
}

/// Whether anything is not yet folded.
pub fn any_unfolded(db: &mut Db) -> Result<bool, StorageError> {
    let found: Option<i64> =
        on!(db, |c| unfolded::table.select(unfolded::scheme_number).first(c).optional())?;
    Ok(found.is_some())
}

/// Persons of a scheme with unfolded responses up to the id `last`, of at most `most` responses at a time.
pub fn unfolded_people(
    db: &mut Db,
    scheme_number: i64,
    last: &str,
    most: i64,
) -> Result<Vec<String>, StorageError> {
    let mut persons: Vec<String> = on!(db, |c| unfolded::table
        .filter(unfolded::scheme_number.eq(scheme_number))
        .filter(unfolded::response_id.le(last))
        .select(unfolded::person)
        .limit(most)
        .load(c))?;
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}

/// Clears the marks of these responses.
pub fn clear_marks(db: &mut Db, scheme_number: i64, ids: &[String]) -> Result<(), StorageError> {
    for chunk in ids.chunks(1000) {
        on!(db, |c| diesel::delete(
            unfolded::table
                .filter(unfolded::scheme_number.eq(scheme_number))
                .filter(unfolded::response_id.eq_any(chunk))
        )
        .execute(c))?;
    }
    Ok(())
}

/// Replaces a response's content if it still has `revision`; says whether it had.
pub fn update_body(
    db: &mut Recorded<'_>,
    old: &ResponseRow,
    completed_on: NaiveDate,
    body: &str,
) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        responses::table.find((old.scheme_number, &old.id)).filter(responses::revision.eq(old.revision))
    )
    .set((
        responses::completed_on.eq(completed_on),
        responses::body.eq(body),
        responses::revision.eq(old.revision + 1)
    ))
    .execute(c))?;
    Ok(changed == 1)
}

/// Those of these responses that are withdrawn.
pub fn withdrawn_among(db: &mut Db, scheme_number: i64, ids: &[String]) -> Result<Vec<String>, StorageError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(1000) {
        let rows: Vec<String> = on!(db, |c| responses::table
            .filter(responses::scheme_number.eq(scheme_number))
            .filter(responses::id.eq_any(chunk))
            .filter(responses::withdrawn_at.is_not_null())
            .select(responses::id)
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Marks a response withdrawn.
pub fn withdraw(db: &mut Recorded<'_>, old: &ResponseRow, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(responses::table.find((old.scheme_number, &old.id)))
        .set((responses::withdrawn_at.eq(Some(now)), responses::revision.eq(old.revision + 1)))
        .execute(c))?;
    Ok(())
}

/// Removes a response, its history and its mark; the key's hash stays, so that a retry counts nothing. Says whether it was there.
pub fn erase(db: &mut Recorded<'_>, scheme_number: i64, id: &str) -> Result<bool, StorageError> {
    let gone = on!(db, |c| {
        diesel::delete(unfolded::table.find((scheme_number, id))).execute(c)?;
        diesel::delete(
            response_events::table
                .filter(response_events::scheme_number.eq(scheme_number))
                .filter(response_events::response_id.eq(id)),
        )
        .execute(c)?;
        diesel::update(
            idempotency_keys::table
                .filter(idempotency_keys::scheme_number.eq(scheme_number))
                .filter(idempotency_keys::response_id.eq(id)),
        )
        .set(idempotency_keys::response_id.eq(None::<String>))
        .execute(c)?;
        diesel::delete(responses::table.find((scheme_number, id))).execute(c)
    })?;
    Ok(gone == 1)
}

/// Keeps what a response said before.
pub fn insert_event(db: &mut Recorded<'_>, event: &EventRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(response_events::table).values(event).execute(c))?;
    Ok(())
}

/// How many responses of a scheme answered a version.
#[derive(Debug, Clone, QueryableByName)]
pub struct VersionRow {
    /// The scheme's number.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub scheme_number: i64,
    /// The questionnaire.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub questionnaire: String,
    /// Its version.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub version: String,
    /// How many that are not withdrawn.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub number: i64,
}

/// How many responses, by scheme, questionnaire and version.
pub fn count_by_version(db: &mut Db) -> Result<Vec<VersionRow>, StorageError> {
    let version = match db.engine() {
        Engine::Sqlite => "json_extract(body, '$.version')",
        Engine::Postgres => "(body::json ->> 'version')",
    };
    let sql = format!(
        "SELECT scheme_number, questionnaire, {version} AS version, COUNT(*) AS number FROM responses \
         WHERE withdrawn_at IS NULL GROUP BY 1, 2, 3"
    );
    Ok(on!(db, |c| diesel::sql_query(sql).load(c))?)
}

/// What a response said before, the earliest first.
pub fn events_of(db: &mut Recorded<'_>, scheme_number: i64, id: &str) -> Result<Vec<EventRow>, StorageError> {
    Ok(on!(db, |c| response_events::table
        .filter(response_events::scheme_number.eq(scheme_number))
        .filter(response_events::response_id.eq(id))
        .order(response_events::revision)
        .load(c))?)
}

/// Replaces what is stored of a response by the same with less in it: nothing that counts may differ.
pub fn replace_body(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    body: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(responses::table.find((scheme_number, id)))
        .set(responses::body.eq(body))
        .execute(c))?;
    Ok(())
}

/// The same for what it said before.
pub fn replace_event(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    revision: i64,
    body: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(response_events::table.find((scheme_number, id, revision)))
        .set(response_events::old_body.eq(body))
        .execute(c))?;
    Ok(())
}

/// Which responses are listed.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only this scheme.
    pub scheme_number: Option<i64>,
    /// None of these schemes.
    pub without: Vec<i64>,
    /// Only this questionnaire.
    pub questionnaire: Option<String>,
    /// Answered on or after.
    pub from: Option<NaiveDate>,
    /// Answered on or before.
    pub to: Option<NaiveDate>,
    /// After this (scheme number, id).
    pub after: Option<(i64, String)>,
    /// At most so many.
    pub limit: i64,
}

/// Responses that are not withdrawn, in the order of scheme and id.
pub fn list(db: &mut Recorded<'_>, listing: &Listing) -> Result<Vec<ResponseRow>, StorageError> {
    on!(db, |c| {
        let mut query = responses::table.filter(responses::withdrawn_at.is_null()).into_boxed();
        if let Some(number) = listing.scheme_number {
            query = query.filter(responses::scheme_number.eq(number));
        }
        if !listing.without.is_empty() {
            query = query.filter(responses::scheme_number.ne_all(&listing.without));
        }
        if let Some(questionnaire) = &listing.questionnaire {
            query = query.filter(responses::questionnaire.eq(questionnaire));
        }
        if let Some(from) = listing.from {
            query = query.filter(responses::completed_on.ge(from));
        }
        if let Some(to) = listing.to {
            query = query.filter(responses::completed_on.le(to));
        }
        if let Some((number, id)) = &listing.after {
            query = query.filter(
                responses::scheme_number
                    .gt(number)
                    .or(responses::scheme_number.eq(number).and(responses::id.gt(id))),
            );
        }
        Ok(query.order((responses::scheme_number, responses::id)).limit(listing.limit).load(c)?)
    })
}
