//! Instruments: published, versioned sets of items with a licence, which questionnaires copy from.

use super::questionnaire::{Head, Licence, Status, read_items, read_reviewed, read_tested};
use super::recordings::Recorded;
use super::texts::Title;
use super::version::Version;
use crate::domain::question::Item;
use crate::domain::reader::Field;

/// One version of an instrument.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// The instrument's id.
    pub id: String,
    /// Its version.
    pub version: Version,
    /// Draft, published or retired.
    pub status: Status,
    /// Its name.
    pub title: Title,
    /// Languages every text has.
    pub languages: Vec<String>,
    /// Renditions every text has.
    pub renditions: Vec<String>,
    /// Its items.
    pub items: Vec<Item>,
    /// Recordings of its items.
    pub(super) recordings: Recorded,
}

impl Instrument {
    pub(super) fn read(root: Field<'_>) -> Option<(Self, Licence)> {
        let file = root.object()?;
        let head = Head::read(&file);
        let instrument = Self {
            id: head.id,
            version: head.version,
            status: head.status,
            title: head.title,
            languages: head.languages,
            renditions: head.renditions,
            items: read_items(&file),
            recordings: Recorded::new(),
        };
        file.optional("translations").map(read_reviewed);
        file.optional("tested_with").map(read_tested);
        file.close(true);
        Some((instrument, head.licence))
    }
}
