//! One immutable version of a questionnaire, and how its file is read.

use std::collections::BTreeMap;

use super::entry::IndicatorEntry;
use super::recordings::{Recorded, spoken};
use super::texts::{Texts, Title, fill};
use super::version::Version;
use crate::domain::question::{Item, kebab};
use crate::domain::reader::{Field, Object};

/// One version of a questionnaire; made only by [`super::Registry::load`], so it has passed every check.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The questionnaire's id.
    pub id: String,
    /// Its version.
    pub version: Version,
    /// Draft, published or retired.
    pub status: Status,
    /// The model whose schemes may use it.
    pub model: Model,
    /// Who answers it.
    pub respondent: String,
    /// Its name.
    pub title: Title,
    /// Languages every text has.
    pub languages: Vec<String>,
    /// Renditions every text has.
    pub renditions: Vec<String>,
    /// What stands for each placeholder.
    pub words: BTreeMap<String, Texts>,
    /// The consent that is asked for.
    pub consent: Consent,
    /// The items, in order.
    pub items: Vec<Item>,
    /// How its answers become indicators.
    pub indicators: Vec<IndicatorEntry>,
    /// Translations that a named person has reviewed.
    pub reviewed: Vec<String>,
    /// Renditions that have been tested with people.
    pub tested: Vec<String>,
    /// Recordings of its items, its own and those of the instruments they are copied from.
    pub(super) recordings: Recorded,
}

/// What a person is asked to agree to.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// The version of the text, stored with each response.
    pub version: String,
    /// The text.
    pub text: Texts,
}

/// Where a version stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Can change; takes no responses.
    Draft,
    /// Never changes; takes responses.
    Published,
    /// Never changes; takes no new responses from people, but late ones are accepted.
    Retired,
}

impl Status {
    /// The status with this name.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "draft" => Some(Self::Draft),
            "published" => Some(Self::Published),
            "retired" => Some(Self::Retired),
            _ => None,
        }
    }
}

/// The eight models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// Shared Lives.
    SharedLives,
    /// Homeshare.
    Homeshare,
    /// Community micro-enterprises.
    CommunityEnterprise,
    /// Local Area Coordination.
    LocalAreaCoordination,
    /// Community Circles.
    CommunityCircles,
    /// Wellbeing Teams.
    WellbeingTeams,
    /// Community Led Support.
    CommunityLedSupport,
    /// Small Supports.
    SmallSupports,
}

impl Model {
    /// All eight.
    pub const ALL: [Model; 8] = [
        Self::SharedLives,
        Self::Homeshare,
        Self::CommunityEnterprise,
        Self::LocalAreaCoordination,
        Self::CommunityCircles,
        Self::WellbeingTeams,
        Self::CommunityLedSupport,
        Self::SmallSupports,
    ];
    /// Their names, for messages.
    pub const CODES: &'static str = "shared-lives, homeshare, community-enterprise, local-area-coordination, community-circles, wellbeing-teams, community-led-support, small-supports";

    /// Its name in files and in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::SharedLives => "shared-lives",
            Self::Homeshare => "homeshare",
            Self::CommunityEnterprise => "community-enterprise",
            Self::LocalAreaCoordination => "local-area-coordination",
            Self::CommunityCircles => "community-circles",
            Self::WellbeingTeams => "wellbeing-teams",
            Self::CommunityLedSupport => "community-led-support",
            Self::SmallSupports => "small-supports",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::SharedLives => "Shared Lives",
            Self::Homeshare => "Homeshare",
            Self::CommunityEnterprise => "Community enterprises",
            Self::LocalAreaCoordination => "Local Area Coordination",
            Self::CommunityCircles => "Community Circles",
            Self::WellbeingTeams => "Wellbeing Teams",
            Self::CommunityLedSupport => "Community Led Support",
            Self::SmallSupports => "Small Supports",
        }
    }

    /// The model with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }
}

const RESPONDENTS: [&str; 8] =
    ["person", "family", "carer", "worker", "partner", "householder", "homesharer", "area"];

impl Definition {
    /// Whether it asks people about their own lives: who is supported, or either side of a shared home.
    pub fn asks_a_person(&self) -> bool {
        ["person", "householder", "homesharer"].contains(&self.respondent.as_str())
    }

    /// Whether it asks people about their work or their area: who answers is nobody's to say but theirs, and nobody answers for them.
    pub fn asks_at_work(&self) -> bool {
        ["worker", "partner", "area"].contains(&self.respondent.as_str())
    }

    /// Whether people can be invited to it by name: those who are supported and those close to them. Who is asked at work is not in a scheme's
    /// list of people; and Community Led Support meets people once and keeps no list of them. They answer through an open link.
    pub fn can_be_sent_by_name(&self) -> bool {
        !self.asks_at_work() && self.model != Model::CommunityLedSupport
    }

    /// The item with this id and its position.
    pub fn item(&self, id: &str) -> Option<(usize, &Item)> {
        self.items.iter().enumerate().find(|(_, item)| item.id == id)
    }

    /// `texts` in a rendition and language, with the questionnaire's own words in its placeholders.
    pub fn say(&self, texts: &Texts, rendition: &str, language: &str) -> String {
        fill(texts.get(rendition, language), &self.words, rendition, language)
    }

    /// The recording of what the page says for `item` in a rendition and language: what it is served as below `/media/`.
    /// A recording of another rendition is one too, where that has the same words.
    pub fn recording(&self, item: &Item, rendition: &str, language: &str) -> Option<&str> {
        let said = |rendition: &str| spoken(item, |texts| self.say(texts, rendition, language));
        let all = self.recordings.get(&item.id)?;
        let mut in_language = all.iter().filter(|r| r.language == language);
        let own = in_language.clone().find(|r| r.rendition == rendition);
        own.or_else(|| in_language.find(|r| said(&r.rendition) == said(rendition))).map(|r| r.media.as_str())
    }

    /// Whether responses to it can be accepted.
    pub fn takes_responses(&self) -> bool {
        self.status != Status::Draft
    }

    /// Reads a questionnaire file. Only its own shape is checked here; what has to fit together is checked afterwards.
    pub(super) fn read(root: Field<'_>) -> Option<(Self, Licence)> {
        let file = root.object()?;
        let head = Head::read(&file);
        let definition = Self {
            id: head.id,
            version: head.version,
            status: head.status,
            model: file
                .required("model")
                .and_then(|f| f.one_of(Model::parse, Model::CODES))
                .unwrap_or(Model::SharedLives),
            respondent: file
                .required("respondent")
                .and_then(|f| {
                    f.one_of(|t| RESPONDENTS.contains(&t).then(|| t.to_owned()), &RESPONDENTS.join(", "))
                })
                .unwrap_or_default(),
            title: head.title,
            languages: head.languages,
            renditions: head.renditions,
            words: file.optional("words").map(read_words).unwrap_or_default(),
            consent: file.required("consent").and_then(read_consent).unwrap_or_default(),
            items: read_items(&file),
            indicators: read_entries(&file),
            reviewed: file.optional("translations").map(read_reviewed).unwrap_or_default(),
            tested: file.optional("tested_with").map(read_tested).unwrap_or_default(),
            recordings: Recorded::new(),
        };
        file.close(true);
        Some((definition, head.licence))
    }
}

/// What questionnaires and instruments both begin with.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) version: Version,
    pub(super) status: Status,
    pub(super) title: Title,
    pub(super) languages: Vec<String>,
    pub(super) renditions: Vec<String>,
    pub(super) licence: Licence,
}

/// What a file's licence lets us do with it.
#[derive(Clone, Copy)]
pub(super) struct Licence {
    /// Whether it may be passed on.
    pub(super) redistributable: bool,
    /// Whether it names a permission.
    pub(super) permission: bool,
}

impl Head {
    pub(super) fn read(file: &Object<'_>) -> Self {
        schema_version(file);
        let object = file.required("licence").and_then(|f| f.object());
        let mut licence = Licence { redistributable: true, permission: false };
        if let Some(object) = &object {
            for key in ["name", "url", "attribution"] {
                object.required(key).and_then(|f| f.words());
            }
            object.optional("source").and_then(|f| f.words());
            licence.redistributable =
                object.required("redistributable").and_then(|f| f.boolean()).unwrap_or(true);
            licence.permission = object.optional("permission").and_then(|f| f.words()).is_some();
            object.close(true);
        }
        Self {
            id: file.required("id").and_then(|f| kebab(f, 60)).unwrap_or_default(),
            version: file.required("version").and_then(read_version).unwrap_or_default(),
            status: file
                .required("status")
                .and_then(|f| f.one_of(Status::parse, "draft, published, retired"))
                .unwrap_or(Status::Draft),
            title: file.required("title").map(Title::read).unwrap_or_default(),
            languages: file.required("languages").and_then(|f| f.string_list(1)).unwrap_or_default(),
            renditions: file.required("renditions").and_then(|f| f.string_list(1)).unwrap_or_default(),
            licence,
        }
    }
}

/// Reads `schema_version`, which is 1.
pub(super) fn schema_version(file: &Object<'_>) {
    if let Some(field) = file.required("schema_version")
        && field.integer().is_some_and(|v| v != 1)
    {
        field.fault("schema-version", "This program reads schema version 1.");
    }
}

/// Reads the list of items.
pub(super) fn read_items(file: &Object<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(list) = file.required("items").and_then(|f| f.list(1)) {
        list.each(|element| items.extend(Item::read(element)));
    }
    items
}

/// Reads `translations`: the languages that were reviewed.
pub(super) fn read_reviewed(field: Field<'_>) -> Vec<String> {
    let mut reviewed = Vec::new();
    if let Some(by_language) = field.object() {
        for (language, mark) in by_language.entries() {
            let Some(mark) = mark.object() else { continue };
            if mark.required("reviewed").and_then(|f| f.boolean()) == Some(true) {
                reviewed.push(language.to_owned());
            }
            mark.optional("by").and_then(|f| f.words());
            mark.close(true);
        }
    }
    reviewed
}

/// Reads `tested_with`: the renditions that were tested.
pub(super) fn read_tested(field: Field<'_>) -> Vec<String> {
    let mut tested = Vec::new();
    if let Some(by_rendition) = field.object() {
        for (rendition, groups) in by_rendition.entries() {
            if let Some(list) = groups.list(1) {
                list.each(|group| {
                    let Some(group) = group.object() else { return };
                    group.required("group").and_then(|f| f.words());
                    group.required("date").and_then(|f| f.date());
                    group.required("people").and_then(|f| f.integer());
                    group.close(true);
                });
                tested.push(rendition.to_owned());
            }
        }
    }
    tested
}

fn read_version(field: Field<'_>) -> Option<Version> {
    let version = field.string()?.parse().ok();
    if version.is_none() {
        field.fault("bad-version", "A version looks like 1.0.0.");
    }
    version
}

fn read_words(field: Field<'_>) -> BTreeMap<String, Texts> {
    let mut words = BTreeMap::new();
    if let Some(object) = field.object() {
        for (name, texts) in object.entries() {
            words.insert(name.to_owned(), Texts::read(texts));
        }
    }
    words
}

fn read_consent(field: Field<'_>) -> Option<Consent> {
    let object = field.object()?;
    let consent = Consent {
        version: object.required("version").and_then(|f| f.words().map(str::to_owned)).unwrap_or_default(),
        text: object.required("text").map(Texts::read).unwrap_or_default(),
    };
    object.close(true);
    Some(consent)
}

fn read_entries(file: &Object<'_>) -> Vec<IndicatorEntry> {
    let mut entries = Vec::new();
    if let Some(list) = file.required("indicators").and_then(|f| f.list(0)) {
        list.each(|element| entries.extend(IndicatorEntry::read(element)));
    }
    entries
}
