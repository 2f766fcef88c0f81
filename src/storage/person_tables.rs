//! Every place of the database that leads to a participant: what erasing empties, what a person's export shows, and where a reference is
//! replaced once nobody needs to know whose it was. A test holds the list to the schema.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Text};

use super::audit::Recorded;
use super::connection::on;
use super::schema::{
    asking_notes, invitations, life_events, participants, people, responses, safeguarding_tasks, unfolded,
    visits,
};
use super::{Db, StorageError};

/// How a column leads to a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It holds the reference.
    Reference,
    /// It holds the id of one of their invitations.
    Invitation,
    /// It holds the id of one of their responses.
    Response,
    /// It holds the id of the draft of one of their invitations.
    Draft,
}

/// Where a person's export shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InExport {
    /// Under this key.
    Under(&'static str),
    /// Not by itself, for this reason.
    Not(&'static str),
}

/// A column that leads to a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonTable {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// How it leads there.
    pub link: Link,
    /// Whether anything of it may stay when the person is erased.
    pub stays: bool,
    /// Where an export shows it.
    pub export: InExport,
}

const fn place(table: &'static str, column: &'static str, link: Link, export: InExport) -> PersonTable {
    PersonTable { table, column, link, stays: false, export }
}

const fn shown(table: &'static str, column: &'static str, link: Link, key: &'static str) -> PersonTable {
    place(table, column, link, InExport::Under(key))
}

const fn apart(table: &'static str, column: &'static str, link: Link, why: &'static str) -> PersonTable {
    place(table, column, link, InExport::Not(why))
}

/// All of them.
pub static PERSON_TABLES: [PersonTable; 23] = [
    shown("participants", "reference", Link::Reference, "participant"),
    shown("identities", "reference", Link::Reference, "identity"),
    shown("participant_needs", "reference", Link::Reference, "look"),
    shown("invitations", "person", Link::Reference, "invitations"),
    shown("responses", "person", Link::Reference, "responses"),
    shown("life_events", "person", Link::Reference, "life_events"),
    shown("asking_notes", "person", Link::Reference, "notes"),
    shown("visits", "person", Link::Reference, "visits"),
    shown("safeguarding_tasks", "person", Link::Reference, "tasks"),
    apart("unfolded", "person", Link::Reference, "a mark that a response is not counted yet"),
    apart("people", "person", Link::Reference, "when figures last moved"),
    shown("reminders", "invitation_id", Link::Invitation, "invitations"),
    shown("drafts", "id", Link::Invitation, "invitations"),
    shown("outbox", "invitation_id", Link::Invitation, "invitations"),
    apart("entry_codes", "invitation_id", Link::Invitation, "hashes of links and codes"),
    apart("drafts", "response_id", Link::Response, "how the pages of a response looked"),
    apart("entry_codes", "draft_id", Link::Draft, "hashes of codes"),
    apart("sittings", "draft_id", Link::Draft, "hashes of browsers"),
    shown("response_events", "response_id", Link::Response, "responses"),
    shown("safeguarding_tasks", "response_id", Link::Response, "tasks"),
    apart("unfolded", "response_id", Link::Response, "a mark that a response is not counted yet"),
    apart(
        "idempotency_keys",
        "response_id",
        Link::Response,
        "hashes of the keys under which a response was sent",
    ),
    // What other systems were told goes by its own age.
    PersonTable { stays: true, ..shown("changes", "subject", Link::Reference, "told") },
];

/// How many rows of a place lead to a participant.
pub fn count(db: &mut Db, place: &PersonTable, scheme: i64, person: &str) -> Result<i64, StorageError> {
    let person = person.to_owned();
    Ok(on!(db, |c| Count { place: *place, scheme, person: &person }.get_result(c))?)
}

struct Count<'a> {
    place: PersonTable,
    scheme: i64,
    person: &'a String,
}

impl QueryId for Count<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Count<'_> {
    type SqlType = BigInt;
}

impl<DB: Backend> QueryFragment<DB> for Count<'_>
where
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let PersonTable { table, column, link, .. } = self.place;
        out.push_sql(&format!("SELECT COUNT(*) FROM {table} WHERE scheme_number = "));
        out.push_bind_param::<BigInt, _>(&self.scheme)?;
        let within = match link {
            Link::Reference => None,
            Link::Invitation | Link::Draft => Some("invitations"),
            Link::Response => Some("responses"),
        };
        match within {
            None => out.push_sql(&format!(" AND {column} = ")),
            Some(other) => {
                out.push_sql(&format!(" AND {column} IN (SELECT id FROM {other} WHERE scheme_number = "));
                out.push_bind_param::<BigInt, _>(&self.scheme)?;
                out.push_sql(" AND person = ");
            }
        }
        out.push_bind_param::<Text, _>(self.person)?;
        out.push_sql(if within.is_some() { ")" } else { "" });
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for Count<'_> {}

/// Puts another reference in the place of a participant's, wherever it stands by itself. Identity and needs must be deleted before.
pub fn rename(db: &mut Recorded<'_>, scheme: i64, old: &str, new: &str) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::update(participants::table.find((scheme, old)))
            .set(participants::reference.eq(new))
            .execute(c)?;
        diesel::update(
            invitations::table
                .filter(invitations::scheme_number.eq(scheme))
                .filter(invitations::person.eq(old)),
        )
        .set(invitations::person.eq(new))
        .execute(c)?;
        diesel::update(
            responses::table.filter(responses::scheme_number.eq(scheme)).filter(responses::person.eq(old)),
        )
        .set(responses::person.eq(new))
        .execute(c)?;
        diesel::update(
            unfolded::table.filter(unfolded::scheme_number.eq(scheme)).filter(unfolded::person.eq(old)),
        )
        .set(unfolded::person.eq(new))
        .execute(c)?;
        diesel::update(people::table.find((scheme, old))).set(people::person.eq(new)).execute(c)?;
        diesel::update(
            life_events::table
                .filter(life_events::scheme_number.eq(scheme))
                .filter(life_events::person.eq(old)),
        )
        .set(life_events::person.eq(new))
        .execute(c)?;
        diesel::update(visits::table.find((scheme, old))).set(visits::person.eq(new)).execute(c)?;
        diesel::update(
            asking_notes::table
                .filter(asking_notes::scheme_number.eq(scheme))
                .filter(asking_notes::person.eq(old)),
        )
        .set(asking_notes::person.eq(new))
        .execute(c)?;
        diesel::update(
            safeguarding_tasks::table
                .filter(safeguarding_tasks::scheme_number.eq(scheme))
                .filter(safeguarding_tasks::person.eq(old)),
        )
        .set(safeguarding_tasks::person.eq(new))
        .execute(c)
    })?;
    Ok(())
}
