//! Signing in for API clients: a password for a short-lived token; and telling who a token belongs to.

use argon2::{PasswordHash, PasswordVerifier};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::service_accounts::service_of;
use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::audit::{Act, By, Event, NATIONAL, Target, TargetKind};
use crate::storage::accounts::AccountRow;
use crate::storage::{StorageError, audit};

/// How long a token is good for.
const MINUTES: i64 = 60;
const AUDIENCE: &str = "khi-api";

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    /// The account's session epoch: moving it ends every token at once.
    epoch: i64,
}

/// A token and how long it is good for.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The token.
    pub token: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A hash that no password has: checked when there is no such account, so that both take as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$VGhlcmVJc05vYm9keUhlcmU$qpSJ4dWYzsXu7WwfUzQ5rFhXXvnmZ1zRBW7kUVPbRu8";

/// The open account with this address and password; that there is none is written down.
pub(super) fn check_password(app: &App, email: &str, password: &str) -> Result<AccountRow, Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let account = directory.account_by_email(&email.trim().to_lowercase());
    let stored = account.map_or(NOBODY, |a| a.password_hash.as_str());
    let hash = PasswordHash::new(stored).map_err(|e| StorageError::Corrupt(format!("password hash: {e}")))?;
    let right = argon2::Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    if let Some(account) = account.filter(|_| right) {
        return Ok(account.clone());
    }
    let chain = account.and_then(|a| a.scheme_number).unwrap_or(NATIONAL);
    let target = account.map_or_else(Target::nothing, |a| Target::of(TargetKind::Account, &a.id));
    let refused = event(app, chain, By::Stranger, Act::SignInRefused, target);
    app.store.write(|db| audit::record(db, &refused).map(drop))?;
    Err(Refusal::NotSignedIn)
}

/// What is written down of a sign-in by `way`: `api` or `pages`.
pub(super) fn signed_in(app: &App, account: &AccountRow, way: &str) -> Event {
    let chain = account.scheme_number.unwrap_or(NATIONAL);
    let target = Target::of(TargetKind::Account, &account.id);
    event(app, chain, By::Account(account.id.clone()), Act::SignedIn, target).code("way", way)
}

/// Exchanges an address and a password for a token.
pub fn sign_in(app: &App, email: &str, password: &str) -> Result<SignedIn, Refusal> {
    let account = check_password(app, email, password)?;
    let signed = token_for(app, &account.id, account.session_epoch)?;
    app.store.write(|db| audit::record(db, &signed_in(app, &account, "api")).map(drop))?;
    Ok(signed)
}

/// A token for an account, or a service account, of this id and session epoch.
pub(super) fn token_for(app: &App, subject: &str, epoch: i64) -> Result<SignedIn, Refusal> {
    let now = app.clock.now();
    let expires_at = now + TimeDelta::minutes(MINUTES);
    let claims = Claims {
        sub: subject.to_owned(),
        aud: AUDIENCE.into(),
        iat: now.timestamp(),
        exp: expires_at.timestamp(),
        epoch,
    };
    let token = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(&app.secrets.tokens),
    )
    .map_err(|e| StorageError::Unavailable(format!("signing a token: {e}")))?;
    Ok(SignedIn { token, expires_at })
}

/// Who `token` belongs to, if it is still good.
pub fn authenticate(app: &App, token: &str) -> Result<Actor, Refusal> {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_audience(&[AUDIENCE]);
    rules.validate_exp = false; // judged below, by our own clock
    rules.set_required_spec_claims(&["exp", "sub", "aud"]);
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&app.secrets.tokens), &rules)
            .map_err(|_| Refusal::NotSignedIn)?
            .claims;
    if claims.exp <= app.clock.now().timestamp() {
        return Err(Refusal::NotSignedIn);
    }
    let directory = app.directory();
    if let Some(service) = service_of(app, &directory, &claims.sub, claims.epoch) {
        return Ok(service);
    }
    let account = directory.account(&claims.sub).filter(|a| a.session_epoch == claims.epoch);
    acts_as(account.ok_or(Refusal::NotSignedIn)?)
}

/// Who acts through an account.
pub(super) fn acts_as(account: &AccountRow) -> Result<Actor, Refusal> {
    let role = account
        .role()
        .ok_or_else(|| StorageError::Corrupt(format!("account {} has an unknown role", account.id)))?;
    Ok(Actor { account: account.id.clone(), role })
}
