//! What the package says of itself, twice: as a Frictionless data package, and as CSV on the Web (CSVW).

use serde_json::{Map, Value, json};

use super::Head;
use super::table::{Field, FieldType, Table};
use crate::domain::definition::digest;

const LICENCE: (&str, &str, &str) = (
    "OGL-UK-3.0",
    "Open Government Licence v3.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
);

fn title(head: &Head) -> String {
    format!("Key Human Indicators, {}", head.period)
}

fn words(head: &Head) -> String {
    let demo = if head.demo { " Everything in it is made up: it is of the demonstration." } else { "" };
    format!(
        "What people who use services say (KHIs), beside what services count (KPIs): release {} of {}, published {}. Small numbers are protected; “status” says how. Read read-me.txt first.{demo}",
        head.number, head.period, head.published_at
    )
}

/// `datapackage.json`.
pub(super) fn frictionless(head: &Head, tables: &[Table]) -> Value {
    let (name, title_of_licence, path) = LICENCE;
    json!({
        "profile": "tabular-data-package",
        "name": head.name(),
        "id": head.id,
        "title": title(head),
        "description": words(head),
        "version": head.number.to_string(),
        "created": head.published_at,
        "keywords": ["social care", "outcomes", "wellbeing", "indicators"],
        "licenses": [{"name": name, "title": title_of_licence, "path": path}],
        "resources": tables.iter().map(resource).collect::<Vec<_>>(),
    })
}

fn resource(table: &Table) -> Value {
    let form = &table.form;
    let mut schema = json!({
        "fields": form.fields.iter().map(field).collect::<Vec<_>>(),
        "primaryKey": form.key,
        "missingValues": missing(table),
    });
    if !form.references.is_empty() {
        let keys = form.references.iter().map(|r| {
            // The table itself is named by nothing at all.
            let resource = if r.table == form.name { "" } else { r.table };
            json!({"fields": [r.field], "reference": {"resource": resource, "fields": [r.to]}})
        });
        schema["foreignKeys"] = keys.collect();
    }
    json!({
        "profile": "tabular-data-resource",
        "name": form.name,
        "path": table.file(),
        "title": form.title,
        "description": form.words,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.csv.len(),
        "hash": format!("sha256:{}", digest(&table.csv)),
        "schema": schema,
    })
}

/// What stands for nothing.
fn missing(table: &Table) -> Vec<&'static str> {
    std::iter::once("").chain(table.form.not_shown).collect()
}

fn field(field: &Field) -> Value {
    let kind = match field.kind {
        FieldType::Text => "string",
        FieldType::Whole => "integer",
        FieldType::Decimal => "number",
        FieldType::Date => "date",
    };
    let mut constraints = Map::new();
    if field.required {
        constraints.insert("required".into(), true.into());
    }
    if !field.one_of.is_empty() {
        constraints.insert("enum".into(), field.one_of.clone().into());
    }
    if let Some(pattern) = field.pattern {
        constraints.insert("pattern".into(), pattern.into());
    }
    for (key, bound) in [("minimum", field.least), ("maximum", field.most)] {
        if let Some(bound) = bound {
            constraints.insert(key.into(), bound.into());
        }
    }
    let mut value = json!({"name": field.name, "type": kind, "description": field.words});
    if !constraints.is_empty() {
        value["constraints"] = constraints.into();
    }
    value
}

/// `csv-metadata.json`.
pub(super) fn csvw(head: &Head, tables: &[Table]) -> Value {
    json!({
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:identifier": head.id,
        "dc:title": title(head),
        "dc:description": words(head),
        "dc:license": {"@id": LICENCE.2},
        "dc:issued": head.published_at,
        "dialect": {"encoding": "utf-8", "header": true, "lineTerminators": ["\r\n"]},
        "tables": tables.iter().map(|table| {
            let form = &table.form;
            // Strict readers take a key that can be empty for broken: those that can are in datapackage.json only.
            let is_whole = |name: &str| form.fields.iter().any(|field| field.name == name && field.required);
            let keys = form.references.iter().filter(|r| is_whole(r.field)).map(|r| {
                json!({
                    "columnReference": [r.field],
                    "reference": {"resource": format!("{}.csv", r.table), "columnReference": [r.to]},
                })
            });
            json!({
                "url": table.file(),
                "dc:title": form.title,
                "dc:description": form.words,
                "tableSchema": {
                    "columns": form.fields.iter().map(|field| column(field, &missing(table))).collect::<Vec<_>>(),
                    "primaryKey": form.key,
                    "foreignKeys": keys.collect::<Vec<_>>(),
                },
            })
        }).collect::<Vec<_>>(),
    })
}

fn column(field: &Field, missing: &[&str]) -> Value {
    let base = match field.kind {
        FieldType::Text => "string",
        FieldType::Whole => "integer",
        FieldType::Decimal => "decimal",
        FieldType::Date => "date",
    };
    let mut datatype = Map::new();
    datatype.insert("base".into(), base.into());
    if let Some(pattern) = field.pattern {
        datatype.insert("format".into(), pattern.into());
    } else if !field.one_of.is_empty() {
        let codes: Vec<String> = field.one_of.iter().map(|code| literally(code)).collect();
        datatype.insert("format".into(), format!("^({})$", codes.join("|")).into());
    }
    for (key, bound) in [("minimum", field.least), ("maximum", field.most)] {
        if let Some(bound) = bound {
            datatype.insert(key.into(), bound.into());
        }
    }
    let mut column = json!({
        "name": field.name,
        "titles": [field.name],
        "dc:description": field.words,
        "datatype": datatype,
        "null": missing,
    });
    if field.required {
        column["required"] = true.into();
    }
    column
}

/// A code as a regular expression that matches it and nothing else.
fn literally(code: &str) -> String {
    let mut pattern = String::with_capacity(code.len());
    for c in code.chars() {
        if !c.is_alphanumeric() && !matches!(c, '-' | '_' | ' ' | ':') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}
