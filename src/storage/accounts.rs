//! Accounts of staff and of other systems.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::accounts;
use super::{Db, StorageError, directory};
use crate::domain::access::Role;

/// An account.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// Its e-mail address, in lower case.
    pub email: String,
    /// The argon2id hash of its password.
    pub password_hash: String,
    /// Its role's name.
    pub role: String,
    /// The scheme it is bound to.
    pub scheme_number: Option<i64>,
    /// The area it is bound to.
    pub area_code: Option<String>,
    /// Tokens of an earlier epoch are refused.
    pub session_epoch: i64,
    /// When it was closed.
    pub disabled_at: Option<NaiveDateTime>,
    /// When it was made.
    pub created_at: NaiveDateTime,
}

impl AccountRow {
    /// The role, with what it is bound to.
    pub fn role(&self) -> Option<Role> {
        match (self.role.as_str(), self.scheme_number, &self.area_code) {
            ("national", _, _) => Some(Role::National),
            ("analyst", _, _) => Some(Role::Analyst),
            ("area", _, Some(code)) => Some(Role::Area(code.clone())),
            ("scheme-lead", Some(number), _) => Some(Role::SchemeLead(number)),
            ("scheme-worker", Some(number), _) => Some(Role::SchemeWorker(number)),
            ("collector", number, _) => Some(Role::Collector(number)),
            _ => None,
        }
    }
}

/// Every account.
pub fn all(db: &mut Db) -> Result<Vec<AccountRow>, StorageError> {
    Ok(on!(db, |c| accounts::table.load(c))?)
}

/// Whether it was added; false if the address is taken.
pub fn insert(db: &mut Recorded<'_>, row: &AccountRow) -> Result<bool, StorageError> {
    let added =
        on!(db, |c| diesel::insert_into(accounts::table).values(row).on_conflict_do_nothing().execute(c))?;
    directory::touch(db)?;
    Ok(added > 0)
}
