//! Accounts made on the command line, with a password: the first one, and those of programs.

use validator::Validate;

use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::audit::{Act, By, Event, NATIONAL, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::password;
use crate::storage::StorageError;
use crate::storage::accounts::{self, AccountRow};
use crate::storage::audit;

/// An account to be made. No `Debug`: it holds a password.
#[derive(Validate)]
pub struct NewAccount {
    /// Its e-mail address.
    #[validate(
        email(message = "This is not an e-mail address."),
        length(max = 200, message = "At most 200 characters.")
    )]
    pub email: String,
    /// Its password.
    #[validate(length(min = 12, max = 200, message = "A password has 12 to 200 characters."))]
    pub password: String,
    /// Its role.
    #[validate(skip)]
    pub role: Role,
}

/// Adds an account and gives its id.
pub fn add_account(app: &App, new: &NewAccount) -> Result<String, Refusal> {
    new.validate().map_err(|errors| Refusal::Invalid(faults_of(&errors)))?;
    if let Some(fault) = password::fault(&new.password, &new.email, "") {
        return Err(Refusal::Invalid(vec![fault]));
    }
    if let Role::Area(code) = &new.role
        && app.registry.areas.get(code).is_none()
    {
        let detail = "There is no area with this code.".into();
        return Err(Refusal::Invalid(vec![Fault { pointer: "/area".into(), code: "unknown-area", detail }]));
    }
    let row =
        AccountRow { password_hash: app.passwords.hash(&new.password)?, ..blank(app, &new.email, &new.role) };
    let id = row.id.clone();
    if !insert_recorded(app, &row, By::CommandLine)? {
        let detail = "There is an account with this address.".into();
        return Err(Refusal::Exists(Fault { pointer: "/email".into(), code: "exists", detail }));
    }
    app.directory.refresh(&app.store)?;
    Ok(id)
}

/// Lets the API take this account's password alone: for programs and tests. Only the command line asks for it.
pub fn allow_api_without_code(app: &App, id: &str) -> Result<(), StorageError> {
    let directory = app.directory();
    let Some(account) = directory.any_account(id) else { return Ok(()) };
    let event =
        account_event(app, account, By::CommandLine, Act::AccountChanged).code("what", "api-without-code");
    app.store.write(|db| accounts::allow_api_without_code(&mut audit::record(db, &event)?, id))?;
    app.directory.refresh(&app.store)
}

/// What is written down of an act upon an account: in the chain of its scheme, or in the national one.
pub(super) fn account_event(app: &App, account: &AccountRow, by: impl Into<By>, act: Act) -> Event {
    let chain = account.scheme_number.unwrap_or(NATIONAL);
    event(app, chain, by, act, Target::of(TargetKind::Account, &account.id))
}

/// Adds an account; false if the address is taken.
fn insert_recorded(app: &App, row: &AccountRow, by: By) -> Result<bool, StorageError> {
    let event = account_event(app, row, by, Act::AccountAdded).code("role", &row.role);
    let added = |db: &mut audit::Recorded<'_>| Ok(accounts::insert(db, row)?.then_some(()));
    Ok(app.store.write(|db| audit::record_if(db, &event, added))?.is_some())
}

/// Adds an account that its holder sets up, for the command line, which shows the link itself.
pub fn add_account_to_set_up(app: &App, email: &str, role: &Role) -> Result<String, Refusal> {
    let row = blank(app, email, role);
    if !validator::ValidateEmail::validate_email(&row.email) {
        let detail = "This is not an e-mail address.".into();
        return Err(Refusal::Invalid(vec![Fault { pointer: "/email".into(), code: "email", detail }]));
    }
    if let Role::Area(code) = role
        && app.registry.areas.get(code).is_none()
    {
        let detail = "There is no area with this code.".into();
        return Err(Refusal::Invalid(vec![Fault { pointer: "/area".into(), code: "unknown-area", detail }]));
    }
    if !insert_recorded(app, &row, By::CommandLine)? {
        let detail = "There is an account with this address.".into();
        return Err(Refusal::Exists(Fault { pointer: "/email".into(), code: "exists", detail }));
    }
    app.directory.refresh(&app.store)?;
    Ok(row.id)
}

/// An account without a name and a password.
pub(super) fn blank(app: &App, email: &str, role: &Role) -> AccountRow {
    let (code, scheme_number, area_code) = AccountRow::columns(role);
    AccountRow {
        id: app.new_id(),
        email: email.trim().to_lowercase(),
        password_hash: String::new(),
        role: code.into(),
        scheme_number,
        area_code,
        session_epoch: 1,
        disabled_at: None,
        created_at: app.now(),
        shown_name: String::new(),
        api_without_code: false,
    }
}

/// The faults of a failed shape check, by field.
pub(super) fn faults_of(errors: &validator::ValidationErrors) -> Vec<Fault> {
    let mut faults: Vec<Fault> = errors
        .field_errors()
        .into_iter()
        .flat_map(|(field, errors)| {
            errors.iter().map(move |e| Fault {
                pointer: format!("/{field}"),
                code: "not-acceptable",
                detail: e
                    .message
                    .as_ref()
                    .map_or_else(|| "This is not acceptable.".to_owned(), ToString::to_string),
            })
        })
        .collect();
    faults.sort();
    faults
}
