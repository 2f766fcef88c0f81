//! What a staff page answers instead of itself: the way to another page, or a page that says why not.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;

use super::shell::{StaffShell, page};
use super::with_next;
use crate::use_cases::Refusal;
use crate::web::pages::survey::go_to;
use crate::web::problem::{Kind, Problem};

/// See above. Handlers of staff pages fail with it, so that `?` leads to the right place.
#[derive(Debug)]
pub(in crate::web) enum Instead {
    /// Another page of ours.
    GoTo(String),
    /// Why not.
    Problem(Problem),
}

impl Instead {
    /// The sign-in page, and back to what was asked for if that was only to be shown.
    pub(super) fn sign_in(http: &HttpRequest) -> Self {
        let shown = http.method().is_safe();
        let here = http.uri().path_and_query().map(|p| p.as_str()).filter(|_| shown);
        Self::GoTo(with_next("/sign-in", here))
    }
}

impl std::fmt::Display for Instead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::GoTo(_) => f.write_str("another page"),
            Self::Problem(problem) => problem.fmt(f),
        }
    }
}

impl From<Problem> for Instead {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Refusal> for Instead {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotSignedIn => Self::GoTo("/sign-in".into()),
            other => Self::Problem(other.into()),
        }
    }
}

#[derive(Template)]
#[template(path = "staff/told.html")]
pub(in crate::web::pages) struct Told {
    pub(in crate::web::pages) shell: StaffShell,
    pub(in crate::web::pages) paragraphs: Vec<String>,
    /// Words and address of a link onwards.
    pub(in crate::web::pages) onward: Option<(&'static str, String)>,
}

impl ResponseError for Instead {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::GoTo(_) => StatusCode::SEE_OTHER,
            Self::Problem(problem) => problem.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let problem = match self {
            Self::GoTo(address) => return go_to(address),
            Self::Problem(problem) => problem,
        };
        let (_, status, title) = problem.kind().entry();
        let (heading, text) = match problem.kind() {
            Kind::Forbidden => (
                "This is not open to you",
                "Your role does not do this, or the form came from another site. Nothing was changed.",
            ),
            Kind::Unknown => ("There is nothing here", "It does not exist, or it is not yours to see."),
            Kind::Internal | Kind::Unavailable => {
                ("Something went wrong here", "Nothing you did was at fault. Please try again in a minute.")
            }
            _ => ("This did not work", title),
        };
        let told = Told {
            shell: StaffShell::bare(heading),
            paragraphs: vec![text.to_owned()],
            onward: Some(("Back to the start", "/sign-in".to_owned())),
        };
        page(status, &told)
    }
}
