//! Recordings of the questions. An address holds the digest of what it serves, so a browser keeps it for ever.

use std::ops::RangeInclusive;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::web::problem::{Kind, Problem};
use crate::web::request::is_known;

/// `GET /media/{digest}.{ending}`, whole or one range of it: Safari plays nothing from a server that knows no ranges.
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let media = app.registry.media(&name).ok_or(Problem::of(Kind::Unknown))?;
    let etag = format!("\"{}\"", media.digest);
    let sent = |name| http.headers().get(name).and_then(|h| h.to_str().ok());
    // Only GET has ranges, and only of what the browser has the beginning of (RFC 9110, 14.2 and 13.1.5).
    let ranged = http.method() == Method::GET && sent(header::IF_RANGE).is_none_or(|tag| tag == etag);
    let length = media.bytes.len();
    let part = sent(header::RANGE).filter(|_| ranged).map_or(Part::Whole, |range| Part::read(range, length));
    let (status, range) = match part {
        _ if is_known(&http, &etag) => (StatusCode::NOT_MODIFIED, None),
        Part::Whole => (StatusCode::OK, None),
        Part::Bytes(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Part::Outside => (StatusCode::RANGE_NOT_SATISFIABLE, None),
    };
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ACCEPT_RANGES, "bytes"));
    Ok(match (status, range) {
        (StatusCode::NOT_MODIFIED, _) => answer.finish(),
        (StatusCode::RANGE_NOT_SATISFIABLE, _) => {
            answer.insert_header((header::CONTENT_RANGE, format!("bytes */{length}"))).finish()
        }
        (_, range) => {
            if let Some(range) = &range {
                let place = format!("bytes {}-{}/{length}", range.start(), range.end());
                answer.insert_header((header::CONTENT_RANGE, place));
            }
            // Sound is packed already, and a range counts the bytes as they are: not to be compressed on the way.
            answer.insert_header((header::CONTENT_ENCODING, "identity")).content_type(media.content_type);
            let bytes = range.map_or(&media.bytes[..], |range| &media.bytes[range]);
            answer.body(bytes.to_vec())
        }
    })
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Bytes(RangeInclusive<usize>),
    /// Bytes that there are not.
    Outside,
}

impl Part {
    /// Reads one range of bytes. Other units, several ranges and what cannot be read are left alone, as is allowed.
    fn read(range: &str, length: usize) -> Self {
        let Some((unit, range)) = range.split_once('=') else { return Self::Whole };
        let Some((first, last)) = range.trim().split_once('-') else { return Self::Whole };
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(usize::MAX))
        };
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return Self::Whole;
        }
        let (first, last) = match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => (first, last),
            (Some(first), None) if last.is_empty() => (first, usize::MAX),
            (None, Some(0)) if first.is_empty() => return Self::Outside,
            (None, Some(count)) if first.is_empty() => (length.saturating_sub(count), usize::MAX),
            _ => return Self::Whole,
        };
        if first < length { Self::Bytes(first..=last.min(length - 1)) } else { Self::Outside }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_everything_else_is_left_alone() {
        let cases = [
            ("bytes=0-1", Part::Bytes(0..=1)),
            ("bytes=0-", Part::Bytes(0..=99)),
            ("Bytes = 98-98", Part::Bytes(98..=98)),
            ("bytes=90-1000", Part::Bytes(90..=99)),
            ("bytes=90-99999999999999999999999", Part::Bytes(90..=99)),
            ("bytes=-10", Part::Bytes(90..=99)),
            ("bytes=-1000", Part::Bytes(0..=99)),
            ("bytes=100-", Part::Outside),
            ("bytes=99999999999999999999999-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=5-4", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("seconds=0-1", Part::Whole),
            ("bytes", Part::Whole),
            ("", Part::Whole),
        ];
        for (range, part) in cases {
            assert_eq!(Part::read(range, 100), part, "{range}");
        }
        assert_eq!([Part::read("bytes=0-", 0), Part::read("bytes=-5", 0)], [Part::Outside, Part::Outside]);
    }
}
