//! Forms of our own pages: the one place that refuses forms that another site sends (ASVS 3.5.1).

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::TryStreamExt as _;

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

/// A file that was sent with a form.
pub(super) struct SentFile {
    /// Its name on the sender's computer.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Vec<u8>,
}

/// The most fields of a form with a file.
const MOST_FIELDS: usize = 400;
/// How long a form with a file may take to arrive.
const FILE_TIME: Duration = Duration::from_secs(60);

/// The form with a file that was sent from one of our own pages, up to `largest` bytes in all. A file that was not chosen is none.
pub(super) async fn form_with_file(
    http: &HttpRequest,
    payload: web::Payload,
    largest: usize,
) -> Result<(Form, Option<SentFile>), Problem> {
    if !is_own(http) {
        return Err(Problem::of(Kind::Forbidden));
    }
    match tokio::time::timeout(FILE_TIME, read_parts(http, payload, largest)).await {
        Ok(read) => read,
        Err(_) => Err(Problem::of(Kind::TooSlow)),
    }
}

async fn read_parts(
    http: &HttpRequest,
    payload: web::Payload,
    largest: usize,
) -> Result<(Form, Option<SentFile>), Problem> {
    let unreadable = || Problem::malformed("", "form", "The form cannot be read.");
    let mut parts = Multipart::new(http.headers(), payload);
    let (mut fields, mut file, mut left) = (Vec::new(), None, largest);
    while let Some(mut part) = parts.try_next().await.map_err(|_| unreadable())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.try_next().await.map_err(|_| unreadable())? {
            left = left.checked_sub(chunk.len()).ok_or_else(|| Problem::of(Kind::TooLarge))?;
            bytes.extend_from_slice(&chunk);
        }
        match file_name {
            Some(name) if !bytes.is_empty() => file = Some(SentFile { name, bytes }),
            Some(_) => {}
            None if fields.len() == MOST_FIELDS => return Err(unreadable()),
            None => fields.push((name, String::from_utf8(bytes).map_err(|_| unreadable())?)),
        }
    }
    Ok((Form(fields), file))
}
