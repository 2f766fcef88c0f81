//! Choosing several councils that are looked at together: those of a city region, say, or of one board.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Instead, Staff, StaffShell, page, parameter, parameters_named, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::area::Level;
use crate::domain::fault::Fault;
use crate::domain::figures::MOST_TOGETHER;
use crate::use_cases::Refusal;

#[derive(Template)]
#[template(path = "staff/councils.html")]
struct CouncilsPage {
    shell: StaffShell,
    quarters: bool,
    most: usize,
    groups: Vec<CouncilGroup>,
}

/// The councils of one region or nation.
struct CouncilGroup {
    title: String,
    /// Whether one of them is chosen.
    open: bool,
    /// (code, name, whether it is chosen).
    councils: Vec<(String, String, bool)>,
}

/// `GET /outcomes/councils`
pub(in crate::web) async fn choose(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    // Others could take two groups that differ by one scheme, and see that one.
    if !matches!(staff.actor.role, Role::National | Role::Analyst) {
        return Err(Refusal::Forbidden.into());
    }
    let chosen = parameters_named(&http, "area");
    Ok(councils_page(&app, &http, &staff, &chosen, false))
}

/// The page to choose on, after a choice that cannot be shown too.
pub(super) fn councils_page(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    chosen: &[String],
    faulty: bool,
) -> HttpResponse {
    let detail = format!("Choose two to {MOST_TOGETHER} councils.");
    let faults = [Fault { pointer: "/councils".into(), code: "unknown-place", detail }];
    let shell = StaffShell::of(app, http, staff, "Several councils together");
    let shown = CouncilsPage {
        shell: if faulty { shell.faulty(&faults) } else { shell },
        quarters: parameter(http, "by").as_deref() == Some("quarter"),
        most: MOST_TOGETHER,
        groups: groups(app, chosen),
    };
    page(shown.shell.status(), &shown)
}

/// The councils of today, and those of the choice that are no more: the regions of England first, then the other nations.
fn groups(app: &App, chosen: &[String]) -> Vec<CouncilGroup> {
    let areas = &app.registry.areas;
    let today = app.today();
    let mut groups: BTreeMap<(bool, &str), Vec<(String, String, bool)>> = BTreeMap::new();
    for council in areas.all().filter(|a| a.is_council()) {
        let is_chosen = chosen.contains(&council.code);
        let outer = council.parent.as_deref().and_then(|code| areas.get(code));
        let Some(outer) = outer.filter(|_| is_chosen || council.in_force(today)) else { continue };
        let key = (outer.level != Level::Region, outer.name.as_str());
        let entry = (council.code.clone(), council.name.clone(), is_chosen);
        groups.entry(key).or_default().push(entry);
    }
    let group = |((_, title), mut councils): ((bool, &str), Vec<(String, String, bool)>)| {
        councils.sort_by(|a, b| a.1.cmp(&b.1));
        let open = councils.iter().any(|(_, _, is_chosen)| *is_chosen);
        CouncilGroup { title: title.to_owned(), open, councils }
    };
    groups.into_iter().map(group).collect()
}
