//! What people say and what is counted, of one place, side by side over time.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::councils::councils_page;
use super::places::{PlaceGroup, place_groups};
use super::published::{Published, published};
use super::reference::{Reference, references};
use super::{Instead, Staff, StaffShell, page, parameter, parameters_named, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::area::{Area, Level};
use crate::domain::definition::Model;
use crate::domain::fault::Fault;
use crate::domain::figures::{FigureQuery, MOST_TOGETHER, Row, Status};
use crate::domain::performance::{
    KpiRow, KpiStatus, Mark, Met, Moves, Stands, TargetSeen, UK, khi_move, kpi_move, mark,
};
use crate::domain::period::Period;
use crate::use_cases::{Outcome, Refusal, ShareTarget, read_outcomes};
use crate::web::pages::amounts::{alone_in_unit, decimals, in_unit, thousands};
use crate::web::request::blocking;

/// How many periods stand beside each other.
const PERIODS: usize = 4;

#[derive(Template)]
#[template(path = "staff/outcomes.html")]
struct OutcomesPage {
    shell: StaffShell,
    /// The places to choose from; schemes have only their own.
    places: Vec<PlaceGroup>,
    quarters: bool,
    /// The place that is shown; empty where it has no page of targets.
    at: String,
    /// Whether it is of a scheme's own staff.
    of_scheme: bool,
    /// Whether councils can be taken together.
    can_join: bool,
    /// The councils that are taken together, as they are named, and as an address keeps them.
    joined: Option<Joined>,
    periods: Vec<String>,
    models: Vec<ModelPart>,
    /// What others publish: never among the rest.
    others: Published,
}

/// Several councils, taken together.
struct Joined {
    names: Vec<String>,
    /// “area=…&area=…”
    address: String,
}

/// The two tables of a model.
struct ModelPart {
    id: String,
    title: String,
    mark: Option<&'static str>,
    moves: Option<String>,
    people: Vec<Line>,
    counts: Vec<Line>,
    /// What others published before.
    references: Vec<Reference>,
}

pub(super) struct Line {
    pub(super) title: String,
    pub(super) cells: Vec<Cell>,
}

/// A value, and what it rests upon.
pub(super) struct Cell {
    pub(super) period: String,
    pub(super) value: String,
    pub(super) base: String,
}

/// `GET /outcomes`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let quarters = parameter(&http, "by").as_deref() == Some("quarter");
    let asked = parameter(&http, "place").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    let (own, free) = own_place(&app, &staff)?;
    let code = asked.filter(|_| free).unwrap_or(own);
    let can_join = matches!(staff.actor.role, Role::National | Role::Analyst);
    let areas = if can_join { parameters_named(&http, "area") } else { Vec::new() };
    let together = can_join && (!areas.is_empty() || parameter(&http, "together").is_some());
    let periods = periods(&app, quarters);
    let found = if together { query_of_all(&app, &areas, &periods) } else { query_of(&app, &code, &periods) };
    let Some((name, query)) = found else {
        if together {
            return Ok(councils_page(&app, &http, &staff, &areas, true));
        }
        let detail = "There is no such place. Choose one of the list.".into();
        let faults = [Fault { pointer: "/place".into(), code: "unknown-place", detail }];
        let shell = StaffShell::of(&app, &http, &staff, "Side by side").faulty(&faults);
        let shown = OutcomesPage {
            places: place_groups(&app, &staff.actor.role, &code),
            quarters,
            at: String::new(),
            of_scheme: !free,
            can_join,
            joined: None,
            periods: Vec::new(),
            models: Vec::new(),
            others: published(&[], &[]),
            shell,
        };
        return Ok(page(shown.shell.status(), &shown));
    };
    let actor = staff.actor.clone();
    let found = blocking(&app, move |app| read_outcomes(app, &actor, &query)).await?;
    let names: Vec<String> = periods.iter().map(ToString::to_string).collect();
    let shown = OutcomesPage {
        places: if free { place_groups(&app, &staff.actor.role, &code) } else { Vec::new() },
        quarters,
        // Analysts see targets beside figures, and have no page of them; councils taken together have none.
        at: if staff.actor.role == Role::Analyst || together { String::new() } else { code },
        of_scheme: !free,
        can_join,
        joined: together.then(|| joined(&app, &areas)),
        others: published(&names, &found),
        periods: names,
        models: models(&app, &periods, &found),
        shell: StaffShell::of(&app, &http, &staff, &format!("Side by side: {name}")),
    };
    Ok(page(shown.shell.status(), &shown))
}

/// The place that somebody begins with, and whether they may look at others.
pub(super) fn own_place(app: &App, staff: &Staff) -> Result<(String, bool), Instead> {
    match &staff.actor.role {
        Role::National | Role::Analyst => Ok((UK.into(), true)),
        Role::Area(code) => Ok((code.clone(), true)),
        Role::SchemeLead(number) | Role::SchemeWorker(number) => {
            let directory = app.directory();
            let scheme = directory.scheme_by_number(*number).ok_or(Refusal::Unknown(None))?;
            Ok((scheme.about.id.clone(), false))
        }
        Role::Collector(_) | Role::Service(_) => Err(Refusal::Forbidden.into()),
    }
}

/// The last periods that have begun, oldest first.
fn periods(app: &App, quarters: bool) -> Vec<Period> {
    let [quarter, year, ..] = Period::holding(app.today());
    let newest = if quarters { quarter } else { year };
    let mut all: Vec<Period> =
        std::iter::successors(Some(newest), |period| Some(period.before())).take(PERIODS).collect();
    all.reverse();
    all
}

/// The name of a place, and the question for its figures.
pub(super) fn query_of(app: &App, code: &str, periods: &[Period]) -> Option<(String, FigureQuery)> {
    let query = |level| FigureQuery::of(periods.to_vec(), level);
    if let Some(area) = app.registry.areas.get(code) {
        let query = FigureQuery { within: Some(code.to_owned()), ..query(area.level) };
        return Some((area.name.clone(), query));
    }
    let directory = app.directory();
    let scheme = directory.scheme(code)?;
    let query = FigureQuery { scheme: Some(code.to_owned()), ..query(Level::Scheme) };
    Some((scheme.shown_name(), query))
}

/// Several councils taken together, and the question for their figures. None where one is unknown, or they are too few or too many.
fn query_of_all(app: &App, codes: &[String], periods: &[Period]) -> Option<(String, FigureQuery)> {
    let known = codes.iter().all(|code| app.registry.areas.get(code).is_some_and(Area::is_council));
    if !known || !(2..=MOST_TOGETHER).contains(&codes.len()) {
        return None;
    }
    let query = FigureQuery { areas: codes.to_vec(), ..FigureQuery::of(periods.to_vec(), Level::Together) };
    Some((format!("{} councils together", codes.len()), query))
}

fn joined(app: &App, codes: &[String]) -> Joined {
    let name = |code: &String| app.registry.areas.get(code).map(|area| area.name.clone());
    let mut names: Vec<String> = codes.iter().filter_map(name).collect();
    names.sort();
    let address = codes.iter().map(|code| format!("area={code}")).collect::<Vec<_>>().join("&");
    Joined { names, address }
}

fn models(app: &App, periods: &[Period], found: &[Outcome]) -> Vec<ModelPart> {
    let names: Vec<String> = periods.iter().map(ToString::to_string).collect();
    let mut khi: BTreeMap<(&str, &str, &str), BTreeMap<&str, &Row>> = BTreeMap::new();
    let mut kpi: BTreeMap<(&str, &str), BTreeMap<&str, &KpiRow>> = BTreeMap::new();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let mut aims: BTreeMap<(&str, &str, &str, &str), &ShareTarget> = BTreeMap::new();
    for outcome in found {
        for t in &outcome.targets {
            aims.insert((t.model.as_str(), t.indicator.as_str(), t.series.as_str(), &outcome.period), t);
        }
        // Bands have no one value to stand in a cell.
        for row in outcome.khi.iter().filter(|row| row.rule != "bands") {
            ids.insert(&row.model);
            let key = (row.model.as_str(), row.indicator.as_str(), row.series.as_str());
            khi.entry(key).or_default().insert(&row.period, row);
        }
        for row in outcome.kpi.iter().filter(|row| row.returned > 0) {
            let model = row.model.as_deref().unwrap_or_default();
            ids.insert(model);
            kpi.entry((model, &row.kpi)).or_default().insert(&row.period, row);
        }
    }
    // What is running still grows: the last two periods that are over are compared.
    let ended: Vec<String> =
        periods.iter().filter(|p| p.last_day() < app.today()).map(ToString::to_string).collect();
    let (before, now) = match ended.as_slice() {
        [.., before, now] => (before.clone(), now.clone()),
        _ => <(String, String)>::default(),
    };
    ids.into_iter()
        .map(|id| {
            let of_people = khi.iter().filter(|((model, ..), _)| *model == id);
            let of_counts = kpi.iter().filter(|((model, _), _)| *model == id);
            let people_moves = Moves::of(of_people.clone().filter_map(|((_, indicator, _), rows)| {
                let direction = app.registry.indicator(indicator)?.direction;
                Some(khi_move(direction, rows.get(before.as_str())?, rows.get(now.as_str())?))
            }));
            let count_moves = Moves::of(of_counts.clone().filter_map(|((_, id), rows)| {
                let direction = app.registry.kpi(id)?.direction;
                Some(kpi_move(direction, rows.get(before.as_str())?, rows.get(now.as_str())?))
            }));
            let targets = Met::of(of_counts.clone().filter_map(|(_, rows)| rows.get(now.as_str()).copied()));
            let said: BTreeSet<&str> = of_people.clone().map(|((_, indicator, _), _)| *indicator).collect();
            ModelPart {
                id: id.to_owned(),
                title: Model::parse(id).map_or("Areas themselves".to_owned(), |m| m.title().to_owned()),
                mark: mark(targets, count_moves, people_moves).map(mark_in_words),
                moves: moves_in_words(&before, &now, count_moves, people_moves),
                people: of_people
                    .map(|((model, indicator, series), rows)| {
                        let aim = |period: &str| aims.get(&(*model, *indicator, *series, period)).copied();
                        people_line(app, indicator, &names, rows, &aim)
                    })
                    .collect(),
                counts: of_counts.map(|((_, id), rows)| count_line(app, id, &names, rows)).collect(),
                references: references(app, Model::parse(id), said.into_iter()),
            }
        })
        .collect()
}

fn mark_in_words(mark: Mark) -> &'static str {
    match mark {
        Mark::CountsOnly => "More counts got better than worse. What people say did not get better.",
        Mark::PeopleOnly => "What people say got better. More counts did not.",
        Mark::TargetsOnly => "Every target was met. What people say did not get better.",
        Mark::PeopleWithoutTargets => "What people say got better. Not every target was met.",
    }
}

fn moves_in_words(before: &str, now: &str, counts: Moves, people: Moves) -> Option<String> {
    (counts.known() > 0 && people.known() > 0).then(|| {
        format!(
            "From {before} to {now}: of {} counts that can be compared, {} got better and {} worse. Of {} things people say, {} got better and {} \
             worse, by more than chance explains. This does not say why.",
            counts.known(),
            counts.better,
            counts.worse,
            people.known(),
            people.better,
            people.worse
        )
    })
}

fn people_line<'t>(
    app: &App,
    indicator: &str,
    periods: &[String],
    rows: &BTreeMap<&str, &Row>,
    aim: &dyn Fn(&str) -> Option<&'t ShareTarget>,
) -> Line {
    let title = app.registry.indicator(indicator).map_or(indicator, |i| i.title.get("en")).to_owned();
    let cell = |period: &String| {
        let Some(row) = rows.get(period.as_str()) else { return nothing(period, "nobody answered") };
        let base = match row.n {
            Some(1) => "1 person".to_owned(),
            Some(n) => format!("{} people", thousands(n)),
            None => String::new(),
        };
        let judged = aim(period).map(|target| {
            let value = alone_in_unit(target.value, "percent");
            format!("target {value}: {}", target.stands.map_or("cannot be judged", Stands::in_words))
        });
        let base = [Some(base).filter(|b| !b.is_empty()), judged]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ");
        let value = match (row.percent, row.mean) {
            (Some(percent), _) => format!("{percent:.1}%"),
            (None, Some(mean)) => format!("{mean:.2}"),
            (None, None) => match row.status {
                Status::Banded => row.band.as_deref().unwrap_or_default().replace('-', " "),
                Status::Suppressed | Status::Merged => "too few to show".into(),
                Status::Shown | Status::Pooled => "–".into(),
            },
        };
        Cell { period: period.clone(), value, base }
    };
    Line { title, cells: periods.iter().map(cell).collect() }
}

fn count_line(app: &App, id: &str, periods: &[String], rows: &BTreeMap<&str, &KpiRow>) -> Line {
    let kpi = app.registry.kpi(id);
    let title = kpi.map_or(id, |k| k.title.get("en"));
    // Percent and plain pounds stand with the number.
    let unit = kpi.map_or("", |k| app.registry.unit(&k.unit, "en"));
    let unit = if matches!(kpi.map(|k| k.unit.as_str()), Some("percent" | "gbp")) { "" } else { unit };
    let targets = rows.values().filter_map(|row| Some(row.target?.value));
    let decimals =
        decimals(kpi.map_or("", |k| &k.unit), rows.values().filter_map(|row| row.value).chain(targets));
    let cell = |period: &String| {
        let Some(row) = rows.get(period.as_str()) else { return nothing(period, "not sent in") };
        let value = row.value.map_or_else(|| "–".to_owned(), |value| in_unit(value, &row.unit, decimals));
        let base = match row.status {
            KpiStatus::Missing => "not sent in".to_owned(),
            KpiStatus::NotWorkedOut => "cannot be worked out".to_owned(),
            KpiStatus::Shown | KpiStatus::Partial => format!("{} of {} returns", row.returned, row.expected),
        };
        let target = row.target.map(|target| target_in_words(target, &row.unit, decimals));
        let base = [Some(base), target].into_iter().flatten().collect::<Vec<_>>().join("; ");
        Cell { period: period.clone(), value, base }
    };
    let words = if unit.is_empty() { title.to_owned() } else { format!("{title} ({unit})") };
    Line { title: words, cells: periods.iter().map(cell).collect() }
}

fn target_in_words(target: TargetSeen, unit: &str, decimals: usize) -> String {
    let met = match target.met {
        Some(true) => "met",
        Some(false) => "not met",
        None => "not known yet",
    };
    format!("target {}: {met}", in_unit(target.value, unit, decimals))
}

pub(super) fn nothing(period: &str, why: &str) -> Cell {
    Cell { period: period.to_owned(), value: "–".into(), base: why.to_owned() }
}
