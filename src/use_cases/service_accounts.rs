//! Service accounts: making them, giving them newer keys, revoking them, and signing in with a key.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::api_tokens::{SignedIn, issue};
use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::directory::Directory;
use crate::domain::access::{Action, Actor, Role};
use crate::domain::audit::{Act, By, Event, NATIONAL, Target, TargetKind};
use crate::domain::scheme::Scheme;
use crate::domain::service_account::{NewServiceAccount, Scope, read_keep_days};
use crate::secrets::ServiceKey;
use crate::storage::audit;
use crate::storage::service_accounts::{self, ServiceAccountRow, ServiceKeyRow};

/// A service account with a new key, which is shown this once.
pub struct NewKey {
    /// The account as it is listed.
    pub account: Value,
    /// The key.
    pub key: String,
}

/// The scheme with this id, or all schemes where none is named, if `actor` may give keys for it.
fn place<'d>(
    app: &App,
    directory: &'d Directory,
    actor: &Actor,
    scheme_id: Option<&str>,
) -> Result<Option<&'d Scheme>, Refusal> {
    match scheme_id {
        Some(id) => {
            let action = |scheme| Action::ManageServiceAccounts(Some(scheme));
            scheme_for(app, directory, actor, id, "", action).map(Some)
        }
        None => allow(app, actor, Action::ManageServiceAccounts(None)).map(|()| None),
    }
}

/// The account with this id, if it belongs to this place.
fn find(directory: &Directory, scheme: Option<&Scheme>, id: &str) -> Result<ServiceAccountRow, Refusal> {
    let number = scheme.map(|s| s.number);
    let found = directory.service_account(id).filter(|a| a.scheme_number == number);
    found.cloned().ok_or(Refusal::Unknown(None))
}

/// The service accounts of a scheme, or (with none named) those for all schemes. Revoked ones are not among them.
pub fn list_service_accounts(
    app: &App,
    actor: &Actor,
    scheme_id: Option<&str>,
) -> Result<Vec<Value>, Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let number = place(app, &directory, actor, scheme_id)?.map(|s| s.number);
    let own: Vec<&ServiceAccountRow> =
        directory.service_accounts().filter(|a| a.scheme_number == number).collect();
    let ids: Vec<String> = own.iter().map(|a| a.id.clone()).collect();
    let keys = app.store.read(|db| service_accounts::keys_of(db, &ids))?;
    Ok(own
        .into_iter()
        .map(|account| {
            let keys: Vec<&ServiceKeyRow> = keys.iter().filter(|k| k.account_id == account.id).collect();
            describe(app, account, &keys)
        })
        .collect())
}

fn describe(app: &App, account: &ServiceAccountRow, keys: &[&ServiceKeyRow]) -> Value {
    let now = app.now();
    let good = |key: &&&ServiceKeyRow| key.ends_at.is_none_or(|end| now < end);
    let scopes: Vec<&str> = account.service().scopes.into_iter().map(Scope::code).collect();
    let described: Vec<Value> = keys
        .iter()
        .filter(good)
        .map(|key| {
            json!({"id": key.id, "created_at": written(key.created_at), "ends_at": key.ends_at.map(written),
                   "last_used_on": key.last_used_on})
        })
        .collect();
    json!({
        "id": account.id, "name": account.name, "scopes": scopes, "ends_on": account.ends_on,
        "created_at": written(account.created_at), "last_used_on": keys.iter().filter_map(|k| k.last_used_on).max(),
        "keys": described,
    })
}

fn key_row(app: &App, account_id: &str, key: &ServiceKey) -> ServiceKeyRow {
    ServiceKeyRow {
        id: key.id.clone(),
        account_id: account_id.to_owned(),
        key_hash: key.hash.clone(),
        created_at: app.now(),
        ends_at: None,
        last_used_on: None,
    }
}

/// Makes a service account with its first key.
pub fn add_service_account(
    app: &App,
    actor: &Actor,
    scheme_id: Option<&str>,
    body: &Value,
) -> Result<NewKey, Refusal> {
    let directory = app.directory();
    let scheme = place(app, &directory, actor, scheme_id)?;
    let new = NewServiceAccount::check(body, app.today()).map_err(Refusal::Invalid)?;
    let scopes: Vec<&str> = new.scopes.into_iter().map(Scope::code).collect();
    let account = ServiceAccountRow {
        id: app.new_id(),
        scheme_number: scheme.map(|s| s.number),
        name: new.name,
        scopes: scopes.join(" "),
        session_epoch: 1,
        ends_on: new.ends_on,
        created_by: actor.account.clone(),
        created_at: app.now(),
        revoked_at: None,
    };
    let key = app.secrets.new_service_key();
    let row = key_row(app, &account.id, &key);
    let added = upon(app, &account, actor, Act::ServiceAccountAdded);
    app.store.write(|db| service_accounts::insert(&mut audit::record(db, &added)?, &account, &row))?;
    app.directory.refresh(&app.store)?;
    Ok(NewKey { account: describe(app, &account, &[&row]), key: key.key })
}

/// Gives a service account a newer key. The one before stays good for the days that `body` says, so that both work while the
/// other system is changed over; with 0 days it ends at once, and so do the tokens that were given for it.
pub fn rotate_service_account(
    app: &App,
    actor: &Actor,
    scheme_id: Option<&str>,
    id: &str,
    body: &Value,
) -> Result<NewKey, Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let scheme = place(app, &directory, actor, scheme_id)?;
    let account = find(&directory, scheme, id)?;
    let days = read_keep_days(body).map_err(Refusal::Invalid)?;
    let key = app.secrets.new_service_key();
    let row = key_row(app, &account.id, &key);
    let before_ends_at = (days > 0).then(|| app.now() + TimeDelta::days(days));
    let changed = upon(app, &account, actor, Act::ServiceKeyChanged).number("keep-days", days);
    let keys = app.store.write(|db| {
        service_accounts::rotate(&mut audit::record(db, &changed)?, &row, before_ends_at, days == 0)?;
        service_accounts::keys_of(db, std::slice::from_ref(&account.id))
    })?;
    app.directory.refresh(&app.store)?;
    Ok(NewKey { account: describe(app, &account, &keys.iter().collect::<Vec<_>>()), key: key.key })
}

/// Ends a service account at once, with its keys and tokens.
pub fn revoke_service_account(
    app: &App,
    actor: &Actor,
    scheme_id: Option<&str>,
    id: &str,
) -> Result<(), Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let scheme = place(app, &directory, actor, scheme_id)?;
    let account = find(&directory, scheme, id)?;
    let now = app.now();
    let revoked = upon(app, &account, actor, Act::ServiceAccountRevoked);
    app.store.write(|db| service_accounts::revoke(&mut audit::record(db, &revoked)?, &account.id, now))?;
    Ok(app.directory.refresh(&app.store)?)
}

/// What is written down of an act upon a service account.
fn upon(app: &App, account: &ServiceAccountRow, by: impl Into<By>, act: Act) -> Event {
    let chain = account.scheme_number.unwrap_or(NATIONAL);
    event(app, chain, by, act, Target::of(TargetKind::ServiceAccount, &account.id))
}

/// Exchanges a key for a token. That somebody did, or tried to with a key that is not good, is written down.
pub fn sign_in_with_key(app: &App, key: &str) -> Result<SignedIn, Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let Some((account, key_id)) = open_account(app, &directory, key)? else {
        let refused =
            event(app, NATIONAL, By::Stranger, Act::SignInRefused, Target::nothing()).code("at", "key");
        app.store.write(|db| audit::record(db, &refused).map(drop))?;
        return Err(Refusal::NotSignedIn);
    };
    let signed = issue(app, &account.id, account.session_epoch)?;
    let today = app.today();
    let signed_in = upon(app, account, By::Account(account.id.clone()), Act::ServiceSignedIn);
    let signed_in = signed_in.code("key", &key_id);
    app.store.write(|db| service_accounts::note_used(&mut audit::record(db, &signed_in)?, &key_id, today))?;
    Ok(signed)
}

/// The service account that this key opens now, and the key's id.
fn open_account<'d>(
    app: &App,
    directory: &'d Directory,
    key: &str,
) -> Result<Option<(&'d ServiceAccountRow, String)>, Refusal> {
    let Some((id, hash)) = app.secrets.read_service_key(key) else { return Ok(None) };
    let now = app.now();
    let known = app.store.read(|db| service_accounts::find_key(db, &id))?;
    let known = known.filter(|k| k.key_hash == hash && k.ends_at.is_none_or(|end| now < end));
    let account = known.and_then(|known| directory.service_account(&known.account_id));
    Ok(account.filter(|a| a.is_open(app.today())).map(|account| (account, id)))
}

/// The service account that a token of this subject and epoch belongs to.
pub(super) fn service_of(app: &App, directory: &Directory, subject: &str, epoch: i64) -> Option<Actor> {
    let account = directory.service_account(subject)?;
    let good = account.session_epoch == epoch && account.is_open(app.today());
    good.then(|| Actor { account: account.id.clone(), role: Role::Service(account.service()) })
}
