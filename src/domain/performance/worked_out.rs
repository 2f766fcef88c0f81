//! KPIs that are worked out from others: growth, savings against a comparator, and what there would be if all areas caught up.
//!
//! A difference of two figures is that of the same senders in both: otherwise it would show who sent something in, and not what changed.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::{Sources, Spot};
use super::row::{Found, Input, price_year, value_of};
use super::sums::{Returned, Sender, Sums};
use crate::domain::definition::{Kind, Kpi, Method};
use crate::domain::figures::Place;
use crate::domain::period::Period;
use crate::domain::returns::Amount;
use crate::domain::statistics::round_to;

/// The best area's value, and where that is.
struct Best {
    rate: f64,
    place: Place,
}

impl Sources<'_> {
    /// The figures of a KPI that is worked out.
    pub(super) fn worked_out(&self, kpi: &Kpi, period: Period) -> BTreeMap<Spot, Found> {
        let of: Vec<&Kpi> = kpi.made_from().iter().filter_map(|id| self.registry.kpi(id)).collect();
        // Years only: a quarter's growth would be that of the season.
        let Period::Year(_) = period else { return BTreeMap::new() };
        match (&kpi.kind, of.as_slice()) {
            (Kind::Growth { .. }, [base]) => self.growth(base, period),
            (Kind::Derived { method: Method::Saving, .. }, [comparator, own]) => {
                self.saving(comparator, own, period)
            }
            (Kind::Derived { method: Method::Reach, .. }, [rate]) => self.reach(rate, period),
            (Kind::Derived { method: Method::ReachSaving, .. }, [rate, savings @ ..]) => {
                self.reach_saving(rate, savings, period)
            }
            _ => BTreeMap::new(),
        }
    }

    /// Those who have sent everything that is due from them.
    pub(super) fn complete(&self, kpi: &Kpi, period: Period) -> BTreeSet<Sender> {
        let returned = Returned::of(self.of(kpi));
        let (mut all, mut lacking) = (BTreeSet::new(), BTreeSet::new());
        for due in self.dues(kpi, period) {
            if returned.get(&due.expected).is_none() {
                lacking.insert(due.expected.sender.clone());
            }
            all.insert(due.expected.sender);
        }
        &all - &lacking
    }

    /// The change in percent since the year before.
    fn growth(&self, base: &Kpi, period: Period) -> BTreeMap<Spot, Found> {
        let before = period.before();
        let both = &self.complete(base, period) & &self.complete(base, before);
        let now = self.sums(base, period, period, Some(&both));
        let then = self.sums(base, before, period, Some(&both));
        self.for_each_spot(base, period, |spot, due| {
            let (now, then) = (now.get(spot), then.get(spot));
            let (new, old) = (now.and_then(|s| value_of(base, s)), then.and_then(|s| value_of(base, s)));
            let value =
                new.zip(old).filter(|(_, old)| *old != 0.0).map(|(new, old)| (new / old - 1.0) * 100.0);
            Found {
                sums: counted(now, due),
                value,
                inputs: vec![input(base, &spot.1, period, new), input(base, &spot.1, before, old)],
            }
        })
    }

    /// What the comparator costs, less what it costs here.
    fn saving(&self, comparator: &Kpi, own: &Kpi, period: Period) -> BTreeMap<Spot, Found> {
        let both = &self.complete(comparator, period) & &self.complete(own, period);
        let other = self.sums(comparator, period, period, Some(&both));
        let here = self.sums(own, period, period, Some(&both));
        self.for_each_spot(own, period, |spot, due| {
            let (other, here) = (other.get(spot), here.get(spot));
            let (dear, cheap) =
                (other.and_then(|s| value_of(comparator, s)), here.and_then(|s| value_of(own, s)));
            Found {
                sums: counted(here, due),
                value: dear.zip(cheap).map(|(dear, cheap)| dear - cheap),
                inputs: vec![input(comparator, &spot.1, period, dear), input(own, &spot.1, period, cheap)],
            }
        })
    }

    /// How many people there would be with the best area's rate.
    fn reach(&self, rate: &Kpi, period: Period) -> BTreeMap<Spot, Found> {
        let best = self.best(rate, period);
        let sums = self.sums(rate, period, period, None);
        self.for_each_spot(rate, period, |spot, due| {
            let there = sums.get(spot);
            let adults = there.and_then(|s| s.denominator).map(Amount::as_f64);
            let value = best.as_ref().zip(adults).map(|(best, adults)| best.rate * adults);
            Found {
                sums: counted(there, due),
                value,
                inputs: self.inputs_of_reach(rate, spot, period, there, best.as_ref()),
            }
        })
    }

    /// What those would save who would come in addition: the savings are weighed by the days of support that each is of.
    fn reach_saving(&self, rate: &Kpi, savings: &[&Kpi], period: Period) -> BTreeMap<Spot, Found> {
        let best = self.best(rate, period);
        let sums = self.sums(rate, period, period, None);
        let savings: Vec<(&Kpi, BTreeMap<Spot, Found>)> =
            savings.iter().map(|kpi| (*kpi, self.worked_out(kpi, period))).collect();
        self.for_each_spot(rate, period, |spot, due| {
            let there = sums.get(spot);
            let mut inputs = self.inputs_of_reach(rate, spot, period, there, best.as_ref());
            let (mut weighed, mut days) = (0.0, 0.0);
            for (kpi, found) in &savings {
                let found = found.get(spot);
                let value = found.and_then(|f| f.value);
                let of = found.and_then(|f| f.sums.denominator).map_or(0.0, Amount::as_f64);
                if let Some(value) = value {
                    weighed += value * of;
                    days += of;
                }
                inputs.push(input(kpi, &spot.1, period, value));
            }
            let more = best.as_ref().and_then(|best| {
                let there = there?;
                Some(best.rate * there.denominator?.as_f64() - there.numerator?.as_f64())
            });
            let value = more.filter(|_| days > 0.0).map(|more| more * weighed / days);
            Found { sums: counted(there, due), value, inputs }
        })
    }

    /// The council with the highest rate, among all of the United Kingdom; the first of equals.
    fn best(&self, rate: &Kpi, period: Period) -> Option<Best> {
        let rated = self.of(rate).iter().filter(|f| f.period == period).filter_map(|figure| {
            let value = figure.numerator.over(figure.denominator?, 1)?;
            let area = self.registry.areas.get(&figure.council)?;
            let place = Place { level: area.level, code: area.code.clone(), name: area.name.clone() };
            Some(Best { rate: value, place })
        });
        rated.max_by(|a, b| a.rate.total_cmp(&b.rate).then_with(|| b.place.code.cmp(&a.place.code)))
    }

    fn inputs_of_reach(
        &self,
        rate: &Kpi,
        spot: &Spot,
        period: Period,
        there: Option<&Sums>,
        best: Option<&Best>,
    ) -> Vec<Input> {
        let per = rate.sent().map_or(1, |sent| sent.per);
        #[expect(clippy::cast_precision_loss, reason = "a factor such as 10,000")]
        let of_best = best.map(|best| input(rate, &best.place, period, Some(best.rate * per as f64)));
        let own = input(rate, &spot.1, period, there.and_then(|s| value_of(rate, s)));
        of_best.into_iter().chain([own]).collect()
    }

    /// What `find` makes of each place where `base` is due, with the sums of everybody there.
    fn for_each_spot(
        &self,
        base: &Kpi,
        period: Period,
        find: impl Fn(&Spot, &Sums) -> Found,
    ) -> BTreeMap<Spot, Found> {
        let due = self.sums(base, period, period, None);
        due.iter().map(|(spot, sums)| (spot.clone(), find(spot, sums))).collect()
    }
}

/// The sums that a figure is worked out from, out of everybody who is due.
fn counted(used: Option<&Sums>, due: &Sums) -> Sums {
    Sums { expected: due.expected, ..used.cloned().unwrap_or_default() }
}

fn input(kpi: &Kpi, place: &Place, period: Period, value: Option<f64>) -> Input {
    let period = period.to_string();
    Input {
        kpi: kpi.id.clone(),
        place: place.clone(),
        price_year: price_year(kpi, &period),
        period,
        value: value.map(|v| round_to(v, 2)),
        unit: kpi.unit.clone(),
    }
}
