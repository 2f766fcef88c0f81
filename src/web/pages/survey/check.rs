//! Check your answers, and send them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::ask::in_words;
use super::{Bar, Shell, address, go_to, of_item, page};
use crate::app::App;
use crate::domain::answering::{Company, Seen, Step};
use crate::domain::submission::CompletedBy;
use crate::use_cases::{Refusal, Sitting, send_answers};
use crate::web::problem::Problem;
use crate::web::request::client_address;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "survey/check.html")]
struct CheckPage {
    shell: Shell,
    rows: Vec<Line>,
    /// That some questions were put off.
    later: bool,
    error: Option<&'static str>,
}

/// One answer, with the way to change it.
struct Line {
    question: String,
    picture: Option<String>,
    answer: String,
    /// Whether there is no answer to be seen.
    quiet: bool,
    change: String,
}

/// The page.
pub(super) fn checked(app: &App, sitting: &Sitting, not_sent: bool) -> HttpResponse {
    let look = &sitting.draft.look;
    let w = Words::of(&look.rendition, &look.language);
    let rows =
        sitting.draft.path(&sitting.definition).iter().filter_map(|step| line(sitting, step, w)).collect();
    let error = not_sent.then(|| w.t("not_sent"));
    let title = match error {
        Some(_) => format!("{}: {}", w.t("error"), w.t("check_title")),
        None => w.t("check_title").to_owned(),
    };
    let later = sitting.draft.company == Some(Company::Later);
    let shell = Shell::of_sitting(app, sitting, &title, Bar::OfForm);
    let status = if not_sent { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(status, &CheckPage { shell, rows, later, error })
}

fn line(sitting: &Sitting, step: &Step, w: Words) -> Option<Line> {
    let (draft, definition) = (&sitting.draft, &*sitting.definition);
    let look = &draft.look;
    let yes_no = |given: Option<bool>| given.map(|yes| w.t(if yes { "yes" } else { "no" }));
    let own = |key: &str, answer: Option<&str>| Some((w.t(key).to_owned(), answer?.to_owned()));
    let mut picture = None;
    let mut quiet = false;
    let (question, answer) = match step {
        Step::Who => own(
            "who_title",
            draft.who.map(|who| {
                w.t(match who {
                    CompletedBy::Myself => "who_self",
                    CompletedBy::Helped => "who_helped",
                    CompletedBy::Proxy => "who_proxy",
                })
            }),
        )?,
        Step::Count => {
            own("count_title", draft.count.map(|yes| w.t(if yes { "count_yes" } else { "count_no" })))?
        }
        Step::Quotes => own("quotes_title", yes_no(draft.quotes))?,
        Step::AskAgain => own("ask_again_title", yes_no(draft.ask_again))?,
        Step::Share => own("share_title", yes_no(draft.share))?,
        Step::HelperRole => {
            let role = draft.helper.role.as_ref()?;
            own("helper_title", Some(w.t(&format!("role_{}", role.replace('-', "_")))))?
        }
        Step::HelperHow => {
            let help = draft.helper.help.as_ref()?;
            let said: Vec<&str> = help.iter().map(|code| w.t(&format!("help_{code}"))).collect();
            own("helper_how_title", Some(&said.join(", ")))?
        }
        Step::HelperSupport => own("helper_support_title", yes_no(draft.helper.gives_support))?,
        Step::Company | Step::Check => return None,
        Step::Item(id) => {
            let (_, item) = definition.item(id).filter(|(_, i)| i.is_question())?;
            picture = of_item(definition, look, id);
            let question = definition.say(&item.text, &look.rendition, &look.language);
            let seen = draft.seen(id, sitting.number);
            quiet = seen.answer().is_none_or(|a| a.missing().is_some());
            let answer = match seen {
                Seen::Answer(answer) => in_words(definition, look, item, answer, w),
                Seen::Hidden if draft.answers.get(id).is_some_and(|g| g.alone) => {
                    w.t("answered_alone").to_owned()
                }
                Seen::Hidden => w.t("answered_before").to_owned(),
                Seen::Nothing => w.t("no_answer").to_owned(),
            };
            (question, answer)
        }
    };
    Some(Line { question, picture, answer, quiet, change: format!("{}?change=yes", address(step)) })
}

/// Sends the draft; nothing if a page was saved since it was read.
pub(super) async fn send(
    app: &web::Data<App>,
    http: &HttpRequest,
    sitting: &Sitting,
) -> Result<Option<HttpResponse>, Problem> {
    match send_answers(app, sitting, &client_address(http)).await {
        Ok(_) => Ok(Some(go_to("/survey/sent"))),
        Err(Refusal::Changed) => Ok(None),
        Err(Refusal::Invalid(_) | Refusal::Unknown(_)) => Ok(Some(checked(app, sitting, true))),
        Err(other) => Err(other.into()),
    }
}
