//! The ways in of one invitation, to be printed, copied, or opened on this tablet; and taking it back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Names, day, own_scheme, wording};
use crate::app::App;
use crate::use_cases::{Refusal, revoke_invitation, show_invitation};
use crate::web::pages::staff::{Instead, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::qr;
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] = [("asked", "They are asked now. Print this page, or hand the link over.")];

#[derive(Template)]
#[template(path = "staff/scheme/asked.html")]
struct AskedPage {
    shell: StaffShell,
    id: String,
    reference: String,
    name: String,
    what: String,
    ends: String,
    link: String,
    typed_at: String,
    code: String,
    qr: String,
}

/// `GET /scheme/asked/{invitation}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    let (invited, names) = blocking(&app, move |app| {
        let invited = show_invitation(app, &actor, &own.id, &id)?;
        let names = Names::read(app, &actor, &own.id, std::iter::once(invited.participant.clone()))?;
        Ok::<_, Refusal>((invited, names))
    })
    .await?;
    let name = names.of(&invited.participant);
    let shown = AskedPage {
        shell: StaffShell::of(&app, &http, &staff, &format!("Survey of {name}")).done(&http, &DONE),
        what: format!(
            "{}, due {}",
            wording::questionnaire(&app, &invited.questionnaire),
            day(invited.due_on)
        ),
        ends: day(invited.ends_on),
        typed_at: app.link("/s"),
        qr: qr::svg(&invited.link)?,
        id: invited.id,
        reference: invited.participant,
        link: invited.link,
        code: invited.code,
        name,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `POST /scheme/asked/{invitation}`: takes it back.
pub(in crate::web) async fn revoke(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    blocking(&app, move |app| revoke_invitation(app, &actor, &own.id, &id)).await?;
    Ok(go_to("/scheme?done=revoked"))
}
