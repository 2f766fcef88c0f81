//! Links that let somebody set a password once. What stands in a link is not stored: the secret file makes it of the id.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::on;
use super::schema::account_links;
use super::{Db, StorageError};

/// A link.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = account_links, treat_none_as_default_value = false)]
pub struct AccountLinkRow {
    /// Its id.
    pub id: String,
    /// Whose password it sets.
    pub account_id: String,
    /// `set-up` or `reset`.
    pub purpose: String,
    /// Until when it can be used.
    pub ends_at: NaiveDateTime,
    /// When it was used.
    pub used_at: Option<NaiveDateTime>,
}

/// Adds a link; the account's earlier ones of the same purpose lead nowhere from now on.
pub fn insert(db: &mut Db, row: &AccountLinkRow) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(
            account_links::table
                .filter(account_links::account_id.eq(&row.account_id))
                .filter(account_links::purpose.eq(&row.purpose)),
        )
        .execute(c)?;
        diesel::insert_into(account_links::table).values(row).execute(c)
    })?;
    Ok(())
}

/// The link with this id.
pub fn find(db: &mut Db, id: &str) -> Result<Option<AccountLinkRow>, StorageError> {
    Ok(on!(db, |c| account_links::table.find(id).get_result(c).optional())?)
}

/// Uses a link. False if it was used or is over.
pub fn take(db: &mut Db, id: &str, now: NaiveDateTime) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        account_links::table
            .find(id)
            .filter(account_links::used_at.is_null())
            .filter(account_links::ends_at.gt(now))
    )
    .set(account_links::used_at.eq(Some(now)))
    .execute(c))?;
    Ok(changed == 1)
}

/// Takes the account's links away.
pub fn delete_of(db: &mut Db, account_id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(account_links::table.filter(account_links::account_id.eq(account_id)))
        .execute(c))?;
    Ok(())
}
