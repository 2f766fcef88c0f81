//! Accounts: the first one comes from the command line.

use argon2::PasswordHasher;
use validator::Validate;

use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::fault::Fault;
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
    if let Role::Area(code) = &new.role
        && app.registry.areas.get(code).is_none()
    {
        let detail = "There is no area with this code.".into();
        return Err(Refusal::Invalid(vec![Fault { pointer: "/area".into(), code: "unknown-area", detail }]));
    }
    let id = app.new_id();
    let (scheme_number, area_code) = match &new.role {
        Role::SchemeLead(number) | Role::SchemeWorker(number) | Role::Collector(Some(number)) => {
            (Some(*number), None)
        }
        Role::Area(code) => (None, Some(code.clone())),
        Role::National | Role::Analyst | Role::Collector(None) => (None, None),
        Role::Service(_) => {
            let detail = "Another system has a key, not a password: make a service account.".into();
            let fault = Fault { pointer: "/role".into(), code: "not-allowed-here", detail };
            return Err(Refusal::Invalid(vec![fault]));
        }
    };
    let row = AccountRow {
        id: id.clone(),
        email: new.email.to_lowercase(),
        password_hash: hash_password(&new.password)?,
        role: new.role.code().into(),
        scheme_number,
        area_code,
        session_epoch: 1,
        disabled_at: None,
        created_at: app.now(),
    };
    let chain = row.scheme_number.unwrap_or(NATIONAL);
    let added = event(app, chain, By::CommandLine, Act::AccountAdded, Target::of(TargetKind::Account, &id));
    let added = added.code("role", &row.role);
    let done = app
        .store
        .write(|db| audit::record_if(db, &added, |db| Ok(accounts::insert(db, &row)?.then_some(()))))?;
    if done.is_none() {
        let detail = "There is an account with this address.".into();
        return Err(Refusal::Exists(Fault { pointer: "/email".into(), code: "exists", detail }));
    }
    app.directory.refresh(&app.store)?;
    Ok(id)
}

/// The argon2id hash of a password, with its own salt.
fn hash_password(password: &str) -> Result<String, StorageError> {
    argon2::Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| StorageError::Unavailable(format!("hashing a password: {e}")))
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
