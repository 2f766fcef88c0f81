//! Reports of schemes and areas.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::reports::Format;
use crate::use_cases::ReportOf;
use crate::web::report_query::{ReportFile, ReportQuery};

/// Of one scheme.
pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    answer(&app, &http, ReportOf::Scheme(id.into_inner())).await
}

/// Of one area.
pub(in crate::web) async fn of_area(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    answer(&app, &http, ReportOf::Area(code.into_inner())).await
}

async fn answer(app: &web::Data<App>, http: &HttpRequest, of: ReportOf) -> Result<HttpResponse, Problem> {
    let actor = request::actor(app, http)?;
    let query = ReportQuery::of(&request::parameters(http)?, &[])?;
    let file = request::blocking(app, move |app| {
        let material = query.material(app, &actor, &of)?;
        ReportFile::write(&material, &query, query.format.unwrap_or(Format::Json))
    })
    .await?;
    Ok(file.private())
}
