//! Cases of broken definition files: a title, the edits that break the garden club's files, and the exact faults.
//!
//! ```text
//! a band overlaps the one before it
//!     set /items/visits/bands/some/min 0
//!     fault /items/visits/bands/some band-gap
//! ```
//!
//! Edits are `set POINTER JSON`, `append POINTER JSON`, `remove POINTER`, `text OLD => NEW`, `raw JSON-STRING` (the whole
//! file), `copy SHIPPED-PATH`, `grow BYTES` and `delete`; they apply to the file named last by `in PATH`, at first the
//! questionnaire's 1.0.0. An element of a list may be named by its id, code, indicator or file. `all` loads every version, not 1.0.0 alone;
//! `shipped` loads the files as if they stood in the repository. `-` is the pointer of a whole file.

use std::collections::{BTreeMap, BTreeSet};

use khi::definition_files::shipped;
use khi::domain::definition::{FileFault, Registry, SourceFile};
use serde_json::Value;

use crate::support::{files, garden_files, read, repository};

const FIRST: &str = "questionnaires/garden-club/1.0.0.json";
const LATER: [&str; 2] = ["questionnaires/garden-club/1.1.0.json", "questionnaires/garden-club/2.0.0.json"];

/// File below its folder, pointer, code.
pub(super) type Found = BTreeSet<(String, String, String)>;

/// One case.
pub(super) struct Case {
    name: String,
    lines: Vec<String>,
}

/// What loading a case's files gives.
pub(super) struct Outcome {
    /// The case's file and title.
    pub(super) name: String,
    /// The faults that the case names.
    pub(super) expected: Found,
    /// The faults that there are.
    pub(super) found: Found,
    /// The same with their words.
    pub(super) messages: Vec<String>,
}

/// Every case of every `.case` file.
pub(super) fn all() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for path in files(&repository("tests/spec/fixtures/definitions/invalid"), ".case") {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for line in read(&path).lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
            match line.strip_prefix("    ") {
                None => cases.push(Case { name: format!("{file}: {line}"), lines: Vec::new() }),
                Some(step) => {
                    cases.last_mut().expect("a title stands before its steps").lines.push(step.to_owned())
                }
            }
        }
    }
    cases
}

/// The faults of `found`, without their words and without the name of the folder.
pub(super) fn places(found: &[FileFault]) -> Found {
    let folder = repository("tests/spec/fixtures/definitions/valid").display().to_string();
    let below = |file: &str| file.strip_prefix(&folder).unwrap_or(file).trim_start_matches('/').to_owned();
    found.iter().map(|f| (below(&f.file), f.fault.pointer.clone(), f.fault.code.to_owned())).collect()
}

impl Case {
    /// Makes the files, loads them together with the shipped ones, and compares.
    pub(super) fn run(&self) -> Outcome {
        let steps: Vec<(&str, &str)> =
            self.lines.iter().map(|l| l.split_once(' ').unwrap_or((l, ""))).collect();
        let has = |word| steps.iter().any(|(step, _)| *step == word);
        let mut set: BTreeMap<String, File> = BTreeMap::new();
        for source in garden_files() {
            let left_out =
                source.path == "published.lock" || !has("all") && LATER.contains(&source.path.as_str());
            if !left_out {
                set.insert(source.path.clone(), File { before: source.bytes.clone(), source });
            }
        }
        let template = set[FIRST].source.clone();
        let mut at = FIRST.to_owned();
        for (step, rest) in steps.iter().filter(|(step, _)| *step != "fault") {
            match *step {
                "in" => at = (*rest).to_owned(),
                "all" | "shipped" => {}
                "delete" => {
                    set.remove(&at);
                }
                step => {
                    let file = set.entry(at.clone()).or_insert_with(|| File {
                        source: SourceFile { path: at.clone(), bytes: Vec::new(), ..template.clone() },
                        before: Vec::new(),
                    });
                    file.edit(step, rest, &self.name);
                }
            }
        }
        let expected = steps
            .iter()
            .filter(|(step, _)| *step == "fault")
            .map(|(_, rest)| self.expect(rest, &at, &set))
            .collect();
        let sources = shipped()
            .into_iter()
            .chain(set.into_values().map(|f| SourceFile { shipped: has("shipped"), ..f.source }));
        let loaded = Registry::load(&sources.collect::<Vec<_>>());
        Outcome {
            name: self.name.clone(),
            expected,
            found: places(&loaded.faults),
            messages: loaded.faults.iter().map(ToString::to_string).collect(),
        }
    }

    /// Reads `[FILE] POINTER CODE`.
    fn expect(&self, rest: &str, at: &str, set: &BTreeMap<String, File>) -> (String, String, String) {
        let words: Vec<&str> = rest.split(' ').collect();
        let (file, pointer, code) = match words.as_slice() {
            [pointer, code] => (at, *pointer, *code),
            [file, pointer, code] => (*file, *pointer, *code),
            _ => panic!("{}: a fault is [FILE] POINTER CODE", self.name),
        };
        let pointer = match (pointer, set.get(file)) {
            ("-", _) => String::new(),
            (pointer, Some(file)) => file.resolve(pointer),
            (pointer, None) => pointer.to_owned(),
        };
        (file.to_owned(), pointer, code.to_owned())
    }
}

struct File {
    source: SourceFile,
    before: Vec<u8>,
}

impl File {
    fn edit(&mut self, step: &str, rest: &str, name: &str) {
        let wrong = |what: &str| -> ! { panic!("{name}: {what}: {step} {rest}") };
        match step {
            "text" => {
                let Some((old, new)) = rest.split_once(" => ") else { wrong("OLD => NEW") };
                let text = String::from_utf8_lossy(&self.source.bytes).into_owned();
                if text.matches(old).count() != 1 {
                    wrong("must stand there once");
                }
                self.source.bytes = text.replace(old, new).into_bytes();
            }
            "raw" => {
                self.source.bytes = serde_json::from_str::<String>(rest)
                    .unwrap_or_else(|_| wrong("not a JSON string"))
                    .into_bytes()
            }
            "copy" => match shipped().into_iter().find(|f| f.path == rest) {
                Some(file) => self.source.bytes = file.bytes,
                None => wrong("no such shipped file"),
            },
            "grow" => {
                let more = rest.parse().unwrap_or_else(|_| wrong("not a number"));
                self.source.bytes.extend(std::iter::repeat_n(b'~', more));
            }
            "set" | "append" | "remove" => {
                let mut value: Value = serde_json::from_slice(&self.source.bytes)
                    .unwrap_or_else(|_| wrong("not JSON before the edit"));
                let (pointer, new) = rest.split_once(' ').unwrap_or((rest, "null"));
                let new: Value = serde_json::from_str(new).unwrap_or_else(|_| wrong("not JSON"));
                let pointer = resolve(&value, pointer).unwrap_or_else(|| wrong("no such place"));
                let changed = change(&mut value, step, &pointer, new);
                changed.unwrap_or_else(|| wrong("cannot be done"));
                self.source.bytes = serde_json::to_vec(&value).expect("JSON");
            }
            _ => wrong("unknown step"),
        }
    }

    /// A pointer with ids as numbers: as the file is now, or else as it was.
    fn resolve(&self, pointer: &str) -> String {
        let resolved = |bytes: &[u8]| resolve(&serde_json::from_slice(bytes).ok()?, pointer);
        resolved(&self.source.bytes).or_else(|| resolved(&self.before)).unwrap_or_else(|| pointer.to_owned())
    }
}

fn change(value: &mut Value, step: &str, pointer: &str, new: Value) -> Option<()> {
    if step == "append" {
        value.pointer_mut(pointer)?.as_array_mut()?.push(new);
        return Some(());
    }
    let (parent, last) = pointer.rsplit_once('/')?;
    match value.pointer_mut(parent)? {
        Value::Object(map) if step == "remove" => map.remove(last).map(|_| ()),
        Value::Object(map) => Some(map.insert(last.to_owned(), new)).map(|_| ()),
        Value::Array(list) if step == "remove" => Some(list.remove(last.parse().ok()?)).map(|_| ()),
        Value::Array(list) => list.get_mut(last.parse::<usize>().ok()?).map(|element| *element = new),
        _ => None,
    }
}

/// A pointer with the ids of elements replaced by their numbers; `None` if an element is not there.
fn resolve(document: &Value, pointer: &str) -> Option<String> {
    let (mut at, mut resolved) = (Some(document), String::new());
    for step in pointer.split('/').skip(1) {
        let number = match at {
            Some(Value::Array(list)) if step.parse::<usize>().is_err() => {
                let named = |e: &Value| {
                    ["id", "code", "indicator", "file"]
                        .iter()
                        .any(|key| e.get(key).and_then(Value::as_str) == Some(step))
                };
                list.iter().position(named)?.to_string()
            }
            _ => step.to_owned(),
        };
        at = at.and_then(|value| value.pointer(&format!("/{number}")));
        resolved = format!("{resolved}/{number}");
    }
    Some(resolved)
}
