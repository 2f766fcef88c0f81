//! Accounts of other people: a scheme's staff for its lead, everybody for the national team.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::shell::{StaffShell, page};
use super::{Instead, Staff, form, parameter, recently_proved, signed_in};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::use_cases::{
    AccountAct, AccountSeen, Refusal, StaffInvitation, change_account, invite_staff, list_accounts,
};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::blocking;

/// The most accounts on one page; whoever looks for one searches.
const MOST: usize = 200;
const OF_SCHEME: [(&str, &str); 3] = [
    ("scheme-worker", "Scheme worker: sends answers and goes on visits"),
    ("scheme-lead", "Scheme lead: everything in the scheme, and its staff"),
    ("collector", "Collector: goes on visits only"),
];
const ALL: [(&str, &str); 6] = [
    OF_SCHEME[1],
    OF_SCHEME[0],
    OF_SCHEME[2],
    ("area", "Area: figures of the schemes that work for it"),
    ("analyst", "Analyst: pseudonymous responses and live figures"),
    ("national", "National team: all schemes and accounts"),
];
const DONE: [(&str, &str); 7] = [
    ("invite", "Invited. A mail with a link is on its way. The link works for seven days."),
    ("again", "A new link is on its way. The earlier one leads nowhere now."),
    ("disable", "The account is closed. Whoever was signed in with it is signed out."),
    ("enable", "The account is open again."),
    ("sessions", "All sessions of the account have ended."),
    ("role", "The role is changed, and the person is told by mail."),
    ("factor", "The app is taken away. You and the person are told by mail."),
];

#[derive(Template)]
#[template(path = "staff/people.html")]
struct PeoplePage {
    shell: StaffShell,
    national: bool,
    here: &'static str,
    people: Vec<Line>,
    /// How many more there are than are shown.
    more: usize,
    search: String,
    roles: Vec<(&'static str, &'static str, bool)>,
    email: String,
    scheme: String,
    area: String,
}

struct Line {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    place: String,
    state: &'static str,
    open: bool,
    waiting: bool,
    has_factor: bool,
    own: bool,
}

/// `GET /scheme/staff`
pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /scheme/staff`
pub(in crate::web) async fn change_in_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    change(&app, &http, "/scheme/staff", sent).await
}

/// `GET /national/staff`
pub(in crate::web) async fn everybody(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /national/staff`
pub(in crate::web) async fn change_anybody(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    change(&app, &http, "/national/staff", sent).await
}

async fn change(
    app: &web::Data<App>,
    http: &HttpRequest,
    here: &'static str,
    sent: Form,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(app, http).await?;
    recently_proved(app, &staff, here)?;
    let go = sent.get("go").unwrap_or_default().to_owned();
    let id = sent.get("account").unwrap_or_default().to_owned();
    let asked = invitation(app, &staff, &sent);
    let act = act_of(&go, &sent, &asked);
    let actor = staff.actor.clone();
    let done = blocking(app, move |app| {
        let done = match act {
            Some(act) => change_account(app, &actor, &id, &act),
            None => invite_staff(app, &actor, &asked).map(drop),
        };
        match done {
            Err(Refusal::Invalid(faults)) => Ok(faults),
            Err(Refusal::Exists(fault) | Refusal::Unknown(Some(fault))) => Ok(vec![fault]),
            other => other.map(|()| Vec::new()).map_err(Problem::from),
        }
    });
    let faults = done.await?;
    match faults.is_empty() {
        true => Ok(go_to(&format!(
            "{here}?done={}",
            DONE.iter().find(|(d, _)| *d == go).map_or("invite", |(d, _)| d)
        ))),
        false => list(app, http, &staff, &sent, &faults).await,
    }
}

/// What is to be done with an account; none: somebody is invited.
fn act_of(go: &str, sent: &Form, asked: &StaffInvitation) -> Option<AccountAct> {
    match go {
        "disable" => Some(AccountAct::Disable),
        "enable" => Some(AccountAct::Enable),
        "sessions" => Some(AccountAct::EndSessions),
        "again" => Some(AccountAct::InviteAgain),
        "role" => Some(AccountAct::ChangeRole(asked.clone())),
        "factor" => Some(AccountAct::ResetFactor(sent.get("check").unwrap_or_default().to_owned())),
        _ => None,
    }
}

/// Whom a form invites. A lead's form names no scheme: it is the lead's own.
fn invitation(app: &App, staff: &Staff, sent: &Form) -> StaffInvitation {
    let given = |name: &'static str| sent.get(name).filter(|v| !v.is_empty()).map(str::to_owned);
    let own =
        staff.actor.role.scheme().and_then(|n| Some(app.directory().scheme_by_number(n)?.about.id.clone()));
    StaffInvitation {
        email: sent.get("email").unwrap_or_default().to_owned(),
        role: sent.get("role").unwrap_or_default().to_owned(),
        scheme: own.or_else(|| given("scheme")),
        area: given("area"),
    }
}

/// The page, with what is wrong with a form that was sent from it.
async fn list(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let national = http.path() == "/national/staff";
    // The national team has no scheme of its own, and a lead sees no list of everybody.
    let scheme = match (national, staff.actor.role.scheme()) {
        (true, _) => None,
        (false, Some(number)) => Some(number),
        (false, None) => return Err(Refusal::Forbidden.into()),
    };
    let search = parameter(http, "q").unwrap_or_default();
    let (actor, typed) = (staff.actor.clone(), search.clone());
    let found = blocking(app, move |app| list_accounts(app, &actor, scheme, &typed)).await?;
    let more = found.len().saturating_sub(MOST);
    let given = |name: &'static str| sent.get(name).unwrap_or_default().chars().take(200).collect::<String>();
    let wanted = sent.get("role").unwrap_or("scheme-worker");
    let roles: &[(&str, &str)] = if national { &ALL } else { &OF_SCHEME };
    let title = if national { "Accounts" } else { "Staff of your scheme" };
    let shell = StaffShell::of(app, http, staff, title).done(http, &DONE).faulty(faults);
    let shown = PeoplePage {
        national,
        here: if national { "/national/staff" } else { "/scheme/staff" },
        people: found.into_iter().take(MOST).map(|seen| line(seen, staff)).collect(),
        more,
        search,
        roles: roles.iter().map(|(code, words)| (*code, *words, *code == wanted)).collect(),
        email: given("email"),
        scheme: given("scheme"),
        area: given("area"),
        shell,
    };
    Ok(page(shown.shell.status(), &shown))
}

fn line(AccountSeen { account, role, place, has_factor }: AccountSeen, staff: &Staff) -> Line {
    let waiting = account.password_hash.is_empty();
    Line {
        name: account.called().to_owned(),
        own: account.id == staff.account.id,
        role: role.title(),
        place: place.unwrap_or_default(),
        state: match (account.disabled_at.is_some(), waiting, has_factor) {
            (true, ..) => "closed",
            (_, true, _) => "invited, not set up yet",
            (_, _, true) => "open",
            (_, _, false) => "open, no app connected yet",
        },
        open: account.disabled_at.is_none(),
        waiting,
        has_factor,
        id: account.id,
        email: account.email,
    }
}
