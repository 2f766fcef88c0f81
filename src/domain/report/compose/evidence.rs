//! The same figures under the headings of whoever inspects the place, for those who must show what they do.

use super::composer::{Composer, Part, Said};
use super::counted::{table, title};
use super::material::KpiFigure;
use super::said::key;
use super::{facts, model_titles};
use crate::domain::definition::{Framework, FrameworkHeading, FrameworkPart};
use crate::domain::report::document::{Block, Document, Fact, Section};

/// Evidence for an inspection: a section for each heading of the regulator.
pub(super) fn evidence(c: &Composer<'_>) -> Document {
    let (m, w) = (c.m, c.w);
    let models = model_titles(c);
    let period = c.period(m.period);
    let found: Vec<(&Part<'_>, &Framework)> = c
        .parts
        .iter()
        .filter_map(|part| Some((part, m.registry.framework(m.nation.as_deref()?, part.model?)?)))
        .collect();
    let mut facts = facts(c, &models, period.clone());
    let mut summary = Vec::new();
    if m.demo {
        summary.push(Block::Note { text: w.t("demo").to_owned() });
    }
    match found.first() {
        Some((_, framework)) => {
            let regulator = w.title(&framework.regulator);
            summary.push(Block::Lead { text: w.with("evidence_lead", &[("regulator", regulator)]) });
            let as_of = w.day(framework.as_of);
            let headings = w.with("evidence_as_of", &[("day", &as_of), ("source", &framework.source)]);
            facts.push(Fact {
                name: w.t("fact_headings").to_owned(),
                text: format!("{regulator}: {}. {headings}", w.title(&framework.title)),
            });
            summary.push(Block::Note { text: w.with("evidence_choice", &[("regulator", regulator)]) });
        }
        None => summary.push(Block::Lead { text: w.t("evidence_none").to_owned() }),
    }
    let mut sections: Vec<Section> = Vec::new();
    for (part, framework) in &found {
        let of = (found.len() > 1).then(|| c.model_title(part.model));
        sections.extend(framework.headings.iter().map(|heading| section(c, part, heading, of)));
    }
    Document {
        title: w.with("evidence_title", &[("place", &c.here())]),
        subtitle: w.with("subtitle", &[("models", &models), ("period", &period)]),
        language: w.language.code().to_owned(),
        facts,
        summary,
        sections,
    }
}

/// One heading of the regulator; where several models are looked at, with the name of this one.
fn section(c: &Composer<'_>, part: &Part<'_>, heading: &FrameworkHeading, of: Option<&str>) -> Section {
    let mut blocks = Vec::new();
    let mut silent = Vec::new();
    for one in &heading.parts {
        let own = blocks_of(c, part, one);
        if own.is_empty() {
            silent.push(c.w.title(&one.title));
        } else {
            blocks.push(Block::Heading { text: c.w.title(&one.title).to_owned() });
            blocks.extend(own);
        }
    }
    if !silent.is_empty() {
        let titles = silent.join(c.w.t("list_separator"));
        blocks.push(Block::Note { text: c.w.with("evidence_silent", &[("titles", &titles)]) });
    }
    let title = c.w.title(&heading.title);
    match (of, part.model) {
        (Some(model_title), Some(model)) => Section {
            id: format!("{}-{}", model.code(), heading.id),
            title: format!("{model_title}: {title}"),
            blocks,
        },
        _ => Section { id: heading.id.clone(), title: title.to_owned(), blocks },
    }
}

/// What speaks of one part of a heading: what people say of this place, and what is counted beside it.
fn blocks_of(c: &Composer<'_>, part: &Part<'_>, one: &FrameworkPart) -> Vec<Block> {
    let of = |id: &String| -> Vec<&Said<'_>> {
        part.said.iter().filter(|said| said.indicator.id == *id && said.own_best().is_some()).collect()
    };
    let said = one.indicators.iter().flat_map(of);
    let mut blocks: Vec<Block> = said.filter_map(|said| key(c, said)).map(Block::Key).collect();
    let kpis: Vec<&KpiFigure> = one
        .kpis
        .iter()
        .flat_map(|id| part.kpis.iter().copied().filter(move |figure| figure.kpi == *id))
        .filter(|figure| figure.value.is_some())
        .collect();
    if !kpis.is_empty() {
        let mut counted = table(c, &kpis);
        let titles: Vec<&str> = kpis.iter().map(|figure| title(c, figure)).collect();
        counted.caption = format!("{}: {}", counted.caption, titles.join(c.w.t("list_separator")));
        blocks.push(Block::Table(counted));
    }
    blocks
}
