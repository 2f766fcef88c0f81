//! Naming whom people can ring, who hears of safeguarding tasks, and who outside.

use serde_json::Value;

use super::sealing::{place, seal_json};
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::contacts::Contacts;
use crate::storage::sealed_columns::CONTACTS;
use crate::storage::{audit, contacts, tasks};

/// The contacts of a scheme; empty if none were named.
pub fn read_contacts(app: &App, actor: &Actor, scheme_id: &str) -> Result<Contacts, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadContacts)?;
    Ok(scheme.contacts.clone())
}

/// Replaces the contacts of a scheme. For tasks that had nobody left to tell, somebody is looked for again.
pub fn put_contacts(app: &App, actor: &Actor, scheme_id: &str, body: &Value) -> Result<Contacts, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManageContacts)?;
    let wanted = Contacts::check(body).map_err(Refusal::Invalid)?;
    let now = app.now();
    let sealed = seal_json(&app.vault, &place(&CONTACTS, scheme.number, ""), &wanted)?;
    let changed = event(app, scheme.number, actor, Act::ContactsChanged, scheme_target(scheme));
    app.store.write(|db| {
        let db = &mut audit::record(db, &changed)?;
        contacts::put(db, scheme.number, &sealed, now)?;
        tasks::look_again(db, scheme.number, now)
    })?;
    app.directory.refresh(&app.store)?;
    Ok(wanted)
}
