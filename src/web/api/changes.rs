//! What happened, for other systems: by id and kind.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Page, Problem, request};
use crate::app::App;
use crate::domain::reader::short;
use crate::use_cases::read_changes;

pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let mut parameters = request::parameters(&http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    let (mut scheme, mut after) = (None, None);
    for (name, value) in parameters.into_iter().chain(cursor.map(|c| ("cursor".to_owned(), c))) {
        match name.as_str() {
            "scheme" if scheme.is_none() => scheme = Some(value),
            "after" if after.is_none() => after = Some(value),
            _ => {
                let detail = "The parameters, each once, are scheme, after and limit.";
                return Err(Problem::malformed(&format!("/{}", short(&name)), "unknown-parameter", detail));
            }
        }
    }
    let page = request::blocking(&app, move |app| {
        read_changes(app, &actor, scheme.as_deref(), after.as_deref(), limit)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": page.items, "next": page.next, "more": page.more})))
}
