//! What regulators look at, in their own headings, and which figures speak of it. Which figure stands under which heading is this
//! project's choice, not the regulator's.

use chrono::NaiveDate;

use super::catalogue::{read_list, read_models};
use super::questionnaire::Model;
use super::registry::{FileFault, Registry};
use super::texts::Title;
use crate::domain::area::{Area, Level};
use crate::domain::fault::Fault;
use crate::domain::question::kebab;
use crate::domain::reader::Field;

/// The headings of one regulator, as they were known on a day.
#[derive(Debug, Clone)]
pub struct Framework {
    /// Its id.
    pub id: String,
    /// The nation's area code.
    pub nation: String,
    /// The models whose services are looked at.
    pub models: Vec<Model>,
    /// Who looks.
    pub regulator: Title,
    /// What it is called.
    pub title: Title,
    /// Since when it is used; none where that is not known.
    pub from: Option<NaiveDate>,
    /// The day on which the headings were so.
    pub as_of: NaiveDate,
    /// Where they are published.
    pub source: String,
    /// In the regulator's order.
    pub headings: Vec<FrameworkHeading>,
    /// Where it was read: the file, and its number in it.
    read_at: (String, usize),
}

/// A heading: “Caring”.
#[derive(Debug, Clone)]
pub struct FrameworkHeading {
    /// Its id.
    pub id: String,
    /// Its words.
    pub title: Title,
    /// What belongs to it.
    pub parts: Vec<FrameworkPart>,
}

/// Something that belongs to a heading: “Kindness, compassion and dignity”.
#[derive(Debug, Clone)]
pub struct FrameworkPart {
    /// Its id.
    pub id: String,
    /// Its words.
    pub title: Title,
    /// The indicators that speak of it.
    pub indicators: Vec<String>,
    /// The KPIs that do.
    pub kpis: Vec<String>,
}

impl Framework {
    pub(super) fn read_file(root: Field<'_>, file: &str) -> Vec<Self> {
        let mut all = read_list(root, "frameworks", Self::read, |framework| &framework.id, |_| ());
        for (index, framework) in all.iter_mut().enumerate() {
            framework.read_at = (file.to_owned(), index);
        }
        all
    }

    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let id = object.required("id").and_then(|f| kebab(f, 60));
        let nation = object.required("nation").and_then(|f| f.words()).unwrap_or_default().to_owned();
        let models = object.required("models").map(read_models).unwrap_or_default();
        let regulator = object.required("regulator").map(Title::read).unwrap_or_default();
        let title = object.required("title").map(Title::read).unwrap_or_default();
        let from = object.optional("from").and_then(|f| f.date());
        let as_of = object.required("as_of").and_then(|f| f.date());
        let source = object.required("source").and_then(|f| f.words()).unwrap_or_default().to_owned();
        let mut headings = Vec::new();
        if let Some(list) = object.required("headings").and_then(|f| f.list(1)) {
            list.each(|heading| headings.extend(FrameworkHeading::read(heading)));
        }
        object.close(true);
        let read_at = <(String, usize)>::default();
        Some(Self {
            id: id?,
            nation,
            models,
            regulator,
            title,
            from,
            as_of: as_of?,
            source,
            headings,
            read_at,
        })
    }

    /// Every indicator and every KPI that it names, each with where: `/headings/2/parts/0/indicators/1`.
    fn names(&self) -> impl Iterator<Item = (String, &'static str, &str)> {
        self.headings.iter().enumerate().flat_map(|(h, heading)| {
            heading.parts.iter().enumerate().flat_map(move |(p, part)| {
                let lists = [("indicators", &part.indicators), ("kpis", &part.kpis)];
                lists.into_iter().flat_map(move |(kind, list)| {
                    let at = move |index| format!("/headings/{h}/parts/{p}/{kind}/{index}");
                    list.iter().enumerate().map(move |(index, id)| (at(index), kind, id.as_str()))
                })
            })
        })
    }
}

impl FrameworkHeading {
    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let id = object.required("id").and_then(|f| kebab(f, 60));
        let title = object.required("title").map(Title::read).unwrap_or_default();
        let mut parts = Vec::new();
        if let Some(list) = object.required("parts").and_then(|f| f.list(1)) {
            list.each(|part| parts.extend(FrameworkPart::read(part)));
        }
        object.close(true);
        Some(Self { id: id?, title, parts })
    }
}

impl FrameworkPart {
    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let part = Self {
            id: object.required("id").and_then(|f| kebab(f, 60))?,
            title: object.required("title").map(Title::read).unwrap_or_default(),
            indicators: object.required("indicators").and_then(|f| f.string_list(0)).unwrap_or_default(),
            kpis: object.required("kpis").and_then(|f| f.string_list(0)).unwrap_or_default(),
        };
        object.close(true);
        Some(part)
    }
}

impl Registry {
    /// The headings of the regulator of a nation for a model's services; nothing where nobody looks at them.
    pub fn framework(&self, nation: &str, model: Model) -> Option<&Framework> {
        self.frameworks.iter().find(|f| f.nation == nation && f.models.contains(&model))
    }
}

/// Everything that a framework names and nobody knows: nations, indicators, KPIs.
pub(super) fn unknown(registry: &Registry) -> Vec<FileFault> {
    let mut faults = Vec::new();
    for framework in &registry.frameworks {
        let (file, index) = &framework.read_at;
        let mut add = |at: &str, code: &'static str, detail: String| {
            let pointer = format!("/frameworks/{index}{at}");
            faults.push(FileFault { file: file.clone(), fault: Fault { pointer, code, detail } });
        };
        let is_nation = |area: &Area| area.level == Level::Nation;
        if !registry.areas.get(&framework.nation).is_some_and(is_nation) {
            add("/nation", "unknown-area", format!("There is no nation “{}”.", framework.nation));
        }
        for (at, kind, id) in framework.names() {
            match kind {
                "indicators" if registry.indicator(id).is_none() => {
                    add(&at, "unknown-indicator", format!("There is no indicator “{id}”."));
                }
                "kpis" if registry.kpi(id).is_none() => {
                    add(&at, "unknown-kpi", format!("There is no KPI “{id}”."));
                }
                _ => {}
            }
        }
    }
    faults
}
