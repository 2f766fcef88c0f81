//! The pages between start and thanks: each is shown, and each is taken in, by the same two functions.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::ask::{Ask, ask};
use super::check::{checked, send};
use super::{Bar, Shell, address, form, go_to, lost, page, sitting, step_at};
use crate::app::App;
use crate::domain::answering::{Form, PageFault, Step};
use crate::use_cases::{Sitting, save_sitting};
use crate::web::problem::{Kind, Problem};

#[derive(Template)]
#[template(path = "survey/ask.html")]
struct AskPage {
    shell: Shell,
    ask: Ask,
    /// Whether the person came here to change an answer.
    changing: bool,
    can_go_back: bool,
}

/// How often a page is applied again because another one was saved at the same moment.
const TRIES: usize = 8;

/// `GET /survey`: where the person goes on.
pub(in crate::web) async fn resume(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
    if sitting.response_id.is_some() {
        return Ok(go_to("/survey/sent"));
    }
    Ok(go_to(&address(&sitting.draft.resume(&sitting.definition))))
}

/// `GET /survey/{step}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = step_at(&path).ok_or(Problem::of(Kind::Unknown))?;
    let Some(sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
    if let Some(elsewhere) = elsewhere(&sitting, &step) {
        return Ok(elsewhere);
    }
    if step == Step::Check {
        return Ok(checked(&app, &sitting, false));
    }
    let changing = http.query_string().split('&').any(|p| p == "change=yes");
    Ok(shown(&app, &sitting, &step, changing, None))
}

/// `POST /survey/{step}`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let step = step_at(&path).ok_or(Problem::of(Kind::Unknown))?;
    let sent = form(&http, payload).await?;
    for _ in 0..TRIES {
        let Some(mut sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
        if let Some(elsewhere) = elsewhere(&sitting, &step) {
            return Ok(elsewhere);
        }
        if step == Step::Check && sent.get("go") == Some("send") {
            match send(&app, &http, &sitting).await? {
                Some(answer) => return Ok(answer),
                None => continue, // a page was saved at the same moment: read it again, then send
            }
        }
        let before = sitting.draft.clone();
        let next = match turn(&mut sitting, &step, &sent) {
            Ok(next) => next,
            Err(fault) => {
                let changing = sent.get("change") == Some("yes");
                return Ok(shown(&app, &sitting, &step, changing, Some((&sent, fault))));
            }
        };
        if sitting.draft == before || save_sitting(&app, &sitting).await? {
            return Ok(go_to(&next));
        }
    }
    Err(Problem::of(Kind::Unavailable))
}

/// Where the browser belongs, if not on the page of `step`.
fn elsewhere(sitting: &Sitting, step: &Step) -> Option<HttpResponse> {
    if sitting.response_id.is_some() {
        return Some(go_to("/survey/sent"));
    }
    let draft = &sitting.draft;
    let path = draft.path(&sitting.definition);
    if !path.contains(step) {
        return Some(go_to("/survey"));
    }
    // Nothing is asked before it is known who answers, and nothing is sent that has not been passed.
    let first_open = draft.resume(&sitting.definition);
    let early = matches!(first_open, Step::Who | Step::Count) && *step > first_open;
    (early || (*step == Step::Check && first_open != Step::Check)).then(|| go_to(&address(&first_open)))
}

/// Applies a form to the draft; gives the address that comes next.
fn turn(sitting: &mut Sitting, step: &Step, sent: &Form) -> Result<String, PageFault> {
    let definition = sitting.definition.clone();
    let number = sitting.number;
    let go = sent.get("go").unwrap_or("continue");
    let changing = sent.get("change") == Some("yes");
    let draft = &mut sitting.draft;
    match go {
        "back" | "look" | "stop" => {
            // What is chosen on the page is kept, if it is an answer; nothing is complained about.
            let mut kept = draft.clone();
            if !matches!(step, Step::Check) && kept.save(step, &definition, sent, false, number).is_ok() {
                *draft = kept;
            }
            Ok(match go {
                "look" => format!("/survey/look?from={}", &address(step)["/survey/".len()..]),
                "stop" => format!("/survey/stop?from={}", &address(step)["/survey/".len()..]),
                _ if changing => address(&Step::Check),
                _ => draft.before(step, &definition).map_or_else(|| address(step), |before| address(&before)),
            })
        }
        _ => {
            draft.save(step, &definition, sent, go == "skip", number)?;
            Ok(address(&draft.after(step, &definition, changing)))
        }
    }
}

/// The page of a step.
fn shown(
    app: &App,
    sitting: &Sitting,
    step: &Step,
    changing: bool,
    sent: Option<(&Form, PageFault)>,
) -> HttpResponse {
    let failed = sent.is_some();
    let Some(ask) = ask(sitting, step, sent) else { return go_to("/survey") };
    let draft = &sitting.draft;
    let title = if failed {
        let w = crate::web::words::Words::of(&draft.look.rendition, &draft.look.language);
        format!("{}: {}", w.t("error"), ask.heading)
    } else {
        ask.heading.clone()
    };
    let shell = Shell::of_sitting(app, sitting, &title, Bar::OfForm)
        .of_question(draft.progress(step, &sitting.definition));
    let can_go_back = changing || draft.before(step, &sitting.definition).is_some();
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(status, &AskPage { shell, ask, changing, can_go_back })
}
