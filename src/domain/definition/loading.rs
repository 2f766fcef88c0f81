//! Loading a set of files: reading each, checking each, then checking what has to fit between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::catalogue::{Breakdown, Indicator};
use super::check::check_questionnaire;
use super::check_texts::{Claims, check_claims, check_items, check_title};
use super::findings;
use super::frameworks::{self, Framework};
use super::instrument::Instrument;
use super::kpi::{self, Kpi};
use super::lock::{Lock, digest};
use super::published_figures::{self, PublishedFigures};
use super::questionnaire::{Definition, Licence, Status};
use super::recordings::{Sounds, is_recording};
use super::registry::{FileFault, Loaded, Published, Registry, SourceFile};
use super::series;
use super::version::Version;
use crate::domain::area::Areas;
use crate::domain::fault::{At, Fault, Faults};
use crate::domain::question::Item;
use crate::domain::reader::Field;

/// The work in progress.
#[derive(Default)]
pub(super) struct Loading {
    registry: Registry,
    /// Which file each definition came from.
    places: BTreeMap<(String, Version), (String, bool)>,
    definitions: BTreeMap<(String, Version), Definition>,
    published: BTreeMap<(String, String), String>,
    faults: Vec<FileFault>,
    remarks: Vec<FileFault>,
    locks: BTreeMap<String, Lock>,
    sounds: Sounds,
}

impl Loading {
    /// Loads `sources`.
    pub(super) fn run(sources: &[SourceFile]) -> Loaded {
        let (sounds, faults) = Sounds::gather(sources);
        let mut loading = Self { sounds, faults, ..Self::default() };
        for source in sources {
            loading.read(source);
        }
        loading.check_questionnaires();
        loading.check_series();
        loading.faults.extend(frameworks::unknown(&loading.registry));
        loading.faults.extend(published_figures::unknown(&loading.registry));
        loading.check_locks(sources);
        loading.finish()
    }

    fn read(&mut self, source: &SourceFile) {
        let file = format!("{}/{}", source.folder, source.path);
        let parts: Vec<&str> = source.path.split('/').collect();
        match parts.as_slice() {
            ["areas.csv"] if source.shipped => match Areas::parse(&source.bytes) {
                Ok(areas) => self.registry.areas = areas,
                Err(faults) => self.add(&file, faults),
            },
            ["published.lock"] => {
                let (lock, bad) = Lock::parse(&String::from_utf8_lossy(&source.bytes));
                for line in bad {
                    let fault = Fault {
                        pointer: format!("/{line}"),
                        code: "bad-lock-line",
                        detail: "Not a digest and a path.".into(),
                    };
                    self.add(&file, vec![fault]);
                }
                self.locks.insert(source.folder.clone(), lock);
            }
            [
                name @ ("indicators.json"
                | "breakdowns.json"
                | "nations.json"
                | "kpis.json"
                | "frameworks.json"
                | "reference-values.json"),
            ] => self.read_catalogue(name, source, &file),
            ["instruments", id, version] => self.read_instrument(id, version, source, &file),
            ["questionnaires", id, version] => self.read_questionnaire(id, version, source, &file),
            ["schema", ..] | ["README.md"] | ["audio", "manifest.json"] => {}
            ["audio", name] if is_recording(name) => {}
            _ => self.add(
                &file,
                vec![Fault {
                    pointer: String::new(),
                    code: "unknown-file",
                    detail: "No file of this name belongs here.".into(),
                }],
            ),
        }
    }

    fn add(&mut self, file: &str, faults: Vec<Fault>) {
        self.faults.extend(faults.into_iter().map(|fault| FileFault { file: file.to_owned(), fault }));
    }

    fn parse(&mut self, source: &SourceFile, file: &str) -> Option<Value> {
        match parse_json(&source.bytes) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.add(file, vec![fault]);
                None
            }
        }
    }

    fn read_catalogue(&mut self, name: &str, source: &SourceFile, file: &str) {
        let Some(value) = self.parse(source, file) else { return };
        let faults = Faults::new();
        let root = Field::root(&value, &faults);
        match name {
            "indicators.json" => {
                let found = Indicator::read_file(root);
                merge_entries(&mut self.registry.indicators, found, |i| &i.id, "indicators", &faults);
            }
            "breakdowns.json" => {
                let found = Breakdown::read_file(root);
                merge_entries(&mut self.registry.breakdowns, found, |b| &b.id, "breakdowns", &faults);
            }
            "kpis.json" => {
                let (units, found) = Kpi::read_file(root);
                merge_entries(&mut self.registry.units, units, |u| &u.id, "units", &faults);
                let first = self.registry.kpis.len();
                merge_entries(&mut self.registry.kpis, found, |k| &k.id, "kpis", &faults);
                kpi::check(&self.registry.kpis, first, &self.registry.units, &faults);
            }
            "frameworks.json" => {
                let found = Framework::read_file(root, file);
                merge_entries(&mut self.registry.frameworks, found, |f| &f.id, "frameworks", &faults);
            }
            "reference-values.json" => {
                self.registry.published_figures = PublishedFigures::read_file(root, file);
            }
            _ => {
                root.object();
            }
        }
        self.add(file, faults.into_sorted());
        merge_catalogue(self.registry.catalogues.entry(name.to_owned()).or_insert(Value::Null), value);
    }

    fn read_instrument(&mut self, id: &str, version: &str, source: &SourceFile, file: &str) {
        let Some(value) = self.parse(source, file) else { return };
        let faults = Faults::new();
        if let Some((mut instrument, licence)) = Instrument::read(Field::root(&value, &faults)) {
            check_path(&instrument.id, instrument.version, id, version, &faults);
            let claims =
                Claims { languages: &instrument.languages, renditions: &instrument.renditions, words: None };
            check_claims(&claims, &faults);
            check_items(&instrument.items, &claims, &faults);
            let recordings = self.sounds.of_items(&source.folder, &instrument.items, &claims, &faults);
            check_title(&instrument.title, &At::ROOT.key("title"), &instrument.languages, &faults);
            check_licence(licence, source.shipped, &faults);
            instrument.recordings = recordings;
            let key = (instrument.id.clone(), instrument.version);
            if self.registry.instruments.contains_key(&key) {
                faults.add(
                    &At::ROOT,
                    "repeated",
                    format!("{} {} is in another folder already.", key.0, key.1),
                );
            }
            self.remember(source, file, instrument.status, None);
            self.registry.instruments.insert(key, instrument);
        }
        self.add(file, faults.into_sorted());
    }

    fn read_questionnaire(&mut self, id: &str, version: &str, source: &SourceFile, file: &str) {
        let Some(value) = self.parse(source, file) else { return };
        let faults = Faults::new();
        if let Some((mut definition, licence)) = Definition::read(Field::root(&value, &faults)) {
            check_licence(licence, source.shipped, &faults);
            check_path(&definition.id, definition.version, id, version, &faults);
            let series: Vec<String> =
                definition.indicators.iter().map(|e| series::resolve(e, &definition)).collect();
            for (entry, series) in definition.indicators.iter_mut().zip(series) {
                entry.series = series;
            }
            let claims = Claims {
                languages: &definition.languages,
                renditions: &definition.renditions,
                words: Some(&definition.words),
            };
            check_claims(&claims, &faults);
            check_items(&definition.items, &claims, &faults);
            definition.recordings = self.sounds.of_items(&source.folder, &definition.items, &claims, &faults);
            let key = (definition.id.clone(), definition.version);
            if self.definitions.contains_key(&key) {
                faults.add(
                    &At::ROOT,
                    "repeated",
                    format!("{} {} is in another folder already.", key.0, key.1),
                );
            }
            self.remarks.extend(
                marks(&definition).into_iter().map(|fault| FileFault { file: file.to_owned(), fault }),
            );
            self.remember(source, file, definition.status, Some(key.clone()));
            self.places.insert(key.clone(), (file.to_owned(), source.shipped));
            self.definitions.insert(key, definition);
        }
        self.add(file, faults.into_sorted());
    }

    /// Keeps a published file's bytes and digest.
    fn remember(
        &mut self,
        source: &SourceFile,
        file: &str,
        status: Status,
        questionnaire: Option<(String, Version)>,
    ) {
        let digest = digest_of_content(&source.bytes);
        if status != Status::Draft {
            self.published.insert((source.folder.clone(), source.path.clone()), digest.clone());
        }
        let published = Published {
            file: file.to_owned(),
            path: source.path.clone(),
            bytes: source.bytes.clone().into(),
            digest,
        };
        match questionnaire {
            Some(key) => {
                self.registry.files.insert(key, published);
            }
            None if status != Status::Draft => self.registry.other_published.push(published),
            None => {}
        }
    }

    fn check_questionnaires(&mut self) {
        let mut found = Vec::new();
        for (key, definition) in &self.definitions {
            let faults = Faults::new();
            check_questionnaire(definition, &self.registry.indicators, &self.registry.breakdowns, &faults);
            let list = At::ROOT.key("items");
            for (index, item) in definition.items.iter().enumerate() {
                let at = list.index(index);
                check_copy(item, definition.status, &self.registry.instruments, &at, &faults);
            }
            found.push((self.places[key].0.clone(), faults.into_sorted()));
        }
        for (file, faults) in found {
            self.add(&file, faults);
        }
    }

    fn check_series(&mut self) {
        for broken in series::breaks(self.definitions.values()) {
            let list = At::ROOT.key("indicators");
            let pointer = list.index(broken.entry).to_string();
            let file = self.places[&broken.questionnaire].0.clone();
            self.add(&file, vec![Fault { pointer, code: broken.code, detail: broken.detail }]);
        }
    }

    fn check_locks(&mut self, sources: &[SourceFile]) {
        let folders: BTreeSet<&String> = sources.iter().map(|s| &s.folder).collect();
        for folder in folders {
            let lock = self.locks.entry(folder.clone()).or_default();
            let mut faults = Vec::new();
            for (path, locked) in &lock.0 {
                let fault = |code, detail: &str| FileFault {
                    file: format!("{folder}/{path}"),
                    fault: Fault { pointer: String::new(), code, detail: detail.to_owned() },
                };
                match self.published.get(&(folder.clone(), path.clone())) {
                    Some(digest) if digest == locked => {}
                    Some(_) => faults.push(fault("published-changed", "This published file has changed. A published version never changes: undo the change, or give it a new version.")),
                    None => faults.push(fault("published-missing", "This file was published, and is gone or is no longer published.")),
                }
            }
            for ((_, path), digest) in self.published.iter().filter(|((f, _), _)| f == folder) {
                if lock.0.insert(path.clone(), digest.clone()).is_none() {
                    self.remarks.push(FileFault {
                        file: format!("{folder}/{path}"),
                        fault: Fault {
                            pointer: String::new(),
                            code: "not-in-lock",
                            detail: "Published, and not yet in published.lock (`khi check --lock` adds it)."
                                .into(),
                        },
                    });
                }
            }
            self.faults.extend(faults);
        }
    }

    /// A copied item has its instrument's recordings too: they say the same words.
    fn inherit_recordings(&mut self) {
        for definition in self.definitions.values_mut() {
            for item in &definition.items {
                let Some(from) = &item.from else { continue };
                let instrument = self.registry.instruments.get(&(from.instrument.clone(), from.version));
                let Some(recordings) = instrument.and_then(|i| i.recordings.get(&from.item)) else {
                    continue;
                };
                definition.recordings.entry(item.id.clone()).or_default().extend(recordings.iter().cloned());
            }
        }
    }

    fn finish(mut self) -> Loaded {
        self.inherit_recordings();
        let recordings = self.definitions.values().flat_map(|d| d.recordings.values().flatten());
        let used = recordings.map(|r| r.media.as_str()).collect();
        self.registry.media = self.sounds.into_media(&used);
        for ((id, version), definition) in self.definitions {
            self.registry.questionnaires.entry(id).or_default().insert(version, Arc::new(definition));
        }
        self.faults.sort();
        self.faults.dedup();
        Loaded { registry: self.registry, faults: self.faults, remarks: self.remarks, locks: self.locks }
    }
}

/// Retiring a version is not a change of it.
fn digest_of_content(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let is_status = |before: &str| {
        before.trim_end().strip_suffix(':').is_some_and(|key| key.trim_end().ends_with("\"status\""))
    };
    match text.match_indices("\"retired\"").find(|(at, _)| is_status(&text[..*at])) {
        Some((at, retired)) => {
            digest(format!("{}\"published\"{}", &text[..at], &text[at + retired.len()..]).as_bytes())
        }
        None => digest(bytes),
    }
}

/// Parses JSON, saying where it stops being JSON; a key that stands twice in one object is refused.
pub fn parse_json(bytes: &[u8]) -> Result<Value, Fault> {
    let syntax = |detail: String| Fault { pointer: String::new(), code: "syntax", detail };
    let text = std::str::from_utf8(bytes)
        .map_err(|e| syntax(format!("Not UTF-8 text, from byte {}.", e.valid_up_to())))?;
    serde_json::from_str::<super::super::reader::UniqueKeys>(text)
        .map(|v| v.0)
        .map_err(|e| syntax(format!("Not JSON: {e}.")))
}

fn check_path(id: &str, version: Version, folder: &str, name: &str, faults: &Faults) {
    if id != folder || name.strip_suffix(".json") != Some(version.to_string().as_str()) {
        faults.add(
            &At::ROOT,
            "path-mismatch",
            format!("The file says it is {id} {version}; its path says {folder}/{name}."),
        );
    }
}

fn check_licence(licence: Licence, shipped: bool, faults: &Faults) {
    if !licence.redistributable {
        let at = At::ROOT.key("licence");
        if shipped {
            faults.add(
                &at.key("redistributable"),
                "not-redistributable",
                "Files that may not be passed on are not shipped here.",
            );
        } else if !licence.permission {
            faults.add(
                &at.key("permission"),
                "required",
                "A text that may not be passed on needs the reference of your permission.",
            );
        }
    }
}

/// A copied item has the instrument's texts, options, order and privacy, which no longer change once it is published itself.
fn check_copy(
    item: &Item,
    status: Status,
    instruments: &BTreeMap<(String, Version), Instrument>,
    at: &At<'_>,
    faults: &Faults,
) {
    let Some(from) = &item.from else { return };
    let Some(instrument) = instruments.get(&(from.instrument.clone(), from.version)) else {
        faults.add(
            &at.key("from"),
            "unknown-instrument",
            format!("There is no instrument {} {}.", from.instrument, from.version),
        );
        return;
    };
    if instrument.status == Status::Draft && status != Status::Draft {
        faults.add(
            &at.key("from"),
            "draft-instrument",
            format!("{} {} is a draft, which can still change.", from.instrument, from.version),
        );
    }
    let Some(original) = instrument.items.iter().find(|i| i.id == from.item) else {
        faults.add(
            &at.key("from"),
            "unknown-item",
            format!("{} {} has no item “{}”.", from.instrument, from.version, from.item),
        );
        return;
    };
    let differ = |what: &'static str| {
        faults.add(
            &at.key(what),
            "differs-from-instrument",
            "A copied item has the same words, answers and order as the instrument's.",
        )
    };
    if original.text != item.text {
        differ("text");
    }
    if original.kind.code() != item.kind.code() {
        differ("type");
    } else if original.kind.choices() != item.kind.choices() {
        differ("options");
    } else if let (Some(a), Some(b)) = (original.kind.number(), item.kind.number())
        && (a.min, a.max, &a.bands, &a.ends) != (b.min, b.max, &b.bands, &b.ends)
    {
        differ("bands");
    }
    if original.picture != item.picture {
        differ("picture");
    }
    if original.private && !item.private {
        differ("private");
    }
    if !original.proxy_allowed && item.proxy_allowed {
        differ("proxy");
    }
}

/// What a reader of a definition should know about its words.
fn marks(definition: &Definition) -> Vec<Fault> {
    let mut marks = Vec::new();
    for language in
        definition.languages.iter().filter(|l| *l != super::ENGLISH && !definition.reviewed.contains(l))
    {
        marks.push(Fault {
            pointer: "/translations".into(),
            code: "not-reviewed",
            detail: findings::not_reviewed(language),
        });
    }
    for rendition in
        definition.renditions.iter().filter(|r| *r == super::EASY_READ && !definition.tested.contains(r))
    {
        marks.push(Fault {
            pointer: "/tested_with".into(),
            code: "not-tested",
            detail: findings::not_tested(rendition),
        });
    }
    marks
}

/// Adds `found`, the list `key` of a file, to what the folders before have.
fn merge_entries<T>(all: &mut Vec<T>, found: Vec<T>, id: impl Fn(&T) -> &String, key: &str, faults: &Faults) {
    for entry in &found {
        if all.iter().any(|other| id(other) == id(entry)) {
            let detail = format!("“{}” is in another folder already.", id(entry));
            faults.add(&At::ROOT.key(key), "repeated", detail);
        }
    }
    all.extend(found);
}

/// Adds the lists of `more` to those of `into`, key by key.
fn merge_catalogue(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                match (into.get_mut(&key), value) {
                    (Some(Value::Array(list)), Value::Array(added)) => list.extend(added),
                    (Some(_), _) => {}
                    (None, value) => {
                        into.insert(key, value);
                    }
                }
            }
        }
        (into, more) => *into = more,
    }
}
