//! The API's description is held to the routes, both ways, and to the problem catalogue.

use std::collections::BTreeSet;
use std::path::Path;

use khi::web::problem::Kind;
use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn source(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn description() -> Value {
    serde_json::from_str(&source("src/web/api/openapi.json")).expect("the description is JSON")
}

/// Every `METHOD /path` in `routes.rs`, however its lines are broken.
fn routed() -> BTreeSet<String> {
    let text: String = source("src/web/routes.rs").split_whitespace().collect();
    let (_, body) = text.split_once("fnconfigure(").expect("the routes");
    let (before, rest) = body.split_once("scope(\"/api/v1\")").expect("the scope of the API");
    let (scoped, after) = rest.split_once(".default_service(").expect("the end of the scope");
    assert!(!rest.contains("scope(\""), "a scope this test does not know");
    let mut found = BTreeSet::new();
    for (prefix, part) in [("", before), ("/api/v1", scoped), ("", after)] {
        for address in part.split("path(\"").skip(1) {
            let (path, routes) = address.split_once('"').expect("a path in quotes");
            let methods: Vec<&str> =
                METHODS.into_iter().filter(|m| routes.contains(&format!(".route({m}()"))).collect();
            assert_eq!(
                methods.len(),
                routes.matches(".route(").count(),
                "a route this test cannot read: {address}"
            );
            assert!(!methods.is_empty(), "an address without a route: {path}");
            for method in methods {
                assert!(
                    found.insert(format!("{method} {prefix}{path}")),
                    "{method} {prefix}{path} is routed twice"
                );
            }
        }
    }
    found
}

/// Every operation: `METHOD /path`, itself, and the parameters of its path.
fn operations(document: &Value) -> Vec<(String, &Value, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in
            item.as_object().expect("a path item").iter().filter(|(key, _)| *key != "parameters")
        {
            assert!(METHODS.contains(&method.as_str()), "{path}: {method}");
            found.push((format!("{method} {path}"), operation, &item["parameters"]));
        }
    }
    found
}

/// Calls `visit` with every object below `value`.
fn each_object<'a>(value: &'a Value, visit: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values().for_each(|v| each_object(v, visit));
        }
        Value::Array(list) => list.iter().for_each(|v| each_object(v, visit)),
        _ => {}
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            document.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

#[test]
fn every_route_is_described_and_everything_described_is_routed() {
    let document = description();
    let described: BTreeSet<String> = operations(&document).into_iter().map(|(name, ..)| name).collect();
    let routed = routed();
    assert!(routed.len() > 30, "only {} routes were found", routed.len());
    let missing: Vec<_> = routed.difference(&described).collect();
    let invented: Vec<_> = described.difference(&routed).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "not described: {missing:?}; not routed: {invented:?}"
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = description();
    let mut used = BTreeSet::new();
    each_object(&document, &mut |map| {
        if let Some(Value::String(reference)) = map.get("$ref") {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            used.insert(pointer.to_owned());
        }
    });
    for kind in ["parameters", "headers", "responses", "examples", "schemas"] {
        for name in document["components"][kind].as_object().expect(kind).keys() {
            assert!(used.contains(&format!("/components/{kind}/{name}")), "{kind}/{name} is used nowhere");
        }
    }
}

#[test]
fn every_operation_has_a_name_words_and_examples() {
    let document = description();
    let tags: BTreeSet<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|t| t["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    let has_examples = |body: &Value, place: &str| {
        for (media, content) in body["content"].as_object().into_iter().flatten() {
            assert!(content.get("schema").is_some(), "{place}: {media} has no schema");
            let examples = content["examples"].as_object().into_iter().flat_map(|e| e.values());
            let values = content
                .get("example")
                .into_iter()
                .chain(examples.filter_map(|e| resolve(&document, e).get("value")));
            assert!(values.count() > 0, "{place}: {media} has no example");
        }
    };
    for (name, operation, shared) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(
            khi::domain::reader::is_kebab(id, 60) && ids.insert(id),
            "{name}: its operationId “{id}” is missing, malformed or taken"
        );
        for key in ["summary", "description"] {
            assert!(operation[key].as_str().is_some_and(|t| !t.trim().is_empty()), "{name}: no {key}");
        }
        assert!(operation["security"].is_array(), "{name}: it is not said who may call it");
        assert!(
            operation["tags"]
                .as_array()
                .is_some_and(|t| t.len() == 1 && t[0].as_str().is_some_and(|t| tags.contains(t))),
            "{name}: tag"
        );
        has_examples(&operation["requestBody"], &format!("{name}: request"));
        for (status, answer) in operation["responses"].as_object().expect("responses") {
            let answer = resolve(&document, answer);
            assert!(
                answer["description"].as_str().is_some_and(|t| !t.is_empty()),
                "{name}: {status} has no description"
            );
            has_examples(answer, &format!("{name}: {status}"));
        }
        // The parameters of the path are those between braces.
        let lists = shared.as_array().into_iter().chain(operation["parameters"].as_array()).flatten();
        let parameters: Vec<&Value> = lists.map(|p| resolve(&document, p)).collect();
        let declared: BTreeSet<&str> =
            parameters.iter().filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect();
        let in_path: BTreeSet<&str> =
            name.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
        assert_eq!(declared, in_path, "{name}: parameters of the path");
        for parameter in parameters {
            assert!(
                parameter["description"].as_str().is_some_and(|t| !t.is_empty())
                    && parameter["schema"].is_object(),
                "{name}: {}",
                parameter["name"]
            );
        }
    }
}

#[test]
fn problems_are_those_of_the_catalogue() {
    let document = description();
    let listed =
        document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array().expect("codes");
    let listed: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    let catalogue: Vec<&str> = Kind::ALL.iter().map(|k| k.entry().0).collect();
    assert_eq!(listed, catalogue);

    let (mut named, mut statuses) = (BTreeSet::new(), BTreeSet::new());
    for (name, operation, _) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().expect("responses") {
            let number: u16 = status.parse().unwrap_or_else(|_| panic!("{name}: {status}"));
            if number < 400 {
                assert!([200, 201, 204, 303, 304].contains(&number), "{name}: {status}");
                continue;
            }
            statuses.insert(number);
            let answer = resolve(&document, answer);
            // What a person meets on a page is a page.
            if operation["tags"][0] == "Pages" && !answer["content"]["text/html; charset=utf-8"].is_null() {
                continue;
            }
            let content = &answer["content"]["application/problem+json"];
            let codes = content["schema"]["allOf"][1]["properties"]["code"]["enum"].as_array();
            let codes: Vec<&str> = codes
                .unwrap_or_else(|| panic!("{name}: {status} names no codes"))
                .iter()
                .filter_map(Value::as_str)
                .collect();
            assert!(
                codes.contains(&content["example"]["code"].as_str().unwrap_or_default()),
                "{name}: {status}: example"
            );
            for code in codes {
                let kind = Kind::ALL
                    .iter()
                    .find(|k| k.entry().0 == code)
                    .unwrap_or_else(|| panic!("{name}: there is no problem {code}"));
                assert_eq!(kind.entry().1.as_u16(), number, "{name}: {code}");
                if content["example"]["code"] == code {
                    assert_eq!(content["example"]["title"], kind.entry().2, "{name}: {code}");
                }
                named.insert(code.to_owned());
            }
        }
    }
    // A method that is not taken is nobody's operation.
    statuses.insert(405);
    named.insert("method-not-allowed".to_owned());
    assert_eq!(statuses, Kind::ALL.iter().map(|k| k.entry().1.as_u16()).collect::<BTreeSet<u16>>());
    assert_eq!(named, catalogue.into_iter().map(str::to_owned).collect::<BTreeSet<String>>());
}
