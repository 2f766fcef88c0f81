//! Reading the audit log: a scheme's own chain by its leads, any chain by the national body, and on the server's command line.
//! Reading it is an act itself.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Refusal, allow, event, scheme_for, scheme_target};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor, Decision, may};
use crate::domain::audit::{Act, By, Entry, NATIONAL, Target, TargetKind};
use crate::domain::scheme::Scheme;
use crate::storage::audit::{self, Listing};
use crate::storage::{StorageError, participants};

/// An entry as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditSeen {
    /// Its place in the chain.
    pub sequence: i64,
    /// When.
    pub at: String,
    /// Who: `account`, `respondent`, `mail-link`, `return-link`, `command-line`, `system` or `stranger`.
    pub by: String,
    /// The account's id.
    pub account: Option<String>,
    /// The account's address, to its own scheme and nationally.
    pub email: Option<String>,
    /// What.
    pub act: String,
    /// Upon what.
    pub target: TargetSeen,
    /// The participant's reference, to the scheme's leads, while the scheme has the person.
    pub participant: Option<String>,
    /// Numbers and codes.
    pub details: Value,
    /// Its hash, in hex.
    pub hash: String,
}

/// What an act was upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetSeen {
    /// What kind of thing.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// A page of a chain.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// The entries, the newest first.
    pub items: Vec<AuditSeen>,
    /// Where the next page begins, if there is one.
    pub next: Option<i64>,
}

/// A scheme's chain.
pub fn read_scheme_audit(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    listing: &Listing,
) -> Result<AuditPage, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadAudit)?;
    Ok(read(app, &Reader::Actor(actor), Some(scheme), listing)?)
}

/// The national chain.
pub fn read_national_audit(app: &App, actor: &Actor, listing: &Listing) -> Result<AuditPage, Refusal> {
    allow(app, actor, Action::ReadNationalAudit)?;
    Ok(read(app, &Reader::Actor(actor), None, listing)?)
}

/// A scheme's chain, or the national one, for whoever may run commands on the server.
pub fn read_audit_here(app: &App, scheme: Option<&Scheme>, listing: &Listing) -> Result<AuditPage, Refusal> {
    Ok(read(app, &Reader::CommandLine, scheme, listing)?)
}

enum Reader<'a> {
    Actor(&'a Actor),
    CommandLine,
}

impl Reader<'_> {
    fn by(&self) -> By {
        match self {
            Self::Actor(actor) => (*actor).into(),
            Self::CommandLine => By::CommandLine,
        }
    }

    fn may(&self, app: &App, action: Action<'_>) -> bool {
        match self {
            Self::Actor(actor) => may(&actor.role, action, &app.registry.areas) == Decision::Allow,
            Self::CommandLine => true,
        }
    }
}

fn read(
    app: &App,
    reader: &Reader<'_>,
    scheme: Option<&Scheme>,
    listing: &Listing,
) -> Result<AuditPage, StorageError> {
    let chain = scheme.map_or(NATIONAL, |scheme| scheme.number);
    let wanted = Listing { limit: listing.limit + 1, ..listing.clone() };
    let target = scheme.map_or_else(Target::nothing, scheme_target);
    let event = event(app, chain, reader.by(), Act::AuditRead, target).number("limit", listing.limit);
    let named = scheme.filter(|scheme| reader.may(app, Action::NameParticipants(scheme)));
    let (mut entries, references) = app.store.write(|db| {
        let db = &mut audit::record(db, &event)?;
        let entries = audit::list(db, chain, &wanted)?;
        let of_people = |entry: &Entry| pseudonym_in(entry).is_some();
        let wanted = named.is_some() && entries.iter().any(of_people);
        let references = if wanted { participants::references(db, chain)? } else { Vec::new() };
        Ok((entries, references))
    })?;
    let more = i64::try_from(entries.len()).is_ok_and(|n| n > listing.limit);
    if more {
        entries.pop();
    }
    let next = entries.last().filter(|_| more).map(|entry| entry.sequence);
    let names: BTreeMap<String, String> = references
        .into_iter()
        .map(|reference| (app.secrets.pseudonym(chain, &reference), reference))
        .collect();
    let national = reader.may(app, Action::ReadNationalAudit);
    let directory = app.directory();
    let email = |id: &str| {
        let shown = national || directory.account(id).is_some_and(|a| a.scheme_number == Some(chain));
        directory.address_of(id).filter(|_| shown).map(str::to_owned)
    };
    let items = entries.iter().map(|entry| describe(entry, &names, email)).collect();
    Ok(AuditPage { items, next })
}

fn describe(
    entry: &Entry,
    names: &BTreeMap<String, String>,
    email: impl Fn(&str) -> Option<String>,
) -> AuditSeen {
    let (by, account) = match entry.actor.split_once(':') {
        Some((kind, id)) => (kind, Some(id)),
        None => (entry.actor.as_str(), None),
    };
    AuditSeen {
        sequence: entry.sequence,
        at: written(entry.at),
        by: by.to_owned(),
        account: account.map(str::to_owned),
        email: account.and_then(email),
        act: entry.act.clone(),
        target: TargetSeen { kind: entry.target_kind.clone(), id: entry.target_id.clone() },
        participant: pseudonym_in(entry).and_then(|pseudonym| names.get(&pseudonym).cloned()),
        // What cannot be read is shown as it stands: somebody has changed it, and that is to be seen.
        details: details(entry).unwrap_or_else(|| Value::from(entry.details.as_str())),
        hash: entry.hash.iter().map(|b| format!("{b:02x}")).collect(),
    }
}

fn details(entry: &Entry) -> Option<Value> {
    serde_json::from_str(&entry.details).ok().filter(Value::is_object)
}

/// The pseudonym of the participant that an entry is about.
fn pseudonym_in(entry: &Entry) -> Option<String> {
    if entry.target_kind == TargetKind::Participant.code() {
        return Some(entry.target_id.clone());
    }
    Some(details(entry)?.get("participant")?.as_str()?.to_owned())
}
