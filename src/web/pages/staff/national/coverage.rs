//! Who returned: how many people each scheme asked in a period, and how many answered. The figures' own rules say what may be seen.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Datelike;

use super::{Instead, Line, ListPage, StaffShell, cut, national};
use crate::app::App;
use crate::domain::fault::Fault;
use crate::domain::figures::{Asks, FigureQuery};
use crate::use_cases::{Refusal, read_figures};
use crate::web::pages::staff::{Staff, page, parameter};
use crate::web::request::blocking;

/// What a scheme returned in a period.
pub(super) struct Returned {
    pub(super) scheme: String,
    eligible: Option<i64>,
    invited: Option<i64>,
    responded: Option<i64>,
    rate: Option<f64>,
    /// The most people in one of its figures.
    people: Option<i64>,
}

impl Returned {
    /// In words; what is hidden is said to be.
    pub(super) fn words(&self) -> String {
        let number = |n: Option<i64>| n.map_or_else(|| "too few to show".to_owned(), |n| n.to_string());
        let rate = self.rate.map(|rate| format!(" ({rate} %)")).unwrap_or_default();
        format!(
            "Eligible: {}. Asked: {}. Of those answered: {}{rate}. People in its figures: {}.",
            number(self.eligible),
            number(self.invited),
            number(self.responded),
            number(self.people)
        )
    }
}

/// The quarter of today, as figures name it.
pub(super) fn current_period(app: &App) -> String {
    let today = app.today();
    format!("{}-Q{}", today.year(), today.month0() / 3 + 1)
}

/// What each scheme returned, as far as this account may see it.
pub(super) async fn returned(
    app: &web::Data<App>,
    staff: &Staff,
    period: &str,
    within: Option<&str>,
) -> Result<Vec<Returned>, Instead> {
    let mut wanted =
        vec![("period".to_owned(), period.to_owned()), ("level".to_owned(), "scheme".to_owned())];
    wanted.extend(within.map(|code| ("within".to_owned(), code.to_owned())));
    let query =
        FigureQuery::parse(&wanted, Asks::Khi, &app.registry, app.today()).map_err(Refusal::Invalid)?;
    let actor = staff.actor.clone();
    let figures = blocking(app, move |app| read_figures(app, &actor, &query)).await?;
    // Each row of a scheme has the same counts; they are those of its place, not of the indicator.
    let mut by_scheme: BTreeMap<String, Returned> = BTreeMap::new();
    for row in figures.rows.into_iter().filter(|row| !row.practice) {
        let known = by_scheme.entry(row.place.code.clone()).or_insert_with(|| Returned {
            scheme: row.place.code.clone(),
            eligible: row.eligible,
            invited: row.invited,
            responded: row.responded,
            rate: row.response_rate,
            people: row.n,
        });
        known.people = known.people.max(row.n);
        // Where one row hides what another shows, it is hidden: the counts are the same.
        if row.responded.is_none() {
            (known.responded, known.rate) = (None, None);
        }
    }
    Ok(by_scheme.into_values().collect())
}

/// `GET /national/coverage`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let typed = parameter(&http, "q").filter(|q| !q.trim().is_empty());
    let period = typed.clone().unwrap_or_else(|| current_period(&app));
    let parsed = crate::domain::period::Period::parse_range(&period).filter(|periods| periods.len() == 1);
    let faults: Vec<Fault> = match parsed {
        Some(_) => Vec::new(),
        None => vec![Fault {
            pointer: "/q".into(),
            code: "bad-period",
            detail: "Write one period, such as 2026-Q3, 2026-27 or 12m-2026-Q3.".into(),
        }],
    };
    let counts = if faults.is_empty() { returned(&app, &staff, &period, None).await? } else { Vec::new() };
    let directory = app.directory();
    let mut list: Vec<Line> = directory
        .schemes()
        .filter(|scheme| !scheme.about.practice)
        .map(|scheme| {
            let counted = counts.iter().find(|c| c.scheme == scheme.about.id);
            let answered = counted.is_some_and(|c| c.people.unwrap_or(0) > 0);
            Line {
                title: scheme.about.name.clone(),
                address: Some(format!("/national/schemes/{}", scheme.about.id)),
                words: counted.map(Returned::words).into_iter().collect(),
                state: if answered { "returned" } else { "nothing returned" }.to_owned(),
            }
        })
        .collect();
    list.sort_by(|a, b| (&b.state, &a.title).cmp(&(&a.state, &b.title)));
    let (list, more) = cut(list);
    let shell = StaffShell::of(&app, &http, &staff, "Who returned").faulty(&faults);
    let status = shell.status();
    let shown = ListPage {
        lead: format!("How many people each scheme asked in {period}, and how many answered."),
        here: "/national/coverage",
        search: Some(("Period", typed.unwrap_or_default().chars().take(40).collect())),
        links: Vec::new(),
        list,
        more,
        shell,
    };
    Ok(page(status, &shown))
}
