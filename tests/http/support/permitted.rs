//! Every number that a text says, held to those that it may say: for pages, files and drawings alike.

use std::collections::BTreeSet;

use khi::domain::comparison::difference_of;
use khi::domain::definition::Registry;
use khi::domain::statistics::percent;
use serde_json::Value;

/// Every number of a text as it is written, without sign and without commas between thousands: “7,140 (89.7%)” has 7140 and 89.7.
pub(crate) fn numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let mut number = String::new();
        while digit(at) {
            number.push(letters[at]);
            at += 1;
            let three = (1..=3).all(|next| digit(at + next)) && !digit(at + 4);
            if letters.get(at) == Some(&',') && three {
                at += 1;
            }
        }
        if letters.get(at) == Some(&'.') && digit(at + 1) {
            number.push('.');
            at += 1;
            while digit(at) {
                number.push(letters[at]);
                at += 1;
            }
        }
        found.push(number);
    }
    found
}

/// What a reader of a page sees or hears: its words, and those that only assistive technology says. No addresses, no names of parts.
pub(crate) fn words_of_page(html: &str) -> String {
    let mut words = String::new();
    let without = |html: &str, element: &str| {
        let mut kept = String::new();
        let mut rest = html;
        while let Some((before, inside)) = rest.split_once(&format!("<{element}")) {
            kept.push_str(before);
            rest = inside.split_once(&format!("</{element}>")).map_or("", |(_, after)| after);
        }
        kept + rest
    };
    // The scale of a drawing is no figure: figures have a decimal.
    let mut html = without(&without(html, "style"), "script");
    for tick in [0, 25, 50, 75, 100] {
        html = html.replace(&format!(">{tick}%</text>"), "></text>");
    }
    for part in html.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        for attribute in ["aria-label=\"", "alt=\"", "title=\""] {
            if let Some((_, value)) = tag.split_once(attribute) {
                words.push_str(value.split('"').next().unwrap_or_default());
                words.push('\n');
            }
        }
        words.push_str(text);
        words.push('\n');
    }
    // A character that is written as its number is no number.
    words
        .replace("&#38;", "&")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
}

/// The numbers that may be said.
#[derive(Debug, Default)]
pub(crate) struct Permitted {
    values: Vec<f64>,
    written: BTreeSet<String>,
}

impl Permitted {
    /// What a report may say, by its own rows (its JSON): every number in them, what follows from them (percentages of a distribution,
    /// differences with their intervals), and what is said whatever the figures are (dates, rules, questions).
    pub(crate) fn of_report(report: &Value, registry: &Registry) -> Self {
        let mut permitted = Self::default();
        permitted.add(report);
        for rows in
            [&report["khi"], &report["over_time"], &report["release"]["own"], &report["release"]["around"]]
        {
            for row in rows.as_array().into_iter().flatten() {
                permitted.add_spread(&row["distribution"]);
            }
        }
        let own = if report["release"]["own"].as_array().is_some_and(|own| !own.is_empty()) {
            &report["release"]["own"]
        } else {
            &report["khi"]
        };
        for own in own.as_array().into_iter().flatten() {
            for wide in report["release"]["around"].as_array().into_iter().flatten() {
                permitted.add_difference(own, wide);
            }
        }
        permitted.add_sector(&report["sector"], registry);
        for fact in report["facts"].as_array().into_iter().flatten() {
            permitted.also(fact["text"].as_str().unwrap_or_default());
        }
        permitted.also(include_str!("../../../src/domain/report/compose/words.json"));
        // Tenths of a share in words; the ticks of an axis; days and years of periods as they are written out.
        permitted.written.extend((0..=10).flat_map(|tenth| [tenth.to_string(), (tenth * 10).to_string()]));
        permitted.also("25 75 1 30 31 2020 2021 2022 2023 2024 2025 2026 2027");
        for language in ["en", "cy"] {
            for indicator in &registry.indicators {
                permitted.also(indicator.title.get(language));
                permitted.also(indicator.statement.get(language));
            }
            for kpi in &registry.kpis {
                permitted.also(kpi.title.get(language));
                permitted.also(registry.unit(&kpi.unit, language));
            }
        }
        for item in registry.definitions().flat_map(|definition| &definition.items) {
            let options = item.kind.choices().iter().map(|option| &option.text);
            let bands =
                item.kind.number().into_iter().flat_map(|number| &number.bands).map(|band| &band.text);
            for texts in std::iter::once(&item.text).chain(options).chain(bands) {
                texts.all().for_each(|(_, _, words)| permitted.also(words));
            }
        }
        permitted
    }

    /// Permits every number of a text.
    pub(crate) fn also(&mut self, text: &str) {
        self.written.extend(numbers(text));
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Number(number) => self.values.extend(number.as_f64()),
            Value::Array(all) => all.iter().for_each(|value| self.add(value)),
            Value::Object(all) => {
                for (key, value) in all {
                    // What a row is of is named beside it.
                    if ["period", "periods", "price_year"].contains(&key.as_str()) {
                        self.also(&value.to_string());
                    }
                    self.add(value);
                }
            }
            // The statement says the numbers of its row, and no other text says one.
            Value::String(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    fn add_spread(&mut self, spread: &Value) {
        let counts: Vec<i64> =
            spread.as_object().into_iter().flat_map(|all| all.values()).filter_map(Value::as_i64).collect();
        let all: i64 = counts.iter().sum();
        self.values.extend(counts.iter().filter_map(|count| percent(*count, all)));
    }

    /// What the state of the sector works out: changes of two figures, shares of arrangements and their sum; and what others have published.
    fn add_sector(&mut self, sector: &Value, registry: &Registry) {
        let none = Vec::new();
        let all = |key: &str| sector[key].as_array().unwrap_or(&none);
        let change = |now: f64, then: f64| [now - then, (now - then) / then * 100.0].map(f64::abs);
        let mut shares: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
        for pair in all("pairs") {
            let Some((now, then)) = pair["value"].as_f64().zip(pair["of_value"].as_f64()) else { continue };
            if pair["kpi"] == pair["of"] {
                self.values.extend(change(now, then));
            } else {
                self.values.push(now / then * 100.0);
                *shares.entry(pair["place"]["code"].to_string()).or_default() += now / then * 100.0;
            }
        }
        self.values.extend(shares.into_values());
        let figures = all("figures");
        for now in figures {
            let same = |then: &&Value| ["kpi", "model", "place"].iter().all(|key| then[key] == now[key]);
            for then in figures.iter().filter(same).filter(|then| then["period"] != now["period"]) {
                if let Some((now, then)) = now["value"].as_f64().zip(then["value"].as_f64()) {
                    self.values.extend(change(now, then));
                }
            }
        }
        if sector.is_object() {
            let published = &registry.published_figures;
            self.values.push(102.0);
            for figure in &published.values {
                self.values.push(figure.value.abs());
                self.values.extend(published.change_percent(figure).map(f64::abs));
                self.also(&figure.year);
            }
            for source in &published.sources {
                self.also(&source.address);
                self.also(source.title.get("en"));
            }
            for measure in &published.measures {
                self.also(measure.title.get("en"));
            }
        }
    }

    fn add_difference(&mut self, own: &Value, wide: &Value) {
        if own["indicator"] != wide["indicator"] || own["model"] != wide["model"] {
            return;
        }
        let share = |row: &Value| Some((row["positive"].as_i64()?, row["n"].as_i64()?));
        let Some((own_share, wide_share)) = share(own).zip(share(wide)) else { return };
        if let Some(found) = difference_of(own_share, wide_share, own["periods"] == wide["periods"]) {
            self.values.extend([found.points, found.low, found.high].map(f64::abs));
        }
    }

    /// Whether a number, as it is written, may be said: it is one of the values to so many decimals, or said whatever the figures are.
    pub(crate) fn holds(&self, written: &str) -> bool {
        let decimals = written.split_once('.').map_or(0, |(_, rest)| rest.len());
        self.written.contains(written)
            || self.values.iter().any(|value| format!("{:.decimals$}", value.abs()) == written)
    }

    /// The numbers of a text that may not be said.
    pub(crate) fn strangers(&self, text: &str) -> Vec<String> {
        numbers(text).into_iter().filter(|number| !self.holds(number)).collect()
    }
}

#[test]
fn numbers_are_found_as_people_read_them() {
    let text = "7,140 people (89.7%), −3.1 points; 2025-26, 12m. 1,23 and 4,5678.";
    assert_eq!(numbers(text), ["7140", "89.7", "3.1", "2025", "26", "12", "1", "23", "4", "5678"]);
    let page = "<style>p{width:77px}</style><p class=\"x88\" aria-label=\"5 of 9\">it&#39;s 6</p>";
    assert_eq!(numbers(&words_of_page(page)), ["5", "9", "6"]);
    let mut permitted = Permitted { values: vec![89.66, 7140.0], ..Permitted::default() };
    permitted.also("from 0 to 10");
    assert_eq!(permitted.strangers("7,140 is 89.7% of 10, and 89.6"), ["89.6"]);
}
