//! What every staff page has around its own part: title, navigation, a message of what was just done, and what is wrong with the form.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::{Staff, parameter};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::fault::Fault;
use crate::web::cookies;
pub(in crate::web::pages) use crate::web::pages::survey::page;

/// A place of the navigation.
pub(in crate::web::pages) struct Place {
    pub(in crate::web::pages) address: &'static str,
    pub(in crate::web::pages) words: &'static str,
    pub(in crate::web::pages) here: bool,
}

/// See above.
pub(in crate::web::pages) struct StaffShell {
    /// The page's heading, and what stands in the browser's title bar.
    pub(in crate::web::pages) title: String,
    pub(in crate::web::pages) demo: bool,
    /// Whether what is sent here can be read on the way.
    pub(in crate::web::pages) plain: bool,
    /// Who is signed in, and as what.
    pub(in crate::web::pages) who: Option<(String, &'static str)>,
    pub(in crate::web::pages) places: Vec<Place>,
    /// What was just done.
    pub(in crate::web::pages) done: Option<&'static str>,
    /// What is wrong with the form: the name of the field (which is its id), and what would be right.
    pub(in crate::web::pages) faults: Vec<(String, String)>,
}

impl StaffShell {
    /// For somebody who is signed in.
    pub(in crate::web::pages) fn of(app: &App, http: &HttpRequest, staff: &Staff, title: &str) -> Self {
        let all = places(&staff.actor.role);
        // A page below a place belongs to it: the longest address that leads to here.
        let is_below = |outer: &str, path: &str| {
            path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let elsewhere = ELSEWHERE.into_iter().find(|(address, _)| is_below(address, http.path()));
        let path = elsewhere.map_or(http.path(), |(_, place)| place);
        let leads_here = |address: &&str| is_below(address, path);
        let here = all.iter().map(|(address, _)| *address).filter(leads_here).max_by_key(|a| a.len());
        let places = all
            .iter()
            .map(|(address, words)| Place { address, words, here: here == Some(*address) })
            .collect();
        let who = Some((staff.account.called().to_owned(), staff.actor.role.title()));
        Self { who, places, ..Self::outside(app, title) }
    }

    /// For somebody who is not.
    pub(in crate::web::pages) fn outside(app: &App, title: &str) -> Self {
        Self { demo: app.demo, plain: !cookies::secure(app) && !app.demo, ..Self::bare(title) }
    }

    /// Where nothing is known.
    pub(in crate::web::pages) fn bare(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            demo: false,
            plain: false,
            who: None,
            places: Vec::new(),
            done: None,
            faults: Vec::new(),
        }
    }

    /// With the words for what was just done, which the address names as `?done=`.
    pub(in crate::web::pages) fn done(mut self, http: &HttpRequest, words: &[(&str, &'static str)]) -> Self {
        let done = parameter(http, "done");
        self.done = words.iter().find(|(code, _)| done.as_deref() == Some(*code)).map(|(_, words)| *words);
        self
    }

    /// With what is wrong with the form.
    pub(in crate::web::pages) fn faulty(mut self, faults: &[Fault]) -> Self {
        let field = |f: &Fault| f.pointer.trim_start_matches('/').to_owned();
        self.faults = faults.iter().map(|f| (field(f), f.detail.clone())).collect();
        self
    }

    /// What is wrong with a field.
    pub(in crate::web::pages) fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(name, _)| name == field).map(|(_, words)| words.as_str())
    }

    /// 422 if something is wrong, else 200.
    pub(in crate::web::pages) fn status(&self) -> StatusCode {
        if self.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// A fault of one field of a form.
pub(super) fn fault(field: &str, words: impl Into<String>) -> Fault {
    Fault { pointer: format!("/{field}"), code: "not-acceptable", detail: words.into() }
}

/// How long to wait, in words.
pub(super) fn wait_words(seconds: i64) -> String {
    let long = match seconds {
        ..=1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    };
    format!("That was tried too often. Please wait {long}, and try again.")
}

/// Pages that are reached from a place that their address is not below, and that place.
const ELSEWHERE: [(&str, &str); 3] = [
    ("/scheme/return-links", "/scheme/returns"),
    ("/scheme/compare", "/outcomes"),
    ("/targets", "/outcomes"),
];

/// Where somebody of this role can go.
fn places(role: &Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::National => &[
            ("/national", "National"),
            ("/national/dashboard", "Dashboard"),
            ("/national/schemes", "Schemes"),
            ("/national/staff", "Accounts"),
            ("/national/coverage", "Who returned"),
            ("/returns", "Returns"),
            ("/national/returns", "Own returns"),
            ("/outcomes", "Side by side"),
            ("/national/releases", "Releases"),
            ("/national/report", "Report"),
            ("/national/complaints", "Complaints"),
            ("/account", "Your account"),
        ],
        Role::Area(_) => &[
            ("/area", "Area"),
            ("/area/dashboard", "Dashboard"),
            ("/returns", "Returns"),
            ("/area/returns", "Own returns"),
            ("/outcomes", "Side by side"),
            ("/area/report", "Report"),
            ("/account", "Your account"),
        ],
        Role::SchemeLead(_) => &[
            ("/scheme", "Due"),
            ("/scheme/dashboard", "Dashboard"),
            ("/scheme/people", "People"),
            ("/scheme/waves", "Waves"),
            ("/scheme/returns", "Returns"),
            ("/outcomes", "Side by side"),
            ("/scheme/report", "Report"),
            ("/scheme/tasks", "Tasks"),
            ("/scheme/settings", "Set-up"),
            ("/scheme/staff", "Staff"),
            ("/visit", "On a visit"),
            ("/account", "Your account"),
        ],
        Role::SchemeWorker(_) => &[
            ("/scheme", "Due"),
            ("/scheme/dashboard", "Dashboard"),
            ("/scheme/people", "People"),
            ("/scheme/waves", "Waves"),
            ("/outcomes", "Side by side"),
            ("/scheme/report", "Report"),
            ("/visit", "On a visit"),
            ("/account", "Your account"),
        ],
        Role::Collector(_) => &[("/visit", "On a visit"), ("/account", "Your account")],
        Role::Service(_) => &[], // has a key, and no pages
        Role::Analyst => &[
            ("/national/dashboard", "Dashboard"),
            ("/outcomes", "Side by side"),
            ("/national/report", "Report"),
            ("/account", "Your account"),
            ("/api/docs", "For developers"),
        ],
    }
}
