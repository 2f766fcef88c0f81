//! The demo: a fictional national data set on a fixed calendar, made from one seed and sent through the same acts as real data.
//!
//! Twelve quarters, 2023-Q4 to 2026-Q3. Every name says that it is an example; councils are real, nothing else is.

mod amounts;
mod answers;
mod chance;
mod contacts;
mod people;
mod places;
mod returns;
mod sending;
mod sides;
mod tasks;

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::{App, DEMO};
use crate::clock::SetClock;
use crate::domain::access::{Actor, Role};
use crate::domain::period::Period;
use crate::storage::{StorageError, settings};
use crate::use_cases::{
    NewAccount, Refusal, add_account, add_scheme, enter_invitations, put_contacts, put_participants,
    release_at_once,
};

use chance::Chance;
pub use people::Plan;

/// The first and last day of the demo's calendar.
pub(crate) const FIRST_DAY: (i32, u32, u32) = (2023, 10, 1);
const LAST_DAY: (i32, u32, u32) = (2026, 9, 30);
/// The period of the demo's release.
const RELEASED: &str = "12m-2026-Q3";
/// The password of every demo account; the demo prints it, so it protects nothing.
pub const PASSWORD: &str = "kindness-comes-first";
/// The account that leads one scheme, and is its first safeguarding lead.
const LEAD: &str = "lead@demo.example";
const SEED: u64 = 2026;

/// A demo account: address, what it is.
pub type SignIn = (String, &'static str);

/// How far a demo database has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is empty.
    Empty,
    /// It holds the whole demo.
    Complete,
    /// Making it was broken off.
    Partial,
    /// It holds something else.
    Foreign,
}

/// What the database of `app` holds.
pub fn state(app: &App) -> Result<State, StorageError> {
    let mark = app.store.read(|db| settings::find(db, DEMO))?;
    let directory = app.directory();
    Ok(match mark.as_deref() {
        Some("complete") => State::Complete,
        Some(_) => State::Partial,
        None if directory.is_empty() => State::Empty,
        None => State::Foreign,
    })
}

/// The demo's sign-ins.
pub fn sign_ins(app: &App) -> Vec<SignIn> {
    let directory = app.directory();
    let mut known = Vec::new();
    for (email, what) in [
        ("national@demo.example", "national body"),
        ("analyst@demo.example", "analyst"),
        ("leeds@demo.example", "area: Leeds"),
        (LEAD, "lead of one scheme"),
        ("catalyst@demo.example", "lead of a scheme with units"),
        ("collector@demo.example", "may only send responses"),
    ] {
        if directory.account_by_email(email).is_some() {
            known.push((email.to_owned(), what));
        }
    }
    known
}

/// Makes the demo in an empty database. `clock` must be the clock of `app`. `progress` hears of responses done, of about how many.
pub fn make(app: &App, clock: &SetClock, mut progress: impl FnMut(usize, usize)) -> Result<(), Refusal> {
    app.store.write(|db| settings::set(db, DEMO, "making"))?;
    let national = Actor { account: "demo".into(), role: Role::National };
    clock.set(noon(day(FIRST_DAY)));
    let places = places::schemes(&app.registry.areas);
    let largest = largest_shared_lives(&places).map(|p| p.id.as_str());
    for (index, place) in places.iter().enumerate() {
        add_scheme(app, &national, &place.body)?;
        let contacts = contacts::of(index, &place.id, largest == Some(&place.id));
        put_contacts(app, &national, &place.id, &contacts)?;
    }
    let mut chance = Chance::new(SEED);
    let plans: Vec<Plan> = places.iter().flat_map(|place| people::plan(place, &mut chance)).collect();
    for place in &places {
        let own: Vec<&Plan> = plans.iter().filter(|p| p.scheme == place.id).collect();
        let participants: Vec<_> = own.iter().filter_map(|p| p.participant()).collect();
        put_participants(app, &national, &place.id, &participants)?;
        let invitations: Vec<_> = own.iter().flat_map(|p| p.invitations()).collect();
        enter_invitations(app, &national, &place.id, &invitations)?;
    }
    let links = sending::first_links(app, &national, &plans)?;
    sending::send_all(app, clock, &national, &plans, links, &mut chance, &mut progress)?;
    returns::send_all(app, clock, &places, &mut chance)?;
    clock.set(noon(day(LAST_DAY)) + returns::AFTER);
    tasks::look_at_most(app, largest)?;
    app.fold_now()?;
    let period: Period = RELEASED.parse().map_err(|()| StorageError::Corrupt("the demo's period".into()))?;
    release_at_once(app, period).map_err(|refused| StorageError::Corrupt(refused.to_string()))?;
    sending::links_to_try(app, &national, &places, &plans)?;
    accounts(app, &places)?;
    app.store.write(|db| settings::set(db, DEMO, "complete"))?;
    Ok(())
}

/// The scheme that the demo's lead leads.
fn largest_shared_lives(places: &[places::Place]) -> Option<&places::Place> {
    places.iter().filter(|p| p.model == "shared-lives").max_by_key(|p| (p.size, &p.id))
}

fn accounts(app: &App, places: &[places::Place]) -> Result<(), Refusal> {
    let directory = app.directory();
    let lead = largest_shared_lives(places)
        .and_then(|p| directory.scheme(&p.id))
        .map(|s| Role::SchemeLead(s.number));
    let catalyst = places.iter().find(|p| p.model == "community-enterprise");
    let catalyst = catalyst.and_then(|p| directory.scheme(&p.id)).map(|s| Role::SchemeLead(s.number));
    let wanted = [
        ("national@demo.example", Some(Role::National)),
        ("analyst@demo.example", Some(Role::Analyst)),
        ("leeds@demo.example", Some(Role::Area("E08000035".into()))),
        (LEAD, lead),
        ("catalyst@demo.example", catalyst),
        ("collector@demo.example", Some(Role::Collector(None))),
    ];
    for (email, role) in wanted {
        if let Some(role) = role {
            add_account(app, &NewAccount { email: email.into(), password: PASSWORD.into(), role })?;
        }
    }
    Ok(())
}

/// A day given as year, month, day.
pub(crate) fn day((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

/// The last day of the demo's calendar.
pub(crate) fn last_day() -> NaiveDate {
    day(LAST_DAY)
}

fn noon(date: NaiveDate) -> DateTime<Utc> {
    date.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc()
}
