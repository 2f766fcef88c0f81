//! One's own account: who one is, where one is signed in, another password; and proving once more who one is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::shell::{StaffShell, fault, page, wait_words};
use super::{Instead, Staff, form, go_on, own_path, parameter, recently_proved, signed_in};
use crate::app::App;
use crate::clock::in_words;
use crate::domain::fault::Fault;
use crate::use_cases::{
    Refusal, change_password, end_other_sessions, end_session_or_device, has_factor, list_sessions, prove,
    recovery_codes_left,
};
use crate::web::limits::{Guarded, Limits};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    shell: StaffShell,
    email: String,
    has_factor: bool,
    codes_left: usize,
    sessions: Vec<Line>,
    devices: Vec<Line>,
}

/// A session, or a browser that is remembered.
struct Line {
    id: String,
    browser: String,
    began: String,
    used: String,
    ends: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/prove.html")]
struct ProvePage {
    shell: StaffShell,
    email: String,
    next: Option<String>,
    has_factor: bool,
}

#[derive(Template)]
#[template(path = "staff/password.html")]
struct PasswordPage {
    shell: StaffShell,
    email: String,
}

/// `GET /account`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let session = staff.session.clone();
    let ((sessions, devices), has_factor, codes_left) = blocking(&app, move |app| {
        let id = &session.account.id;
        Ok::<_, Refusal>((list_sessions(app, &session)?, has_factor(app, id)?, recovery_codes_left(app, id)?))
    })
    .await?;
    let own = &staff.session.row.id;
    let line = |id: String, browser: String, [began, used, ends]: [chrono::NaiveDateTime; 3]| Line {
        here: id == *own,
        id,
        browser,
        began: in_words(began),
        used: in_words(used),
        ends: in_words(ends),
    };
    let words = [
        ("ended", "That session or browser is forgotten."),
        ("others", "You are signed out everywhere else."),
        ("password", "Your new password is set. You are signed out everywhere else."),
    ];
    let found = AccountPage {
        shell: StaffShell::of(&app, &http, &staff, "Your account").done(&http, &words),
        email: staff.account.email.clone(),
        has_factor,
        codes_left,
        sessions: sessions
            .into_iter()
            .map(|s| line(s.id, s.browser, [s.began_at, s.last_used_at, s.ends_at]))
            .collect(),
        devices: devices
            .into_iter()
            .map(|d| line(d.id, d.browser, [d.began_at, d.last_used_at, d.ends_at]))
            .collect(),
    };
    Ok(page(StatusCode::OK, &found))
}

/// `POST /account/end`
pub(in crate::web) async fn end_one(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    recently_proved(&app, &staff, "/account")?;
    let id = sent.get("id").unwrap_or_default().to_owned();
    blocking(&app, move |app| end_session_or_device(app, &staff.session, &id)).await?;
    Ok(go_to("/account?done=ended"))
}

/// `POST /account/end-others`
pub(in crate::web) async fn end_others(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    recently_proved(&app, &staff, "/account")?;
    let token = blocking(&app, move |app| end_other_sessions(app, &staff.session)).await?;
    Ok(go_on(&app, "/account?done=others", &token, None))
}

/// `GET /account/prove`
pub(in crate::web) async fn ask_proof(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let next = parameter(&http, "next");
    proof(&app, &http, &staff, next.as_deref(), StatusCode::OK, &[]).await
}

/// `POST /account/prove`
pub(in crate::web) async fn take_proof(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let next = sent.get("next");
    if let Err(seconds) = limits.begin(Guarded::CodeOf, &staff.account.id, app.now()) {
        let faults = [fault("password", wait_words(seconds))];
        return proof(&app, &http, &staff, next, StatusCode::TOO_MANY_REQUESTS, &faults).await;
    }
    let (session, password) = (staff.session.clone(), sent.exact("password").to_owned());
    let code = sent.get("code").unwrap_or_default().to_owned();
    match blocking(&app, move |app| prove(app, &session, &password, &code)).await? {
        Some(token) => {
            limits.succeeded(Guarded::CodeOf, &staff.account.id);
            Ok(go_on(&app, own_path(next).unwrap_or("/account"), &token, None))
        }
        None => {
            let faults = [fault(
                "password",
                "This is not right. Give your password, or the code that your app shows now.",
            )];
            proof(&app, &http, &staff, next, StatusCode::UNPROCESSABLE_ENTITY, &faults).await
        }
    }
}

async fn proof(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    next: Option<&str>,
    status: StatusCode,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let id = staff.account.id.clone();
    let has_factor = blocking(app, move |app| has_factor(app, &id)).await?;
    let asked = ProvePage {
        shell: StaffShell::of(app, http, staff, "Is it still you?").faulty(faults),
        email: staff.account.email.clone(),
        next: own_path(next).map(str::to_owned),
        has_factor,
    };
    Ok(page(status, &asked))
}

/// `GET /account/password`
pub(in crate::web) async fn ask_password(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    Ok(password_page(&app, &http, &staff, &[]))
}

/// `POST /account/password`
pub(in crate::web) async fn take_password(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    if sent.exact("password") != sent.exact("again") {
        return Ok(password_page(
            &app,
            &http,
            &staff,
            &[fault("again", "The two passwords are not the same.")],
        ));
    }
    if let Err(seconds) = limits.begin(Guarded::CodeOf, &staff.account.id, app.now()) {
        return Ok(password_page(&app, &http, &staff, &[fault("current", wait_words(seconds))]));
    }
    let (session, current) = (staff.session.clone(), sent.exact("current").to_owned());
    let new = sent.exact("password").to_owned();
    let changed = blocking(&app, move |app| match change_password(app, &session, &current, &new) {
        Err(Refusal::Invalid(faults)) => Ok(Err(faults)),
        other => other.map(Ok).map_err(Problem::from),
    });
    match changed.await? {
        Err(faults) => Ok(password_page(&app, &http, &staff, &faults)),
        Ok(token) => {
            limits.succeeded(Guarded::CodeOf, &staff.account.id);
            Ok(go_on(&app, "/account?done=password", &token, None))
        }
    }
}

fn password_page(app: &App, http: &HttpRequest, staff: &Staff, faults: &[Fault]) -> HttpResponse {
    let shell = StaffShell::of(app, http, staff, "Change your password").faulty(faults);
    page(shell.status(), &PasswordPage { email: staff.account.email.clone(), shell })
}
