//! A figure of a release for people to read: in words first, then with everything that belongs to it.

use crate::app::App;
use crate::domain::area::Level;
use crate::domain::definition::Model;
use crate::domain::figures::{Interval, Row, Spread, Status};
use crate::domain::passport::{Wording, capital, claim_id, headline, in_words, wordings};
use crate::published::Published;
use crate::web::pages::amounts::{ends, thousands, whole_percent};

use super::charts::stack;
use super::period_words;

/// What is said where a number is hidden.
pub(super) const TOO_FEW: &str = "too few people answered to show this";

/// The shares that come first, in this order; the others follow by title.
const FIRST: [&str; 3] = ["social-connection", "emotional-health", "physical-health"];

/// A figure that is shown, as a card.
pub(super) struct Figure {
    /// What its heading is reached by.
    pub(super) anchor: String,
    /// The indicator's title, and its page.
    pub(super) title: String,
    pub(super) address: String,
    /// What tells it from every other figure of a page: its title with what follows, model and wording.
    pub(super) name: String,
    pub(super) of: String,
    /// “Nearly 9 in 10”; empty of what is no share.
    pub(super) big: String,
    /// The sentence.
    pub(super) words: String,
    pub(super) line: Line,
    /// Places of the drawing, in whole percent: value, lower and upper end.
    pub(super) bar: Option<(i64, i64, i64)>,
    /// What is to be known of how it is shown.
    pub(super) note: String,
    /// The claim that has a passport.
    pub(super) claim: Option<String>,
    /// Answers, each with its people; empty where they are not shown.
    pub(super) answers: Vec<(String, String)>,
    /// They, drawn.
    pub(super) stack: Option<String>,
    /// The same figure of the places around.
    pub(super) beside: Vec<Line>,
}

/// A figure as one line of a table.
#[derive(Clone)]
pub(super) struct Line {
    /// The place or group, and its page.
    pub(super) name: String,
    pub(super) address: Option<String>,
    /// In words; why not, where it is hidden.
    pub(super) words: String,
    /// “89.7%”, “3.97”; empty where it is hidden.
    pub(super) value: String,
    pub(super) interval: String,
    pub(super) n: String,
    /// The years that were taken together, if several were.
    pub(super) years: String,
}

/// What a place or group is called, and where its page is.
pub(super) fn line(row: &Row, name: &str, address: Option<String>) -> Line {
    Line {
        name: name.to_owned(),
        address,
        words: short_words(row),
        value: value(row),
        interval: row.interval.as_ref().map(|i| interval(row, i)).unwrap_or_default(),
        n: row.n.map(thousands).unwrap_or_default(),
        years: years(row),
    }
}

/// A figure as a line named by its place.
pub(super) fn of_place(row: &Row) -> Line {
    line(row, &row.place.name, Some(format!("/places/{}", row.place.code)))
}

fn short_words(row: &Row) -> String {
    match (row.status, row.positive, row.n) {
        (Status::Banded, _, _) => capital(band(row)),
        (Status::Merged, _, _) => "counted with a larger place".into(),
        (_, Some(positive), Some(n)) => capital(&in_words(positive, n)),
        (_, None, Some(_)) => String::new(),
        _ => TOO_FEW.into(),
    }
}

fn band(row: &Row) -> &'static str {
    if row.band.as_deref() == Some("very-few") { "very few" } else { "almost all" }
}

fn value(row: &Row) -> String {
    match (row.percent, row.mean) {
        (Some(percent), _) => format!("{percent:.1}%"),
        (None, Some(mean)) => format!("{mean:.2}"),
        (None, None) => String::new(),
    }
}

fn interval(row: &Row, interval: &Interval) -> String {
    if row.percent.is_some() {
        ends(interval)
    } else {
        format!("{:.2} to {:.2}", interval.low, interval.high)
    }
}

fn years(row: &Row) -> String {
    if row.status != Status::Pooled {
        return String::new();
    }
    let of = row.periods.iter().flatten().map(|period| period_words(period));
    of.collect::<Vec<_>>().join(", ")
}

/// Whether a row has something to say of its own.
pub(super) fn says_something(row: &Row) -> bool {
    row.n.is_some() || row.status == Status::Banded
}

/// The model of a row, by the name that people use.
pub(super) fn model_title(code: &str) -> &str {
    Model::parse(code).map_or(code, |model| model.title())
}

/// The title of an indicator.
pub(super) fn title<'a>(app: &'a App, id: &'a str) -> &'a str {
    app.registry.indicator(id).map_or(id, |indicator| indicator.title.get("en"))
}

/// Puts rows in the order in which pages have them.
pub(super) fn sort(app: &App, rows: &mut [&Row]) {
    let rank = |row: &Row| FIRST.iter().position(|id| *id == row.indicator).unwrap_or(FIRST.len());
    rows.sort_by_key(|row| (rank(row), title(app, &row.indicator).to_owned(), row.series.clone()));
}

/// A card of a row that has something to say, with the same figure of `around`.
pub(super) fn figure(app: &App, release: &Published, row: &Row, around: &[&str]) -> Figure {
    let name = title(app, &row.indicator).to_owned();
    let template = app.registry.indicator(&row.indicator).map_or("", |i| i.statement.get("en"));
    let statement = row.statement.as_ref().map_or("", |s| s.get("en"));
    let big = match (row.status, row.positive, row.n) {
        (Status::Banded, _, _) => band(row).to_owned(),
        (_, Some(positive), Some(n)) => in_words(positive, n),
        _ => String::new(),
    };
    let claim = claim_id(&row.indicator, &row.series, &row.model, row.place.level, &row.place.name);
    let is_claim = matches!(row.place.level, Level::Uk | Level::Nation) && release.claims.contains(&claim);
    let percent = row.percent.zip(row.interval.as_ref());
    let anchor = format!("{}-{}-{}", row.model, row.indicator, row.series.replace('/', "-"));
    let stack_title = format!("Every answer: {name}, {}, {}", model_title(&row.model), row.place.name);
    Figure {
        stack: stack(app, row, &format!("{anchor}-answers"), &stack_title),
        anchor,
        address: format!("/indicators/{}", row.indicator),
        name: format!("{name}, {}, {}", model_title(&row.model), row.series),
        of: format!("{}, {}", model_title(&row.model), row.series),
        title: name,
        words: sentence(&headline(template, statement, &big), &big, statement),
        big: capital(&big),
        line: of_place(row),
        bar: percent.map(|(p, i)| (whole_percent(p), whole_percent(i.low), whole_percent(i.high))),
        note: note(row),
        claim: is_claim.then_some(claim),
        answers: answers(app, row),
        beside: around.iter().filter_map(|code| release.beside(row, code)).map(of_place).collect(),
    }
}

/// The sentence of a card: what follows on the share in large letters; the whole one of what is no share.
fn sentence(headline: &str, big: &str, statement: &str) -> String {
    if big.is_empty() {
        return statement.to_owned();
    }
    headline.strip_prefix(&capital(big)).unwrap_or(headline).trim_start().to_owned()
}

fn note(row: &Row) -> String {
    match row.status {
        Status::Pooled => format!(
            "Too few people answered in the period alone, so this is of several years together: {}.",
            years(row)
        ),
        Status::Banded => {
            "This is said in words only: the number could tell what one person answered.".into()
        }
        _ => String::new(),
    }
}

/// Answers in the order of the question, each with its people.
pub(super) fn answers(app: &App, row: &Row) -> Vec<(String, String)> {
    let Some(spread) = &row.distribution else { return Vec::new() };
    let words: Vec<Wording> = wordings(&app.registry, &row.model, &row.indicator, &row.series);
    let offered = words.iter().flat_map(|w| &w.questions).flat_map(|q| &q.answers);
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for answer in offered {
        if seen.contains(&answer.code.as_str()) {
            continue;
        }
        seen.push(&answer.code);
        let said = match spread {
            Spread::Counts(counts) => counts.get(&answer.code).map(|count| thousands(*count)),
            Spread::Bands(bands) => bands.get(&answer.code).map(|band| {
                let percent = band.percent.map(|p| format!(" ({p:.1}%)")).unwrap_or_default();
                format!("{}{percent}", thousands(band.count))
            }),
        };
        found.extend(said.map(|said| (answer.words.trim_end_matches('.').to_owned(), said)));
    }
    found
}
