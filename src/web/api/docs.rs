//! The description of the API: OpenAPI 3.1 for machines, a plain page for people, both from one file.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;
use serde_json::value::RawValue;

use super::request;
use crate::app::App;
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
    demo: bool,
    title: String,
    intro: Vec<String>,
    groups: Vec<Group>,
    problems: Vec<(&'static str, u16, &'static str)>,
}

/// The operations of one tag.
struct Group {
    anchor: String,
    name: String,
    description: String,
    operations: Vec<Operation>,
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

pub(in crate::web) async fn show(app: web::Data<App>) -> HttpResponse {
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = example_texts();
    let groups = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| {
            let name = text(&tag["name"]);
            let operations = operations_of(&name, &document, &texts);
            Group {
                anchor: format!("group-{}", name.to_lowercase().replace(' ', "-")),
                name,
                description: text(&tag["description"]),
                operations,
            }
        })
        .collect();
    let page = DocsPage {
        demo: app.demo,
        title: text(&document["info"]["title"]),
        intro: text(&document["info"]["description"]).split("\n\n").map(str::to_owned).collect(),
        groups,
        problems: Kind::ALL
            .iter()
            .map(|k| k.entry())
            .map(|(code, status, title)| (code, status.as_u16(), title))
            .collect(),
    };
    render(&page)
}

fn operations_of(tag: &str, document: &Value, texts: &Texts) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in
            methods.as_object().into_iter().flatten().filter(|(_, o)| o["tags"][0] == tag)
        {
            operations.push(describe(path, method, operation, &methods["parameters"], document, texts));
        }
    }
    operations
}

fn describe(
    path: &str,
    method: &str,
    operation: &Value,
    shared: &Value,
    document: &Value,
    texts: &Texts,
) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let parameters = list(shared)
        .into_iter()
        .chain(list(&operation["parameters"]))
        .map(|p| resolve(&p, document))
        .map(|p| Parameter {
            name: text(&p["name"]),
            place: text(&p["in"]),
            needed: p["required"] == true,
            description: text(&p["description"]),
        })
        .collect();
    let mut answers = Vec::new();
    let mut answer_example = None;
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let answer = resolve(answer, document);
        answers.push((status.clone(), text(&answer["description"])));
        if status.starts_with('2') {
            answer_example = example(&answer["content"], document, texts);
        }
    }
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        who: if operation["security"].as_array().is_some_and(Vec::is_empty) {
            "Everybody"
        } else {
            "With a token"
        },
        parameters,
        request_example: example(&operation["requestBody"]["content"], document, texts),
        answers,
        answer_example,
    }
}

/// Examples as they are written in the file, whose order of keys is made for reading, by their value.
type Texts = BTreeMap<String, String>;

fn example_texts() -> Texts {
    let mut texts = Texts::new();
    if let Ok(whole) = serde_json::from_str::<&RawValue>(OPENAPI) {
        collect_examples(whole, &mut texts);
    }
    texts
}

fn collect_examples(value: &RawValue, texts: &mut Texts) {
    if let Ok(object) = serde_json::from_str::<BTreeMap<String, &RawValue>>(value.get()) {
        for (key, inner) in object {
            match serde_json::from_str::<Value>(inner.get()) {
                Ok(example) if key == "example" || key == "value" => {
                    drop(texts.insert(example.to_string(), outdented(inner.get())))
                }
                _ => collect_examples(inner, texts),
            }
        }
    }
}

/// `text` moved to the left as far as its last line allows.
fn outdented(text: &str) -> String {
    let last = text.lines().next_back().unwrap_or_default();
    let indent = last.len() - last.trim_start().len();
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.get(indent..).filter(|_| line.starts_with(' ')).unwrap_or(line))
        .collect();
    lines.join("\n")
}

fn resolve(value: &Value, document: &Value) -> Value {
    match value["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).cloned().unwrap_or_default(),
        None => value.clone(),
    }
}

fn example(content: &Value, document: &Value, texts: &Texts) -> Option<String> {
    let (_, media) = content.as_object()?.iter().next()?;
    let shared = || Some(resolve(media["examples"].as_object()?.values().next()?, document)["value"].clone());
    match media.get("example").cloned().or_else(shared)? {
        Value::String(text) => Some(text),
        other => texts.get(&other.to_string()).cloned().or_else(|| serde_json::to_string_pretty(&other).ok()),
    }
}
