//! Figures of earlier years as others have published them: facts with their source, of one place and one year each. They stand beside what is
//! counted here and are never added to it.

use super::catalogue::read_list;
use super::reference::year_of_prices;
use super::registry::{FileFault, Registry};
use super::texts::Title;
use crate::domain::area::{Area, Level};
use crate::domain::fault::Fault;
use crate::domain::question::kebab;
use crate::domain::reader::Field;

/// Everything of the file `reference-values.json`. A folder of one’s own with such a file has it in place of the shipped one.
#[derive(Debug, Clone, Default)]
pub struct PublishedFigures {
    /// Publications.
    pub sources: Vec<FigureSource>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// The figures, the newest year first.
    pub values: Vec<PublishedFigure>,
    /// The file it was read from.
    read_from: String,
}

/// A publication.
#[derive(Debug, Clone)]
pub struct FigureSource {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Title,
    /// Where it is published.
    pub address: String,
}

/// What is measured.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its id.
    pub id: String,
    /// Its words.
    pub title: Title,
    /// The id of a unit of `kpis.json`.
    pub unit: String,
    /// The nations of which there is such a figure; empty: of all, and of the UK. A rating is that of one regulator.
    pub nations: Vec<String>,
}

/// A figure.
#[derive(Debug, Clone)]
pub struct PublishedFigure {
    /// Its id.
    pub id: String,
    /// The measure.
    pub measure: String,
    /// The code of the UK or of a nation.
    pub nation: String,
    /// A year, or a financial year such as 2021-22.
    pub year: String,
    /// The figure. A change in percent is never one: it is worked out from a count and what that is a change of.
    pub value: f64,
    /// The publication that printed it.
    pub published_in: String,
    /// The figure of which this is a later count, or a change.
    pub base: Option<String>,
    /// The figure that a later publication printed for the same year.
    pub superseded_by: Option<String>,
}

impl PublishedFigures {
    pub(super) fn read_file(root: Field<'_>, file: &str) -> Self {
        let mut all = Self { read_from: file.to_owned(), ..Self::default() };
        let (mut sources, mut measures) = (Vec::new(), Vec::new());
        all.values = read_list(
            root,
            "values",
            PublishedFigure::read,
            |figure| &figure.id,
            |object| {
                if let Some(list) = object.required("sources").and_then(|f| f.list(0)) {
                    list.each(|field| sources.extend(FigureSource::read(field)));
                }
                if let Some(list) = object.required("measures").and_then(|f| f.list(0)) {
                    list.each(|field| measures.extend(Measure::read(field)));
                }
            },
        );
        (all.sources, all.measures) = (sources, measures);
        all
    }

    /// A figure by its id.
    pub fn value(&self, id: &str) -> Option<&PublishedFigure> {
        self.values.iter().find(|figure| figure.id == id)
    }

    /// A measure by its id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// A publication by its id.
    pub fn source(&self, id: &str) -> Option<&FigureSource> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// By how many percent a figure changed: worked out from it and from its base, whatever percentage was printed beside it. A figure in the
    /// unit of its base is a later count of the same; of a measure that is a change (`…-change`) it is the change itself.
    pub fn change_percent(&self, figure: &PublishedFigure) -> Option<f64> {
        let base = self.value(figure.base.as_deref()?).filter(|base| base.value > 0.0)?;
        let change = if figure.measure == base.measure { figure.value - base.value } else { figure.value };
        Some(change / base.value * 100.0)
    }
}

impl FigureSource {
    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let id = object.required("id").and_then(|f| kebab(f, 60));
        let title = object.required("title").map(Title::read).unwrap_or_default();
        let address = object.required("address").and_then(|f| f.words()).unwrap_or_default().to_owned();
        object.close(true);
        Some(Self { id: id?, title, address })
    }
}

impl Measure {
    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let id = object.required("id").and_then(|f| kebab(f, 60));
        let title = object.required("title").map(Title::read).unwrap_or_default();
        let unit = object.required("unit").and_then(|f| f.words()).unwrap_or_default().to_owned();
        let nations = object.required("nations").and_then(|f| f.string_list(0)).unwrap_or_default();
        object.close(true);
        Some(Self { id: id?, title, unit, nations })
    }
}

impl PublishedFigure {
    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let words = |key| object.required(key).and_then(|f| f.words()).unwrap_or_default().to_owned();
        let other = |key| object.optional(key).and_then(|f| f.words()).map(str::to_owned);
        let id = object.required("id").and_then(|f| kebab(f, 60));
        let value = object.required("value").and_then(|f| f.number());
        let figure = Self {
            id: id?,
            measure: words("measure"),
            nation: words("nation"),
            year: object.required("year").and_then(year_of_prices).unwrap_or_default(),
            value: value?,
            published_in: words("published_in"),
            base: other("base"),
            superseded_by: other("superseded_by"),
        };
        object.close(true);
        Some(figure)
    }
}

/// Everything that a figure names and nobody knows; and figures of a nation of which there is no such measure.
pub(super) fn unknown(registry: &Registry) -> Vec<FileFault> {
    let all = &registry.published_figures;
    let mut faults = Vec::new();
    let mut fault = |pointer: String, code: &'static str, detail: String| {
        let found = Fault { pointer, code, detail };
        faults.push(FileFault { file: all.read_from.clone(), fault: found });
    };
    for (index, measure) in all.measures.iter().enumerate() {
        if !registry.units.iter().any(|unit| unit.id == measure.unit) {
            let detail = format!("There is no unit “{}”.", measure.unit);
            fault(format!("/measures/{index}/unit"), "unknown-unit", detail);
        }
    }
    for (index, figure) in all.values.iter().enumerate() {
        let at = |key: &str| format!("/values/{index}/{key}");
        let wide = |area: &Area| matches!(area.level, Level::Uk | Level::Nation);
        if !registry.areas.get(&figure.nation).is_some_and(wide) {
            let detail = format!("“{}” is neither the UK nor a nation.", figure.nation);
            fault(at("nation"), "unknown-area", detail);
        }
        match all.measure(&figure.measure) {
            None => {
                fault(at("measure"), "unknown-code", format!("There is no measure “{}”.", figure.measure));
            }
            Some(measure) if !measure.nations.is_empty() && !measure.nations.contains(&figure.nation) => {
                fault(
                    at("nation"),
                    "not-of-this-nation",
                    "There is no such figure of this place.".to_owned(),
                );
            }
            Some(_) => {}
        }
        if all.source(&figure.published_in).is_none() {
            let detail = format!("There is no source “{}”.", figure.published_in);
            fault(at("published_in"), "unknown-code", detail);
        }
        for (key, other) in [("base", &figure.base), ("superseded_by", &figure.superseded_by)] {
            if let Some(other) = other.as_deref().filter(|id| all.value(id).is_none()) {
                fault(at(key), "unknown-code", format!("There is no figure “{other}”."));
            }
        }
    }
    faults
}
