//! The first page, which stands alone on one sheet: who was asked and answered, four Key Human Indicators, the other side, two figures that
//! are counted, what was done, and how sure all of it is.

use super::answers::spread;
use super::composer::{Composer, Part, Said, Whose, is_shown};
use super::counted::two;
use super::said::key;
use super::small;
use super::who::asked_row;
use super::written::percent;
use crate::domain::area::Level;
use crate::domain::figures::{Interval, Row};
use crate::domain::report::document::Block;
use crate::domain::statement::thousands;

/// The blocks of the first page.
pub(super) fn summary(c: &Composer<'_>) -> Vec<Block> {
    let w = c.w;
    let (m, mut blocks): (_, Vec<Block>) = (c.m, Vec::new());
    blocks.extend(notes(c).into_iter().map(|text| Block::Note { text }));
    let Some(part) = foremost(c) else {
        blocks.push(Block::Lead { text: w.t("asked_none").to_owned() });
        return blocks;
    };
    blocks.push(Block::Lead { text: asked_of(c, part) });
    let first = c.first(part);
    let own = first.iter().any(|said| said.own_best().is_some());
    if !own {
        blocks.push(Block::Paragraph { text: small::lead(c, part) });
    }
    let wider = first.iter().find_map(|said| match said.best() {
        Some((row, Whose::Wider)) => Some(c.within(row)),
        _ => None,
    });
    let heading = match wider.filter(|_| !own) {
        Some(place) => w.with("summary_wider", &[("place", &place)]),
        None => w.t("summary_four").to_owned(),
    };
    if !first.is_empty() {
        let heading = if c.is_wide() { format!("{}: {heading}", c.model_title(part.model)) } else { heading };
        blocks.push(Block::Heading { text: heading });
    }
    blocks.extend(first.iter().filter_map(|said| key(c, said)).map(Block::Key));
    blocks.push(Block::Heading { text: w.t("summary_worse").to_owned() });
    blocks.push(Block::Paragraph { text: worse(c, part) });
    blocks.push(Block::Heading { text: w.t("summary_counted").to_owned() });
    let counted = two(c);
    if counted.is_empty() {
        let public = matches!(m.made_from, super::material::MadeFrom::Release(_))
            && !matches!(m.place.level, Level::Uk | Level::Nation);
        let key = if public { "counted_not_public" } else { "counted_nothing" };
        blocks.push(Block::Paragraph { text: w.t(key).to_owned() });
    } else {
        blocks.push(Block::List { items: counted });
    }
    blocks.push(Block::Heading { text: w.t("summary_done").to_owned() });
    if m.done.is_empty() {
        blocks.push(Block::Paragraph { text: w.t("done_nothing").to_owned() });
    } else {
        blocks.push(Block::List { items: done(c) });
    }
    blocks.push(Block::Heading { text: w.t("summary_sure").to_owned() });
    blocks.push(Block::List { items: sure(c, part, &first) });
    blocks
}

/// What must be known before anything else.
pub(super) fn notes(c: &Composer<'_>) -> Vec<String> {
    let demo = c.m.demo.then(|| c.w.t("demo").to_owned());
    demo.into_iter().chain(notes_of_period(c)).collect()
}

/// The same without whether all is made up: for a page that says so itself.
pub(super) fn notes_of_period(c: &Composer<'_>) -> Vec<String> {
    let all = [(c.m.practice, "practice"), (c.m.part_way, "part_way")];
    all.iter().filter(|(is_so, _)| *is_so).map(|(_, key)| c.w.t(key).to_owned()).collect()
}

/// What was done, in the language of the report.
pub(super) fn done(c: &Composer<'_>) -> Vec<String> {
    c.m.done.iter().map(|deed| deed.say(c.w.language.code()).to_owned()).collect()
}

/// The model that the first page speaks of: the one with most answers.
pub(super) fn foremost<'p, 'a>(c: &'p Composer<'a>) -> Option<&'p Part<'a>> {
    let people = |part: &Part<'_>| part.said.iter().filter_map(|said| said.own?.n).max().unwrap_or_default();
    let said = c.parts.iter().filter(|part| !part.said.is_empty());
    // The first of those with as many.
    said.rev().max_by_key(|part| people(part))
}

/// Who was asked, and who answered.
pub(super) fn asked_of(c: &Composer<'_>, part: &Part<'_>) -> String {
    let w = c.w;
    let respondents = part.said.iter().map(|said| said.definition.respondent.as_str());
    let Some(row) = respondents.into_iter().find_map(|respondent| asked_row(part, respondent)) else {
        let any = part.said.iter().any(|said| said.own.is_some());
        return w.t(if any { "asked_hidden" } else { "asked_none" }).to_owned();
    };
    let text = match (row.supported, row.invited, row.responded, row.response_rate) {
        (_, Some(0), ..) => w.t("asked_openly").to_owned(),
        (Some(supported), Some(invited), Some(responded), Some(rate)) => w.with(
            "asked_answered_of",
            &[
                ("supported", thousands(supported).as_str()),
                ("invited", &thousands(invited)),
                ("responded", &thousands(responded)),
                ("rate", &percent(rate)),
            ],
        ),
        (None, Some(invited), Some(responded), Some(rate)) => w.with(
            "asked_answered",
            &[
                ("invited", thousands(invited).as_str()),
                ("responded", &thousands(responded)),
                ("rate", &percent(rate)),
            ],
        ),
        (Some(supported), Some(invited), ..) => w.with(
            "asked_only",
            &[("supported", thousands(supported).as_str()), ("invited", &thousands(invited))],
        ),
        _ => w.t("asked_hidden").to_owned(),
    };
    let schemes = row.schemes.filter(|_| c.m.place.level < Level::Scheme && row.schemes.is_some());
    match schemes {
        Some(schemes) => {
            let (part, all) = (schemes.taking_part.to_string(), schemes.all.to_string());
            format!("{text} {}", w.with("schemes_taking_part", &[("part", &part), ("all", &all)]))
        }
        None => text,
    }
}

/// One line of those who said the contrary: here, else around.
fn worse(c: &Composer<'_>, part: &Part<'_>) -> String {
    let w = c.w;
    // What stands above comes first.
    let first = c.first(part);
    let others = part.said.iter().filter(|said| !first.iter().any(|f| std::ptr::eq(*f, *said)));
    let all = first.iter().copied().chain(others);
    let attributions: Vec<&Said<'_>> = all.filter(|said| said.is_attribution()).collect();
    let line = |said: &Said<'_>, row: &Row, place: Option<&str>| {
        let answers = spread(c, said, row)?;
        let code = worst(said)?;
        let at = answers.codes.iter().position(|known| *known == code)?;
        let title = c.title(said);
        let key = if place.is_some() { "worse_line_wider" } else { "worse_line" };
        let values = [
            ("title", title.as_str()),
            ("place", place.unwrap_or_default()),
            ("count", &thousands(answers.counts[at])),
            ("n", &thousands(answers.n)),
            ("percent", &percent(answers.percents[at])),
            ("answer", &answers.names[at]),
        ];
        Some(w.with(key, &values))
    };
    let own = attributions.iter().find_map(|said| line(said, said.own?, None));
    let wider = || {
        attributions
            .iter()
            .find_map(|said| said.wider.iter().find_map(|row| line(said, row, Some(&c.within(row)))))
    };
    own.or_else(wider).unwrap_or_else(|| w.t("worse_hidden").to_owned())
}

/// The answer with the least score, if that is below nothing.
fn worst(said: &Said<'_>) -> Option<String> {
    let scored = said.item()?.kind.choices().iter().filter_map(|option| Some((option.score?, option)));
    let (score, option) = scored.min_by_key(|(score, _)| *score)?;
    (score < 0).then(|| option.code.clone())
}

fn sure(c: &Composer<'_>, part: &Part<'_>, first: &[&Said<'_>]) -> Vec<String> {
    let w = c.w;
    let mut items = Vec::new();
    let respondent = part.said.first().map_or("", |said| said.definition.respondent.as_str());
    let asked = asked_row(part, respondent);
    let everybody = asked.is_some_and(|row| row.responded.is_some() && row.responded == row.invited);
    items.push(match asked.and_then(|row| row.response_rate) {
        Some(_) if everybody => w.t("sure_all").to_owned(),
        Some(rate) => w.with("sure_rate", &[("rate", &percent(rate))]),
        None => w.t("sure_no_rate").to_owned(),
    });
    let width = |interval: &&Interval| interval.high - interval.low;
    let intervals = first.iter().filter_map(|said| said.best()?.0.interval.as_ref());
    let widest =
        intervals.max_by(|a, b| width(a).partial_cmp(&width(b)).unwrap_or(std::cmp::Ordering::Equal));
    if let Some(widest) = widest {
        let values = [("low", percent(widest.low)), ("high", percent(widest.high))];
        items.push(w.made("sure_interval", &values));
    }
    let attributed =
        |said: &&&Said<'_>| said.is_attribution() && said.best().is_some_and(|(row, _)| is_shown(row));
    if first.iter().any(|said| attributed(&said)) {
        items.push(w.t("sure_attribution").to_owned());
    }
    items
}
