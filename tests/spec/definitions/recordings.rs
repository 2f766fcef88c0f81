//! Recordings: which one says the words of a page, what is served, and what the schemas know of them.

use std::collections::BTreeSet;

use khi::definition_files::{SHIPPED_NAME, shipped};
use khi::domain::definition::{Loaded, Registry, digest};
use serde_json::Value;

use super::{codes_in, find, find_last, replace};
use crate::support::{garden_files, read, registry, repository, version};

#[test]
fn a_recording_is_heard_wherever_the_page_says_its_words() {
    let recorded = |v: &str, id: &str| -> Vec<(&str, &str, String)> {
        let club = version(registry(), "garden-club", v);
        let item = club.item(id).unwrap_or_else(|| panic!("no item {id}")).1;
        let ways = ["easy-read", "standard"].into_iter().flat_map(|r| ["en", "cy"].map(|l| (r, l)));
        ways.filter_map(|(r, l)| Some((r, l, club.recording(item, r, l)?.to_owned()))).collect()
    };
    let served = |name: &str| {
        let file = find(&mut garden_files(), &format!("audio/{name}")).bytes.clone();
        let served = format!("{}.wav", digest(&file));
        assert_eq!(
            registry().media(&served).map(|m| (&*m.bytes, m.content_type)),
            Some((&*file, "audio/wav"))
        );
        served
    };
    let (welcome, visits) = (served("welcome-easy-en.wav"), served("visits-easy-en.wav"));
    let (teach, calm) = (served("teach-cy.wav"), served("calm-easy-en.wav"));
    let both =
        |language, file: &str| ["easy-read", "standard"].map(|r| (r, language, file.to_owned())).to_vec();
    assert_eq!(recorded("1.0.0", "welcome"), both("en", &welcome), "the same words in both renditions");
    assert_eq!(recorded("1.0.0", "visits"), both("en", &visits));
    assert_eq!(recorded("1.0.0", "teach"), both("cy", &teach));
    assert_eq!(recorded("1.0.0", "meetings"), []);
    for version in ["1.0.0", "1.1.0", "2.0.0"] {
        assert_eq!(recorded(version, "calm"), both("en", &calm), "{version}: a copy has its instrument's");
    }
    assert_eq!(recorded("1.1.0", "visits"), [], "each version has its own");

    // In easy read the placeholder has other words now: the recording is no longer of that rendition's page.
    let mut sources = [shipped(), garden_files()].concat();
    let path = "questionnaires/garden-club/1.0.0.json";
    find_last(&mut sources, "published.lock").bytes.clear();
    replace(
        find(&mut sources, path),
        r#""easy-read": {"en": "audio/welcome-easy-en.wav"}"#,
        r#""standard": {"en": "audio/welcome-easy-en.wav"}"#,
    );
    replace(
        find(&mut sources, path),
        r#""easy-read": {"en": "the garden club", "#,
        r#""easy-read": {"en": "our garden club", "#,
    );
    let loaded = Registry::load(&sources);
    assert_eq!(loaded.faults, []);
    let club = version(&loaded.registry, "garden-club", "1.0.0");
    let item = club.item("welcome").expect("welcome").1;
    assert_eq!(club.recording(item, "standard", "en"), Some(welcome.as_str()));
    assert_eq!(club.recording(item, "easy-read", "en"), None);
}

#[test]
fn a_recording_is_of_the_kind_its_name_says() {
    let kinds: [(&str, &[u8], &str); 9] = [
        ("mp3", b"ID3\x04", "audio/mpeg"),
        ("mp3", b"\xff\xfb\x90\x00", "audio/mpeg"),
        ("aac", b"\xff\xf1\x50\x80", "audio/aac"),
        ("aac", b"\xff\xf9\x50\x80", "audio/aac"),
        ("m4a", b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        ("m4a", b"\0\0\0\x18ftypmp42", "audio/mp4"),
        ("ogg", b"OggS\0", "audio/ogg"),
        ("opus", b"OggS\0", "audio/ogg"),
        ("wav", b"RIFF\x24\0\0\0WAVE", "audio/wav"),
    ];
    for (ending, bytes, content_type) in kinds {
        let loaded = visits_recorded_as(ending, bytes);
        assert_eq!(loaded.faults, [], "{ending}");
        let served = format!("{}.{ending}", digest(bytes));
        assert_eq!(loaded.registry.media(&served).map(|m| m.content_type), Some(content_type));
        for (other, ..) in kinds.iter().filter(|(_, b, t)| *b != bytes && *t != content_type) {
            let faults = visits_recorded_as(other, bytes).faults;
            assert_eq!(
                codes_in(&faults, &format!("visits-easy-en.{other}")),
                ["not-a-recording"],
                "{ending}"
            );
        }
    }
}

/// The garden club with another recording of how often people came.
fn visits_recorded_as(ending: &str, bytes: &[u8]) -> Loaded {
    let mut sources = [shipped(), garden_files()].concat();
    let recording = find(&mut sources, "audio/visits-easy-en.wav");
    let (before, path) = (digest(&recording.bytes), format!("audio/visits-easy-en.{ending}"));
    (recording.path, recording.bytes) = (path.clone(), bytes.to_vec());
    let manifest = find(&mut sources, "audio/manifest.json");
    replace(manifest, &before, &digest(bytes));
    replace(manifest, "visits-easy-en.wav", &path["audio/".len()..]);
    find_last(&mut sources, "published.lock").bytes.clear();
    replace(find(&mut sources, "questionnaires/garden-club/1.0.0.json"), "audio/visits-easy-en.wav", &path);
    Registry::load(&sources)
}

#[test]
fn only_recordings_that_an_item_names_are_served() {
    let mut sources = [shipped(), garden_files()].concat();
    find_last(&mut sources, "published.lock").bytes.clear();
    let path = "questionnaires/garden-club/1.0.0.json";
    replace(find(&mut sources, path), r#""audio": {"easy-read": {"en": "audio/visits-easy-en.wav"}},"#, "");
    let loaded = Registry::load(&sources);
    assert_eq!(loaded.faults, []);
    let name = format!("{}.wav", digest(&find(&mut sources, "audio/visits-easy-en.wav").bytes));
    assert!(loaded.registry.media(&name).is_none());
}

#[test]
fn the_schemas_know_every_key_of_an_item_and_every_kind_of_recording() {
    let schema = |name: &str| -> Value {
        let path = repository(&format!("{SHIPPED_NAME}/schema/{name}.schema.json"));
        serde_json::from_str(&read(path)).expect("a schema is JSON")
    };
    let keys =
        |value: &Value| -> BTreeSet<String> { value.as_object().expect("keys").keys().cloned().collect() };
    let (questionnaire, instrument, manifest) =
        (schema("questionnaire"), schema("instrument"), schema("audio"));
    assert_eq!(questionnaire["$defs"]["item"], instrument["$defs"]["item"]);
    assert_eq!(questionnaire["$defs"]["audio"], instrument["$defs"]["audio"]);
    // What the reader asks an item for.
    let source = read(repository("src/domain/question/mod.rs"));
    let (_, reading) =
        source.split_once("pub fn read(field: Field<'_>) -> Option<Self> {").expect("Item::read");
    let (reading, _) = reading.split_once("\nfn read_item_ref").expect("its end");
    let mut asked: BTreeSet<String> = ["min", "max", "bands", "ends", "options"].map(str::to_owned).into();
    for call in ["required(\"", "optional(\"", "flag(&object, \""] {
        asked.extend(reading.split(call).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    assert_eq!(keys(&questionnaire["$defs"]["item"]["properties"]), asked);
    // Kinds, as both schemas and the reader's own words have them.
    let path = &questionnaire["$defs"]["audio"]["additionalProperties"]["additionalProperties"]["pattern"];
    let row = &manifest["properties"]["audio"]["items"];
    let file = row["properties"]["file"]["pattern"].as_str().expect("a pattern");
    assert_eq!(path.as_str(), Some(format!("^audio/{}", &file[1..]).as_str()));
    let (_, endings) = file.rsplit_once('(').expect("endings");
    let mut sources = garden_files();
    let manifest = find(&mut sources, "audio/manifest.json");
    replace(manifest, "visits-easy-en.wav", "visits-easy-en.flac");
    let faults = Registry::load(&[shipped(), sources.clone()].concat()).faults;
    let bad = faults.iter().find(|f| f.fault.code == "bad-recording").expect("a fault");
    let told = endings.trim_end_matches(")$").replace('|', ", ");
    assert!(bad.fault.detail.ends_with(&format!("one of: {told}.")), "{}", bad.fault.detail);
    // The garden club's manifest has what the schema requires, and nothing that it does not know.
    let rows: Value =
        serde_json::from_slice(&find(&mut garden_files(), "audio/manifest.json").bytes).expect("JSON");
    let required: BTreeSet<String> = row["required"]
        .as_array()
        .expect("required")
        .iter()
        .filter_map(|k| Some(k.as_str()?.to_owned()))
        .collect();
    assert_eq!(keys(&row["properties"]), required);
    assert!(rows["audio"].as_array().expect("rows").iter().all(|row| keys(row) == required));
}
