//! What is known of each thing that people are asked, gathered before anything is written.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::material::{KpiFigure, Material};
use super::words::{Language, Words};
use super::written::percent;
use crate::domain::area::Level;
use crate::domain::definition::{Definition, Indicator, IndicatorEntry, Model, STANDARD, Statistic, Status};
use crate::domain::figures::{Row, Status as Shown};
use crate::domain::passport::{Tenths, capital};
use crate::domain::period::{Period, PeriodKind};
use crate::domain::question::Item;
use crate::domain::report::document::Value;

/// Topics that stand on the first page before others, in this order.
const FIRST_TOPICS: [&str; 12] = [
    "social-connection",
    "good-life",
    "belonging",
    "choice",
    "better-life",
    "kindness",
    "dignity",
    "emotional-health",
    "friends",
    "safety",
    "wellbeing",
    "support",
];

/// How many Key Human Indicators stand on the first page.
const FIRST: usize = 4;

/// Stands for a share while a sentence is taken apart.
const MARK: &str = "\u{1}";

/// The material with everything looked up.
pub(super) struct Composer<'a> {
    pub(super) m: &'a Material<'a>,
    pub(super) w: Words,
    /// One for each model that there is anything to say of.
    pub(super) parts: Vec<Part<'a>>,
}

/// What is said of one model; of none: what areas count of themselves.
pub(super) struct Part<'a> {
    pub(super) model: Option<Model>,
    pub(super) said: Vec<Said<'a>>,
    pub(super) kpis: Vec<&'a KpiFigure>,
}

/// One thing that people are asked, in one wording.
pub(super) struct Said<'a> {
    pub(super) indicator: &'a Indicator,
    pub(super) definition: &'a Definition,
    pub(super) entry: &'a IndicatorEntry,
    /// The row of the place and the period.
    pub(super) own: Option<&'a Row>,
    /// The place's row in the newest release, where the report is not made from that.
    pub(super) released: Option<&'a Row>,
    /// The rows of the places around it in the release, the smallest first.
    pub(super) wider: Vec<&'a Row>,
}

/// Whose figure it is that can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// That of the place and the period.
    Own,
    /// That of the place in the newest release.
    Released,
    /// That of a place around it.
    Wider,
}

impl<'a> Composer<'a> {
    pub(super) fn of(m: &'a Material<'a>, language: Language) -> Self {
        let mut parts: Vec<Part<'a>> = m
            .models
            .iter()
            .map(|model| Part {
                model: Some(*model),
                said: said_of(m, *model),
                kpis: kpis_of(m, Some(*model)),
            })
            .filter(|part| !part.said.is_empty() || !part.kpis.is_empty())
            .collect();
        let areas = kpis_of(m, None);
        if !areas.is_empty() {
            parts.push(Part { model: None, said: Vec::new(), kpis: areas });
        }
        Self { m, w: Words::of(language), parts }
    }

    /// Whether it speaks of several models: then there are fewer drawings of each.
    pub(super) fn is_wide(&self) -> bool {
        self.parts.len() > 1
    }

    pub(super) fn model_title(&self, model: Option<Model>) -> &'static str {
        model.map_or_else(|| self.w.t("model_none"), |model| self.w.t(&format!("model_{}", model.code())))
    }

    /// The name of a place in the language of the report: schemes have one name.
    pub(super) fn place_name(&self, code: &str, name: &str) -> String {
        let region = format!("region_{code}");
        if self.w.language == Language::Welsh {
            if self.w.has(&region) {
                return self.w.t(&region).to_owned();
            }
            if let Some(welsh) = self.m.registry.areas.get(code).and_then(|area| area.name_cy.clone()) {
                return welsh;
            }
        }
        name.to_owned()
    }

    /// The name of the place that the report is about.
    pub(super) fn here(&self) -> String {
        self.place_name(&self.m.place.code, &self.m.place.name)
    }

    /// A place's name as it stands within a sentence: “the North West”.
    pub(super) fn within(&self, row: &Row) -> String {
        self.in_sentence_of(&row.place.code, &row.place.name)
    }

    fn in_sentence_of(&self, code: &str, name: &str) -> String {
        let key = format!("within_{code}");
        if self.w.has(&key) { self.w.t(&key).to_owned() } else { self.place_name(code, name) }
    }

    pub(super) fn place_of(&self, row: &Row) -> String {
        self.place_name(&row.place.code, &row.place.name)
    }

    /// “1 April 2025 to 31 March 2026”.
    pub(super) fn period(&self, period: Period) -> String {
        self.span(period.first_day(), period.last_day())
    }

    fn span(&self, from: NaiveDate, to: NaiveDate) -> String {
        self.w.with("period_span", &[("from", &self.w.day(from)), ("to", &self.w.day(to))])
    }

    /// A period by its name; the name itself if it is none.
    pub(super) fn period_named(&self, name: &str) -> String {
        name.parse::<Period>().map_or_else(|()| name.to_owned(), |period| self.period(period))
    }

    /// A period for the axis of a drawing: “2025-26”, “Jul–Sep 2026”.
    pub(super) fn short_period(&self, period: Period) -> String {
        let (first, last) = (period.first_day(), period.last_day());
        let month = |day: NaiveDate| self.w.month(day.month()).chars().take(3).collect::<String>();
        match period.kind() {
            PeriodKind::Year => period.to_string(),
            PeriodKind::Quarter => format!("{}–{} {}", month(first), month(last), last.year()),
            _ => format!("{} {}–{} {}", month(first), first.year(), month(last), last.year()),
        }
    }

    /// What is said instead of a figure that is not shown.
    pub(super) fn absent(&self, row: Option<&Row>) -> Value {
        let w = self.w;
        let Some(row) = row else { return Value::absent(w.t("absent_nobody")) };
        Value::absent(match (row.status, row.band.as_deref(), &row.merged_into) {
            (Shown::Banded, Some("almost-all"), _) => w.t("absent_banded_high").to_owned(),
            (Shown::Banded, _, _) => w.t("absent_banded_low").to_owned(),
            (Shown::Merged, _, Some(code)) => match self.merged_place(code) {
                Some(place) => w.with("absent_merged", &[("place", &place)]),
                None => w.t("absent_merged_other").to_owned(),
            },
            _ => w.t("absent_few").to_owned(),
        })
    }

    /// The place within which a figure is counted, as it stands in a sentence: none where that is a neighbour, whose name says nothing here.
    pub(super) fn merged_place(&self, code: &str) -> Option<String> {
        let areas = &self.m.registry.areas;
        let around = self.m.beside.iter().flat_map(|beside| &beside.around);
        let lies_there = areas.lies_within(&self.m.place.code, code)
            || around.into_iter().any(|row| row.place.code == code)
            || areas
                .get(code)
                .is_some_and(|area| matches!(area.level, Level::Uk | Level::Nation | Level::Region));
        let area = areas.get(code).filter(|_| lies_there)?;
        Some(self.in_sentence_of(&area.code, &area.name))
    }

    /// The title of what people are asked.
    pub(super) fn title(&self, said: &Said<'_>) -> String {
        self.w.title(&said.indicator.title).to_owned()
    }

    /// A share in words: “nearly 9 in 10”.
    fn tenths(&self, positive: i64, n: i64) -> Option<String> {
        let w = self.w;
        let named = |key: &str, tenths: u8| w.with(key, &[("tenths", &tenths.to_string())]);
        Some(match Tenths::of(positive, n)? {
            Tenths::None => w.t("tenths_none").to_owned(),
            Tenths::VeryFew => w.t("tenths_very_few").to_owned(),
            Tenths::FewerThanOne => w.t("tenths_fewer").to_owned(),
            Tenths::Exactly(tenths) => named("tenths", tenths),
            Tenths::Nearly(tenths) => named("tenths_nearly", tenths),
            Tenths::MoreThan(tenths) => named("tenths_more", tenths),
            Tenths::AllButAFew => w.t("tenths_all_but_few").to_owned(),
            Tenths::All => w.t("tenths_all").to_owned(),
        })
    }

    /// The share of a row in words; nothing where nothing may be said.
    fn share_in_words(&self, row: &Row) -> Option<String> {
        match (row.status, row.band.as_deref()) {
            (Shown::Banded, Some("almost-all")) => Some(self.w.t("band_almost_all").to_owned()),
            (Shown::Banded, Some("very-few")) => Some(self.w.t("band_very_few").to_owned()),
            _ => row.positive.zip(row.n).and_then(|(positive, n)| self.tenths(positive, n)),
        }
    }

    /// A row in words, without numbers that stand beside them: “9 in 10 people said ...”; nothing where nothing may be said.
    pub(super) fn headline(&self, said: &Said<'_>, row: &Row) -> Option<String> {
        let Some(share) = self.share_in_words(row) else {
            let statement = row.statement.as_ref().filter(|_| is_shown(row))?;
            return Some(self.w.title(statement).to_owned());
        };
        Some(self.in_sentence(said, &share))
    }

    /// A share in words, and what it is a share of: “More than 9 in 10”, “people said they ...”; in Welsh, where the verb comes first, “Dywedodd mwy na 9 o
    /// bob 10”, “o bobl ...”. Nothing where the catalogue has no such sentence.
    pub(super) fn headline_apart(&self, said: &Said<'_>, row: &Row) -> Option<(String, String)> {
        let share = self.share_in_words(row)?;
        let sentence = self.in_sentence(said, MARK);
        let (before, rest) = sentence.split_once(MARK)?;
        Some((capital(&format!("{before}{share}")), rest.trim_start().to_owned()))
    }

    /// The catalogue's sentence with a share in words in it.
    fn in_sentence(&self, said: &Said<'_>, share: &str) -> String {
        const PERCENT: &str = " ({percent}%)";
        let template = self.w.title(&said.indicator.statement);
        // “9 o bob 10 o bobl”: in Welsh the noun follows “o” whatever the number is.
        let number = match self.w.language {
            Language::English => "{positive} of {n}",
            Language::Welsh => "{positive} allan o {n}",
        };
        if !(template.contains(number) && template.contains(PERCENT)) {
            let title = self.w.title(&said.indicator.title);
            return capital(&self.w.with("said_in_short", &[("share", share), ("title", title)]));
        }
        capital(&template.replacen(number, share, 1).replacen(PERCENT, "", 1))
    }

    /// Words of an answer in figures: an option, or a band.
    pub(super) fn answer(&self, said: &Said<'_>, code: &str) -> String {
        let language = self.w.language.code();
        let Some(item) = said.item() else { return code.to_owned() };
        let option = item.kind.choices().iter().find(|o| o.code == code).map(|o| &o.text);
        let band = || item.kind.number()?.bands.iter().find(|b| b.code == code).map(|b| &b.text);
        let words = option.or_else(band).map(|text| said.definition.say(text, STANDARD, language));
        let reason = || self.w.t(&format!("reason_{code}")).to_owned();
        words.map_or_else(reason, |words| words.trim_end_matches('.').to_owned())
    }

    /// The Key Human Indicators that stand first: what people say of their own lives, by topic, each topic once.
    pub(super) fn first<'p>(&self, part: &'p Part<'a>) -> Vec<&'p Said<'a>> {
        let mut able: Vec<&Said<'a>> = part.said.iter().filter(|said| said.best().is_some()).collect();
        let own = able.iter().any(|said| matches!(said.best(), Some((_, Whose::Own | Whose::Released))));
        able.retain(|said| said.entry.rule.is_share());
        let rank = |said: &Said<'_>| {
            let topic = FIRST_TOPICS.iter().position(|topic| *topic == said.indicator.topic);
            let wider = own && matches!(said.best(), Some((_, Whose::Wider)));
            let words = said.best().is_some_and(|(row, _)| row.percent.is_none());
            (wider, !said.definition.asks_a_person(), topic.is_none(), words, topic)
        };
        able.sort_by_key(|said| rank(said));
        let mut topics: BTreeSet<&str> = BTreeSet::new();
        let mut first: Vec<&Said<'a>> =
            able.iter().copied().filter(|said| topics.insert(&said.indicator.topic)).take(FIRST).collect();
        let more = able.iter().copied().filter(|said| !first.iter().any(|f| std::ptr::eq(*f, *said)));
        let more: Vec<&Said<'a>> = more.take(FIRST - first.len()).collect();
        first.extend(more);
        first
    }
}

impl<'a> Said<'a> {
    /// The item it is made from, if it is one.
    pub(super) fn item(&self) -> Option<&'a Item> {
        let items = self.entry.rule.items();
        let [only] = items.as_slice() else { return None };
        self.definition.item(only).map(|(_, item)| item)
    }

    /// The figure that can be said, and whose it is: the place's own first, with a number before words only.
    pub(super) fn best(&self) -> Option<(&'a Row, Whose)> {
        let shown = |row: &&'a Row| is_shown(row);
        let banded = |row: &&'a Row| row.status == Shown::Banded;
        self.own
            .filter(shown)
            .map(|row| (row, Whose::Own))
            .or_else(|| self.released.filter(shown).map(|row| (row, Whose::Released)))
            .or_else(|| self.own.filter(banded).map(|row| (row, Whose::Own)))
            .or_else(|| self.released.filter(banded).map(|row| (row, Whose::Released)))
            .or_else(|| self.wider.iter().copied().find(shown).map(|row| (row, Whose::Wider)))
    }

    /// The place's own figure that can be said.
    pub(super) fn own_best(&self) -> Option<(&'a Row, Whose)> {
        self.best().filter(|(_, whose)| *whose != Whose::Wider)
    }

    /// Whether it is what people say their support did for them.
    pub(super) fn is_attribution(&self) -> bool {
        self.indicator.statistic == Statistic::Attribution
    }
}

/// Whether a row has its figure.
pub(super) fn is_shown(row: &Row) -> bool {
    matches!(row.status, Shown::Shown | Shown::Pooled)
        && row.n.is_some_and(|n| n > 0)
        && (row.percent.is_some() || row.mean.is_some() || row.distribution.is_some())
}

/// “90.0%”, “3.97”, or nothing.
pub(super) fn figure(row: &Row) -> String {
    match (row.percent, row.mean) {
        (Some(share), _) => percent(share),
        (None, Some(value)) => super::written::mean(value),
        (None, None) => String::new(),
    }
}

/// Everything that people of a model are asked in the newest version of each questionnaire, people's own lives first.
fn said_of<'a>(m: &'a Material<'a>, model: Model) -> Vec<Said<'a>> {
    let newest = m.registry.ids().filter_map(|id| m.registry.latest(id));
    let mut definitions: Vec<&'a Definition> =
        newest.map(|d| &**d).filter(|d| d.model == model && d.status != Status::Draft).collect();
    let order = |d: &Definition| {
        let rank = RESPONDENTS.iter().position(|r| *r == d.respondent).unwrap_or(RESPONDENTS.len());
        (rank, d.id.clone())
    };
    definitions.sort_by_key(|d| order(d));
    let mut said: Vec<Said<'a>> = Vec::new();
    for definition in definitions {
        for entry in &definition.indicators {
            let known = |s: &Said<'_>| s.entry.indicator == entry.indicator && s.entry.series == entry.series;
            let Some(indicator) = m.registry.indicator(&entry.indicator).filter(|_| !said.iter().any(known))
            else {
                continue;
            };
            let is_this = |row: &&'a Row| {
                row.model == model.code() && row.indicator == entry.indicator && row.series == entry.series
            };
            let beside = m.beside.as_ref();
            let mut wider: Vec<&'a Row> =
                beside.into_iter().flat_map(|b| &b.around).filter(is_this).collect();
            wider.sort_by_key(|row| std::cmp::Reverse(depth(row.place.level)));
            said.push(Said {
                indicator,
                definition,
                entry,
                own: m.rows.iter().find(is_this),
                released: beside.and_then(|b| b.own.iter().find(is_this)),
                wider,
            });
        }
    }
    said
}

/// Who answers, in the order in which reports speak of them.
const RESPONDENTS: [&str; 8] =
    ["person", "householder", "homesharer", "family", "carer", "worker", "partner", "area"];

/// How small a place is.
fn depth(level: Level) -> u8 {
    match level {
        Level::Uk => 0,
        Level::Nation => 1,
        Level::Region => 2,
        Level::Together => 3,
        Level::LocalAuthority => 4,
        Level::Scheme => 5,
        Level::Unit => 6,
    }
}

fn kpis_of<'a>(m: &'a Material<'a>, model: Option<Model>) -> Vec<&'a KpiFigure> {
    m.kpis.iter().filter(|figure| figure.model.as_deref() == model.map(Model::code)).collect()
}
