//! Thanks, with the receipt. A bookmark of it still works, until the survey has ended.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Bar, Shell, go_to, lost, page, pictured, sitting};
use crate::app::App;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "survey/sent.html")]
struct SentPage {
    shell: Shell,
    picture: Option<String>,
    next: Vec<String>,
    mind: String,
    receipt: String,
    whereto: String,
    /// On a visit: the tablet is locked now.
    locked: bool,
}

/// `GET /survey/sent`
pub(in crate::web) async fn sent(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
    let Some(response_id) = &sitting.response_id else { return Ok(go_to("/survey")) };
    let directory = app.directory();
    let scheme = directory.scheme_by_number(sitting.scheme_number);
    let name = scheme.map(|s| s.about.name.as_str()).unwrap_or_default();
    let shell = Shell::of_sitting(&app, &sitting, "", Bar::Bare);
    let w = shell.w;
    let shell = Shell::of_sitting(&app, &sitting, w.t("sent_title"), Bar::Bare);
    let address = app.link("/withdraw");
    let shown = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let counted = if sitting.draft.count == Some(false) { "next_not_counted" } else { "next_counted" };
    let sent = SentPage {
        picture: pictured(&shell.look, "star", None),
        next: vec![w.t(counted).to_owned(), w.with("next_used", &[("scheme", name)])],
        mind: w.with("mind_text", &[("scheme", name)]),
        receipt: app.secrets.receipt(sitting.scheme_number, response_id),
        whereto: w.with("mind_where", &[("address", shown)]),
        locked: sitting.draft.origin.visit.is_some(),
        shell,
    };
    Ok(page(StatusCode::OK, &sent))
}
