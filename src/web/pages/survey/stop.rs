//! Stopping: for now, for good, or by sending what has been said.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::ask::{Ask, ChoiceView};
use super::{Bar, Shell, Told, address, form, go_to, lost, page, pictured, sitting, step_at};
use crate::app::App;
use crate::clock::day_of;
use crate::domain::answering::{Form, Length, Step};
use crate::use_cases::{Sitting, save_sitting, throw_away, way_back};
use crate::web::cookies;
use crate::web::problem::{Kind, Problem};
use crate::web::request::blocking;
use crate::web::words::{Words, written_day};

#[derive(Template)]
#[template(path = "survey/stop.html")]
struct StopPage {
    shell: Shell,
    ask: Ask,
    /// Where “Back” leads.
    from: String,
}

/// `GET /survey/stop`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
    if sitting.response_id.is_some() {
        return Ok(go_to("/survey/sent"));
    }
    Ok(asked(&app, &sitting, &whence(&http), None))
}

/// `POST /survey/stop`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let from = sent.get("from").and_then(step_at).unwrap_or(Step::Check);
    if sent.get("go") == Some("back") {
        return Ok(go_to(&address(&from)));
    }
    for _ in 0..8 {
        let Some(mut sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
        if sitting.response_id.is_some() {
            return Ok(go_to("/survey/sent"));
        }
        let choice = sent.get("answer").unwrap_or_default();
        match choice {
            "throw" => {
                if !blocking(&app, move |app| throw_away(app, &sitting)).await? {
                    continue;
                }
                return Ok(leave(&app, HttpResponse::SeeOther(), "/survey/thrown-away"));
            }
            "keep" | "keep-shown" => {
                sitting.draft.keep = true;
                sitting.draft.show_before = choice == "keep-shown";
            }
            "few" => sitting.draft.length = Length::Few,
            "send" => {
                // Whatever was not reached stands without an answer, and the check page shows it.
                finish(&mut sitting);
            }
            _ => return Ok(asked(&app, &sitting, &from, Some(&sent))),
        }
        if !save_sitting(&app, &sitting).await? {
            continue;
        }
        return Ok(match choice {
            "few" | "send" => go_to("/survey"),
            _ => {
                let kept = sitting.clone();
                let code = blocking(&app, move |app| way_back(app, &kept)).await?;
                stopped(&app, &sitting, code)
            }
        });
    }
    Err(Problem::of(Kind::Unavailable))
}

/// `GET /survey/thrown-away`
pub(in crate::web) async fn thrown_away(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    let look = super::look_of_browser(&http);
    let w = Words::of(&look.rendition, &look.language);
    let help = super::Help::of(&app, None, &look);
    let told = Told {
        heading: w.t("thrown_title").to_owned(),
        picture: pictured(&look, "bin-answers", None),
        paragraphs: vec![w.t("thrown_text").to_owned(), w.t("thrown_again").to_owned()],
        onward: None,
        shell: Shell::new(&app, look, w.t("thrown_title"), String::new(), help, Bar::Bare),
    };
    page(StatusCode::OK, &told)
}

/// Passes every question that has no answer yet.
fn finish(sitting: &mut Sitting) {
    let definition = sitting.definition.clone();
    let skipping = Form::default();
    loop {
        let next = sitting.draft.resume(&definition);
        let Step::Item(_) = next else {
            if next == Step::Company {
                sitting.draft.company = Some(crate::domain::answering::Company::Later);
                continue;
            }
            break;
        };
        if sitting.draft.save(&next, &definition, &skipping, true, sitting.number).is_err() {
            break;
        }
    }
}

fn whence(http: &HttpRequest) -> Step {
    let from = http.query_string().split('&').find_map(|p| p.strip_prefix("from="));
    from.and_then(step_at).unwrap_or(Step::Check)
}

fn asked(app: &App, sitting: &Sitting, from: &Step, failed: Option<&Form>) -> HttpResponse {
    let look = &sitting.draft.look;
    let w = Words::of(&look.rendition, &look.language);
    let card = |value: &str, key: &str, symbol: &str| {
        ChoiceView::new(value, w.t(key).to_owned(), pictured(look, symbol, None), false)
    };
    let mut choices = vec![card("keep", "stop_keep", "pause"), card("keep-shown", "stop_keep_shown", "look")];
    let core_left =
        sitting.definition.items.iter().any(|i| i.core && !sitting.draft.answers.contains_key(&i.id));
    if sitting.draft.length == Length::All && core_left {
        choices.push(card("few", "stop_few", "few-questions"));
    }
    if sitting.draft.can_be_sent() {
        choices.push(card("send", "stop_send", "send"));
    }
    choices.push(card("throw", "stop_throw", "bin-answers"));
    for (index, choice) in choices.iter_mut().enumerate() {
        choice.id = if index == 0 { "answer".to_owned() } else { format!("answer-{}", index + 1) };
    }
    let error = failed.map(|_| w.t("choose_one_here").to_owned());
    let title = match &error {
        Some(_) => format!("{}: {}", w.t("error"), w.t("stop_title")),
        None => w.t("stop_title").to_owned(),
    };
    let ask = Ask {
        heading: w.t("stop_title").to_owned(),
        more: Vec::new(),
        eyebrow: None,
        picture: None,
        recording: None,
        hint: Some(w.t("stop_hint").to_owned()),
        kind: "one",
        choices,
        value: String::new(),
        error,
        mark: String::new(),
        can_skip: false,
        ends: None,
        saved: None,
    };
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shell = Shell::of_sitting(app, sitting, &title, Bar::Bare);
    page(status, &StopPage { shell, ask, from: address(from)["/survey/".len()..].to_owned() })
}

/// “Your answers are kept”, with the way back; this browser forgets its place.
fn stopped(app: &App, sitting: &Sitting, code: Option<String>) -> HttpResponse {
    let shell = Shell::of_sitting(app, sitting, "", Bar::Bare);
    let w = shell.w;
    let until = written_day(day_of(sitting.ends_at - chrono::TimeDelta::seconds(1)), w.language);
    let mut paragraphs = vec![w.with("stopped_text", &[("date", &until)])];
    let mut heading_code = None;
    match code {
        None => paragraphs.push(w.t("stopped_link").to_owned()),
        Some(code) => {
            let address = app.link("/s");
            let shown = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest).to_owned();
            paragraphs.push(w.with("stopped_code", &[("address", &shown)]));
            heading_code = Some(code);
        }
    }
    let stopped = StoppedPage {
        heading: w.t("stopped_title").to_owned(),
        picture: pictured(&shell.look, "pause", None),
        shell: Shell::of_sitting(app, sitting, w.t("stopped_title"), Bar::Bare),
        paragraphs,
        code: heading_code,
    };
    let mut answer = page(StatusCode::OK, &stopped);
    let mut forgetting = HttpResponse::Ok();
    cookies::clear(app, &mut forgetting);
    for cookie in forgetting.finish().cookies() {
        answer.add_cookie(&cookie).ok();
    }
    answer
}

#[derive(Template)]
#[template(path = "survey/stopped.html")]
struct StoppedPage {
    shell: Shell,
    heading: String,
    picture: Option<String>,
    paragraphs: Vec<String>,
    code: Option<String>,
}

/// Sends the browser on, and takes its token away.
fn leave(app: &App, mut answer: actix_web::HttpResponseBuilder, to: &str) -> HttpResponse {
    answer.insert_header(("Location", to)).insert_header(("Cache-Control", "no-store"));
    cookies::clear(app, &mut answer);
    answer.finish()
}
