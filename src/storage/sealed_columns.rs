//! Every column that holds something sealed, and how its values are gone through and replaced, whatever their table.
//!
//! A new sealed column is one constant here: binding, sealing of what is plain, and rotation follow from the list.

use std::collections::BTreeSet;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Text};

use super::connection::on;
use super::{Db, Engine, StorageError};
use crate::sealed::{Column, Kind};

const fn whole(table: &'static str, name: &'static str, keys: &'static [&'static str]) -> Column {
    Column { table, name, scheme: "scheme_number", keys, kind: Kind::Whole }
}

const fn words(table: &'static str, name: &'static str, keys: &'static [&'static str]) -> Column {
    Column { kind: Kind::Words, ..whole(table, name, keys) }
}

const fn mail(name: &'static str) -> Column {
    Column { scheme: "COALESCE(scheme_number, 0)", ..whole("outbox", name, &["id"]) }
}

/// What people wrote in their responses.
pub static RESPONSE_BODY: Column = words("responses", "body", &["id"]);
/// What they had written before.
pub static EVENT_BODY: Column = words("response_events", "old_body", &["response_id", "revision"]);
/// What they have written and not sent.
pub static DRAFT_BODY: Column = words("drafts", "body", &["id"]);
/// Whom a scheme names for safety.
pub static CONTACTS: Column = whole("scheme_contacts", "body", &[]);
/// Who was told of a safeguarding task.
pub static TASK_TOLD: Column = whole("safeguarding_tasks", "told", &["id"]);
/// Who has seen it.
pub static TASK_SEEN_BY: Column = whole("safeguarding_tasks", "acknowledged_by", &["id"]);
/// Who a participant is.
pub static IDENTITY: Column = whole("identities", "sealed", &["reference"]);
/// Whom a mail is for.
pub static MAIL_NAME: Column = mail("to_name");
/// Where they read it.
pub static MAIL_ADDRESS: Column = mail("to_address");
/// Its subject.
pub static MAIL_SUBJECT: Column = mail("subject");
/// Its words.
pub static MAIL_BODY: Column = mail("body");

/// What somebody complained of, and who.
pub static COMPLAINT_SAID: Column = whole("complaints", "said", &["id"]);
/// What they were answered.
pub static COMPLAINT_ANSWER: Column = whole("complaints", "answer", &["id"]);

/// All of them.
pub static COLUMNS: [&Column; 13] = [
    &RESPONSE_BODY,
    &EVENT_BODY,
    &DRAFT_BODY,
    &CONTACTS,
    &TASK_TOLD,
    &TASK_SEEN_BY,
    &IDENTITY,
    &MAIL_NAME,
    &MAIL_ADDRESS,
    &MAIL_SUBJECT,
    &MAIL_BODY,
    &COMPLAINT_SAID,
    &COMPLAINT_ANSWER,
];

/// A value of such a column.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Cell {
    /// The scheme's number; 0 for the national body.
    pub scheme_number: i64,
    key: String,
    second_key: String,
    /// The value, as it is stored.
    pub value: String,
}

impl Cell {
    /// What names the row within its scheme, as `sealed::Place` has it.
    pub fn row(&self) -> String {
        if self.second_key.is_empty() { self.key.clone() } else { row_of(&self.key, &self.second_key) }
    }
}

/// What names a row that has two keys.
pub fn row_of(key: &str, second: &str) -> String {
    format!("{key}/{second}")
}

/// The next values of a column after `after`, at most `limit`, that hold or may hold something to be sealed; of one scheme, or of all.
pub fn page(
    db: &mut Db,
    column: &'static Column,
    scheme: Option<i64>,
    after: Option<&Cell>,
    limit: u32,
) -> Result<Vec<Cell>, StorageError> {
    let beginning =
        Cell { scheme_number: -1, key: String::new(), second_key: String::new(), value: String::new() };
    let after = after.unwrap_or(&beginning);
    Ok(on!(db, |c| Page { column, scheme, after, limit }.load(c))?)
}

/// Replaces a value, if it is still what was read; says whether it was. Nothing else of the row changes.
pub fn swap(db: &mut Db, column: &'static Column, old: &Cell, new: &str) -> Result<bool, StorageError> {
    let new = new.to_owned();
    let changed = on!(db, |c| Swap { column, old, new: &new }.execute(c))?;
    Ok(changed == 1)
}

/// After what was plain has been sealed: nothing of it stays in unused parts of the database.
pub fn tidy(db: &mut Db) -> Result<(), StorageError> {
    match db.engine() {
        Engine::Sqlite => db.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"),
        Engine::Postgres => {
            let tables: BTreeSet<&str> = COLUMNS.iter().map(|column| column.table).collect();
            // Rewritten whole: a plain VACUUM leaves the old bytes in their pages until something else needs the room.
            tables.into_iter().try_for_each(|table| db.execute(&format!("VACUUM FULL {table}")))
        }
    }
}

/// SQL for one of a column's keys as text.
fn key(column: &Column, index: usize) -> String {
    match (index, column.keys.get(index)) {
        (_, None) => "''".to_owned(),
        (0, Some(key)) => (*key).to_owned(),
        (_, Some(key)) => format!("CAST({key} AS TEXT)"),
    }
}

struct Page<'a> {
    column: &'static Column,
    scheme: Option<i64>,
    after: &'a Cell,
    limit: u32,
}

impl QueryId for Page<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Page<'_> {
    type SqlType = (BigInt, Text, Text, Text);
}

impl<DB: Backend> QueryFragment<DB> for Page<'_>
where
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Column { table, name, scheme, kind, .. } = self.column;
        let (first, second) = (key(self.column, 0), key(self.column, 1));
        out.push_sql(&format!(
            "SELECT {scheme}, {first}, {second}, {name} FROM {table} WHERE {name} IS NOT NULL AND ({scheme}, {first}, {second}) > ("
        ));
        out.push_bind_param::<BigInt, _>(&self.after.scheme_number)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.after.key)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.after.second_key)?;
        out.push_sql(")");
        if let Some(number) = &self.scheme {
            out.push_sql(&format!(" AND {scheme} = "));
            out.push_bind_param::<BigInt, _>(number)?;
        }
        if *kind == Kind::Words {
            out.push_sql(&format!(r#" AND ({name} LIKE '%"words":%' OR {name} LIKE '%"sealed":%')"#));
        }
        out.push_sql(&format!(" ORDER BY 1, 2, 3 LIMIT {}", self.limit));
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for Page<'_> {}

struct Swap<'a> {
    column: &'static Column,
    old: &'a Cell,
    new: &'a String,
}

impl QueryId for Swap<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> QueryFragment<DB> for Swap<'_>
where
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Column { table, name, scheme, keys, .. } = self.column;
        out.push_sql(&format!("UPDATE {table} SET {name} = "));
        out.push_bind_param::<Text, _>(self.new)?;
        out.push_sql(&format!(" WHERE {scheme} = "));
        out.push_bind_param::<BigInt, _>(&self.old.scheme_number)?;
        for (index, value) in [&self.old.key, &self.old.second_key].into_iter().enumerate().take(keys.len()) {
            out.push_sql(&format!(" AND {} = ", key(self.column, index)));
            out.push_bind_param::<Text, _>(value)?;
        }
        out.push_sql(&format!(" AND {name} = "));
        out.push_bind_param::<Text, _>(&self.old.value)?;
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for Swap<'_> {}
