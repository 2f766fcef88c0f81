//! “Change how this looks”: language, words, pictures, size, space, colours, reading aloud. Saved at once, and for next time.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Bar, Help, Shell, address, form, go_to, lost, page, sitting, step_at};
use crate::app::App;
use crate::domain::answering::{Form, Length, Look, Step};
use crate::domain::definition::{Definition, EASY_READ};
use crate::use_cases::{WayIn, find_way_in, keep_needs, save_sitting};
use crate::web::limits::Limits;
use crate::web::problem::{Kind, Problem};
use crate::web::request::{blocking, client_address, parameters};
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "survey/look.html")]
struct LookPage {
    shell: Shell,
    /// `post`, or `get` on the first page, where nothing is stored yet.
    method: &'static str,
    action: String,
    /// Where “Save” leads back to.
    from: String,
    groups: Vec<Group>,
}

/// One setting with its values.
struct Group {
    name: String,
    title: String,
    values: Vec<Value>,
}

struct Value {
    value: String,
    label: String,
    lang: String,
    checked: bool,
}

/// `GET /survey/look`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
    if sitting.response_id.is_some() {
        return Ok(go_to("/survey/sent"));
    }
    let from = http.query_string().split('&').find_map(|p| p.strip_prefix("from=")).and_then(step_at);
    let from = from.unwrap_or_else(|| sitting.draft.resume(&sitting.definition));
    let draft = &sitting.draft;
    let w = Words::of(&draft.look.rendition, &draft.look.language);
    let mut groups = groups(&draft.look, &sitting.definition, w);
    if sitting.definition.items.iter().any(|i| i.core) {
        let few = draft.length == Length::Few;
        let value = |value: &str, key: &str, checked| Value::new(value, w.t(key), w.language, checked);
        groups.push(Group {
            name: "length".into(),
            title: w.t("look_length").into(),
            values: vec![value("all", "length_all", !few), value("few", "length_few", few)],
        });
    }
    let shell = Shell::of_sitting(&app, &sitting, w.t("look_title"), Bar::Bare);
    let from = address(&from)["/survey/".len()..].to_owned();
    Ok(page(StatusCode::OK, &LookPage { shell, method: "post", action: "/survey/look".into(), from, groups }))
}

/// `POST /survey/look`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let from = sent.get("from").and_then(step_at).unwrap_or(Step::Check);
    for _ in 0..8 {
        let Some(mut sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
        if sitting.response_id.is_some() {
            return Ok(go_to("/survey/sent"));
        }
        let before = sitting.draft.clone();
        for (name, value) in &sent.0 {
            sitting.draft.look.set(name, value);
        }
        sitting.draft.look = sitting.draft.look.clone().fitted(&sitting.definition);
        match sent.get("length") {
            Some("few") => sitting.draft.length = Length::Few,
            Some("all") => sitting.draft.length = Length::All,
            _ => {}
        }
        if sitting.draft == before {
            return Ok(go_to(&address(&from)));
        }
        if save_sitting(&app, &sitting).await? {
            blocking(&app, move |app| keep_needs(app, &sitting)).await?;
            return Ok(go_to(&address(&from)));
        }
    }
    Err(Problem::of(Kind::Unavailable))
}

/// `GET /s/{code}/look`: the same before anything is stored; the settings travel in the address of the first page.
pub(in crate::web) async fn before_start(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let code = code.into_inner();
    let client = client_address(&http);
    if limits.is_shut_out(&client) {
        return Ok(go_to(&format!("/s/{code}")));
    }
    let typed = code.clone();
    let WayIn::Ready(entry) = blocking(&app, move |app| find_way_in(app, &typed)).await? else {
        limits.wrong_code(&client);
        return Ok(go_to(&format!("/s/{code}")));
    };
    let mut look = entry.look.clone();
    for (name, value) in &Form(parameters(&http)?).0 {
        look.set(name, value);
    }
    let look = look.fitted(&entry.definition);
    let w = Words::of(&look.rendition, &look.language);
    let groups = groups(&look, &entry.definition, w);
    let help = Help::of(&app, Some((entry.scheme_number, entry.origin.council.as_str())), &look);
    let name = entry.definition.title.get(&look.language).to_owned();
    let shell = Shell::new(&app, look, w.t("look_title"), name, help, Bar::Bare);
    let action = format!("/s/{code}");
    Ok(page(StatusCode::OK, &LookPage { shell, method: "get", action, from: String::new(), groups }))
}

/// Every setting that this questionnaire leaves open.
fn groups(look: &Look, definition: &Definition, w: Words) -> Vec<Group> {
    let mut groups = Vec::new();
    if definition.languages.len() > 1 {
        let values = definition.languages.iter();
        groups.push(Group {
            name: "language".into(),
            title: w.t("look_language").into(),
            values: values.map(|l| Value::new(l, language_name(l), l, *l == look.language)).collect(),
        });
    }
    if definition.renditions.len() > 1 {
        let label = |r: &str| w.t(if r == EASY_READ { "rendition_easy" } else { "rendition_standard" });
        groups.push(Group {
            name: "rendition".into(),
            title: w.t("look_rendition").into(),
            values: definition
                .renditions
                .iter()
                .map(|r| Value::new(r, label(r), w.language, *r == look.rendition))
                .collect(),
        });
    }
    for (name, values) in Look::SETTINGS {
        let label = |value: &str| w.t(&format!("{name}_{value}"));
        groups.push(Group {
            name: name.into(),
            title: w.t(&format!("look_{name}")).into(),
            values: values
                .iter()
                .map(|v| Value::new(v, label(v), w.language, look.get(name) == *v))
                .collect(),
        });
    }
    groups
}

/// A language's name in itself.
fn language_name(code: &str) -> &str {
    match code {
        "en" => "English",
        "cy" => "Cymraeg",
        other => other,
    }
}

impl Value {
    fn new(value: &str, label: &str, lang: &str, checked: bool) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), lang: lang.to_owned(), checked }
    }
}
