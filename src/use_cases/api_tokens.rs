//! Tokens of API clients: signed, for an hour, for one audience, under a key that can be changed; and telling whose a token is.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::service_accounts::service_of;
use super::{Refusal, event};
use crate::app::App;
use crate::directory::{TOKEN_KEYS, TokenKeys};
use crate::domain::access::Actor;
use crate::domain::audit::{Act, By, NATIONAL, Target};
use crate::storage::accounts::AccountRow;
use crate::storage::{StorageError, audit, directory, settings};

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

/// A token for the account, or service account, of this id and session epoch.
pub(super) fn issue(app: &App, subject: &str, epoch: i64) -> Result<SignedIn, Refusal> {
    let now = app.clock.now();
    let expires_at = now + TimeDelta::minutes(MINUTES);
    let claims = Claims {
        sub: subject.to_owned(),
        aud: AUDIENCE.into(),
        iat: now.timestamp(),
        exp: expires_at.timestamp(),
        epoch,
    };
    let generation = app.directory().token_keys().newest();
    let head = Header { kid: Some(generation.to_string()), ..Header::new(Algorithm::HS256) };
    let key = EncodingKey::from_secret(&app.secrets.token_key(generation));
    let token = jsonwebtoken::encode(&head, &claims, &key)
        .map_err(|e| StorageError::Unavailable(format!("signing a token: {e}")))?;
    Ok(SignedIn { token, expires_at })
}

/// Who `token` belongs to, if it is still good.
pub fn authenticate(app: &App, token: &str) -> Result<Actor, Refusal> {
    let head = jsonwebtoken::decode_header(token).map_err(|_| Refusal::NotSignedIn)?;
    let generation: i64 = head.kid.and_then(|kid| kid.parse().ok()).ok_or(Refusal::NotSignedIn)?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_audience(&[AUDIENCE]);
    rules.validate_exp = false; // judged below, by our own clock
    rules.set_required_spec_claims(&["exp", "sub", "aud"]);
    let key = DecodingKey::from_secret(&app.secrets.token_key(generation));
    let claims =
        jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|_| Refusal::NotSignedIn)?.claims;
    let directory = app.directory();
    let short = claims.exp - claims.iat <= MINUTES * 60 && claims.exp > app.clock.now().timestamp();
    if !short || !directory.token_keys().signed_at(generation, claims.iat) {
        return Err(Refusal::NotSignedIn);
    }
    if let Some(service) = service_of(app, &directory, &claims.sub, claims.epoch) {
        return Ok(service);
    }
    let account = directory.account(&claims.sub).filter(|a| a.session_epoch == claims.epoch);
    acts_as(account.ok_or(Refusal::NotSignedIn)?)
}

/// Lets a new key sign from now on. Tokens that are out stay good until they end. Gives the new generation.
pub fn rotate_token_keys(app: &App) -> Result<i64, StorageError> {
    let now = app.clock.now().timestamp();
    let changed = event(app, NATIONAL, By::CommandLine, Act::TokenKeyChanged, Target::nothing());
    let generation = app.store.write(|db| {
        audit::record(db, &changed)?;
        let TokenKeys(mut keys) = TokenKeys::read(settings::find(db, TOKEN_KEYS)?.as_deref())?;
        let newest = keys.last().map_or(0, |(generation, _)| *generation) + 1;
        // A key is of no more use when the last token that it signed has ended.
        let over =
            keys.iter().zip(keys.iter().skip(1)).filter(|(_, (_, until))| until + MINUTES * 60 + 2 < now);
        let over = over.count();
        keys.drain(..over);
        keys.push((newest, now));
        settings::set(db, TOKEN_KEYS, &serde_json::to_string(&TokenKeys(keys))?)?;
        directory::touch(db)?;
        Ok(newest)
    })?;
    app.directory.refresh(&app.store)?;
    Ok(generation)
}

/// Who acts through an account.
pub(super) fn acts_as(account: &AccountRow) -> Result<Actor, Refusal> {
    let role = account
        .role()
        .ok_or_else(|| StorageError::Corrupt(format!("account {} has an unknown role", account.id)))?;
    Ok(Actor { account: account.id.clone(), role })
}
