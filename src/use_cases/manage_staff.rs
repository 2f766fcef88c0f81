//! Other people's accounts: inviting, closing and opening, roles, sessions, a lost second factor. The national body for all, a lead
//! for those of the own scheme.

use std::collections::BTreeSet;

use super::manage_accounts::{account_event, blank};
use super::set_up_account::{link_after_reset, mail_to, set_up_link, tell_account};
use super::staff_sessions::end_everywhere;
use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor, Decision, Role, may_manage};
use crate::domain::audit::{Act, Event, NATIONAL, Target};
use crate::domain::fault::Fault;
use crate::mail::account_mail::{self, Change};
use crate::storage::accounts::{self, AccountRow};
use crate::storage::{StorageError, account_links, audit, outbox, second_factors};

/// The shortest and longest record of how somebody was checked.
const CHECK_LENGTH: std::ops::RangeInclusive<usize> = 20..=500;

/// Somebody to be invited.
#[derive(Debug, Clone, Default)]
pub struct StaffInvitation {
    /// Where they read mail.
    pub email: String,
    /// The role's name.
    pub role: String,
    /// The scheme's id, for roles of a scheme.
    pub scheme: Option<String>,
    /// The area's code, for the role of an area.
    pub area: Option<String>,
}

/// An account as those who manage it see it.
#[derive(Debug, Clone)]
pub struct AccountSeen {
    /// The account.
    pub account: AccountRow,
    /// Its role.
    pub role: Role,
    /// The name of the scheme or area that it is bound to.
    pub place: Option<String>,
    /// Whether it has a second factor.
    pub has_factor: bool,
}

/// What can be done with an account.
#[derive(Debug, Clone)]
pub enum AccountAct {
    /// Close it.
    Disable,
    /// Open it again.
    Enable,
    /// End its sessions, tokens and remembered browsers.
    EndSessions,
    /// Mail a new link that sets it up, if it is not set up yet.
    InviteAgain,
    /// Give it another role.
    ChangeRole(StaffInvitation),
    /// Take its lost second factor away. Holds how it was checked that its holder asks; national only.
    ResetFactor(String),
}

/// Accounts of a scheme's staff, or all, whose name or address has `search` in it; by address.
pub fn list_accounts(
    app: &App,
    actor: &Actor,
    scheme: Option<i64>,
    search: &str,
) -> Result<Vec<AccountSeen>, Refusal> {
    let directory = app.directory();
    match scheme {
        None => allow(app, actor, Action::ManageAccounts)?,
        Some(number) => {
            let scheme = directory.scheme_by_number(number).ok_or(Refusal::Unknown(None))?;
            allow(app, actor, Action::ManageStaff(scheme))?;
        }
    }
    let event = event(app, scheme.unwrap_or(NATIONAL), actor, Act::AccountsListed, Target::nothing());
    let with_factor: BTreeSet<String> =
        app.store.write(|db| second_factors::accounts_with_one(&mut audit::record(db, &event)?))?;
    let search = search.trim().to_lowercase();
    let mut seen: Vec<AccountSeen> = directory
        .accounts()
        .filter(|a| scheme.is_none() || a.scheme_number == scheme)
        .filter(|a| a.email.contains(&search) || a.shown_name.to_lowercase().contains(&search))
        .filter_map(|a| {
            let role = a.role()?;
            let place = match &role {
                Role::Area(code) => app.registry.areas.get(code).map(|area| area.name.clone()),
                other => other.scheme().and_then(|n| Some(directory.scheme_by_number(n)?.about.name.clone())),
            };
            Some(AccountSeen { account: a.clone(), role, place, has_factor: with_factor.contains(&a.id) })
        })
        .collect();
    seen.sort_by(|a, b| a.account.email.cmp(&b.account.email));
    Ok(seen)
}

/// Makes an account and mails the link that sets it up. Gives its id.
pub fn invite_staff(app: &App, actor: &Actor, invitation: &StaffInvitation) -> Result<String, Refusal> {
    let role = role_of(app, actor, invitation)?;
    let email = invitation.email.trim().to_lowercase();
    let sound = email.len() <= 200 && validator::ValidateEmail::validate_email(&email);
    if !sound {
        return Err(invalid("/email", "email", "Write an e-mail address, like name@host.example."));
    }
    let row = blank(app, &email, &role);
    let by = app.directory().any_account(&actor.account).map(|a| a.called().to_owned()).unwrap_or_default();
    let link = set_up_link(app, &row.id);
    let letter = account_mail::invitation(&row, &by, role.title(), place_name(app, &role).as_deref());
    let mail = mail_to(app, &row, account_mail::LINK_TO_ACCOUNT, letter, Some(&link))?;
    let event = account_event(app, &row, actor, Act::AccountAdded).code("role", &row.role);
    let act = |db: &mut audit::Recorded<'_>| {
        if !accounts::insert(db, &row)? {
            return Ok(None);
        }
        account_links::insert(db, &link)?;
        outbox::insert(db, &[&mail])?;
        Ok(Some(()))
    };
    let added = app.store.write(|db| audit::record_if(db, &event, act))?;
    app.directory.refresh(&app.store)?;
    if added.is_some() {
        return Ok(row.id);
    }
    let detail =
        "This address cannot be invited: it is in use. If the person works here too, ask the national team.";
    Err(Refusal::Exists(Fault { pointer: "/email".into(), code: "exists", detail: detail.into() }))
}

/// Does something with somebody else's account.
pub fn change_account(app: &App, actor: &Actor, id: &str, act: &AccountAct) -> Result<(), Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let account = managed(&directory, actor, id)?;
    let now = app.now();
    match act {
        AccountAct::Disable => write(app, &changed(app, actor, account, "closed"), |db| {
            accounts::set_disabled(db, id, Some(now))?;
            account_links::delete_of(db, id)?;
            end_everywhere(db, id)
        })?,
        AccountAct::Enable => {
            write(app, &changed(app, actor, account, "opened"), |db| accounts::set_disabled(db, id, None))?;
        }
        AccountAct::EndSessions => write(app, &changed(app, actor, account, "sessions"), |db| {
            accounts::end_sessions(db, id)?;
            end_everywhere(db, id)
        })?,
        AccountAct::InviteAgain => invite_again(app, actor, account)?,
        AccountAct::ChangeRole(wanted) => change_role(app, actor, account, wanted)?,
        AccountAct::ResetFactor(check) => reset_factor(app, actor, account, check)?,
    }
    app.directory.refresh(&app.store)?;
    Ok(())
}

/// What is written down of a change.
fn changed(app: &App, actor: &Actor, account: &AccountRow, what: &str) -> Event {
    account_event(app, account, actor, Act::AccountChanged).code("what", what)
}

/// Does something that is written down.
fn write(
    app: &App,
    event: &Event,
    act: impl Fn(&mut audit::Recorded<'_>) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    app.store.write(|db| act(&mut audit::record(db, event)?))
}

/// Gives another role. Where the account goes to another scheme's chain, both chains say so.
fn change_role(
    app: &App,
    actor: &Actor,
    account: &AccountRow,
    wanted: &StaffInvitation,
) -> Result<(), Refusal> {
    let role = role_of(app, actor, wanted)?;
    let letter = account_mail::changed(account, Change::Role(role.title()), app.now());
    let mail = tell_account(app, account, letter)?;
    let (code, scheme_number, _) = AccountRow::columns(&role);
    let here = changed(app, actor, account, "role").code("role", code);
    let there = (scheme_number != account.scheme_number).then(|| {
        let moved = AccountRow { scheme_number, ..account.clone() };
        changed(app, actor, &moved, "role").code("role", code)
    });
    // Chains are taken in the order of their numbers, so that two such acts wait for each other in one order.
    let mut events: Vec<Event> = there.into_iter().chain([here]).collect();
    events.sort_by_key(|event| event.scheme_number);
    Ok(app.store.write(|db| {
        let Some((last, earlier)) = events.split_last() else { return Ok(()) };
        for event in earlier {
            audit::record(db, event)?;
        }
        let mut db = audit::record(db, last)?;
        accounts::set_role(&mut db, &account.id, &role)?;
        end_everywhere(&mut db, &account.id)?;
        outbox::insert(&mut db, &[&mail])
    })?)
}

/// The account with this id, if `actor` may change it. One's own is changed elsewhere, so that nobody locks themselves out.
fn managed<'a>(
    directory: &'a crate::directory::Directory,
    actor: &Actor,
    id: &str,
) -> Result<&'a AccountRow, Refusal> {
    let account = directory.any_account(id);
    let role = account.and_then(AccountRow::role);
    match may_manage(&actor.role, role.as_ref().unwrap_or(&Role::Analyst)) {
        Decision::Forbid => Err(Refusal::Forbidden),
        Decision::Unknown => Err(Refusal::Unknown(None)),
        Decision::Allow if account.is_some_and(|a| a.id == actor.account) => Err(Refusal::Forbidden),
        Decision::Allow => account.ok_or(Refusal::Unknown(None)),
    }
}

/// The role that is asked for, if it makes sense and `actor` may give it.
fn role_of(app: &App, actor: &Actor, wanted: &StaffInvitation) -> Result<Role, Refusal> {
    let directory = app.directory();
    let of_scheme = |make: fn(i64) -> Role| -> Result<Role, Refusal> {
        let id = wanted.scheme.as_deref().unwrap_or_default();
        Ok(make(scheme_for(app, &directory, actor, id, "/scheme", Action::ManageStaff)?.number))
    };
    let role = match wanted.role.as_str() {
        "national" => Role::National,
        "analyst" => Role::Analyst,
        "scheme-lead" => of_scheme(Role::SchemeLead)?,
        "scheme-worker" => of_scheme(Role::SchemeWorker)?,
        "collector" if wanted.scheme.is_some() => of_scheme(|number| Role::Collector(Some(number)))?,
        "collector" => Role::Collector(None),
        "area" => {
            let code = wanted.area.as_deref().unwrap_or_default();
            if app.registry.areas.get(code).is_none() {
                return Err(invalid("/area", "unknown-area", "There is no area with this code."));
            }
            Role::Area(code.to_owned())
        }
        _ => return Err(invalid("/role", "unknown-role", "Choose a role.")),
    };
    match may_manage(&actor.role, &role) {
        Decision::Allow => Ok(role),
        Decision::Forbid | Decision::Unknown => Err(Refusal::Forbidden),
    }
}

fn place_name(app: &App, role: &Role) -> Option<String> {
    let directory = app.directory();
    match role {
        Role::Area(code) => app.registry.areas.get(code).map(|area| area.name.clone()),
        other => other.scheme().and_then(|n| Some(directory.scheme_by_number(n)?.about.name.clone())),
    }
}

fn invite_again(app: &App, actor: &Actor, account: &AccountRow) -> Result<(), Refusal> {
    let open = account.password_hash.is_empty() && account.disabled_at.is_none();
    let role = account.role().filter(|_| open).ok_or(Refusal::Forbidden)?;
    let by = app.directory().any_account(&actor.account).map(|a| a.called().to_owned()).unwrap_or_default();
    let link = set_up_link(app, &account.id);
    let letter = account_mail::invitation(account, &by, role.title(), place_name(app, &role).as_deref());
    let mail = mail_to(app, account, account_mail::LINK_TO_ACCOUNT, letter, Some(&link))?;
    write(app, &changed(app, actor, account, "invited-again"), |db| {
        account_links::insert(db, &link)?;
        outbox::insert(db, &[&mail])
    })?;
    Ok(())
}

/// Takes a lost second factor away, and the password with it, tells both, and ends all sessions. The way back in is a link that is mailed to
/// the holder: whoever knows only the password connects no app of their own.
fn reset_factor(app: &App, actor: &Actor, account: &AccountRow, check: &str) -> Result<(), Refusal> {
    allow(app, actor, Action::ManageAccounts)?;
    let check = check.trim();
    if !CHECK_LENGTH.contains(&check.chars().count()) {
        let detail = "Write how you made sure that it is this person who asks, in 20 to 500 characters. For example: rang the number                       that the scheme gave us, and spoke with them and their manager.";
        return Err(invalid("/check", "check", detail));
    }
    let directory = app.directory();
    let by = directory.any_account(&actor.account).ok_or(Refusal::NotSignedIn)?;
    let now = app.now();
    let link = link_after_reset(app, &account.id);
    let to_holder = account_mail::factor_reset(account, account, by, check, now);
    let mails = [
        mail_to(app, account, account_mail::LINK_TO_ACCOUNT, to_holder, Some(&link))?,
        tell_account(app, by, account_mail::factor_reset(by, account, by, check, now))?,
    ];
    write(app, &changed(app, actor, account, "second-factor-taken-away"), |db| {
        second_factors::delete(db, &account.id)?;
        accounts::set_up(db, &account.id, None, "")?;
        account_links::delete_of(db, &account.id)?;
        account_links::insert(db, &link)?;
        end_everywhere(db, &account.id)?;
        outbox::insert(db, &mails.iter().collect::<Vec<_>>())
    })?;
    Ok(())
}

fn invalid(pointer: &str, code: &'static str, detail: &str) -> Refusal {
    Refusal::Invalid(vec![Fault { pointer: pointer.into(), code, detail: detail.into() }])
}
