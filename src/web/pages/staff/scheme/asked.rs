//! The ways in of one invitation, to be printed, copied, or opened on this tablet; and taking it back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Names, day, own_scheme, tried, wording};
use crate::app::App;
use crate::domain::fault::Fault;
use crate::use_cases::{
    LetterOrder, Refusal, delivery_of, letters, revoke_invitation, send_again, show_invitation, show_text,
};
use crate::web::pages::staff::{Instead, Staff, StaffShell, Told, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::qr;
use crate::web::request::{blocking, download};

const DONE: [(&str, &str); 2] = [
    ("asked", "They are asked now. Print this page, or hand the link over."),
    ("sent", "The message is on its way again."),
];

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
    /// What became of the message.
    message: String,
    may_send: bool,
    /// Whether a letter can be made: a name is known.
    has_letter: bool,
    /// A text message to be copied, and the number it is for.
    text: Option<(String, String)>,
}

/// `GET /scheme/asked/{invitation}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    shown(&app, &http, &staff, id.into_inner(), &[]).await
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    id: String,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = own_scheme(app, staff)?;
    let actor = staff.actor.clone();
    let (invited, names, delivery, text) = blocking(app, move |app| {
        let invited = show_invitation(app, &actor, &own.id, &id)?;
        let names = Names::read(app, &actor, &own.id, std::iter::once(invited.participant.clone()))?;
        let mut deliveries = delivery_of(app, &actor, &own.id, None)?.items;
        deliveries.retain(|one| one.invitation == id);
        let text = match names.identity(&invited.participant).and_then(|identity| identity.mobile.as_ref()) {
            Some(_) => show_text(app, &actor, &own.id, &id).ok(),
            None => None,
        };
        Ok::<_, Refusal>((invited, names, deliveries.pop(), text))
    })
    .await?;
    let name = names.of(&invited.participant);
    let message = delivery.as_ref().map(|one| &one.message);
    let shown = AskedPage {
        shell: StaffShell::of(app, http, staff, &format!("Survey of {name}"))
            .done(http, &DONE)
            .faulty(faults),
        what: format!("{}, due {}", wording::questionnaire(app, &invited.questionnaire), day(invited.due_on)),
        ends: day(invited.ends_on),
        typed_at: app.link("/s"),
        qr: qr::svg(&invited.link)?,
        message: message.map(wording::message).unwrap_or_default(),
        may_send: message.is_some_and(|m| m.way != "by-hand" && m.state != "waiting"),
        has_letter: names.identity(&invited.participant).is_some(),
        text: text.map(|text| (text.text, text.mobile.unwrap_or_default())),
        id: invited.id,
        reference: invited.participant,
        link: invited.link,
        code: invited.code,
        name,
    };
    Ok(page(shown.shell.status(), &shown))
}

/// `POST /scheme/asked/{invitation}`: takes it back, or sends its message again.
pub(in crate::web) async fn change(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, invitation) = (staff.actor.clone(), id.clone());
    if sent.get("go") == Some("send") {
        return match tried(&app, move |app| send_again(app, &actor, &own.id, &invitation)).await? {
            Ok(_) => Ok(go_to(&format!("/scheme/asked/{id}?done=sent"))),
            Err(faults) => {
                let at = |fault: Fault| Fault { pointer: "/message".into(), ..fault };
                let faults: Vec<Fault> = faults.into_iter().map(at).collect();
                shown(&app, &http, &staff, id.into_inner(), &faults).await
            }
        };
    }
    blocking(&app, move |app| revoke_invitation(app, &actor, &own.id, &invitation)).await?;
    Ok(go_to("/scheme?done=revoked"))
}

/// `POST /scheme/letters`: the letters of the invitations that were sent with the form, as one PDF.
pub(in crate::web) async fn print(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let order = LetterOrder {
        invitations: sent.all("invitation").map(str::to_owned).collect(),
        with_address_only: false,
    };
    let actor = staff.actor.clone();
    match tried(&app, move |app| letters(app, &actor, &own.id, &order)).await? {
        Ok(pdf) => Ok(download("letters.pdf", "application/pdf", pdf)),
        Err(faults) => {
            let told = Told {
                shell: StaffShell::of(&app, &http, &staff, "No letter was made"),
                paragraphs: faults.into_iter().map(|fault| fault.detail).collect(),
                onward: Some(("Back to the list", "/scheme".to_owned())),
            };
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &told))
        }
    }
}
