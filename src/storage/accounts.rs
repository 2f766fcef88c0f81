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
    /// The argon2id hash of its password; empty until one is set.
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
    /// The name that others see; empty until its holder has given one.
    pub shown_name: String,
    /// Whether the API takes its password alone. Only the command line can say so.
    pub api_without_code: bool,
}

impl AccountRow {
    /// How others see its holder: by name, else by address.
    pub fn called(&self) -> &str {
        if self.shown_name.is_empty() { &self.email } else { &self.shown_name }
    }

    /// The role's name, scheme and area, as they are stored.
    pub fn columns(role: &Role) -> (&'static str, Option<i64>, Option<String>) {
        let (scheme_number, area_code) = match role {
            Role::SchemeLead(number) | Role::SchemeWorker(number) => (Some(*number), None),
            Role::Collector(number) => (*number, None),
            Role::Service(service) => (service.scheme, None),
            Role::Area(code) => (None, Some(code.clone())),
            Role::National | Role::Analyst => (None, None),
        };
        (role.code(), scheme_number, area_code)
    }

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

/// Gives it a name and a password; sessions and tokens of before end.
pub fn set_up(db: &mut Recorded<'_>, id: &str, name: Option<&str>, hash: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(accounts::table.find(id))
        .set((
            accounts::password_hash.eq(hash),
            accounts::session_epoch.eq(accounts::session_epoch + 1),
            name.map(|name| accounts::shown_name.eq(name))
        ))
        .execute(c))?;
    directory::touch(db)
}

/// Stores another hash of the same password, if it is still `old`.
pub fn rehash(db: &mut Db, id: &str, old: &str, hash: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(accounts::table.find(id).filter(accounts::password_hash.eq(old)))
        .set(accounts::password_hash.eq(hash))
        .execute(c))?;
    directory::touch(db)
}

/// Ends every session, token and remembered device of it.
pub fn end_sessions(db: &mut Recorded<'_>, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(accounts::table.find(id))
        .set(accounts::session_epoch.eq(accounts::session_epoch + 1))
        .execute(c))?;
    directory::touch(db)
}

/// Closes it at `at`, or opens it again. Sessions and tokens end either way.
pub fn set_disabled(db: &mut Recorded<'_>, id: &str, at: Option<NaiveDateTime>) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(accounts::table.find(id))
        .set((accounts::disabled_at.eq(at), accounts::session_epoch.eq(accounts::session_epoch + 1)))
        .execute(c))?;
    directory::touch(db)
}

/// Gives it another role. Sessions and tokens end.
pub fn set_role(db: &mut Recorded<'_>, id: &str, role: &Role) -> Result<(), StorageError> {
    let (code, scheme_number, area_code) = AccountRow::columns(role);
    on!(db, |c| diesel::update(accounts::table.find(id))
        .set((
            accounts::role.eq(code),
            accounts::scheme_number.eq(scheme_number),
            accounts::area_code.eq(&area_code),
            accounts::session_epoch.eq(accounts::session_epoch + 1)
        ))
        .execute(c))?;
    directory::touch(db)
}

/// Lets the API take its password alone.
pub fn allow_api_without_code(db: &mut Recorded<'_>, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(accounts::table.find(id))
        .set(accounts::api_without_code.eq(true))
        .execute(c))?;
    directory::touch(db)
}
