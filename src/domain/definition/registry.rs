//! The set of everything that was loaded: made in one place, after every check; immutable afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::catalogue::{Breakdown, Indicator};
use super::frameworks::Framework;
use super::instrument::Instrument;
use super::kpi::{Kpi, Unit};
use super::loading::Loading;
use super::lock::Lock;
use super::published_figures::PublishedFigures;
use super::questionnaire::{Definition, Status};
use super::recordings::Media;
use super::version::Version;
use crate::domain::area::Areas;
use crate::domain::fault::Fault;

/// A file to load.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The folder it stands in, as named to the user.
    pub folder: String,
    /// Its path below the folder, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it is shipped in the repository (then its licence must allow that).
    pub shipped: bool,
}

/// A fault with the file it is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileFault {
    /// The file, as `folder/path`.
    pub file: String,
    /// What is wrong in it, and where.
    pub fault: Fault,
}

impl std::fmt::Display for FileFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.fault.pointer.is_empty() { "(whole file)" } else { &self.fault.pointer };
        write!(f, "{}: {place}: {}: {}", self.file, self.fault.code, self.fault.detail)
    }
}

/// What loading gives: the registry (only to be used if there are no faults), the faults, and remarks that stop nothing.
pub struct Loaded {
    /// Everything that could be read.
    pub registry: Registry,
    /// Everything that is wrong.
    pub faults: Vec<FileFault>,
    /// What a reader should know: not reviewed, not tested, not yet in the lock.
    pub remarks: Vec<FileFault>,
    /// The lock each folder would have with its new published files added.
    pub locks: BTreeMap<String, Lock>,
}

/// A published file: its bytes as they were published, and their digest.
#[derive(Debug, Clone)]
pub struct Published {
    /// `folder/path` for messages.
    pub file: String,
    /// Path below its folder; the file's name in the database.
    pub path: String,
    /// The file's bytes.
    pub bytes: Arc<[u8]>,
    /// SHA-256; the same for a published file and for the same file marked retired.
    pub digest: String,
}

/// Every definition, catalogue and area that this process knows.
#[derive(Default)]
pub struct Registry {
    pub(super) questionnaires: BTreeMap<String, BTreeMap<Version, Arc<Definition>>>,
    pub(super) instruments: BTreeMap<(String, Version), Instrument>,
    pub(super) files: BTreeMap<(String, Version), Published>,
    pub(super) other_published: Vec<Published>,
    pub(super) media: BTreeMap<String, Media>,
    /// The indicator catalogue.
    pub indicators: Vec<Indicator>,
    /// The KPI catalogue.
    pub kpis: Vec<Kpi>,
    /// What KPIs are counted in.
    pub units: Vec<Unit>,
    /// The breakdowns.
    pub breakdowns: Vec<Breakdown>,
    /// What regulators look at.
    pub frameworks: Vec<Framework>,
    /// What others have published of earlier years.
    pub published_figures: PublishedFigures,
    /// The areas.
    pub areas: Areas,
    /// The catalogues as they stand in their files, by file name, for the API.
    pub catalogues: BTreeMap<String, Value>,
}

impl Registry {
    /// Loads a set of files, collecting every fault.
    pub fn load(sources: &[SourceFile]) -> Loaded {
        Loading::run(sources)
    }

    /// The version of a questionnaire.
    pub fn version(&self, id: &str, version: Version) -> Option<&Arc<Definition>> {
        self.questionnaires.get(id)?.get(&version)
    }

    /// The newest published version of a questionnaire.
    pub fn latest(&self, id: &str) -> Option<&Arc<Definition>> {
        self.questionnaires.get(id)?.values().rev().find(|d| d.status == Status::Published)
    }

    /// Every version of a questionnaire, oldest first.
    pub fn versions(&self, id: &str) -> impl Iterator<Item = &Arc<Definition>> {
        self.questionnaires.get(id).into_iter().flat_map(BTreeMap::values)
    }

    /// Every version of every questionnaire.
    pub fn definitions(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.questionnaires.values().flat_map(BTreeMap::values)
    }

    /// Questionnaire ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.questionnaires.keys().map(String::as_str)
    }

    /// Instruments, by id and version.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.values()
    }

    /// A questionnaire version's file as published.
    pub fn file(&self, id: &str, version: Version) -> Option<&Published> {
        self.files.get(&(id.to_owned(), version))
    }

    /// A recording that an item has, by what it is served as: its digest and its ending.
    pub fn media(&self, name: &str) -> Option<&Media> {
        self.media.get(name)
    }

    /// Every published file (questionnaires and instruments).
    pub fn published(&self) -> impl Iterator<Item = &Published> {
        self.files.values().chain(&self.other_published)
    }

    /// The indicator with this id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.id == id)
    }

    /// The KPI with this id.
    pub fn kpi(&self, id: &str) -> Option<&Kpi> {
        self.kpis.iter().find(|k| k.id == id)
    }

    /// The words after a number in this unit.
    pub fn unit(&self, id: &str, language: &str) -> &str {
        self.units.iter().find(|u| u.id == id).map_or("", |u| u.title.get(language))
    }

    /// The breakdown with this id.
    pub fn breakdown(&self, id: &str) -> Option<&Breakdown> {
        self.breakdowns.iter().find(|b| b.id == id)
    }
}
