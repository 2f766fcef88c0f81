//! `/releases`: every release that was ever published, and each with its facts, its policy in plain words, and its downloads.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Shell, absent, answered, day_of, is_plain, period_words};
use crate::app::App;
use crate::domain::disclosure::Policy;
use crate::domain::performance::UK;
use crate::storage::StorageError;
use crate::use_cases::{Frozen, ReleaseFacts, ReleaseSeen, list_releases, release_facts};
use crate::web::pages::amounts::thousands;
use crate::web::problem::Problem;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "public/releases.html")]
struct ListPage {
    demo: bool,
    shell: Shell,
    releases: Vec<Listed>,
}

struct Listed {
    id: String,
    number: i64,
    period: String,
    published_on: String,
    /// What became of it.
    state: String,
    stands: bool,
}

#[derive(Template)]
#[template(path = "public/release.html")]
struct OnePage {
    demo: bool,
    shell: Shell,
    number: i64,
    period: String,
    published_on: String,
    /// The release that it took the place of, and the one that took its place: address and number.
    supersedes: Option<(String, i64)>,
    superseded_by: Option<(String, i64)>,
    newest: bool,
    older_form: bool,
    attack: Option<(String, String)>,
    thresholds: Vec<String>,
    downloads: Vec<Download>,
}

/// Something that can be taken away.
pub(super) struct Download {
    pub(super) words: &'static str,
    pub(super) address: String,
    pub(super) about: &'static str,
}

/// Everything of a release that can be taken away. What other formats there are is added here, and nowhere else. Of a release of an earlier form there
/// are its own bytes and no reports.
pub(super) fn downloads(release: &str, older_form: bool) -> Vec<Download> {
    let of = |words, rest: &str, about| Download {
        words,
        address: format!("/api/v1/releases/{release}{rest}"),
        about,
    };
    let reports = vec![
        Download {
            words: "Report of the United Kingdom",
            address: format!("/releases/{release}/report/{UK}.html"),
            about: "to read, and as PDF, XLSX, CSV and JSON; every place has its own, from its page",
        },
        Download {
            words: "State of the sector",
            address: format!("/releases/{release}/report/{UK}.html?part=sector"),
            about: "how many people are supported and by whom, how it grows, ratings, costs, and earlier years",
        },
        Download {
            words: "Data package",
            address: format!("/api/v1/exports/{release}.zip"),
            about: "ZIP with CSV tables, their description and a codebook (Frictionless Data, CSVW)",
        },
    ];
    let cells = vec![
        of("The whole release", "", "JSON: every figure, KPI and claim, the same bytes for ever"),
        of("Figures of the United Kingdom", "/cells?level=uk&limit=5000", "JSON, with groups"),
        of("Figures of the nations", "/cells?level=nation&limit=5000", "JSON, with groups"),
        of("Figures of the regions", "/cells?level=region&group=everybody&limit=5000", "JSON"),
        of("Figures of councils and trusts", "/cells?level=local_authority&limit=5000", "JSON"),
        of("Figures of schemes", "/cells?level=scheme&limit=5000", "JSON"),
        of("List of claims", "/claims", "JSON, each with the address of its passport"),
    ];
    if older_form { cells } else { reports.into_iter().chain(cells).collect() }
}

/// `GET /releases`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let all = blocking(&app, list_releases).await?;
    let page = ListPage {
        demo: app.demo,
        shell: Shell::new("Releases", "/releases"),
        releases: all.iter().map(|one| listed(one, &all)).collect(),
    };
    Ok(answered(&http, &page))
}

fn listed(one: &ReleaseSeen, all: &[ReleaseSeen]) -> Listed {
    let state = match (&one.withdrawn, &one.superseded_by, &one.supersedes) {
        (Some(withdrawn), _, _) => format!("Withdrawn on {}. Why: {}", day_of(&withdrawn.at), withdrawn.why),
        (None, Some(later), _) => match named(all, later) {
            Some((_, number)) => {
                format!("Release {number} of the same period has taken its place. It stays here as it was.")
            }
            None => "A later release of the same period has taken its place.".to_owned(),
        },
        (None, None, Some(earlier)) => match named(all, earlier) {
            Some((_, number)) => format!("Stands. It took the place of release {number} of the same period."),
            None => "Stands. It took the place of an earlier one.".to_owned(),
        },
        (None, None, None) => "Stands.".to_owned(),
    };
    Listed {
        id: one.id.clone(),
        number: one.number,
        period: period_words(&one.period),
        published_on: day_of(&one.published_at),
        state,
        stands: one.withdrawn.is_none(),
    }
}

/// The address and the number of a release.
fn named(all: &[ReleaseSeen], id: &str) -> Option<(String, i64)> {
    all.iter().find(|one| one.id == id).map(|one| (format!("/releases/{id}"), one.number))
}

/// `GET /releases/{id}`
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let shell = |title: &str| Shell::new(title, "/releases").below("/releases", "Releases");
    let onward = || vec![("/releases".to_owned(), "All releases".to_owned())];
    let unknown = || {
        let words = vec![
            "The address may have been typed wrongly. Every release that was ever published is in the list."
                .into(),
        ];
        absent(&app, StatusCode::NOT_FOUND, shell("There is no such release"), words, onward())
    };
    if !is_plain(&id) {
        return Ok(unknown()); // never asked of the database, which takes no U+0000
    }
    let asked = id.clone();
    let found =
        blocking(&app, move |app| Ok::<_, StorageError>((release_facts(app, &asked)?, list_releases(app)?)));
    match found.await? {
        (Frozen::Here(release), all) => Ok(answered(&http, &page_of(&app, &release, &all))),
        (Frozen::Unknown, _) => Ok(unknown()),
        (Frozen::Withdrawn(withdrawn), _) => {
            let words = vec![
                format!("It was withdrawn on {}. Why: {}", day_of(&withdrawn.at), withdrawn.why),
                "Its figures are no longer shown.".into(),
            ];
            Ok(absent(&app, StatusCode::GONE, shell("This release was withdrawn"), words, onward()))
        }
    }
}

fn page_of(app: &App, release: &ReleaseFacts, all: &[ReleaseSeen]) -> OnePage {
    let row = &release.row;
    let own = all.iter().find(|one| one.id == row.id);
    let attack = &release.head["attack"];
    let count = |key: &str| attack[key].as_i64().map(thousands);
    OnePage {
        demo: app.demo,
        shell: Shell::new(format!("Release {}", row.number), "/releases").below("/releases", "Releases"),
        number: row.number,
        period: period_words(&row.period),
        published_on: crate::domain::period::day_in_words(row.published_at.date()),
        supersedes: row.supersedes.as_deref().and_then(|earlier| named(all, earlier)),
        superseded_by: own.and_then(|one| one.superseded_by.as_deref()).and_then(|later| named(all, later)),
        newest: all.iter().find(|one| one.withdrawn.is_none()).is_some_and(|one| one.id == row.id),
        older_form: release.older_form,
        attack: count("figures").zip(count("questions")),
        thresholds: thresholds(release),
        downloads: downloads(&row.id, release.older_form),
    }
}

/// Its policy, in plain words.
fn thresholds(release: &ReleaseFacts) -> Vec<String> {
    serde_json::from_value(release.head["policy"].clone())
        .map(|policy| policy_words(&policy))
        .unwrap_or_default()
}

/// What a policy asks, in plain words.
pub(super) fn policy_words(policy: &Policy) -> Vec<String> {
    vec![
        format!(
            "A figure is printed only if at least {} people are in it, and at least {} of them gave the answer that it names and {} did not.",
            policy.least_n, policy.least_each_side, policy.least_each_side
        ),
        "The same holds for every group of people that is left when printed figures are taken from one another.".into(),
        format!(
            "A figure that is too one-sided for a number may be said in words: “almost all” from {}% on, “very few” up to what is left of it.",
            policy.band_percent
        ),
        format!(
            "Every answer, who helped, and why people are left out are printed only where at least {} people are in each part.",
            policy.least_part
        ),
        format!("A mean needs at least {} people.", policy.least_mean),
        format!(
            "It is taken for granted that somebody may know up to {} people’s answers beforehand.",
            policy.coalition
        ),
        format!(
            "A figure that is counted needs at least {} organisations that sent it in, and at least {} that are counted.",
            policy.least_senders, policy.least_counted
        ),
    ]
}
