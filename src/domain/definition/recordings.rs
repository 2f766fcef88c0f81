//! Recordings of items' words: which sound files a folder has, whose they are, and that they say what the page says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::check_texts::Claims;
use super::loading::parse_json;
use super::lock::digest;
use super::registry::{FileFault, SourceFile};
use super::texts::{Texts, fill, placeholders};
use crate::domain::fault::{At, Fault, Faults};
use crate::domain::question::Item;
use crate::domain::reader::{Field, is_kebab};

/// The folder of recordings, below a folder of definitions.
const FOLDER: &str = "audio/";
/// The rows of a folder's recordings, within it.
const MANIFEST: &str = "manifest.json";
/// The largest recording, in bytes: some two minutes of speech.
const LARGEST: usize = 2 * 1024 * 1024;
/// Licences under which a recording may be shipped here.
const OPEN_LICENCES: [&str; 5] = ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "Apache-2.0", "OGL-3.0"];
/// The ending of a file's name, its media type, and how its bytes begin.
type KindOfFile = (&'static str, &'static str, fn(&[u8]) -> bool);

const KINDS: [KindOfFile; 6] = [
    ("mp3", "audio/mpeg", is_mp3),
    ("m4a", "audio/mp4", |bytes| bytes.get(4..8) == Some(b"ftyp")),
    ("aac", "audio/aac", is_aac),
    ("ogg", "audio/ogg", |bytes| bytes.starts_with(b"OggS")),
    ("opus", "audio/ogg", |bytes| bytes.starts_with(b"OggS")),
    ("wav", "audio/wav", |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE")),
];

/// Text about the recording, or the beginning of a frame of layer I to III.
fn is_mp3(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ID3")
        || matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0)
}

/// The beginning of an ADTS frame: like that of MP3, but of layer 0.
fn is_aac(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, second, ..] if second & 0xf6 == 0xf0)
}

/// `{rendition: {language: file}}`: which file in its folder's `audio/` says an item's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audio(BTreeMap<String, BTreeMap<String, String>>);

impl Audio {
    /// Reads an item's `audio`; whether the files are there is checked with the whole folder.
    pub fn read(field: Field<'_>) -> Self {
        let mut files = BTreeMap::new();
        if let Some(object) = field.object() {
            for (rendition, by_language) in object.entries() {
                let mut named = BTreeMap::new();
                if let Some(by_language) = by_language.object() {
                    for (language, path) in by_language.entries() {
                        if let Some(name) = path.string().and_then(|p| in_folder(path, p)) {
                            named.insert(language.to_owned(), name.to_owned());
                        }
                    }
                }
                files.insert(rendition.to_owned(), named);
            }
            if files.is_empty() {
                object.fault("empty", "This must not be empty.");
            }
        }
        Self(files)
    }
}

/// The name in a path that begins with `audio/`.
fn in_folder<'p>(field: Field<'_>, path: &'p str) -> Option<&'p str> {
    let name = path.strip_prefix(FOLDER).filter(|name| is_recording(name));
    if name.is_none() {
        bad_name(field, "audio/connected-en.mp3");
    }
    name
}

fn bad_name(field: Field<'_>, example: &str) {
    let endings = KINDS.map(|(ending, ..)| ending).join(", ");
    field.fault(
        "bad-recording",
        format!("A recording is named like {example}: lower-case letters, digits and hyphens, then one of: {endings}."),
    );
}

/// Whether a file of this name in `audio/` is a recording.
pub(super) fn is_recording(name: &str) -> bool {
    kind(name).is_some()
}

fn kind(name: &str) -> Option<&'static KindOfFile> {
    let (stem, ending) = name.rsplit_once('.')?;
    KINDS.iter().find(|(known, ..)| *known == ending).filter(|_| is_kebab(stem, 60))
}

/// A recording as it is served.
#[derive(Debug, Clone)]
pub struct Media {
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// What says an item's words in one rendition and language.
#[derive(Debug, Clone)]
pub(super) struct Recording {
    pub(super) rendition: String,
    pub(super) language: String,
    /// What it is served as: its digest and its ending.
    pub(super) media: String,
}

/// Recordings by item.
pub(super) type Recorded = BTreeMap<String, Vec<Recording>>;

/// What an item says: its question, then what can be answered, each on a line. `say` chooses the words of a text.
pub(super) fn spoken(item: &Item, say: impl Fn(&Texts) -> String) -> String {
    let answers = item.kind.choices().iter().map(|option| &option.text);
    let ends =
        item.kind.number().and_then(|n| n.ends.as_ref()).into_iter().flat_map(|(low, high)| [low, high]);
    std::iter::once(&item.text).chain(answers).chain(ends).map(say).collect::<Vec<_>>().join("\n")
}

/// The recordings of every folder, by folder and name.
#[derive(Default)]
pub(super) struct Sounds(BTreeMap<String, BTreeMap<String, Sound>>);

struct Sound {
    media: Media,
    /// `None` where there is none, or where it has faults of its own.
    row: Option<Row>,
}

/// What a manifest says of a recording.
struct Row {
    text: String,
    language: String,
}

impl Sounds {
    /// Finds the recordings among `sources`, with what is wrong with them and with their manifests.
    pub(super) fn gather(sources: &[SourceFile]) -> (Self, Vec<FileFault>) {
        let (mut sounds, mut found) = (Self::default(), Vec::new());
        let in_audio = || sources.iter().filter_map(|s| Some((s, s.path.strip_prefix(FOLDER)?)));
        for (source, name) in in_audio() {
            let Some((ending, content_type, begins)) = kind(name) else { continue };
            let faults = Faults::new();
            if source.bytes.len() > LARGEST {
                faults.add(&At::ROOT, "too-large", format!("A recording has at most {LARGEST} bytes."));
            }
            if !begins(&source.bytes) {
                let detail = format!("The file does not begin as {ending} files do.");
                faults.add(&At::ROOT, "not-a-recording", detail);
            }
            tell(&mut found, source, faults);
            let (digest, bytes) = (digest(&source.bytes), source.bytes.clone().into());
            let sound = Sound { media: Media { digest, content_type, bytes }, row: None };
            sounds.0.entry(source.folder.clone()).or_default().insert(name.to_owned(), sound);
        }
        let (mut listed, mut unreadable) = (BTreeSet::new(), BTreeSet::new());
        for (source, _) in in_audio().filter(|(_, name)| *name == MANIFEST) {
            let faults = Faults::new();
            match parse_json(&source.bytes) {
                Ok(value) => {
                    let of_folder = sounds.0.entry(source.folder.clone()).or_default();
                    let names = read_manifest(&value, source.shipped, of_folder, &faults);
                    listed.extend(names.into_iter().map(|name| (source.folder.as_str(), name)));
                }
                Err(fault) => {
                    faults.push(fault);
                    unreadable.insert(source.folder.as_str());
                }
            }
            tell(&mut found, source, faults);
        }
        for (source, name) in in_audio().filter(|(_, name)| is_recording(name)) {
            let folder = source.folder.as_str();
            if !unreadable.contains(folder) && !listed.contains(&(folder, name.to_owned())) {
                let faults = Faults::new();
                faults.add(&At::ROOT, "not-in-manifest", "This recording has no row in audio/manifest.json, which says whose it is and which words it says.");
                tell(&mut found, source, faults);
            }
        }
        (sounds, found)
    }

    /// The recordings of the items of one file, each checked against its words.
    pub(super) fn of_items(
        &self,
        folder: &str,
        items: &[Item],
        claims: &Claims<'_>,
        faults: &Faults,
    ) -> Recorded {
        let mut recorded = Recorded::new();
        let list = At::ROOT.key("items");
        for (index, item) in items.iter().enumerate() {
            let (item_at, renditions) =
                (list.index(index), item.renditions.as_deref().unwrap_or(claims.renditions));
            let at = item_at.key("audio");
            // Of an item with faults of its own it is not known what it says.
            let whole = !faults.any_within(&item_at);
            for (rendition, by_language) in &item.audio.0 {
                let rendition_at = at.key(rendition);
                if !renditions.contains(rendition) {
                    faults.add(
                        &rendition_at,
                        "unclaimed-rendition",
                        format!("“{rendition}” is not claimed here."),
                    );
                    continue;
                }
                for (language, name) in by_language {
                    let at = rendition_at.key(language);
                    if !claims.languages.contains(language) {
                        faults.add(
                            &at,
                            "unclaimed-language",
                            format!("“{language}” is not claimed by the file."),
                        );
                        continue;
                    }
                    let Some(sound) = self.0.get(folder).and_then(|of_folder| of_folder.get(name)) else {
                        faults.add(
                            &at,
                            "no-recording",
                            format!("There is no file audio/{name} in this folder."),
                        );
                        continue;
                    };
                    if whole {
                        check_words(item, sound, rendition, language, claims, &at, faults);
                    }
                    recorded.entry(item.id.clone()).or_default().push(Recording {
                        rendition: rendition.clone(),
                        language: language.clone(),
                        media: sound.media.name(name),
                    });
                }
            }
        }
        recorded
    }

    /// Those that are `used`, by what they are served as. Nothing else is.
    pub(super) fn into_media(self, used: &BTreeSet<&str>) -> BTreeMap<String, Media> {
        let all = self.0.into_values().flatten();
        all.map(|(name, sound)| (sound.media.name(&name), sound.media))
            .filter(|(served, _)| used.contains(served.as_str()))
            .collect()
    }
}

impl Media {
    fn name(&self, file: &str) -> String {
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        format!("{}.{ending}", self.digest)
    }
}

fn tell(found: &mut Vec<FileFault>, source: &SourceFile, faults: Faults) {
    let file = format!("{}/{}", source.folder, source.path);
    found
        .extend(faults.into_sorted().into_iter().map(|fault: Fault| FileFault { file: file.clone(), fault }));
}

/// Reads a manifest's rows into the recordings of its folder; gives the names that it lists.
fn read_manifest(
    value: &Value,
    shipped: bool,
    sounds: &mut BTreeMap<String, Sound>,
    faults: &Faults,
) -> Vec<String> {
    let mut listed = Vec::new();
    let Some(file) = Field::root(value, faults).object() else { return listed };
    if let Some(rows) = file.required("audio").and_then(|f| f.list(0)) {
        rows.each(|row| {
            let Some(row) = row.object() else { return };
            let words = |key| row.required(key).and_then(|f| Some((f, f.words()?.to_owned())));
            let (text, language, licence) = (words("text"), words("language"), words("licence"));
            words("author");
            let (name, said) = (words("file"), words("sha256"));
            row.close(true);
            if let Some((field, licence)) = licence
                && shipped
                && !OPEN_LICENCES.contains(&licence.as_str())
            {
                let open = OPEN_LICENCES.join(", ");
                field.fault(
                    "closed-licence",
                    format!("What is shipped here has one of these licences: {open}."),
                );
            }
            let Some((file, name)) = name else { return };
            if !is_recording(&name) {
                return bad_name(file, "connected-en.mp3");
            }
            if listed.contains(&name) {
                return file.fault("repeated", format!("“{name}” stands here twice."));
            }
            match sounds.get_mut(&name) {
                None => {
                    file.fault("no-recording", format!("There is no file audio/{name} in this folder."));
                }
                Some(sound) => {
                    if let Some((field, said)) = said
                        && said != sound.media.digest
                    {
                        let detail = format!("The file's SHA-256 is {}.", sound.media.digest);
                        field.fault("wrong-digest", detail);
                    }
                    sound.row = text.zip(language).map(|((_, text), (_, language))| Row { text, language });
                }
            }
            listed.push(name);
        });
    }
    file.close(true);
    listed
}

/// Checks that a recording says the words of the page, in their language.
fn check_words(
    item: &Item,
    sound: &Sound,
    rendition: &str,
    language: &str,
    claims: &Claims<'_>,
    at: &At<'_>,
    faults: &Faults,
) {
    let Some(row) = &sound.row else { return };
    if row.language != language {
        faults.add(
            at,
            "other-language",
            format!("The manifest says that this recording is in “{}”.", row.language),
        );
        return;
    }
    let words = spoken(item, |texts| match claims.words {
        Some(words) => fill(texts.get(rendition, language), words, rendition, language),
        None => texts.get(rendition, language).to_owned(),
    });
    if claims.words.is_none() && !placeholders(&words).is_empty() {
        faults.add(at, "open-placeholder", "A placeholder is filled otherwise in each questionnaire: record the copy, not the instrument's item.");
    } else if !words.split_whitespace().eq(row.text.split_whitespace()) {
        faults.add(
            at,
            "other-words",
            format!("The manifest says that this recording says “{}”; the page says “{words}”.", row.text),
        );
    }
}
