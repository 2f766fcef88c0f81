//! What a return may hold: which KPIs, for which councils, and which numbers.

use serde_json::Value;

use super::amount::{Amount, NotAnAmount, Refused};
use crate::domain::definition::{Kpi, Model, Rhythm, Sender, Sent, Shape};
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::reader::{Field, Object, read_whole, short};

/// One figure of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The KPI's id.
    pub kpi: String,
    /// The council it is counted for; of an area's own return, the area.
    pub council: String,
    /// What was counted.
    pub numerator: Amount,
    /// Out of how many, or divided by what.
    pub denominator: Option<Amount>,
}

/// Whose return it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// What kind of sender.
    pub sender: Sender,
    /// The model of the scheme, or of the unit's scheme.
    pub model: Option<Model>,
    /// The councils in force in the period, of a scheme or unit; of an area or the national body, its own code only.
    pub councils: Vec<String>,
    /// The nations in which those lie. Empty for the national body.
    pub nations: Vec<String>,
}

/// What is asked of somebody for a period.
#[derive(Debug, Clone)]
pub struct Asked<'k> {
    /// The KPIs, in the catalogue's order.
    pub kpis: Vec<(&'k Kpi, &'k Sent)>,
    all: &'k [Kpi],
    whose: Whose,
    period: Period,
}

impl<'k> Asked<'k> {
    /// What is asked of `whose` for `period`: a quarter or a financial year.
    pub fn of(all: &'k [Kpi], whose: Whose, period: Period) -> Self {
        let mut asked = Self { kpis: Vec::new(), all, whose, period };
        let kpis = all.iter().filter_map(|kpi| Some((kpi, kpi.sent()?)));
        asked.kpis = kpis.filter(|(kpi, _)| asked.refusal(kpi).is_none()).collect();
        asked
    }

    /// Why this KPI is not part of the return.
    fn refusal(&self, kpi: &Kpi) -> Option<Refused> {
        if kpi.sent().is_none() {
            let detail = "This is worked out from other figures and never sent in.".into();
            return Some(Refused { code: "worked-out", detail });
        }
        if kpi.by != self.whose.sender {
            let detail = format!("This figure is sent in by {}.", in_words(kpi.by));
            return Some(Refused { code: "wrong-sender", detail });
        }
        let has_model = |model| kpi.models.is_empty() || kpi.models.contains(&model);
        if !self.whose.model.is_none_or(has_model) {
            let detail = "This figure is not one of this scheme's model.".into();
            return Some(Refused { code: "wrong-model", detail });
        }
        if !self.whose.nations.is_empty() && !self.whose.nations.iter().any(|nation| kpi.applies_in(nation)) {
            let detail = "This figure is not one of this nation.".into();
            return Some(Refused { code: "wrong-nation", detail });
        }
        let fits = match self.period {
            Period::Quarter(_) => kpi.period == Rhythm::Quarter,
            Period::Year(_) => kpi.period == Rhythm::Year,
            Period::TwelveMonths(_) | Period::ThreeYears(_) => false,
        };
        (!fits).then(|| {
            let every = if kpi.period == Rhythm::Quarter {
                "quarter, such as 2026-Q3"
            } else {
                "financial year, such as 2026-27"
            };
            Refused { code: "wrong-period", detail: format!("This figure is sent in for each {every}.") }
        })
    }

    /// The councils that figures can be for.
    pub fn councils(&self) -> &[String] {
        &self.whose.councils
    }

    /// Reads one figure by itself; pointers begin at it.
    ///
    /// # Errors
    ///
    /// Every fault.
    pub fn read_one(&self, value: &Value) -> Result<Entry, Vec<Fault>> {
        read_whole(value, |field| self.read(field))
    }

    /// Which KPI and council a figure names, whatever its numbers.
    ///
    /// # Errors
    ///
    /// Every fault of these two.
    pub fn read_which(&self, value: &Value) -> Result<(String, String), Vec<Fault>> {
        read_whole(value, |field| {
            let object = field.object()?;
            let (kpi, council) = (self.kpi(&object), self.council_of(&object));
            Some((kpi?.id.clone(), council?))
        })
    }

    /// Reads the list `values` of an object that may hold more.
    pub fn read_values(&self, object: &Object<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let Some(list) = object.required("values").and_then(|f| f.list(0)) else { return entries };
        list.each(|field| {
            let Some(entry) = self.read(field) else { return };
            if entries.iter().any(|e| e.kpi == entry.kpi && e.council == entry.council) {
                field.fault("repeated", format!("“{}” stands here twice.", short(&entry.kpi)));
            }
            entries.push(entry);
        });
        entries
    }

    fn read(&self, field: Field<'_>) -> Option<Entry> {
        let object = field.object()?;
        for key in ["percent", "percentage", "value"] {
            if let Some(field) = object.optional(key) {
                let Refused { code, detail } = NotAnAmount::Percentage.into();
                field.fault(code, detail);
            }
        }
        let kpi = self.kpi(&object);
        let council = self.council_of(&object);
        let numerator = object.required("numerator").and_then(amount);
        let denominator = object.optional("denominator");
        let read = kpi.and_then(|kpi| Some((kpi, kpi.sent()?)));
        let denominator = match (read, denominator) {
            (Some((kpi, _)), Some(field)) if kpi.denominator.is_none() => {
                field.fault("denominator-not-allowed", "This is a plain count: it has no denominator.");
                None
            }
            (Some((kpi, _)), None) if kpi.denominator.is_some() => {
                let out_of = kpi.denominator.as_ref().map_or("", |d| d.get("en"));
                object.fault("denominator-missing", format!("The denominator is missing: {out_of}."));
                None
            }
            (_, field) => field.and_then(|field| {
                let amount = amount(field)?;
                if amount == Amount::ZERO {
                    field.fault(
                        "zero-denominator",
                        "Nothing can be divided by 0. Leave the figure out if there was nothing to count.",
                    );
                    return None;
                }
                if let (Some((_, Sent { shape: Shape::Share, .. })), Some(numerator)) = (read, numerator)
                    && numerator > amount
                {
                    let detail = format!("{numerator} cannot be a part of {amount}.");
                    field.fault("numerator-above-denominator", detail);
                }
                Some(amount)
            }),
        };
        object.close(false);
        Some(Entry { kpi: kpi?.id.clone(), council: council?, numerator: numerator?, denominator })
    }

    fn kpi(&self, object: &Object<'_>) -> Option<&'k Kpi> {
        let field = object.required("kpi")?;
        let id = field.string()?;
        let found = self.all.iter().find(|k| k.id == id);
        match found.map(|kpi| (kpi, self.refusal(kpi))) {
            None => field.fault("unknown-kpi", format!("There is no KPI “{}”.", short(id))),
            Some((_, Some(refused))) => field.fault(refused.code, refused.detail),
            Some((kpi, None)) => return Some(kpi),
        }
        None
    }

    fn council_of(&self, object: &Object<'_>) -> Option<String> {
        object.optional("council").map_or_else(|| self.only_council(object), |f| self.council(f))
    }

    fn council(&self, field: Field<'_>) -> Option<String> {
        let code = field.string()?;
        if self.whose.councils.iter().any(|council| council == code) {
            return Some(code.to_owned());
        }
        field.fault("wrong-council", format!("{} is not one of the councils of this return.", short(code)));
        None
    }

    fn only_council(&self, object: &Object<'_>) -> Option<String> {
        match self.whose.councils.as_slice() {
            [one] => Some(one.clone()),
            several => {
                let detail = format!("Say for which council: {}.", several.join(", "));
                object.fault("council-missing", detail);
                None
            }
        }
    }
}

/// A number, or a number as text.
fn amount(field: Field<'_>) -> Option<Amount> {
    let parsed = match field.as_number() {
        Some(number) => Amount::parse(&number),
        None => Amount::parse(field.string()?),
    };
    let told = |why| {
        let Refused { code, detail } = Refused::from(why);
        field.fault(code, detail);
    };
    parsed.map_err(told).ok()
}

fn in_words(sender: Sender) -> &'static str {
    match sender {
        Sender::Scheme => "schemes",
        Sender::Unit => "units of schemes",
        Sender::Area => "councils and trusts",
        Sender::National => "the national body",
    }
}
