//! Headers that every answer carries, and that nobody comes over plain http where https is meant.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{Error, ResponseError, web};

use super::cookies::secure;
use super::problem::{Kind, Problem};
use super::request::BehindProxy;
use crate::app::App;

/// No script but our own files, nothing from elsewhere, no framing, no referrer; over https, https for two years.
pub fn headers(app: &App) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));
    if secure(app) {
        headers.add(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    } else {
        headers
    }
}

/// Refuses what comes over plain http, where people are meant to come over https. What watches the server may: `/healthz`, `/readyz`
/// and `/metrics` hold nothing of anybody.
pub(super) async fn only_https(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let watched = ["/healthz", "/readyz", "/metrics"].contains(&request.path());
    let meant = request.app_data::<web::Data<App>>().is_some_and(|app| secure(app));
    if meant && !watched && is_plain(&request) {
        let answer = Problem::of(Kind::HttpsNeeded).error_response();
        return Ok(request.into_response(answer));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Whether a request came over plain http: as the proxy in front says; without one, if it came from another computer, since this
/// server speaks http.
fn is_plain(request: &ServiceRequest) -> bool {
    if request.app_data::<BehindProxy>().is_some() {
        let proto = request.headers().get("x-forwarded-proto").and_then(|h| h.to_str().ok());
        return proto.and_then(|p| p.rsplit(',').next()).map(str::trim) != Some("https");
    }
    request.peer_addr().is_some_and(|peer| !peer.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_request_is_plain_as_the_proxy_says_or_by_where_it_comes_from() {
        let from = |peer: &str| TestRequest::default().peer_addr(peer.parse().expect("an address"));
        let proxied = |proto: Option<&str>| {
            let request = from("10.0.0.1:1").app_data(BehindProxy);
            let request = proto.into_iter().fold(request, |r, p| r.insert_header(("X-Forwarded-Proto", p)));
            is_plain(&request.to_srv_request())
        };
        assert!(!proxied(Some("https")) && !proxied(Some("http, https")));
        assert!(proxied(Some("http")) && proxied(Some("https, http")) && proxied(None));
        let direct = |peer: &str| {
            // What a caller says of itself counts for nothing.
            is_plain(&from(peer).insert_header(("X-Forwarded-Proto", "https")).to_srv_request())
        };
        assert!(direct("192.0.2.1:1") && direct("[2001:db8::1]:1"));
        assert!(!direct("127.0.0.1:1") && !direct("[::1]:1"));
    }
}
