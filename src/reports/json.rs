//! The rows that a report was made of, and the facts that it prints.

use serde::Serialize;

use crate::domain::figures::{Place, Row};
use crate::domain::report::compose::{
    KpiFigure, Language, Material, Published, Sector, compose_sector, compose_summary,
};
use crate::domain::report::{Deed, Fact};

/// As it is written.
#[derive(Serialize)]
struct Rows<'a> {
    title: String,
    language: &'static str,
    facts: Vec<Fact>,
    place: &'a Place,
    period: String,
    base: i64,
    practice: bool,
    demo: bool,
    khi: &'a [Row],
    over_time: &'a [Row],
    kpi: &'a [KpiFigure],
    /// The newest release: the place's own rows in it, and those of what it lies in.
    release: Option<InRelease<'a>>,
    done: &'a [Deed],
    /// What the state of the sector is told from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    sector: Option<&'a Sector>,
}

#[derive(Serialize)]
struct InRelease<'a> {
    release: &'a Published,
    own: &'a [Row],
    around: &'a [Row],
}

/// The rows and facts of a report.
pub fn write(material: &Material<'_>, language: Language) -> Result<Vec<u8>, serde_json::Error> {
    let document = match material.sector {
        Some(_) => compose_sector(material, language),
        None => compose_summary(material, language),
    };
    serde_json::to_vec(&Rows {
        title: document.title,
        language: language.code(),
        facts: document.facts,
        place: &material.place,
        period: material.period.to_string(),
        base: material.base,
        practice: material.practice,
        demo: material.demo,
        khi: &material.rows,
        over_time: &material.over_time,
        kpi: &material.kpis,
        release: material.beside.as_ref().map(|beside| InRelease {
            release: &beside.release,
            own: &beside.own,
            around: &beside.around,
        }),
        done: &material.done,
        sector: material.sector.as_ref(),
    })
}
