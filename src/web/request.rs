//! Reading requests: who sends it, its key, its body, its page of a list. Each check is asked for in the order of the contract.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::problem::{Kind, Problem};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::definition::parse_json;
use crate::use_cases::{authenticate, is_key};

/// The largest JSON body: a response with the longest texts is about a tenth of it.
pub(super) const LARGEST_JSON: usize = 256 * 1024;
/// The largest batch of responses.
pub(super) const LARGEST_BATCH: usize = 8 * 1024 * 1024;
/// The largest CSV body.
pub(super) const LARGEST_CSV: usize = 4 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(20);

/// The longest page of a list.
pub(super) const LONGEST_PAGE: i64 = 5000;
const DEFAULT_PAGE: i64 = 500;

/// Who sends the request, by its bearer token.
pub(super) fn actor(app: &App, request: &HttpRequest) -> Result<Actor, Problem> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
    let token = header
        .and_then(|h| h.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    Ok(authenticate(app, token.ok_or(Problem::of(Kind::NotSignedIn))?)?)
}

/// That a proxy in front of this server says where requests come from.
#[derive(Clone, Copy)]
pub(super) struct BehindProxy;

/// Where a request comes from: the connection, or what the proxy in front of this server says (its own, last entry).
pub(super) fn client_address(request: &HttpRequest) -> String {
    let forwarded = request.app_data::<BehindProxy>().and_then(|_| {
        let header = request.headers().get("x-forwarded-for")?.to_str().ok()?;
        header.rsplit(',').next().map(|a| a.trim().to_owned())
    });
    forwarded.or_else(|| request.peer_addr().map(|a| a.ip().to_string())).unwrap_or_default()
}

/// The idempotency key: 16 to 128 visible characters.
pub(super) fn idempotency_key(request: &HttpRequest) -> Result<String, Problem> {
    let mut keys = request.headers().get_all(HeaderName::from_static("idempotency-key"));
    let key = keys.next().and_then(|k| k.to_str().ok()).unwrap_or_default();
    let sound = is_key(key) && keys.next().is_none();
    if sound { Ok(key.to_owned()) } else { Err(Problem::of(Kind::IdempotencyKeyMissing)) }
}

/// The body as JSON.
pub(super) async fn json(request: &HttpRequest, payload: web::Payload) -> Result<Value, Problem> {
    json_up_to(request, payload, LARGEST_JSON).await
}

/// As [`json`], with another limit to its size.
pub(super) async fn json_up_to(
    request: &HttpRequest,
    payload: web::Payload,
    largest: usize,
) -> Result<Value, Problem> {
    let bytes = body(request, payload, largest, |t| t == "application/json" || t.ends_with("+json")).await?;
    parse_json(&bytes).map_err(|fault| Problem::with(Kind::Malformed, vec![fault]))
}

/// The body, if its type is right, it is not too large, and it arrives in time.
pub(super) async fn body(
    request: &HttpRequest,
    payload: web::Payload,
    largest: usize,
    right_type: impl Fn(&str) -> bool,
) -> Result<web::Bytes, Problem> {
    let content_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !right_type(&essence) {
        return Err(Problem::of(Kind::UnsupportedMediaType));
    }
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|h| h.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > largest) {
        return Err(Problem::of(Kind::TooLarge));
    }
    match tokio::time::timeout(BODY_TIME, payload.to_bytes_limited(largest)).await {
        Err(_) => Err(Problem::of(Kind::TooSlow)),
        Ok(Err(_)) => Err(Problem::of(Kind::TooLarge)),
        Ok(Ok(Err(_))) => {
            Err(Problem::malformed("", "body-broken-off", "The body broke off before its end."))
        }
        Ok(Ok(Ok(bytes))) => Ok(bytes),
    }
}

/// The parameters of the URL, in order, repeated ones included.
pub(super) fn parameters(request: &HttpRequest) -> Result<Vec<(String, String)>, Problem> {
    web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map(web::Query::into_inner)
        .map_err(|_| Problem::malformed("", "query", "The part of the address after “?” cannot be read."))
}

/// Whether the parameter `name`, the only one there may be, is true; without it, no.
pub(super) fn only_flag(request: &HttpRequest, name: &str) -> Result<bool, Problem> {
    match parameters(request)?.as_slice() {
        [] => Ok(false),
        [(given, value)] if given == name && (value == "true" || value == "false") => Ok(value == "true"),
        _ => Err(Problem::malformed(
            "",
            "query",
            format!("The only parameter is {name}=true or {name}=false."),
        )),
    }
}

/// Which part of a list is asked for.
pub(super) struct Page {
    pub(super) limit: i64,
    pub(super) cursor: Option<String>,
}

/// Takes `limit` and `cursor` out of `parameters`.
pub(super) fn page(parameters: &mut Vec<(String, String)>) -> Result<Page, Problem> {
    let mut page = Page { limit: DEFAULT_PAGE, cursor: None };
    for (name, value) in parameters.extract_if(.., |(name, _)| name == "limit" || name == "cursor") {
        if name == "cursor" {
            page.cursor = Some(value);
        } else {
            page.limit = value.parse().ok().filter(|n| (1..=LONGEST_PAGE).contains(n)).ok_or_else(|| {
                Problem::malformed(
                    "/limit",
                    "out-of-range",
                    format!("“limit” is a number from 1 to {LONGEST_PAGE}."),
                )
            })?;
        }
    }
    Ok(page)
}

/// Runs a blocking act on a thread that may block.
pub(super) async fn blocking<T: Send + 'static, E: Into<Problem> + Send + 'static>(
    app: &web::Data<App>,
    act: impl FnOnce(&App) -> Result<T, E> + Send + 'static,
) -> Result<T, Problem> {
    let app: Arc<App> = app.clone().into_inner();
    match web::block(move || act(&app)).await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(Problem::of(Kind::Internal)),
    }
}

/// Whether the caller has what bears the tag `quoted` already.
pub(super) fn is_known(request: &HttpRequest, quoted: &str) -> bool {
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|h| h.to_str().ok());
    known.is_some_and(|tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == quoted))
}

/// JSON with an ETag; 304 if the caller has it already.
pub(super) fn json_with_etag(
    request: &HttpRequest,
    body: String,
    etag: &str,
    cache: &'static str,
) -> HttpResponse {
    let quoted = format!("\"{etag}\"");
    if is_known(request, &quoted) {
        return HttpResponse::NotModified()
            .insert_header((header::ETAG, quoted))
            .insert_header((header::CACHE_CONTROL, cache))
            .finish();
    }
    HttpResponse::Ok()
        .insert_header((header::ETAG, quoted))
        .insert_header((header::CACHE_CONTROL, cache))
        .content_type("application/json")
        .body(body)
}

/// A file to be saved as `name`, which nobody keeps on the way.
pub(super) fn download(name: &str, media: &'static str, bytes: impl Into<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .content_type(media)
        .body(bytes.into())
}
