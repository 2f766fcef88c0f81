//! Returns: what schemes, units and areas send in for their KPIs.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::area::Level;
use crate::domain::fault::Fault;
use crate::domain::figures::{Asks, FigureQuery};
use crate::use_cases::{
    Refusal, ReturnOf, approve_return, completeness, list_returns, put_return, query_return, read_return,
};

/// How complete and timely returns are, place by place.
pub(in crate::web) async fn complete(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let parameters = request::parameters(&http)?;
    if let Some((name, _)) =
        parameters.iter().find(|(name, _)| !["period", "level", "within"].contains(&name.as_str()))
    {
        let pointer = format!("/{}", crate::domain::reader::short(name));
        return Err(Problem::malformed(&pointer, "unknown-parameter", "This is not a parameter here."));
    }
    let query = FigureQuery::parse(&parameters, Asks::Kpi, &app.registry, app.today())
        .map_err(|faults| Problem::with(Kind::Malformed, faults))?;
    let items = request::blocking(&app, move |app| {
        let level = query.level.min(Level::Scheme);
        if level == Level::Together {
            let detail = "Returns are listed for areas one by one.".into();
            return Err(Refusal::Invalid(vec![Fault {
                pointer: "/level".into(),
                code: "unknown-code",
                detail,
            }]));
        }
        completeness(app, &actor, &query.periods, level, query.within.as_deref())
    })
    .await?;
    Ok(private(&json!({"items": items, "next": null})))
}

/// The returns of a scheme and its units.
pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let found = request::blocking(&app, move |app| list_returns(app, &actor, &scheme)).await?;
    Ok(private(&found))
}

/// A return, with what is asked for and what became of it.
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (of, period) = named(&http);
    let seen = request::blocking(&app, move |app| read_return(app, &actor, &of, &period)).await?;
    Ok(private(&seen))
}

/// Saves it, sends it in, or corrects it.
pub(in crate::web) async fn replace(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (of, period) = named(&http);
    let body = request::json(&http, payload).await?;
    let sent = request::blocking(&app, move |app| put_return(app, &actor, &of, &period, &body)).await?;
    let mut answer = if sent.new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.insert_header((header::CACHE_CONTROL, "no-store")).json(sent.seen))
}

/// Asks about it.
pub(in crate::web) async fn query(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    review(app, http, payload, query_return).await
}

/// Approves it.
pub(in crate::web) async fn approve(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    review(app, http, payload, approve_return).await
}

/// What a reviewer does with a return.
type Review = fn(&App, &Actor, &ReturnOf, &str, &Value) -> Result<Value, Refusal>;

async fn review(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
    act: Review,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (of, period) = named(&http);
    let body = request::json(&http, payload).await?;
    let seen = request::blocking(&app, move |app| act(app, &actor, &of, &period, &body)).await?;
    Ok(private(&seen))
}

/// Whose return for which period the address names.
fn named(http: &HttpRequest) -> (ReturnOf, String) {
    let part = |name| http.match_info().get(name).map(str::to_owned);
    let of = match (part("code"), part("unit")) {
        (Some(code), _) => ReturnOf::Area(code),
        (None, Some(unit)) => ReturnOf::Unit(part("id").unwrap_or_default(), unit),
        (None, None) => ReturnOf::Scheme(part("id").unwrap_or_default()),
    };
    (of, part("period").unwrap_or_default())
}

fn private(body: &Value) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
