//! Signing in with a password and a code, and signing out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::shell::{StaffShell, fault, page, wait_words};
use super::{Instead, browser_of, form, go_on, home_of, own_path, parameter, session_of, with_next};
use crate::app::App;
use crate::domain::access::Role;
use crate::use_cases::{Needs, Refusal, end_staff_session, enter_code, knows_device, sign_in_staff};
use crate::web::cookies;
use crate::web::limits::{Guarded, Limits, network};
use crate::web::pages::survey::go_to;
use crate::web::request::{blocking, client_address};

const WRONG: &str = "The address or the password is not right. Please check both.";
const WRONG_CODE: &str =
    "This code is not right, or it was used already. Take the one that the app shows now.";

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignInPage {
    shell: StaffShell,
    email: String,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/code.html")]
struct CodePage {
    shell: StaffShell,
    next: Option<String>,
    /// Whether the browser can be remembered.
    remember: bool,
}

/// `GET /sign-in`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let next = parameter(&http, "next");
    if let Some(session) = session_of(&app, &http).await? {
        return Ok(go_to(&onward(session.needs, &session.actor.role, next.as_deref())));
    }
    let shell = StaffShell::outside(&app, "Sign in").done(
        &http,
        &[("out", "You are signed out."), ("password", "Your new password is set. Please sign in with it.")],
    );
    let next = own_path(next.as_deref()).map(str::to_owned);
    Ok(page(StatusCode::OK, &SignInPage { shell, email: String::new(), next }))
}

/// `POST /sign-in`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let email = sent.get("email").unwrap_or_default().to_owned();
    let next = own_path(sent.get("next")).map(str::to_owned);
    let again = |words: String, status| {
        let shell = StaffShell::outside(&app, "Sign in").faulty(&[fault("email", words)]);
        let email = email.chars().take(254).collect();
        Ok(page(status, &SignInPage { shell, email, next: next.clone() }))
    };
    let tries = [
        (Guarded::PasswordFrom, network(&client_address(&http))),
        (Guarded::PasswordOf, email.to_lowercase()),
    ];
    let device = cookies::device_token(&app, &http);
    if let Some(seconds) = wait(&app, &limits, &tries, &email, device.clone()).await? {
        return again(wait_words(seconds), StatusCode::TOO_MANY_REQUESTS);
    }
    let (typed, password, browser) = (email.clone(), sent.exact("password").to_owned(), browser_of(&http));
    let before = cookies::staff_token(&app, &http);
    let entered =
        blocking(&app, move |app| match sign_in_staff(app, &typed, &password, &browser, device.as_deref()) {
            Err(Refusal::NotSignedIn) => Ok(None),
            Err(other) => Err(other),
            Ok(entered) => {
                // This browser's session of before ends with the new one.
                before.map_or(Ok(()), |token| end_staff_session(app, &token))?;
                Ok(Some(entered))
            }
        });
    let Some(entered) = entered.await? else { return again(WRONG.to_owned(), StatusCode::UNAUTHORIZED) };
    tries.iter().for_each(|(guarded, key)| limits.succeeded(*guarded, key));
    let mut answer = HttpResponse::SeeOther();
    let onward = onward(entered.needs, &entered.actor.role, next.as_deref());
    answer.insert_header(("Location", onward)).insert_header(("Cache-Control", "no-store"));
    cookies::clear(&app, &mut answer);
    cookies::set_staff(&app, &mut answer, &entered.token);
    Ok(answer.finish())
}

/// How many seconds to wait before this try, if at all. Others' tries do not make a browser wait that the account knows.
async fn wait(
    app: &web::Data<App>,
    limits: &Limits,
    tries: &[(Guarded, String); 2],
    email: &str,
    device: Option<String>,
) -> Result<Option<i64>, Instead> {
    let now = app.now();
    let [(from, address), (of, account)] = tries;
    if let Err(seconds) = limits.begin(*from, address, now) {
        return Ok(Some(seconds));
    }
    let Err(seconds) = limits.begin(*of, account, now) else { return Ok(None) };
    let email = email.to_owned();
    let known = blocking(app, move |app| knows_device(app, &email, device.as_deref())).await?;
    Ok((!known).then_some(seconds))
}

/// Where somebody goes after the password.
fn onward(needs: Needs, role: &Role, next: Option<&str>) -> String {
    match needs {
        Needs::Nothing => own_path(next).unwrap_or(home_of(role)).to_owned(),
        Needs::Code => with_next("/sign-in/code", next),
        Needs::Factor => with_next("/sign-in/app", next),
    }
}

/// `GET /sign-in/code`
pub(in crate::web) async fn ask_code(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let next = parameter(&http, "next");
    match session_of(&app, &http).await? {
        Some(session) if session.needs == Needs::Code => {
            let next = own_path(next.as_deref()).map(str::to_owned);
            let remember = session.actor.role.may_remember_devices();
            let shell = StaffShell::outside(&app, "Give the code from your app");
            Ok(page(StatusCode::OK, &CodePage { shell, next, remember }))
        }
        _ => Ok(go_to(&with_next("/sign-in", next.as_deref()))),
    }
}

/// `POST /sign-in/code`
pub(in crate::web) async fn take_code(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let next = own_path(sent.get("next")).map(str::to_owned);
    let Some(session) = session_of(&app, &http).await?.filter(|s| s.needs == Needs::Code) else {
        return Ok(go_to(&with_next("/sign-in", next.as_deref())));
    };
    let role = session.actor.role.clone();
    let again = |words: String, status| {
        let shell = StaffShell::outside(&app, "Give the code from your app").faulty(&[fault("code", words)]);
        Ok(page(status, &CodePage { shell, next: next.clone(), remember: role.may_remember_devices() }))
    };
    let account = session.account.id.clone();
    if let Err(seconds) = limits.begin(Guarded::CodeOf, &account, app.now()) {
        return again(wait_words(seconds), StatusCode::TOO_MANY_REQUESTS);
    }
    let code = sent.get("code").unwrap_or_default().to_owned();
    let remember = sent.get("remember") == Some("yes");
    let entered = blocking(&app, move |app| enter_code(app, &session, &code, remember)).await?;
    let Some((token, device)) = entered else {
        return again(WRONG_CODE.to_owned(), StatusCode::UNAUTHORIZED);
    };
    limits.succeeded(Guarded::CodeOf, &account);
    Ok(go_on(&app, next.as_deref().unwrap_or(home_of(&role)), &token, device.as_deref()))
}

/// `POST /sign-out`
pub(in crate::web) async fn sign_out(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    if let Some(token) = cookies::staff_token(&app, &http) {
        blocking(&app, move |app| end_staff_session(app, &token)).await?;
    }
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", "/sign-in?done=out")).insert_header(("Cache-Control", "no-store"));
    // What the browser still holds of these pages goes as well.
    answer.insert_header(("Clear-Site-Data", "\"cache\""));
    cookies::clear_staff(&app, &mut answer);
    Ok(answer.finish())
}
