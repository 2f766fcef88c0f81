//! The description of the API: OpenAPI 3.1 for machines, a plain page for people, both from one file.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::Value;

use super::request;
use crate::domain::definition::digest;
use crate::web::pages::render;
use crate::web::problem::Kind;

/// The description itself.
const OPENAPI: &str = include_str!("openapi.json");

pub(in crate::web) async fn openapi(http: HttpRequest) -> HttpResponse {
    request::json_with_etag(&http, OPENAPI.to_owned(), &digest(OPENAPI.as_bytes()), "public, max-age=300")
}

#[derive(Template)]
#[template(path = "api_docs.html")]
struct DocsPage {
    title: String,
    intro: Vec<String>,
    operations: Vec<Operation>,
    problems: Vec<(&'static str, u16, &'static str)>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    who: &'static str,
    parameters: Vec<Parameter>,
    request_example: Option<String>,
    answers: Vec<(String, String)>,
    answer_example: Option<String>,
}

struct Parameter {
    name: String,
    place: String,
    needed: bool,
    description: String,
}

pub(in crate::web) async fn show() -> HttpResponse {
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten().filter(|(m, _)| *m != "parameters") {
            operations.push(describe(path, method, operation, &methods["parameters"], &document));
        }
    }
    let page = DocsPage {
        title: text(&document["info"]["title"]),
        intro: text(&document["info"]["description"]).split("\n\n").map(str::to_owned).collect(),
        operations,
        problems: Kind::ALL.iter().map(|k| k.entry()).map(|(code, status, title)| (code, status.as_u16(), title)).collect(),
    };
    render(&page)
}

fn describe(path: &str, method: &str, operation: &Value, shared: &Value, document: &Value) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let parameters = list(shared)
        .into_iter()
        .chain(list(&operation["parameters"]))
        .map(|p| resolve(&p, document))
        .map(|p| Parameter { name: text(&p["name"]), place: text(&p["in"]), needed: p["required"] == true, description: text(&p["description"]) })
        .collect();
    let mut answers = Vec::new();
    let mut answer_example = None;
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let answer = resolve(answer, document);
        answers.push((status.clone(), text(&answer["description"])));
        if status.starts_with('2') {
            answer_example = example(&answer["content"]);
        }
    }
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        who: if operation["security"].as_array().is_some_and(Vec::is_empty) { "Everybody" } else { "With a token" },
        parameters,
        request_example: example(&operation["requestBody"]["content"]),
        answers,
        answer_example,
    }
}

fn resolve(value: &Value, document: &Value) -> Value {
    match value["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).cloned().unwrap_or_default(),
        None => value.clone(),
    }
}

fn example(content: &Value) -> Option<String> {
    let (_, media) = content.as_object()?.iter().next()?;
    let example = media.get("example").or_else(|| media["examples"].as_object()?.values().next()?.get("value"))?;
    match example {
        Value::String(text) => Some(text.clone()),
        other => serde_json::to_string_pretty(other).ok(),
    }
}
