//! The national team's pages, and the area's. Neither shows names of people or anybody's own words.

pub(in crate::web) mod area;
pub(in crate::web) mod catalogue;
pub(in crate::web) mod coverage;
pub(in crate::web) mod home;
pub(in crate::web) mod release_draft;
pub(in crate::web) mod releases;
pub(in crate::web) mod retention;
pub(in crate::web) mod scheme;
pub(in crate::web) mod schemes;

use actix_web::{HttpRequest, web};
use askama::Template;

use super::{Instead, Staff, StaffShell, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::use_cases::Refusal;

/// The most lines on one page; whoever looks for one searches.
const MOST: usize = 200;

/// A page with one list.
#[derive(Template)]
#[template(path = "staff/national/list.html")]
struct ListPage {
    shell: StaffShell,
    lead: String,
    here: &'static str,
    /// What is searched by, and what was typed.
    search: Option<(&'static str, String)>,
    /// Address and words of what else can be done.
    links: Vec<(&'static str, &'static str)>,
    list: Vec<Line>,
    more: usize,
}

/// One thing of a list.
struct Line {
    title: String,
    address: Option<String>,
    words: Vec<String>,
    state: String,
}

/// A page where somebody begins.
#[derive(Template)]
#[template(path = "staff/national/home.html")]
struct HomePage {
    shell: StaffShell,
    lead: String,
    facts: Vec<(&'static str, String)>,
    links: Vec<(&'static str, &'static str, &'static str)>,
    list_heading: Option<&'static str>,
    list: Vec<Line>,
}

/// Somebody of the national team.
async fn national(app: &web::Data<App>, http: &HttpRequest) -> Result<Staff, Instead> {
    let staff = signed_in(app, http).await?;
    if staff.actor.role == Role::National { Ok(staff) } else { Err(Refusal::Forbidden.into()) }
}

/// As many lines as are shown, and how many more there are.
fn cut(mut list: Vec<Line>) -> (Vec<Line>, usize) {
    let more = list.len().saturating_sub(MOST);
    list.truncate(MOST);
    (list, more)
}
