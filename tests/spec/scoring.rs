//! Scoring by tables: what is given, by which rule, and what then. The tables are the documentation: `docs/scoring.md`.

mod table;

use std::fmt::Write;
use std::sync::Arc;

use khi::definition_files::shipped;
use khi::domain::counting::{CountedResponse, Person};
use khi::domain::definition::{Definition, IndicatorEntry, Registry, SourceFile};
use khi::domain::figures::{Row, Spread};
use khi::domain::scheme::Scheme;
use khi::domain::scoring::{Outcome, scale, score};
use khi::domain::submission::CompletedBy;
use serde_json::{Value, json};

use self::table::{Given, Section};
use crate::support::{answers, load, read, registry, repository, rows, scheme, submission, version, who};

const HEAD: &str = "# How answers become figures

The five rules by example. Every table here is a test: `cargo test --test spec scoring` checks that what is *given* makes what it
says *then*, and that this page is what the tables print. They stand in `tests/spec/scoring/`; `UPDATE_DOCS=1` writes the page anew.

Amounts are exact fractions until a figure is printed. A missing answer stands in brackets. *by proxy* means that someone else
answered for the person, *by supporter* that the person was helped by someone who gives the support.
";

/// A section's questionnaire and the entry it is about.
struct Scene {
    registry: &'static Registry,
    definition: Arc<Definition>,
    entry: IndicatorEntry,
    scheme: Scheme,
    rule: Value,
}

#[test]
fn what_is_given_makes_what_the_tables_say() {
    let mut wrong = Vec::new();
    for section in table::all() {
        let scene = Scene::of(&section);
        for given in &section.givens {
            let found = scene.outcome(given);
            if found != given.then {
                wrong.push(format!(
                    "{}: {}\n  then  {}\n  found {found}",
                    section.title, given.line, given.then
                ));
            }
        }
        wrong.extend(scene.wrong_rows(&section));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_tables_meet_every_rule_and_every_reason_for_leaving_out() {
    let sections = table::all();
    let thens: String = sections.iter().flat_map(|s| &s.givens).map(|g| format!("{}\n", g.then)).collect();
    for reason in khi::domain::scoring::LeftOut::ALL {
        assert!(thens.contains(&format!("left out: {}\n", reason.code())), "{}", reason.code());
    }
    let rules: Vec<String> = sections.iter().map(|s| Scene::of(s).entry.rule.code().to_owned()).collect();
    for rule in ["share", "mean", "sum", "bands", "ratio"] {
        assert!(rules.iter().any(|r| r == rule), "{rule}");
    }
}

#[test]
fn docs_scoring_md_is_what_the_tables_print() {
    let mut page = HEAD.to_owned();
    for section in table::all() {
        print(&section, &mut page);
    }
    let path = repository("docs/scoring.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(repository("docs")).expect("docs");
        std::fs::write(&path, &page).expect("docs/scoring.md");
    }
    assert!(
        path.is_file() && read(&path) == page,
        "docs/scoring.md is stale: UPDATE_DOCS=1 cargo test --test spec scoring"
    );
}

impl Scene {
    fn of(section: &Section) -> Self {
        let (registry, definition, indicator): (&'static Registry, _, _) = match &section.shipped {
            Some((questionnaire, indicator)) => {
                (registry(), version(registry(), questionnaire, "1.0.0"), indicator.as_str())
            }
            None => {
                let registry: &'static Registry = Box::leak(Box::new(load(example(section))));
                (registry, version(registry, "example", "1.0.0"), "example")
            }
        };
        let entry = definition
            .indicators
            .iter()
            .find(|e| e.indicator == indicator)
            .unwrap_or_else(|| panic!("no {indicator}"))
            .clone();
        let bytes = &registry.file(&definition.id, definition.version).expect("a file").bytes;
        let file: Value = serde_json::from_slice(bytes).expect("JSON");
        let entries = file["indicators"].as_array().expect("a list");
        let mut rule = entries.iter().find(|e| e["indicator"] == indicator).expect("an entry").clone();
        rule.as_object_mut().expect("an object").remove("indicator");
        Self { scheme: scheme(registry, definition.model.code()), registry, definition, entry, rule }
    }

    /// The response as it is checked, stored and counted.
    fn response(&self, given: &Given) -> CountedResponse {
        let mut body = who(&given.by);
        body["answers"] = answers(&self.definition, given.answers.iter().map(String::as_str));
        for (breakdown, values) in &given.about {
            body["about"][breakdown] = json!(values);
        }
        let submission = submission(self.registry, &self.scheme, &self.definition, &body);
        CountedResponse::of(
            (&given.line, 1),
            "2026-07-14T09:00:00".parse().expect("a time"),
            submission,
            self.registry,
        )
        .expect("a known version")
        .expect("it counts")
    }

    fn outcome(&self, given: &Given) -> String {
        let response = self.response(given);
        let proxy = given.by == "proxy";
        assert_eq!(proxy, who(&given.by)["completed_by"] == json!(CompletedBy::Proxy));
        written(&score(&self.entry, &self.definition, &response.answers, proxy), scale(&self.entry.rule))
    }

    /// The rows that the section's people make, against what it says of them.
    fn wrong_rows(&self, section: &Section) -> Vec<String> {
        let people: Vec<Person> = section
            .people
            .iter()
            .flat_map(|(times, given)| std::iter::repeat_n(given, *times))
            .map(|given| Person { responses: vec![self.response(given)], ..Person::default() })
            .collect();
        let mut wrong = Vec::new();
        for expected in &section.rows {
            let by = expected.group.as_ref().map(|(by, _)| format!("&by={by}")).unwrap_or_default();
            let query = format!("period=2026-27&level=uk&indicator={}{by}", self.entry.indicator);
            let found = rows(self.registry, &self.scheme, &people, &query);
            let group = |row: &Row| {
                row.group
                    .as_ref()
                    .and_then(|g| g.iter().next())
                    .map(|(by, value)| (by.clone(), value.clone()))
            };
            let Some(row) = found.iter().find(|row| group(row) == expected.group) else {
                wrong.push(format!("{}: no row {:?}", section.title, expected.group));
                continue;
            };
            for (key, value) in &expected.values {
                let found = value_of(row, key);
                let same = found.is_some_and(|f| (f - value.parse::<f64>().expect("a number")).abs() < 1e-9);
                if !same {
                    wrong.push(format!("{}: {key} should be {value}, and is {found:?}", section.title));
                }
            }
        }
        wrong
    }
}

/// What a row says under the name `key`.
fn value_of(row: &Row, key: &str) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a count of people")]
    let number = |n: i64| n as f64;
    let left_out = row.left_out.as_ref()?;
    match key {
        "n" => row.n.map(number),
        "positive" => row.positive.map(number),
        "percent" => row.percent,
        "mean" => row.mean,
        "sd" => row.sd,
        "low" => row.interval.as_ref().map(|i| i.low),
        "high" => row.interval.as_ref().map(|i| i.high),
        "left-out" => Some(number(left_out.values().sum())),
        code => {
            let spread = match &row.distribution {
                Some(Spread::Counts(counts)) => counts.get(code).copied(),
                Some(Spread::Bands(bands)) => bands.get(code).map(|b| b.count),
                None => None,
            };
            spread.or_else(|| left_out.get(code).copied()).map(number)
        }
    }
}

/// An outcome in the words of the tables.
fn written(outcome: &Outcome<'_>, scale: i64) -> String {
    let side = |positive: bool| if positive { "positive" } else { "not positive" };
    match outcome {
        Outcome::Share { code, positive, .. } => format!("{code}, {}", side(*positive)),
        Outcome::Amount { scaled, positive: None } => fraction(*scaled, scale),
        Outcome::Amount { scaled, positive: Some(positive) } => {
            format!("{}, {}", fraction(*scaled, scale), side(*positive))
        }
        Outcome::Band { code, .. } => format!("band {code}"),
        Outcome::Ratio { numerator, denominator } => format!("{numerator} of {denominator}"),
        Outcome::LeftOut(reason) => format!("left out: {}", reason.code()),
    }
}

fn fraction(numerator: i64, denominator: i64) -> String {
    let (mut a, mut b) = (numerator.abs(), denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let (numerator, denominator) = (numerator / a, denominator / a);
    if denominator == 1 { numerator.to_string() } else { format!("{numerator}/{denominator}") }
}

/// The files of a section that brings its own questions: a questionnaire of one rule.
fn example(section: &Section) -> Vec<SourceFile> {
    let indicators = json!({"schema_version": 1, "indicators": [{"id": "example", "title": {"en": "Example"}, "topic": "example", "statistic": "level",
        "direction": "H", "models": [], "unit": "percent", "statement": {"en": "{n}"}}]});
    let mut entry = section.rule.clone();
    entry["indicator"] = json!("example");
    let questionnaire = json!({"schema_version": 1, "id": "example", "version": "1.0.0", "status": "published", "model": "shared-lives",
        "respondent": "person", "title": {"en": "Example"}, "languages": ["en"], "renditions": ["standard"],
        "licence": {"name": "CC0-1.0", "url": "https://example.org", "attribution": "None", "redistributable": true},
        "consent": {"version": "1", "text": {"standard": {"en": "Example"}}}, "items": section.items, "indicators": [entry]});
    let file = |path: &str, value: &Value| SourceFile {
        folder: "example".into(),
        path: path.into(),
        bytes: serde_json::to_vec(value).expect("JSON"),
        shipped: false,
    };
    let own =
        vec![file("indicators.json", &indicators), file("questionnaires/example/1.0.0.json", &questionnaire)];
    [shipped(), own].concat()
}

/// Prints a section as Markdown.
fn print(section: &Section, page: &mut String) {
    let scene = Scene::of(section);
    let mut line = |text: String| writeln!(page, "{text}").expect("a string takes everything");
    line(format!("\n## {}\n", section.title));
    if !section.prose.is_empty() {
        line(format!("{}\n", section.prose.join("\n")));
    }
    if let Some((questionnaire, indicator)) = &section.shipped {
        line(format!(
            "From the shipped questionnaire `{questionnaire}` {}, indicator `{indicator}`:\n",
            scene.definition.version
        ));
    }
    line("| item | kind | answers |\n|---|---|---|".into());
    let entry_items = scene.entry.rule.items();
    for item in scene
        .definition
        .items
        .iter()
        .filter(|i| section.shipped.is_none() || entry_items.contains(&i.id.as_str()))
    {
        line(format!("| `{}` | {} | {} |", item.id, item.kind.code(), table::answers_of(item)));
    }
    line(format!("\n```json\n{}\n```\n", scene.rule));
    if !section.givens.is_empty() {
        line("| given | then |\n|---|---|".into());
    }
    for given in &section.givens {
        line(format!("| {} | {} |", given.line, given.then));
    }
    if !section.people.is_empty() {
        line("| people | given |\n|---:|---|".into());
    }
    for (times, given) in &section.people {
        line(format!("| {times} | {} |", given.line));
    }
    for row in &section.rows {
        let values: Vec<String> = row.values.iter().map(|(key, value)| format!("{key} {value}")).collect();
        let group = row.group.as_ref().map(|(by, value)| format!(" of {by} {value}")).unwrap_or_default();
        line(format!("\nThe row{group}: {}.", values.join(", ")));
    }
}
