//! Two figures of the same senders: of one KPI in two years, or of two KPIs in one. What only one of the two has is in neither.

use serde::{Deserialize, Serialize};

use super::gather::Sources;
use super::row::value_of;
use crate::domain::definition::Kpi;
use crate::domain::figures::Place;
use crate::domain::period::Period;

/// Two figures of those who have sent in everything that is due of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The KPI.
    pub kpi: String,
    /// The period.
    pub period: String,
    /// Its value.
    pub value: f64,
    /// The KPI that it is laid beside: itself, or another.
    pub of: String,
    /// The period of that: the same, or the year before.
    pub of_period: String,
    /// The value of that.
    pub of_value: f64,
    /// The model; none for an area's own.
    pub model: Option<String>,
    /// The place.
    pub place: Place,
    /// How many schemes, or areas, have sent both.
    pub senders: i64,
}

impl Sources<'_> {
    /// A KPI in a period beside another, or beside itself in another period; on the boundaries of the first period.
    pub fn pairs(&self, (kpi, period): (&Kpi, Period), (of, of_period): (&Kpi, Period)) -> Vec<Pair> {
        let both = &self.complete(kpi, period) & &self.complete(of, of_period);
        let other = self.sums(of, of_period, period, Some(&both));
        let sums = self.sums(kpi, period, period, Some(&both));
        let pair = |(spot, sums): (super::gather::Spot, super::sums::Sums)| {
            let of_value = other.get(&spot).and_then(|other| value_of(of, other))?;
            let value = value_of(kpi, &sums)?;
            let (model, place) = spot;
            Some(Pair {
                kpi: kpi.id.clone(),
                period: period.to_string(),
                value,
                of: of.id.clone(),
                of_period: of_period.to_string(),
                of_value,
                model: model.map(|model| model.code().to_owned()),
                place,
                senders: sums.senders,
            })
        };
        sums.into_iter().filter_map(pair).collect()
    }
}
