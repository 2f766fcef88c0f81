//! Forms of our own pages: the one place that refuses forms that another site sends (ASVS 3.5.1).

use actix_web::http::header;
use actix_web::{HttpRequest, web};

use super::problem::{Kind, Problem};
use super::request;
use crate::app::App;
use crate::domain::answering::Form;

/// The largest form: a text of 4,000 characters, each up to nine bytes when sent.
const LARGEST_FORM: usize = 64 * 1024;

/// The form that was sent from one of our own pages.
pub(super) async fn form(http: &HttpRequest, payload: web::Payload) -> Result<Form, Problem> {
    if !is_own(http) {
        return Err(Problem::of(Kind::Forbidden));
    }
    let body =
        request::body(http, payload, LARGEST_FORM, |t| t == "application/x-www-form-urlencoded").await?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| Problem::malformed("", "not-utf-8", "The form cannot be read."))?;
    let fields = web::Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|_| Problem::malformed("", "form", "The form cannot be read."))?;
    Ok(Form(fields.into_inner()))
}

/// Whether a form comes from one of our own pages. Browsers say so in `Sec-Fetch-Site`; over plain http and in old ones only `Origin` is
/// left, which is `null` on our pages because they send no referrer. There, cookies that are `SameSite=Lax` keep other sites out.
fn is_own(http: &HttpRequest) -> bool {
    let head = |name: &str| http.headers().get(name).and_then(|h| h.to_str().ok());
    if let Some(site) = head("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = head(header::ORIGIN.as_str()).filter(|origin| *origin != "null") else { return true };
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let public = http.app_data::<web::Data<App>>().is_some_and(|app| app.public_url == origin);
    public || http.connection_info().host() == host
}
