//! Links that set a password: for a new account, and for a forgotten password. Opening one changes nothing: programs that look at mail
//! open links too.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::instead::Told;
use super::shell::{StaffShell, fault, page, wait_words};
use super::{Instead, browser_of, form, go_on, home_of};
use crate::app::App;
use crate::domain::answering::Form;
use crate::use_cases::{AccountLink, Needs, Refusal, ask_for_reset, find_account_link, use_account_link};
use crate::web::limits::{Guarded, Limits, network};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::{blocking, client_address};

#[derive(Template)]
#[template(path = "staff/set_up.html")]
struct SetUpPage {
    shell: StaffShell,
    email: String,
    name: String,
    is_reset: bool,
}

#[derive(Template)]
#[template(path = "staff/forgotten.html")]
struct ForgottenPage {
    shell: StaffShell,
}

/// `GET /set-up/{token}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    token: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    Ok(match find(&app, &http, &limits, token.into_inner()).await? {
        Some(link) => asked(&app, &link, &Form::default(), &[]),
        None => leads_nowhere(&app),
    })
}

/// `POST /set-up/{token}`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    token: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let token = token.into_inner();
    let Some(link) = find(&app, &http, &limits, token.clone()).await? else { return Ok(leads_nowhere(&app)) };
    let (name, password) =
        (sent.get("name").unwrap_or_default().to_owned(), sent.exact("password").to_owned());
    if password != sent.exact("again") {
        return Ok(asked(&app, &link, &sent, &[fault("again", "The two passwords are not the same.")]));
    }
    let browser = browser_of(&http);
    let used = blocking(&app, move |app| match use_account_link(app, &token, &name, &password, &browser) {
        Err(Refusal::Invalid(faults)) => Ok(Err(faults)),
        other => other.map(Ok).map_err(Problem::from),
    });
    match used.await? {
        Err(faults) => Ok(asked(&app, &link, &sent, &faults)),
        Ok(None) => Ok(leads_nowhere(&app)),
        Ok(Some(_)) if link.is_reset => Ok(go_to("/sign-in?done=password")),
        Ok(Some(entered)) => {
            let onward = match entered.needs {
                Needs::Nothing => home_of(&entered.actor.role),
                Needs::Code => "/sign-in/code",
                Needs::Factor => "/sign-in/app",
            };
            Ok(go_on(&app, onward, &entered.token, None))
        }
    }
}

/// The link that a code stands for; whoever tries many that lead nowhere waits.
async fn find(
    app: &web::Data<App>,
    http: &HttpRequest,
    limits: &Limits,
    code: String,
) -> Result<Option<AccountLink>, Instead> {
    let address = network(&client_address(http));
    limits.begin(Guarded::LinkFrom, &address, app.now()).map_err(Problem::wait)?;
    let found = blocking(app, move |app| find_account_link(app, &code)).await?;
    if found.is_some() {
        limits.succeeded(Guarded::LinkFrom, &address);
    }
    Ok(found)
}

fn asked(app: &App, link: &AccountLink, sent: &Form, faults: &[crate::domain::fault::Fault]) -> HttpResponse {
    let title = if link.is_reset { "Choose a new password" } else { "Set up your account" };
    let shell = StaffShell::outside(app, title).faulty(faults);
    let typed = sent.get("name").unwrap_or(&link.account.shown_name).chars().take(80).collect();
    let status = shell.status();
    page(
        status,
        &SetUpPage { shell, email: link.account.email.clone(), name: typed, is_reset: link.is_reset },
    )
}

fn leads_nowhere(app: &App) -> HttpResponse {
    let told = Told {
        shell: StaffShell::outside(app, "This link leads nowhere"),
        paragraphs: vec![
            "It was used already, its time is over, or it is cut short. Please copy the whole link from the mail and try again.".into(),
            "If it still does not work, ask whoever invited you for a new one. If you have forgotten your password, ask for a new link on the sign-in page.".into(),
        ],
        onward: Some(("Sign in", "/sign-in".into())),
    };
    page(StatusCode::NOT_FOUND, &told)
}

/// `GET /forgotten`
pub(in crate::web) async fn ask(app: web::Data<App>) -> Result<HttpResponse, Instead> {
    let shell = StaffShell::outside(&app, "Forgotten your password?");
    Ok(page(StatusCode::OK, &ForgottenPage { shell }))
}

/// `POST /forgotten`: the same answer whether or not there is such an account.
pub(in crate::web) async fn mail(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let email = sent.get("email").unwrap_or_default().to_lowercase();
    if let Err(seconds) = limits.begin(Guarded::ForgottenFrom, &network(&client_address(&http)), app.now()) {
        let shell = StaffShell::outside(&app, "Forgotten your password?")
            .faulty(&[fault("email", wait_words(seconds))]);
        return Ok(page(StatusCode::TOO_MANY_REQUESTS, &ForgottenPage { shell }));
    }
    // Nobody's mailbox is filled by others: what is asked for too often is not sent, and not said either.
    if limits.begin(Guarded::ForgottenOf, &email, app.now()).is_ok() {
        blocking(&app, move |app| ask_for_reset(app, &email)).await?;
    }
    let told = Told {
        shell: StaffShell::outside(&app, "Please look at your mail"),
        paragraphs: vec![
            "If there is an account with this address, a link for a new password is on its way. It works once and for one hour.".into(),
            "Nothing came? Look into the folder for unwanted mail, or check the address and ask again.".into(),
        ],
        onward: Some(("Sign in", "/sign-in".into())),
    };
    Ok(page(StatusCode::OK, &told))
}
