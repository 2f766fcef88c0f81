//! Who should send a KPI in for a returned period, and for which council.

use super::sums::{Expected, Sender};
use crate::domain::area::{Area, Areas};
use crate::domain::definition::{Kpi, Model, Sender as SentBy};
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;

/// The code of the United Kingdom, for which the national body sends its own figures in.
pub const UK: &str = "K02000001";

/// Somebody who is expected, and the model they are counted with; none = an area's own figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Who, for what and for when.
    pub expected: Expected,
    /// The model of the scheme.
    pub model: Option<Model>,
}

/// Everybody who should send `kpi` in for the returned period `step`: by the councils in force then, and only in nations where it applies.
pub fn expected<'s>(
    kpi: &Kpi,
    step: Period,
    areas: &Areas,
    schemes: impl Iterator<Item = &'s Scheme>,
) -> Vec<Due> {
    let (first, last) = (step.first_day(), step.last_day());
    let due = |sender: Sender, council: &str, model| Due {
        expected: Expected { sender, council: council.to_owned(), period: step },
        model,
    };
    let applies =
        |council: &&Area| nation_of(areas, &council.code).is_some_and(|nation| kpi.applies_in(nation));
    // An area's figure is of one model where the catalogue names one.
    let own_model = match kpi.models.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    match kpi.by {
        SentBy::National => vec![due(Sender::Area(UK.into()), UK, own_model)],
        SentBy::Area => areas
            .all()
            .filter(|area| area.is_council() && area.in_force(last))
            .filter(applies)
            .map(|area| due(Sender::Area(area.code.clone()), &area.code, own_model))
            .collect(),
        SentBy::Scheme | SentBy::Unit => {
            let mut all = Vec::new();
            for scheme in schemes.filter(|s| kpi.models.is_empty() || kpi.models.contains(&s.about.model)) {
                let councils: Vec<&Area> =
                    scheme.councils_in(areas, first, last, last).into_iter().filter(|c| applies(c)).collect();
                let model = Some(scheme.about.model);
                if kpi.by == SentBy::Scheme {
                    all.extend(councils.iter().map(|c| due(Sender::Scheme(scheme.number), &c.code, model)));
                    continue;
                }
                for unit in scheme.units_in(first, last) {
                    let sender = || Sender::Unit(scheme.number, unit.id.clone());
                    all.extend(councils.iter().map(|c| due(sender(), &c.code, model)));
                }
            }
            all
        }
    }
}

/// The code of the nation that an area is or lies in.
pub fn nation_of<'a>(areas: &'a Areas, code: &str) -> Option<&'a str> {
    areas.upwards(code).find(|a| a.kind == "nation").map(|a| a.code.as_str())
}
