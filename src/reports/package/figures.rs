//! `khi.csv`: every cell of the release; and `answers.csv`: how answers spread, for the cells that print it.

use std::collections::{BTreeMap, BTreeSet};

use super::PackageError;
use super::cell::{Cell, each};
use super::table::{Field, Form, Reference, Rows, Table};
use crate::domain::figures::{Interval, Spread};
use crate::domain::question::Missing;

/// Whether a cell is shown, and if not, why.
pub(super) const STATUSES: [(&str, &str); 5] = [
    ("shown", "The figure is shown."),
    ("pooled", "Three years are taken together, because one has too few people. “periods” says which."),
    ("banded", "Words only, in “band”: numbers could tell of few people."),
    ("merged", "Too few people for a figure. They are counted in the figure of the area in “merged_into”."),
    ("suppressed", "Hidden, because so few people answered that one could be recognised."),
];
/// What is said in words where numbers are not.
pub(super) const BANDS: [(&str, &str); 2] =
    [("almost-all", "Almost everybody said so."), ("very-few", "Very few people said so.")];
/// How a figure is made.
pub(super) const RULES: [(&str, &str); 5] = [
    ("share", "The share of people whose answer counts as positive."),
    ("mean", "The mean of each person’s answers."),
    (
        "sum",
        "The mean of each person’s sum of answers; or the share of people whose sum is on one side of a cut.",
    ),
    ("bands", "How people’s answers spread over options or bands; no answer counts as positive."),
    ("ratio", "The sum of one number over the sum of another."),
];
/// The levels of places.
pub(super) const LEVELS: [(&str, &str); 5] = [
    ("uk", "The United Kingdom."),
    ("nation", "England, Wales, Scotland or Northern Ireland."),
    ("region", "One of England’s nine regions."),
    ("local_authority", "A council with the social-care duty, or a trust in Northern Ireland."),
    ("scheme", "A scheme."),
];
/// Why people with an answer are not in the base, besides the missing reasons.
const NOT_IN_BASE: [(&str, &str); 4] = [
    ("proxy", "Somebody answered for the person, and such answers do not count here."),
    ("incomplete", "Too few of the questions were answered to make the figure."),
    ("outside-base", "The answer says that the question does not fit."),
    ("several-reasons", "Several reasons taken together, because each alone is of few people."),
];
/// Who gave the answers.
pub(super) const COMPLETED_BY: [(&str, &str); 4] = [
    ("self", "The person, alone."),
    ("helped", "The person, with help."),
    ("helped_by_supporter", "Of those: helped by somebody who gives the person support."),
    ("proxy", "Somebody else, for the person."),
];

/// Why people are left out of a base: each code with its words.
pub(super) fn reasons() -> Vec<(&'static str, &'static str)> {
    let words = |missing| match missing {
        Missing::Skipped => "The question was asked, and left without an answer.",
        Missing::DontKnow => "The person said: I don’t know.",
        Missing::PreferNotToSay => "The person said: I don’t want to say.",
        Missing::NotApplicable => "The person said: this is not about me.",
        Missing::Unreadable => "The answer was on paper and could not be read.",
        Missing::NotAsked => "The question was not asked.",
    };
    Missing::ALL.into_iter().map(|missing| (missing.code(), words(missing))).chain(NOT_IN_BASE).collect()
}

/// The codes that are known, then any that a release has besides, so that none of its numbers goes missing.
fn codes<'c>(
    known: impl Iterator<Item = &'c str>,
    cells: &'c [Cell],
    of: impl Fn(&'c Cell) -> Option<&'c BTreeMap<String, i64>>,
) -> Vec<&'c str> {
    let mut codes: Vec<&str> = known.collect();
    let found: BTreeSet<&str> =
        cells.iter().filter_map(of).flat_map(BTreeMap::keys).map(String::as_str).collect();
    let more: Vec<&str> = found.into_iter().filter(|code| !codes.contains(code)).collect();
    codes.extend(more);
    codes
}

fn plain(code: &str) -> String {
    code.replace('-', "_")
}

/// The references of whatever is of a place: to the area, or to the scheme.
fn of_places(scheme: bool) -> Vec<Reference> {
    let mut all = vec![Reference { field: "area", table: "areas", to: "code" }];
    if scheme {
        all.push(Reference { field: "scheme", table: "schemes", to: "scheme" });
        all.push(Reference { field: "merged_into", table: "areas", to: "code" });
    }
    all
}

/// `khi.csv`.
pub(super) fn figures(cells: &[Cell]) -> Result<Table, PackageError> {
    let known = reasons();
    let left_out = codes(known.iter().map(|(code, _)| *code), cells, |cell| cell.left_out.as_ref());
    let completed_by =
        codes(COMPLETED_BY.iter().map(|(code, _)| *code), cells, |cell| cell.completed_by.as_ref());
    let form = Form {
        name: "khi",
        title: "Key Human Indicators",
        words: "What people who use services say: one row for each cell of the release, also for those that are not shown. A number that is empty does not apply, or could tell of few people.",
        fields: fields(cells, &left_out, &completed_by),
        key: &["cell"],
        references: of_places(true),
        not_shown: None,
    };
    let mut rows = Rows::begin(form);
    for (number, cell) in (1..).zip(cells) {
        write(&mut rows, number, cell, &left_out, &completed_by);
    }
    rows.finish()
}

fn fields(cells: &[Cell], left_out: &[&str], completed_by: &[&str]) -> Vec<Field> {
    let of = |codes: BTreeSet<&str>| codes.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let indicators = of(each(cells, |cell| Some(cell.indicator.as_str())));
    let models = of(each(cells, |cell| Some(cell.model.as_str())));
    let code = |(code, _): &(&'static str, &'static str)| *code;
    let mut fields = vec![
        Field::whole("cell", "Which cell of the release: the first is 1.").required().at_least(1),
        Field::text("indicator", "The indicator; codebook.csv says what it is.")
            .required()
            .one_of(indicators),
        Field::text(
            "series",
            "Figures compare only within a series: the same questions, asked in the same way.",
        )
        .required(),
        Field::text("model", "The model of support.").required().one_of(models),
        Field::text("rule", "How the figure is made.").one_of(RULES.iter().map(code)),
        Field::text(
            "period",
            "The period: 2026-27 (April to March), 12m-2026-Q3 (twelve months to the end of that quarter), 3y-2026-27 (three years).",
        ),
        Field::text("level", "The level of the place.").required().one_of(LEVELS.iter().map(code)),
        Field::text("area", "The area’s code; empty for a scheme."),
        Field::text("scheme", "The scheme’s id; empty for an area."),
        Field::text("place", "The place’s name.").required(),
        Field::text("breakdown", "What people are grouped by; empty for everybody."),
        Field::text("group", "The group; empty for everybody."),
        Field::text("status", "Whether the figure is shown, and if not, why.")
            .required()
            .one_of(STATUSES.iter().map(code)),
        Field::count("n", "People with a valid answer: the base."),
        Field::count("positive", "Those of them whose answer counts as positive."),
        Field::percent("percent", "positive out of n, in percent, to one decimal."),
        Field::decimal("mean", "The mean, or ratio, to two decimals."),
        Field::decimal("sd", "The standard deviation, to two decimals."),
        Field::decimal("low", "Lower end of the 95% interval, in the unit of the figure."),
        Field::decimal("high", "Upper end of the 95% interval."),
        Field::text("interval_method", "How the interval is worked out.").one_of(["wilson", "t", "ratio-t"]),
        Field::text("band", "What is said in words where numbers are not shown.")
            .one_of(BANDS.iter().map(code)),
        Field::text("merged_into", "The area in whose figure these people are counted."),
        Field::text("periods", "The periods that are taken together."),
    ];
    fields.extend(completed_by.iter().map(|by| {
        Field::count(format!("completed_by_{}", plain(by)), format!("Valid answers by who gave them: {by}."))
    }));
    fields.extend([
        Field::count(
            "without_supporter_n",
            "The base without answers given with help from somebody who gives the support.",
        ),
        Field::count("without_supporter_positive", "Positive answers of those."),
        Field::percent("without_supporter_percent", "The percentage of those."),
        Field::decimal("without_supporter_low", "Lower end of its 95% interval."),
        Field::decimal("without_supporter_high", "Upper end of its 95% interval."),
    ]);
    fields.extend(left_out.iter().map(|why| {
        Field::count(
            format!("left_out_{}", plain(why)),
            format!("People with a response who are not in the base: {why}."),
        )
    }));
    fields.extend([
        Field::count("supported", "People supported in the period."),
        Field::count("eligible", "Those of them who could be asked."),
        Field::count("invited", "People who were asked."),
        Field::count("responded", "Those of them who answered."),
        Field::count("unfinished", "Those of them who began and did not finish."),
        Field::percent("response_rate", "responded out of invited, in percent."),
        Field::count("open", "Responses through an open link: who answered is not known."),
        Field::count("schemes_taking_part", "Schemes with an answer here."),
        Field::count("schemes_all", "All schemes of the model here."),
        Field::count("change_pairs", "People with a first and a later answer."),
        Field::count("change_improved", "For the better since the first."),
        Field::count("change_same", "The same as at first."),
        Field::count("change_worse", "For the worse since the first."),
        Field::count("change_lost", "People with a first answer and no later one."),
        Field::decimal("change_median_months", "Median of the months between the two.").at_least(0),
        Field::text("statement_en", "The figure in words, in English."),
        Field::text("statement_cy", "The figure in words, in Welsh."),
    ]);
    fields
}

fn ends(interval: Option<&Interval>) -> (Option<f64>, Option<f64>) {
    (interval.map(|i| i.low), interval.map(|i| i.high))
}

fn write(rows: &mut Rows, number: usize, cell: &Cell, left_out: &[&str], completed_by: &[&str]) {
    let place = &cell.place;
    let (area, scheme) =
        if place.is_scheme() { ("", place.code.as_str()) } else { (place.code.as_str(), "") };
    let (by, group) = cell.group();
    let (low, high) = ends(cell.interval.as_ref());
    let method = cell.interval.as_ref().map_or("", |i| i.method);
    rows.number(Some(number))
        .texts(&[&cell.indicator, &cell.series, &cell.model, &cell.rule, &cell.period, &place.level])
        .texts(&[area, scheme, &place.name, &by, &group, cell.status()])
        .number(cell.n)
        .number(cell.positive)
        .number(cell.percent)
        .number(cell.mean)
        .number(cell.sd)
        .number(low)
        .number(high)
        .texts(&[method, cell.band.as_deref().unwrap_or_default()])
        .text(cell.merged_into.as_deref().unwrap_or_default())
        .text(&cell.periods.as_deref().unwrap_or_default().join(" "));
    for by in completed_by {
        rows.number(cell.completed_by.as_ref().and_then(|all| all.get(*by)));
    }
    let without = cell.without_supporter.as_ref();
    let (low, high) = ends(without.and_then(|w| w.interval.as_ref()));
    rows.number(without.map(|w| w.n))
        .number(without.map(|w| w.positive))
        .number(without.and_then(|w| w.percent))
        .number(low)
        .number(high);
    for why in left_out {
        rows.number(cell.left_out.as_ref().and_then(|all| all.get(*why)));
    }
    for people in [cell.supported, cell.eligible, cell.invited, cell.responded, cell.unfinished] {
        rows.number(people);
    }
    rows.number(cell.response_rate).number(cell.open);
    rows.number(cell.schemes.map(|s| s.taking_part)).number(cell.schemes.map(|s| s.all));
    let change = cell.change.as_ref();
    rows.number(change.map(|c| c.pairs))
        .number(change.and_then(|c| c.improved))
        .number(change.map(|c| c.same))
        .number(change.and_then(|c| c.worse))
        .number(change.map(|c| c.lost))
        .number(change.and_then(|c| c.median_months));
    rows.texts(&[cell.says("en"), cell.says("cy")]).end();
}

/// `answers.csv`.
pub(super) fn answers(cells: &[Cell]) -> Result<Table, PackageError> {
    let mut rows = Rows::begin(Form {
        name: "answers",
        title: "How answers spread",
        words: "How many people gave each answer, for the cells of khi.csv that print it; of bands also the percentage and its interval. questions.csv has the words of the answers.",
        fields: vec![
            Field::whole("cell", "The row of khi.csv.").required(),
            Field::text("answer", "The code of the answer or band.").required(),
            Field::count("people", "People who gave it.").required(),
            Field::percent("percent", "Out of n, in percent, to one decimal; given for bands."),
            Field::decimal("low", "Lower end of the 95% interval."),
            Field::decimal("high", "Upper end of the 95% interval."),
        ],
        key: &["cell", "answer"],
        references: vec![Reference { field: "cell", table: "khi", to: "cell" }],
        not_shown: None,
    });
    for (number, cell) in (1_usize..).zip(cells) {
        match &cell.distribution {
            None => {}
            Some(Spread::Counts(counts)) => {
                for (answer, people) in counts {
                    rows.number(Some(number)).text(answer).number(Some(people));
                    rows.number(None::<f64>).number(None::<f64>).number(None::<f64>).end();
                }
            }
            Some(Spread::Bands(bands)) => {
                for (answer, band) in bands {
                    let (low, high) = ends(band.interval.as_ref());
                    rows.number(Some(number)).text(answer).number(Some(band.count));
                    rows.number(band.percent).number(low).number(high).end();
                }
            }
        }
    }
    rows.finish()
}
