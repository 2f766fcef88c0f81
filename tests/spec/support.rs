//! What several specs share: the shipped definitions together with those of an invented garden club.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use khi::definition_files::{read_folder, shipped};
use khi::domain::contacts::Contacts;
use khi::domain::counting::{Codebook, CountingRules, Counts, Packer, Person, TallyKey, contributions};
use khi::domain::definition::{Definition, Registry, SourceFile};
use khi::domain::figures::{Asks, FigureQuery, Row, StoredTally, gather};
use khi::domain::question::Kind;
use khi::domain::scheme::{NewScheme, Scheme};
use khi::domain::submission::{Setting, Submission};
use serde_json::{Value, json};

/// A path below the repository's root.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A text file of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a folder (not of those below it) whose names end with `suffix`, in the order of their names.
pub(crate) fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(suffix));
    paths.sort();
    paths
}

/// The garden club's folder, as a third party would hand it to `--definitions`.
pub(crate) fn garden_files() -> Vec<SourceFile> {
    read_folder(&repository("tests/spec/fixtures/definitions/valid"), false)
        .expect("the garden club's folder")
}

/// Everything shipped, and the garden club.
pub(crate) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| load([shipped(), garden_files()].concat()))
}

/// Loads files that must be without fault.
pub(crate) fn load(sources: Vec<SourceFile>) -> Registry {
    let loaded = Registry::load(&sources);
    let faults: Vec<String> = loaded.faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    loaded.registry
}

/// A questionnaire version of `registry`.
pub(crate) fn version(registry: &Registry, id: &str, version: &str) -> Arc<Definition> {
    let found = version.parse().ok().and_then(|v| registry.version(id, v));
    found.unwrap_or_else(|| panic!("there is no {id} {version}")).clone()
}

/// A scheme in Leeds and Bradford that runs `model`.
pub(crate) fn scheme(registry: &Registry, model: &str) -> Scheme {
    let about = json!({"id": "rose-lane", "name": "Rose Lane", "model": model,
        "areas": [{"code": LEEDS, "from": "2000-01-01"}, {"code": BRADFORD, "from": "2000-01-01"}],
        "units": [{"id": "north", "name": "North", "from": "2000-01-01"}, {"id": "south", "name": "South", "from": "2000-01-01"}]});
    Scheme {
        number: 1,
        about: NewScheme::check(&about, &registry.areas).unwrap_or_else(|faults| panic!("{faults:?}")),
        contacts: Contacts::default(),
    }
}

/// The council of a response that names none.
pub(crate) const LEEDS: &str = "E08000035";
/// The scheme's other council.
pub(crate) const BRADFORD: &str = "E08000032";

/// A checked response: what everybody sends, with the keys of `body` in place of its own.
pub(crate) fn submission(
    registry: &Registry,
    scheme: &Scheme,
    definition: &Definition,
    body: &Value,
) -> Submission {
    let mut sent = json!({"questionnaire": definition.id, "version": definition.version.to_string(), "scheme": scheme.about.id, "council": LEEDS,
        "completed_on": "2026-07-14", "mode": "paper", "rendition": "standard", "language": "en", "completed_by": "self",
        "consent": {"version": definition.consent.version, "statistics": true}, "answers": {}});
    for (key, value) in body.as_object().expect("an object") {
        sent[key] = value.clone();
    }
    let setting = Setting { registry, scheme: Some(scheme), today: "2030-01-01".parse().expect("a date") };
    Submission::check(&sent, &setting).unwrap_or_else(|faults| panic!("{faults:?}\n{sent}"))
}

/// How people are written in cases: by themselves, with help, with help from someone who gives the support, by proxy.
pub(crate) fn who(word: &str) -> Value {
    match word {
        "self" => json!({"completed_by": "self"}),
        "helped" => json!({"completed_by": "helped", "helper": {"role": "friend", "gives_support": false}}),
        "supporter" => {
            json!({"completed_by": "helped", "helper": {"role": "shared-lives-carer", "gives_support": true}})
        }
        "proxy" => json!({"completed_by": "proxy", "helper": {"role": "family", "gives_support": false}}),
        _ => panic!("nobody is called {word}: self, helped, supporter, proxy"),
    }
}

/// An answer as cases write it: `better`, `4`, `a+b`, `(dont-know)`.
pub(crate) fn answer(kind: &Kind, text: &str) -> Value {
    match (text.strip_prefix('(').and_then(|t| t.strip_suffix(')')), kind) {
        (Some(missing), _) => json!({"missing": missing}),
        (None, Kind::Count(_) | Kind::Scale(_)) => {
            json!(text.parse::<i64>().unwrap_or_else(|_| panic!("{text} is no number")))
        }
        (None, Kind::Multiple(_)) => json!(text.split('+').collect::<Vec<_>>()),
        (None, _) => json!(text),
    }
}

/// `answers` of a response, from `connected=better friends=4`.
pub(crate) fn answers<'t>(definition: &Definition, given: impl Iterator<Item = &'t str>) -> Value {
    let mut found = json!({});
    for word in given {
        let (id, text) = word.split_once('=').unwrap_or_else(|| panic!("{word}: an answer is ITEM=ANSWER"));
        let (_, item) = definition.item(id).unwrap_or_else(|| panic!("{} has no item {id}", definition.id));
        found[id] = answer(&item.kind, text);
    }
    found
}

/// What `people` add to each tally, all together.
pub(crate) fn tallies(registry: &Registry, people: &[Person]) -> (BTreeMap<TallyKey, Counts>, Codebook) {
    let (mut codebook, mut tallies) = (Codebook::default(), BTreeMap::<TallyKey, Counts>::new());
    let rules = CountingRules::of(registry);
    for person in people {
        for (key, counts) in contributions(person, registry, &rules, &mut codebook) {
            tallies.entry(key).or_default().add(&counts, 1);
        }
    }
    (tallies, codebook)
}

/// The rows of a query such as `period=2026-27&level=uk`, over `people` of one scheme.
pub(crate) fn rows(registry: &Registry, scheme: &Scheme, people: &[Person], query: &str) -> Vec<Row> {
    let (tallies, codebook) = tallies(registry, people);
    let parameters: Vec<(String, String)> = query
        .split('&')
        .filter_map(|p| p.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let query = FigureQuery::parse(&parameters, Asks::Khi, registry, "2026-07-20".parse().expect("a day"))
        .unwrap_or_else(|faults| panic!("{query}: {faults:?}"));
    let wanted = |key: &TallyKey| match &query.by {
        _ if key.period.is_none() => true,
        None => key.group.is_empty(),
        Some(by) => key.group.strip_prefix(by.as_str()).is_some_and(|rest| rest.starts_with('=')),
    };
    let stored: Vec<StoredTally> = tallies
        .iter()
        .filter(|(key, _)| wanted(key) && key.period.is_none_or(|p| query.periods.contains(&p)))
        .map(|(key, counts)| stored(scheme.number, key, counts, &codebook))
        .collect();
    gather(&query, &stored, registry, &BTreeMap::from([(scheme.number, scheme)]), "2026-07-20T09:00:00Z")
        .expect("tallies that can be read")
}

/// A tally as it is stored.
pub(crate) fn stored(scheme: i64, key: &TallyKey, counts: &Counts, codebook: &Codebook) -> StoredTally {
    StoredTally {
        scheme,
        council: key.council.to_string(),
        questionnaire: key.questionnaire.to_string(),
        series: key.series.to_string(),
        period: key.period_text(),
        group: key.group.to_string(),
        value: Packer::new(codebook).pack(counts),
    }
}
