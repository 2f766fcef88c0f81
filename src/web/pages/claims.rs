//! Claims of a release: each with its passport, as a card that can be printed. They are read from the release and from nothing else.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::amounts::{ends, thousands, whole_percent};
use super::render;
use crate::app::App;
use crate::domain::area::Level;
use crate::domain::definition::Model;
use crate::domain::passport::{Asked, Counted, NOT_SHOWN, Passport, Share};
use crate::domain::period::day_in_words;
use crate::storage::releases::ReleaseRow;
use crate::use_cases::{Frozen, find_release, list_releases, release_claim, release_passports};
use crate::web::problem::Problem;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    demo: bool,
    claim: Passport,
    /// The claim's address from outside.
    address: String,
    /// Its JSON.
    json: String,
    model: String,
    published_on: String,
    number: i64,
    /// What is to be known of the release: that another has taken its place.
    superseded: bool,
    figure: String,
    /// “4,513 of 5,020”
    base: String,
    interval: String,
    /// Places of the drawing, in whole percent.
    bar: (i64, i64, i64),
    steps: Vec<(&'static str, String)>,
    rate: Option<String>,
    without: Option<String>,
    nations: Vec<(String, String, String, String)>,
    schemes: String,
    /// Lists of people by what they said and did: a title, and the list if it is shown.
    lists: Vec<(&'static str, Option<Vec<String>>)>,
}

#[derive(Template)]
#[template(path = "claims.html")]
struct ClaimsPage {
    demo: bool,
    published_on: String,
    /// By model: its name and what can be said of it.
    models: Vec<(&'static str, Vec<Saying>)>,
}

/// The claims of one indicator in one wording.
struct Saying {
    title: String,
    uk: Option<Passport>,
    nations: Vec<Passport>,
}

#[derive(Template)]
#[template(path = "claim_absent.html")]
struct AbsentPage {
    demo: bool,
    title: &'static str,
    words: String,
}

/// `GET /claims`: those of the newest release.
pub(in crate::web) async fn list(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let found = blocking(&app, |app| {
        let Frozen::Here(row) = find_release(app, None)? else { return Ok(None) };
        let claims = release_passports(app, &row.id)?.iter().filter_map(|text| read(text)).collect();
        Ok::<_, crate::storage::StorageError>(Some((row, claims)))
    })
    .await?;
    let (row, claims) = found.map_or_else(|| (None, Vec::new()), |(row, claims)| (Some(row), claims));
    let of_model = |model: Model| {
        (model.title(), sayings(claims.iter().filter(|c: &&Passport| c.model == model.code())))
    };
    let models = Model::ALL.into_iter().map(of_model).filter(|(_, sayings)| !sayings.is_empty());
    Ok(render(&ClaimsPage {
        demo: app.demo,
        published_on: row.map(|r| day_in_words(r.published_at.date())).unwrap_or_default(),
        models: models.collect(),
    }))
}

/// Claims by indicator and wording, in the order in which these come first.
fn sayings<'a>(claims: impl Iterator<Item = &'a Passport>) -> Vec<Saying> {
    let mut all: Vec<((&str, &str), Saying)> = Vec::new();
    for claim in claims {
        let key = (claim.indicator.as_str(), claim.series.as_str());
        let at = all.iter().position(|(of, _)| *of == key).unwrap_or_else(|| {
            all.push((key, Saying { title: claim.title.clone(), uk: None, nations: Vec::new() }));
            all.len() - 1
        });
        let Some((_, saying)) = all.get_mut(at) else { continue };
        if claim.place.level == Level::Uk.code() {
            saying.uk = Some(claim.clone());
        } else {
            saying.nations.push(claim.clone());
        }
    }
    all.into_iter().map(|(_, saying)| saying).collect()
}

/// `GET /claims/{claim}`: as it stands in the newest release.
pub(in crate::web) async fn newest(
    app: web::Data<App>,
    claim: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    shown(&app, None, claim.into_inner()).await
}

/// `GET /releases/{id}/claims/{claim}`: as it stands in that one.
pub(in crate::web) async fn one(
    app: web::Data<App>,
    names: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, claim) = names.into_inner();
    shown(&app, Some(id), claim).await
}

async fn shown(app: &web::Data<App>, id: Option<String>, claim: String) -> Result<HttpResponse, Problem> {
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    if !plain(&claim) || !id.as_deref().is_none_or(plain) {
        return Ok(unknown(app)); // never asked of the database, which takes no U+0000
    }
    let (asked, name) = (id.clone(), claim.clone());
    let found = blocking(app, move |app| {
        let row = match find_release(app, asked.as_deref())? {
            Frozen::Here(row) => row,
            Frozen::Unknown => return Ok(Frozen::Unknown),
            Frozen::Withdrawn(withdrawn) => return Ok(Frozen::Withdrawn(withdrawn)),
        };
        let Some(passport) = release_claim(app, &row.id, &name)?.and_then(|text| read(&text)) else {
            return Ok(Frozen::Unknown);
        };
        let later = list_releases(app)?.into_iter().any(|r| r.id == row.id && r.superseded_by.is_some());
        Ok::<_, crate::storage::StorageError>(Frozen::Here((row, passport, later)))
    })
    .await?;
    match found {
        Frozen::Here((row, passport, superseded)) => {
            let address = match &id {
                Some(id) => format!("/releases/{id}/claims/{claim}"),
                None => format!("/claims/{claim}"),
            };
            Ok(render(&page_of(app, &row, passport, &address, superseded)))
        }
        Frozen::Unknown => Ok(unknown(app)),
        Frozen::Withdrawn(withdrawn) => {
            let words = format!("The release that it stood in was withdrawn: {}", withdrawn.why);
            Ok(absent(app, StatusCode::GONE, "This claim was withdrawn", words))
        }
    }
}

fn unknown(app: &App) -> HttpResponse {
    let words =
        "It may stand in an earlier release, or be shown no longer because too few people answered.".into();
    absent(app, StatusCode::NOT_FOUND, "There is no such claim here", words)
}

/// A page that says what is not here, and why.
pub(super) fn absent(app: &App, status: StatusCode, title: &'static str, words: String) -> HttpResponse {
    let mut answer = render(&AbsentPage { demo: app.demo, title, words });
    if answer.status().is_success() {
        *answer.status_mut() = status;
    }
    answer
}

fn read(text: &str) -> Option<Passport> {
    serde_json::from_str(text).ok()
}

fn page_of(app: &App, row: &ReleaseRow, claim: Passport, address: &str, superseded: bool) -> ClaimPage {
    let interval = claim.interval.as_ref().map(ends).unwrap_or_default();
    let bar = claim.interval.as_ref().map_or((0, 0), |i| (whole_percent(i.low), whole_percent(i.high)));
    let nations = claim.nations.iter().map(|nation| {
        let Share { n, percent, interval, .. } = &nation.share;
        let interval = interval.as_ref().map(ends).unwrap_or_default();
        (
            format!("/releases/{}/claims/{}", row.id, nation.id),
            nation.name.clone(),
            format!("{percent:.1}%, {interval}"),
            thousands(*n),
        )
    });
    ClaimPage {
        demo: app.demo,
        address: app.link(address),
        json: format!("/api/v1/releases/{}/claims/{}", row.id, claim.id),
        model: Model::parse(&claim.model).map_or_else(|| claim.model.clone(), |m| m.title().to_owned()),
        published_on: day_in_words(row.published_at.date()),
        number: row.number,
        superseded,
        figure: format!("{:.1}%", claim.percent),
        base: format!("{} of {}", thousands(claim.positive), thousands(claim.n)),
        bar: (whole_percent(claim.percent), bar.0, bar.1),
        steps: steps(&claim.asked),
        rate: claim.asked.response_rate.map(|rate| format!("{rate:.1}%")),
        without: claim.without_supporter.as_ref().map(|share| {
            format!("{:.1}% ({} of {} people)", share.percent, thousands(share.positive), thousands(share.n))
        }),
        nations: nations.collect(),
        schemes: claim.schemes.map_or_else(|| NOT_SHOWN.to_owned(), |s| format!("{} of {}", s.part, s.all)),
        interval,
        lists: vec![
            ("Answers", listed(claim.answers.as_deref())),
            ("Who answered", listed(claim.completed_by.as_deref())),
            ("Left out, and why", listed(claim.left_out.as_deref())),
        ],
        claim,
    }
}

/// From the people who were there to those who answered.
fn steps(asked: &Asked) -> Vec<(&'static str, String)> {
    let said = |count: Option<i64>| count.map_or_else(|| NOT_SHOWN.to_owned(), thousands);
    vec![
        ("Supported", said(asked.supported)),
        ("Could be asked", said(asked.eligible)),
        ("Asked", said(asked.invited)),
        ("Answered, of those", said(asked.responded)),
    ]
}

/// Each with its number, those of nobody left out.
fn listed(all: Option<&[Counted]>) -> Option<Vec<String>> {
    let some = all?.iter().filter(|counted| counted.people > 0);
    Some(some.map(|counted| format!("{}: {}", counted.words, counted.number())).collect())
}
