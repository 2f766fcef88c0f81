//! Answers travel packed (gzip) where the browser takes that: in one piece, with its length, by a packer that each thread keeps.
//!
//! A packer made anew for each answer costs more than packing a page of a survey does, and so does another thread for it.

use std::cell::RefCell;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// What is shorter fits into one packet as it is.
const LEAST: usize = 1024;
/// What is longer is packed on a thread that may block.
const LARGE: usize = 128 * 1024;
/// RFC 1952: gzip, deflate, no name, no time, fastest, unknown system.
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255];

thread_local! {
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(2), false));
}

/// Packs the answer, if its kind gains by it and the browser takes it.
pub(super) async fn packed(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let wanted = takes_gzip(request.headers());
    let mut response = next.call(request).await?.map_into_boxed_body();
    if !gains(response.headers()) {
        return Ok(response);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !wanted {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(plain) if plain.len() >= LEAST => {
            let packed = if plain.len() > LARGE {
                let whole = plain.clone();
                actix_web::web::block(move || gzip(&whole)).await.ok().flatten()
            } else {
                gzip(&plain)
            };
            if packed.is_some() {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            BoxBody::new(packed.map_or(plain, Bytes::from))
        }
        Ok(plain) => BoxBody::new(plain),
        Err(body) => body,
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

/// Whether the answer is text that is not packed yet.
fn gains(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|k| k.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let text = kind.starts_with("text/")
        || kind == "application/json"
        || kind.ends_with("+json")
        || kind == "image/svg+xml";
    text && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Whether the browser takes gzip (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).filter_map(|h| h.to_str().ok());
    accepted.flat_map(|list| list.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|q| q > 0.0)
    })
}

/// The bytes as one gzip member; none if that is not shorter.
fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::with_capacity(plain.len());
    packed.extend_from_slice(&GZIP_HEAD);
    let done = PACKER.with_borrow_mut(|packer| {
        packer.reset();
        packer.compress_vec(plain, &mut packed, FlushCompress::Finish)
    });
    let mut sum = Crc::new();
    sum.update(plain);
    packed.extend_from_slice(&sum.sum().to_le_bytes());
    packed.extend_from_slice(&sum.amount().to_le_bytes());
    // It was given no more room than it had before: a packer that did not come to its end did not make it shorter.
    (matches!(done, Ok(Status::StreamEnd)) && packed.len() < plain.len()).then_some(packed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use actix_web::http::header::ContentType;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, HttpResponse, middleware, web};

    use super::*;

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).expect("gzip");
        plain
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same_and_what_would_grow_is_left() {
        let words =
            |n: usize| -> Vec<u8> { (0..n).flat_map(|i| format!("<p>{i}</p>").into_bytes()).collect() };
        for length in [200, 5_000, 200_000, 300] {
            let plain = words(length);
            assert_eq!(unpacked(&gzip(&plain).expect("shorter")), plain);
        }
        let noise: Vec<u8> = (0..4000u32).map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
        assert!(gzip(&noise).is_none_or(|packed| unpacked(&packed) == noise));
        assert_eq!(gzip(b"ab"), None);
    }

    #[actix_web::test]
    async fn a_page_is_packed_for_whoever_takes_it_and_only_then() {
        let long = "<p>Do you feel better, the same or worse?</p>".repeat(100);
        let page = move |kind: ContentType, words: String| {
            web::to(move || {
                let answer = HttpResponse::Ok().content_type(kind.clone()).body(words.clone());
                std::future::ready(answer)
            })
        };
        let app = init_service(
            App::new()
                .wrap(middleware::from_fn(packed))
                .route("/page", page(ContentType::html(), long.clone()))
                .route("/short", page(ContentType::html(), "<p>Short</p>".into()))
                .route("/picture", page(ContentType::png(), long.clone())),
        )
        .await;
        for (path, accepted, expected, varies) in [
            ("/page", Some("gzip, deflate, br"), true, true),
            ("/page", Some("br;q=1.0, GZIP;q=0.5"), true, true),
            ("/page", Some("gzip;q=0"), false, true),
            ("/page", Some("gzip;q=much"), false, true),
            ("/page", Some("br"), false, true),
            ("/page", None, false, true),
            ("/short", Some("gzip"), false, true),
            ("/picture", Some("gzip"), false, false),
        ] {
            let request = TestRequest::with_uri(path);
            let request = match accepted {
                Some(accepted) => request.insert_header(("Accept-Encoding", accepted)),
                None => request,
            };
            let response = call_service(&app, request.to_request()).await;
            let headers = response.headers().clone();
            let body = read_body(response).await;
            assert_eq!(headers.contains_key("content-encoding"), expected, "{path} {accepted:?}");
            assert_eq!(headers.contains_key("vary"), varies, "{path} {accepted:?}");
            if path != "/short" {
                let plain = if expected { unpacked(&body) } else { body.to_vec() };
                assert_eq!(plain, long.as_bytes(), "{path} {accepted:?}");
            }
        }
    }
}
