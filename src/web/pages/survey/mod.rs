//! The respondent's pages: one question a page, complete without script, saved at every step.

pub(in crate::web) mod after;
pub(in crate::web) mod look;
pub(in crate::web) mod my_answers;
pub(in crate::web) mod privacy;
pub(in crate::web) mod start;
pub(in crate::web) mod steps;
pub(in crate::web) mod stop;
pub(in crate::web) mod withdraw;

mod ask;
mod check;
mod help;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::answering::{Look, Step};
use crate::domain::definition::Definition;
use crate::sittings::Wanted;
use crate::use_cases::{Sitting, find_sitting, held_sitting};
use crate::web::problem::Problem;
use crate::web::words::Words;
use crate::web::{cookies, request};

pub(in crate::web::pages) use crate::web::forms::form;

pub(in crate::web::pages) use ask::{Ask, ask};
pub(in crate::web::pages) use help::Help;

/// What every page of the survey has around its own part.
pub(in crate::web::pages) struct Shell {
    pub(in crate::web::pages) w: Words,
    /// The language of the questions.
    pub(in crate::web::pages) lang: String,
    pub(in crate::web::pages) look: Look,
    pub(in crate::web::pages) demo: bool,
    /// What stands in the browser's title bar.
    pub(in crate::web::pages) title: String,
    /// Small, above everything: the survey's name, or the scheme's.
    pub(in crate::web::pages) above: String,
    pub(in crate::web::pages) progress: Option<String>,
    pub(in crate::web::pages) help: Help,
    pub(in crate::web::pages) bar: Bar,
}

/// What the bar at the foot offers besides help.
pub(in crate::web::pages) enum Bar {
    /// Buttons of the page's form, so that what was chosen is kept: change how this looks, stop.
    OfForm,
    /// A link to change how this looks.
    LookAt(String),
    /// Nothing.
    Bare,
}

impl Shell {
    /// The shell of a page for somebody who answers.
    fn of_sitting(app: &App, sitting: &Sitting, title: &str, bar: Bar) -> Self {
        let look = sitting.draft.look.clone();
        let name = sitting.definition.title.get(&look.language).to_owned();
        let help = Help::of(app, Some((sitting.scheme_number, sitting.draft.origin.council.as_str())), &look);
        Self::new(app, look, title, name, help, bar)
    }

    /// The shell of a page.
    pub(in crate::web::pages) fn new(
        app: &App,
        look: Look,
        title: &str,
        above: String,
        help: Help,
        bar: Bar,
    ) -> Self {
        let w = Words::of(&look.rendition, &look.language);
        let title = if above.is_empty() { title.to_owned() } else { format!("{title} – {above}") };
        Self { w, lang: look.language.clone(), look, demo: app.demo, title, above, progress: None, help, bar }
    }

    fn of_question(mut self, progress: Option<(usize, usize)>) -> Self {
        self.progress = progress
            .map(|(n, all)| self.w.with("progress", &[("n", &n.to_string()), ("all", &all.to_string())]));
        self
    }
}

/// A page that only tells something.
#[derive(Template)]
#[template(path = "survey/told.html")]
struct Told {
    shell: Shell,
    heading: String,
    picture: Option<String>,
    paragraphs: Vec<String>,
    /// Words and address of a link onwards.
    onward: Option<(String, String)>,
}

/// Answers with a page that is kept nowhere.
pub(in crate::web::pages) fn page(status: StatusCode, page: &impl Template) -> HttpResponse {
    let mut answer = super::render(page);
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = status;
    }
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

/// Sends the browser on to another page.
pub(in crate::web::pages) fn go_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// The address of a step.
fn address(step: &Step) -> String {
    match step {
        Step::Item(id) => format!("/survey/q/{id}"),
        other => format!("/survey/{}", other.slug().unwrap_or_default()),
    }
}

/// The step that an address below `/survey/` names.
fn step_at(path: &str) -> Option<Step> {
    match path.strip_prefix("q/") {
        // An item's id and nothing else, so that an address made of it leads nowhere else.
        Some(id) if id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') => {
            Some(Step::Item(id.to_owned()))
        }
        Some(_) => None,
        None => Step::from_slug(path),
    }
}

/// The draft that this browser may go on with.
async fn sitting(app: &web::Data<App>, http: &HttpRequest) -> Result<Option<Sitting>, Problem> {
    let Some(token) = cookies::token(app, http) else { return Ok(None) };
    let wanted = if http.method() == Method::POST { Wanted::ToSave } else { Wanted::ToShow };
    if let Some(held) = held_sitting(app, &token, wanted) {
        return Ok(Some(held));
    }
    request::blocking(app, move |app| find_sitting(app, &token)).await
}

/// The page for a browser that has no place in a survey.
fn lost(app: &App, http: &HttpRequest) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let help = Help::of(app, None, &look);
    let told = Told {
        heading: w.t("lost_title").to_owned(),
        picture: None,
        paragraphs: vec![w.t("lost_text").to_owned()],
        onward: Some((w.t("code_title").to_owned(), "/s".to_owned())),
        shell: Shell::new(app, look, w.t("lost_title"), String::new(), help, Bar::Bare),
    };
    page(StatusCode::FORBIDDEN, &told)
}

/// The look for a browser of which nothing is known: in Welsh if that is what it asks for first.
pub(in crate::web::pages) fn look_of_browser(http: &HttpRequest) -> Look {
    let mut look = Look::default();
    let asked = http.headers().get(header::ACCEPT_LANGUAGE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    if asked.trim_start().to_ascii_lowercase().starts_with("cy") {
        look.set("language", "cy");
    }
    look
}

/// A picture, if this look has pictures.
fn pictured(look: &Look, symbol: &str, alt: Option<&str>) -> Option<String> {
    look.pictures.then(|| crate::pictures::picture(symbol, alt)).flatten()
}

/// The items' pictures are shown beside their words.
fn of_item(definition: &Definition, look: &Look, id: &str) -> Option<String> {
    let (_, item) = definition.item(id)?;
    let picture = item.picture.as_ref()?;
    pictured(look, &picture.symbol, picture.alt.as_ref().map(|a| a.get(&look.language)))
}

/// One sentence a line, as easy read has it.
pub(in crate::web::pages) fn sentences(text: &str) -> Vec<String> {
    text.split_inclusive(['.', '?', '!']).map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}
