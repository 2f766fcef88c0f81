//! Connecting an authenticator app, and recovery codes, which are shown once.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::shell::{StaffShell, fault, page, wait_words};
use super::{
    Instead, Staff, form, home_of, own_path, parameter, recently_proved, session_of, signed_in, with_next,
};
use crate::app::App;
use crate::domain::totp;
use crate::use_cases::{Needs, StaffSession, offered_secret, renew_recovery_codes, set_up_factor};
use crate::web::limits::{Guarded, Limits};
use crate::web::request::blocking;
use crate::web::{cookies, qr};

const TITLE: &str = "Connect an authenticator app";
const WRONG: &str = "This is not the code that the app shows for this account now. Please look again, and check that the phone’s clock is right.";

#[derive(Template)]
#[template(path = "staff/app.html")]
struct AppPage {
    shell: StaffShell,
    /// The QR code, as an image within the page.
    qr: String,
    secret: String,
    email: String,
    next: Option<String>,
    /// Whether another app is connected now, which this one replaces.
    replaces: bool,
}

#[derive(Template)]
#[template(path = "staff/codes.html")]
struct CodesPage {
    shell: StaffShell,
    codes: Vec<String>,
    onward: String,
}

/// `GET /sign-in/app`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let session = may_connect(&app, &http).await?;
    let next = own_path(parameter(&http, "next").as_deref()).map(str::to_owned);
    offer(&app, StaffShell::outside(&app, TITLE), &session, next, StatusCode::OK)
}

/// `POST /sign-in/app`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let session = may_connect(&app, &http).await?;
    let next = own_path(sent.get("next")).map(str::to_owned);
    let faulty = |words: String| StaffShell::outside(&app, TITLE).faulty(&[fault("code", words)]);
    let account = session.account.id.clone();
    if let Err(seconds) = limits.begin(Guarded::CodeOf, &account, app.now()) {
        return offer(&app, faulty(wait_words(seconds)), &session, next, StatusCode::TOO_MANY_REQUESTS);
    }
    let (code, asked) = (sent.get("code").unwrap_or_default().to_owned(), session.clone());
    let Some(set) = blocking(&app, move |app| set_up_factor(app, &asked, &code)).await? else {
        return offer(&app, faulty(WRONG.to_owned()), &session, next, StatusCode::UNPROCESSABLE_ENTITY);
    };
    limits.succeeded(Guarded::CodeOf, &account);
    let staff = Staff { actor: session.actor.clone(), account: session.account.clone(), session };
    let onward = next.unwrap_or_else(|| home_of(&staff.actor.role).to_owned());
    let shell = StaffShell::of(&app, &http, &staff, "Keep your recovery codes");
    let mut answer = page(StatusCode::OK, &CodesPage { shell, codes: set.codes, onward });
    cookies::add_staff(&app, &mut answer, &set.token);
    Ok(answer)
}

/// `POST /account/recovery-codes`
pub(in crate::web) async fn renew_codes(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    recently_proved(&app, &staff, "/account")?;
    let session = staff.session.clone();
    let codes = blocking(&app, move |app| renew_recovery_codes(app, &session)).await?;
    let shell = StaffShell::of(&app, &http, &staff, "Keep your recovery codes");
    Ok(page(StatusCode::OK, &CodesPage { shell, codes, onward: "/account".to_owned() }))
}

/// The session of somebody who has no app yet, or who changes it and has just proved who they are.
async fn may_connect(app: &web::Data<App>, http: &HttpRequest) -> Result<StaffSession, Instead> {
    match session_of(app, http).await? {
        Some(session) if session.needs == Needs::Factor => Ok(session),
        Some(session) if session.needs == Needs::Nothing => {
            let staff = signed_in(app, http).await?;
            recently_proved(app, &staff, "/sign-in/app")?;
            Ok(session)
        }
        _ => Err(Instead::GoTo(with_next("/sign-in", None))),
    }
}

fn offer(
    app: &App,
    shell: StaffShell,
    session: &StaffSession,
    next: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse, Instead> {
    let secret = offered_secret(app, session);
    let offered = AppPage {
        shell,
        qr: inline(&qr::svg(&totp::app_link(&secret, &session.account.email))?),
        secret: totp::typed_secret(&secret),
        email: session.account.email.clone(),
        next,
        replaces: session.needs == Needs::Nothing,
    };
    Ok(page(status, &offered))
}

/// A drawing as part of a page, without the head of a file.
fn inline(svg: &str) -> String {
    svg.find("<svg").map_or_else(String::new, |at| svg[at..].to_owned())
}
