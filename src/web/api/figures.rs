//! Figures.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::definition::digest;
use crate::domain::figures::{Asks, FigureQuery};
use crate::use_cases::{Figures, read_figures, read_kpis, read_outcomes};

pub(in crate::web) async fn khi(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let (actor, query) = asked(&app, &http, Asks::Khi)?;
    let body =
        request::blocking(&app, move |app| read_figures(app, &actor, &query).map(|figures| write(&figures)))
            .await?;
    // The tag is of the figures themselves: the time they were read does not make them others.
    let etag = digest(without_times(&body).as_bytes());
    Ok(request::json_with_etag(&http, body, &etag, "private, no-cache"))
}

pub(in crate::web) async fn kpi(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let (actor, query) = asked(&app, &http, Asks::Kpi)?;
    let rows = request::blocking(&app, move |app| read_kpis(app, &actor, &query)).await?;
    let body = json!({"items": rows, "next": null}).to_string();
    let etag = digest(body.as_bytes());
    Ok(request::json_with_etag(&http, body, &etag, "private, no-cache"))
}

pub(in crate::web) async fn outcomes(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (actor, query) = asked(&app, &http, Asks::Outcomes)?;
    let items = request::blocking(&app, move |app| read_outcomes(app, &actor, &query)).await?;
    let body = json!({"items": items, "next": null}).to_string();
    let etag = digest(without_times(&body).as_bytes());
    Ok(request::json_with_etag(&http, body, &etag, "private, no-cache"))
}

/// Who asks, and for what.
fn asked(app: &App, http: &HttpRequest, asks: Asks) -> Result<(Actor, FigureQuery), Problem> {
    let actor = request::actor(app, http)?;
    let query = FigureQuery::parse(&request::parameters(http)?, asks, &app.registry, app.today())
        .map_err(|faults| Problem::with(Kind::Malformed, faults))?;
    Ok((actor, query))
}

fn write(figures: &Figures) -> String {
    json!({"items": figures.rows, "next": null, "note": figures.note}).to_string()
}

fn without_times(body: &str) -> String {
    let mut parts = body.split("\"as_of\":\"");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    plain
}
