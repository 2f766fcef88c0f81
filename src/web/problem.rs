//! The problem catalogue: every error a caller can meet, as RFC 9457 problem+json. What went wrong inside is logged, never sent.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::domain::fault::Fault;
use crate::sealed::Unreadable;
use crate::storage::StorageError;
use crate::use_cases::Refusal;

/// An error a caller can meet.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    errors: Vec<Fault>,
    /// In how many seconds to try again.
    wait: Option<i64>,
}

/// The kinds of problem. Codes are stable and never used again for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Malformed,
    /// A response needs a key.
    IdempotencyKeyMissing,
    /// No token, or one that is no longer good.
    NotSignedIn,
    /// Address, password or code is wrong.
    WrongCredentials,
    /// The password is right; a code is needed besides.
    CodeNeeded,
    /// The password is right, and the account has no second factor yet.
    SecondFactorMissing,
    /// Too many tries just now.
    TooManyTries,
    /// As many extracts are being taken as may be at once.
    TooManyExtracts,
    /// It came over plain http.
    HttpsNeeded,
    /// The role does not do this.
    Forbidden,
    /// It does not exist, or not for this caller.
    Unknown,
    /// The URL is there; it does not take this method.
    MethodNotAllowed,
    /// The body took too long to arrive.
    TooSlow,
    /// It exists already.
    Exists,
    /// Nobody is invited before two safeguarding leads are named.
    LeadsMissing,
    /// It was there, and has been taken away.
    Gone,
    /// What follows this cursor is deleted because of its age.
    StartAnew,
    /// It has changed since the caller saw it.
    Changed,
    /// The body is too large.
    TooLarge,
    /// The body is of another type.
    UnsupportedMediaType,
    /// The request is not acceptable; `errors` says where and why.
    Invalid,
    /// The key was used for another body.
    IdempotencyKeyReused,
    /// A correction must say which revision it corrects.
    RevisionMissing,
    /// What is stored was changed from outside, and is refused.
    Damaged,
    /// Something failed here.
    Internal,
    /// The database cannot be reached just now.
    Unavailable,
}

impl Kind {
    /// Every kind, for the catalogue's page.
    pub const ALL: [Kind; 26] = [
        Self::Malformed,
        Self::IdempotencyKeyMissing,
        Self::NotSignedIn,
        Self::WrongCredentials,
        Self::CodeNeeded,
        Self::SecondFactorMissing,
        Self::TooManyTries,
        Self::TooManyExtracts,
        Self::HttpsNeeded,
        Self::Forbidden,
        Self::Unknown,
        Self::MethodNotAllowed,
        Self::TooSlow,
        Self::Exists,
        Self::LeadsMissing,
        Self::Gone,
        Self::StartAnew,
        Self::Changed,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::Invalid,
        Self::IdempotencyKeyReused,
        Self::RevisionMissing,
        Self::Damaged,
        Self::Internal,
        Self::Unavailable,
    ];

    /// Code, status and what it means, for people.
    pub fn entry(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Malformed => ("malformed", StatusCode::BAD_REQUEST, "The request cannot be read."),
            Self::IdempotencyKeyMissing => (
                "idempotency-key-missing",
                StatusCode::BAD_REQUEST,
                "Send an Idempotency-Key header of 16 to 128 visible characters, a new one for each response.",
            ),
            Self::NotSignedIn => (
                "not-signed-in",
                StatusCode::UNAUTHORIZED,
                "Sign in first: this needs a bearer token that is still good.",
            ),
            Self::WrongCredentials => (
                "wrong-credentials",
                StatusCode::UNAUTHORIZED,
                "The e-mail address, the password or the code is wrong.",
            ),
            Self::CodeNeeded => (
                "code-needed",
                StatusCode::UNAUTHORIZED,
                "Send the code of the authenticator app as well, as code.",
            ),
            Self::SecondFactorMissing => (
                "second-factor-missing",
                StatusCode::FORBIDDEN,
                "This account has no second factor yet. Sign in on the pages and set one up first.",
            ),
            Self::TooManyTries => (
                "too-many-tries",
                StatusCode::TOO_MANY_REQUESTS,
                "Too many tries. Wait as long as Retry-After says.",
            ),
            Self::TooManyExtracts => (
                "too-many-extracts",
                StatusCode::TOO_MANY_REQUESTS,
                "As many extracts are being taken just now as may be at once. Wait as long as Retry-After says, or until one of yours has ended.",
            ),
            Self::HttpsNeeded => (
                "https-needed",
                StatusCode::FORBIDDEN,
                "This server is reached over https. Nothing that came over plain http was read.",
            ),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "Your role does not do this."),
            Self::Unknown => ("unknown", StatusCode::NOT_FOUND, "There is nothing here with this name."),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "This address does not take this method.",
            ),
            Self::TooSlow => ("too-slow", StatusCode::REQUEST_TIMEOUT, "The body took too long to arrive."),
            Self::Exists => ("exists", StatusCode::CONFLICT, "This exists already."),
            Self::LeadsMissing => (
                "leads-missing",
                StatusCode::CONFLICT,
                "Name two safeguarding leads before anybody is invited.",
            ),
            Self::Gone => ("gone", StatusCode::GONE, "This was withdrawn or erased."),
            Self::StartAnew => (
                "start-anew",
                StatusCode::GONE,
                "What follows this cursor is so old that it is deleted. Read everything anew, and then go on from “next”, without “after” at first.",
            ),
            Self::Changed => (
                "changed",
                StatusCode::PRECONDITION_FAILED,
                "This has changed since you last saw it. Nothing was written.",
            ),
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
            Self::UnsupportedMediaType => (
                "unsupported-media-type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body must be of the type that this address takes.",
            ),
            Self::Invalid => (
                "invalid",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Some of this is not acceptable. Nothing was written.",
            ),
            Self::IdempotencyKeyReused => (
                "idempotency-key-reused",
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another body. Nothing was written.",
            ),
            Self::RevisionMissing => (
                "revision-missing",
                StatusCode::PRECONDITION_REQUIRED,
                "Send If-Match with the ETag of the response you correct.",
            ),
            Self::Damaged => (
                "damaged",
                StatusCode::INTERNAL_SERVER_ERROR,
                "What is stored here is not what was sealed: it was changed or moved from outside, and is not shown.",
            ),
            Self::Internal => (
                "internal",
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong here. Nothing you sent was at fault.",
            ),
            Self::Unavailable => (
                "unavailable",
                StatusCode::SERVICE_UNAVAILABLE,
                "The database cannot be reached just now. Try again with the same key.",
            ),
        }
    }
}

impl Problem {
    /// A problem without particulars.
    pub fn of(kind: Kind) -> Self {
        Self { kind, errors: Vec::new(), wait: None }
    }

    /// A problem with its faults.
    pub fn with(kind: Kind, errors: Vec<Fault>) -> Self {
        Self { kind, errors, wait: None }
    }

    /// Too many tries: the next one in `seconds`.
    pub fn wait(seconds: i64) -> Self {
        Self { kind: Kind::TooManyTries, errors: Vec::new(), wait: Some(seconds) }
    }

    /// The same, to be tried again in `seconds`.
    #[must_use]
    pub fn again_in(self, seconds: i64) -> Self {
        Self { wait: Some(seconds), ..self }
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// A request that cannot be read, at `pointer`.
    pub fn malformed(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::with(Kind::Malformed, vec![Fault { pointer: pointer.into(), code, detail: detail.into() }])
    }
}

impl Problem {
    /// Its code, and its faults as they stand below `place`: for one part of a request that is answered in parts.
    pub(super) fn below(self, place: &str) -> (&'static str, Vec<Fault>) {
        let moved = |fault: Fault| Fault { pointer: format!("{place}{}", fault.pointer), ..fault };
        (self.kind.entry().0, self.errors.into_iter().map(moved).collect())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.entry().0)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.entry().1
    }

    fn error_response(&self) -> HttpResponse {
        let (code, status, title) = self.kind.entry();
        let mut body = json!({"type": format!("/api/docs#problem-{code}"), "title": title, "status": status.as_u16(), "code": code});
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        let mut response = HttpResponse::build(status);
        response.insert_header(ContentType("application/problem+json".parse().unwrap_or(mime_json())));
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "2"));
        }
        if let Some(seconds) = self.wait {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.insert_header((header::CACHE_CONTROL, "no-store")).body(body.to_string())
    }
}

fn mime_json() -> actix_web::mime::Mime {
    actix_web::mime::APPLICATION_JSON
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotSignedIn => Self::of(Kind::NotSignedIn),
            Refusal::CodeNeeded => Self::of(Kind::CodeNeeded),
            Refusal::SecondFactorMissing => Self::of(Kind::SecondFactorMissing),
            Refusal::Forbidden => Self::of(Kind::Forbidden),
            Refusal::Unknown(fault) => Self::with(Kind::Unknown, fault.into_iter().collect()),
            Refusal::Malformed(errors) => Self::with(Kind::Malformed, errors),
            Refusal::Invalid(errors) => Self::with(Kind::Invalid, errors),
            Refusal::KeyReused => Self::of(Kind::IdempotencyKeyReused),
            Refusal::Gone => Self::of(Kind::Gone),
            Refusal::StartAnew => Self::of(Kind::StartAnew),
            Refusal::Exists(fault) => Self::with(Kind::Exists, vec![fault]),
            Refusal::LeadsMissing(fault) => Self::with(Kind::LeadsMissing, vec![fault]),
            Refusal::RevisionMissing => Self::of(Kind::RevisionMissing),
            Refusal::Changed => Self::of(Kind::Changed),
            Refusal::Storage(error) => error.into(),
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        if let StorageError::Sealed(_, Unreadable::Destroyed) = error {
            return Self::of(Kind::Gone);
        }
        tracing::error!(%error, "storage");
        if let StorageError::Sealed(_, Unreadable::Changed) = error {
            return Self::of(Kind::Damaged);
        }
        let passing = error.is_broken_connection() || error.is_retryable();
        Self::of(if passing { Kind::Unavailable } else { Kind::Internal })
    }
}

/// For addresses that do not exist.
pub async fn no_such_page() -> Problem {
    Problem::of(Kind::Unknown)
}

/// For addresses that take other methods: those in `allow`.
pub(super) async fn no_such_method(allow: String) -> HttpResponse {
    let mut answer = Problem::of(Kind::MethodNotAllowed).error_response();
    if let Ok(allow) = header::HeaderValue::from_str(&allow) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

impl actix_web::Responder for Problem {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> HttpResponse {
        self.error_response()
    }
}
