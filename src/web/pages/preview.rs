//! Preview for authors: any version in any rendition, language and look, page by page as people will see it, with what
//! `khi check` has to say about it. Nothing that is entered here is sent.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::render;
use super::survey::{Ask, Bar, Help, Shell, ask, page, sentences};
use crate::app::App;
use crate::domain::answering::{Draft, Form, Length, Look, Origin, Step};
use crate::domain::definition::{Definition, Findings, Status};
use crate::domain::question::Item;
use crate::domain::routing::{About, Condition};
use crate::use_cases::Sitting;
use crate::web::problem::{Kind, Problem};
use crate::web::request::parameters;

#[derive(Template)]
#[template(path = "preview/list.html")]
struct ListPage {
    demo: bool,
    questionnaires: Vec<Listed>,
}

/// A version with a link for each way it can be seen.
struct Listed {
    id: String,
    title: String,
    version: String,
    status: &'static str,
    questions: usize,
    views: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "preview/version.html")]
struct VersionPage {
    shell: Shell,
    heading: String,
    /// What is previewed, in English, for the author.
    about: String,
    consent: Vec<String>,
    findings: Findings,
    mean: String,
    pages: Vec<Previewed>,
    /// Each setting with links that change it.
    settings: Vec<(String, Vec<(String, String, bool)>)>,
}

/// One page of the survey.
struct Previewed {
    id: String,
    /// What is special about it: core, private, alert, who may answer, when it is asked.
    marks: Vec<String>,
    ask: Ask,
}

/// `GET /preview`
pub(in crate::web) async fn list(app: web::Data<App>) -> HttpResponse {
    let questionnaires = app
        .registry
        .definitions()
        .map(|d| Listed {
            id: d.id.clone(),
            title: d.title.get("en").to_owned(),
            version: d.version.to_string(),
            status: status(d.status),
            questions: d.items.iter().filter(|i| i.is_question()).count(),
            views: d
                .renditions
                .iter()
                .flat_map(|r| d.languages.iter().map(move |l| (r, l)))
                .map(|(r, l)| {
                    let address = format!("/preview/{}/{}?rendition={r}&language={l}", d.id, d.version);
                    (format!("{r}, {l}"), address)
                })
                .collect(),
        })
        .collect();
    render(&ListPage { demo: app.demo, questionnaires })
}

/// `GET /preview/{id}/{version}`
pub(in crate::web) async fn version(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, version) = path.into_inner();
    let version = version.parse().map_err(|()| Problem::of(Kind::Unknown))?;
    let definition = app.registry.version(&id, version).ok_or(Problem::of(Kind::Unknown))?;
    let mut look = Look::default();
    for (name, value) in &Form(parameters(&http)?).0 {
        look.set(name, value);
    }
    let look = look.fitted(definition);
    let sitting = nobodys(definition.clone(), look.clone());
    let own = [Step::Who, Step::Count, Step::Company, Step::Quotes, Step::AskAgain, Step::Share];
    let pages = own
        .iter()
        .take(2)
        .cloned()
        .chain(definition.items.iter().map(|i| Step::Item(i.id.clone())))
        .chain(own.iter().skip(2).cloned())
        .filter_map(|step| previewed(&sitting, &step))
        .collect();
    let findings = definition.findings(&look.rendition, &look.language);
    let heading = definition.title.get(&look.language).to_owned();
    let consent = definition.say(&definition.consent.text, &look.rendition, &look.language);
    let help = Help::of(&app, None, &look);
    let about = format!(
        "{} {}, {}. {}, {}.",
        definition.id,
        definition.version,
        status(definition.status),
        look.rendition,
        look.language
    );
    let shown = VersionPage {
        settings: settings(definition, &look),
        mean: findings.reading.mean().to_string(),
        findings,
        consent: sentences(&consent),
        about,
        pages,
        shell: Shell::new(
            &app,
            look,
            &heading,
            format!("{} {}", definition.id, definition.version),
            help,
            Bar::Bare,
        ),
        heading,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// A draft that nobody answers.
fn nobodys(definition: std::sync::Arc<Definition>, look: Look) -> Sitting {
    let origin = Origin {
        questionnaire: definition.id.clone(),
        version: definition.version.to_string(),
        scheme: String::new(),
        council: String::new(),
        unit: None,
        participant: None,
        invitation: None,
        open_link: None,
        occasion: None,
        due_on: None,
        about: About::new(),
        visit: None,
    };
    Sitting {
        scheme_number: -1,
        id: String::new(),
        revision: 0,
        number: 1,
        draft: Draft::new(origin, look, Length::All),
        definition,
        ends_at: chrono::NaiveDateTime::MAX,
        response_id: None,
    }
}

fn previewed(sitting: &Sitting, step: &Step) -> Option<Previewed> {
    let (id, marks) = match step {
        Step::Item(id) => (id.clone(), marks(sitting.definition.item(id)?.1)),
        own => (own.slug()?.to_owned(), vec!["a page of every survey".to_owned()]),
    };
    let mut ask = ask(sitting, step, None)?;
    ask.name_apart(&id);
    Some(Previewed { id, marks, ask })
}

fn marks(item: &Item) -> Vec<String> {
    let mut marks = Vec::new();
    let mut mark = |holds: bool, words: &str| {
        if holds {
            marks.push(words.to_owned());
        }
    };
    mark(item.core, "in the short set");
    mark(item.private, "private");
    mark(item.alert || item.kind.choices().iter().any(|c| c.alert), "can raise an alert");
    mark(!item.proxy_allowed, "nobody can answer it for the person");
    mark(item.renditions.is_some(), "official words, no easy version");
    if let Some(from) = &item.from {
        marks.push(format!("from {}/{}#{}", from.instrument, from.version, from.item));
    }
    if let Some(condition) = &item.ask_if {
        marks.push(format!("asked if {}", in_words(condition)));
    }
    marks
}

/// A condition, for authors.
fn in_words(condition: &Condition) -> String {
    let all = |parts: &[Condition], between: &str| {
        format!("({})", parts.iter().map(in_words).collect::<Vec<_>>().join(between))
    };
    match condition {
        Condition::AnyOf { item, any_of } => format!("“{item}” is {}", any_of.join(" or ")),
        Condition::AtLeast { item, at_least } => format!("“{item}” is at least {at_least}"),
        Condition::About { about, any_of } => format!("the person's {about} is {}", any_of.join(" or ")),
        Condition::All(parts) => all(parts, " and "),
        Condition::Any(parts) => all(parts, " or "),
    }
}

/// Links that change one setting each.
fn settings(definition: &Definition, look: &Look) -> Vec<(String, Vec<(String, String, bool)>)> {
    let link = |name: &str, value: &str| {
        let mut other = look.clone();
        other.set(name, value);
        let of = |setting: &str| format!("{setting}={}", other.get(setting));
        let query: Vec<String> =
            ["rendition", "language", "pictures", "size", "spacing", "contrast"].map(of).into();
        let address = format!("/preview/{}/{}?{}", definition.id, definition.version, query.join("&"));
        (value.to_owned(), address, look.get(name) == value)
    };
    let values = |name: &str, values: &[&str]| {
        (name.to_owned(), values.iter().map(|v| link(name, v)).collect::<Vec<_>>())
    };
    let own =
        |name: &str, list: &[String]| values(name, &list.iter().map(String::as_str).collect::<Vec<_>>());
    let mut all = vec![own("rendition", &definition.renditions), own("language", &definition.languages)];
    for (name, list) in Look::SETTINGS.iter().filter(|(name, _)| !["aloud", "speed"].contains(name)) {
        all.push(values(name, list));
    }
    all
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft: it takes no answers",
        Status::Published => "published",
        Status::Retired => "retired",
    }
}
