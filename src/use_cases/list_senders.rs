//! Who sends returns in at a place, and what became of each period by period: who has sent, who is late, where there are gaps.

use std::collections::BTreeMap;

use super::list_returns::is_overdue;
use super::return_of::{ReturnOf, due_on, senders_of, whose_area, whose_scheme};
use super::{Refusal, allow};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::area::{Area, Level};
use crate::domain::definition::{Model, Sender as SentBy};
use crate::domain::performance::{Sender, UK};
use crate::domain::period::Period;
use crate::domain::returns::{Asked, Whose};
use crate::domain::scheme::Scheme;
use crate::storage::returns::{self, ReturnRow};

/// Somebody who sends returns in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderSeen {
    /// The name of the scheme or area.
    pub name: String,
    /// The name of the unit, if it is one.
    pub unit: Option<String>,
    /// The model of the scheme; none of an area.
    pub model: Option<Model>,
    /// The returns, one for each period that was asked about; none where nothing is asked of the sender.
    pub returns: Vec<Option<ReturnSeen>>,
}

/// How a return stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnSeen {
    /// Whose it is.
    pub of: ReturnOf,
    /// The period.
    pub period: Period,
    /// `missing`, `draft`, `submitted`, `queried` or `approved`.
    pub status: String,
    /// Whether it came after the day it was due.
    pub late: bool,
    /// Whether it is not here, though that day is over.
    pub overdue: bool,
    /// How many figures it holds.
    pub figures: usize,
    /// How many are asked for.
    pub asked: usize,
}

/// What is known of the returns of some periods.
struct Known {
    rows: BTreeMap<(i64, String, String), ReturnRow>,
    figures: BTreeMap<(i64, String, String), i64>,
}

impl Known {
    fn of(app: &App, periods: &[Period]) -> Result<Self, Refusal> {
        let names: Vec<String> = periods.iter().map(ToString::to_string).collect();
        Ok(app.store.read(|db| {
            let mut rows = BTreeMap::new();
            for name in &names {
                let found = returns::of_period(db, name)?;
                rows.extend(
                    found.into_iter().map(|r| ((r.scheme_number, r.sender.clone(), r.period.clone()), r)),
                );
            }
            let counts = returns::figure_counts(db, &names)?;
            let figures = counts.into_iter().map(|(number, sender, period, n)| ((number, sender, period), n));
            Ok(Self { rows, figures: figures.collect() })
        })?)
    }

    fn seen(
        &self,
        app: &App,
        of: ReturnOf,
        sender: &Sender,
        whose: Whose,
        period: Period,
    ) -> Option<ReturnSeen> {
        // Whatever works for several councils sends each figure for each; a unit is in one of them.
        let councils =
            if whose.sender == SentBy::Unit { whose.councils.len().min(1) } else { whose.councils.len() };
        let asked = Asked::of(&app.registry.kpis, whose, period).kpis.len() * councils;
        if asked == 0 {
            return None;
        }
        let (number, sender) = sender.key();
        let key = (number, sender, period.to_string());
        let row = self.rows.get(&key);
        let came = row.and_then(|r| r.submitted_at);
        Some(ReturnSeen {
            of,
            period,
            status: row.map_or("missing", |r| r.status.as_str()).to_owned(),
            late: came.is_some_and(|at| at.date() > due_on(period)),
            overdue: is_overdue(app, row, period),
            figures: self.figures.get(&key).map_or(0, |n| usize::try_from(*n).unwrap_or(0)),
            asked,
        })
    }
}

/// Everybody who sends returns in for the council, trust or (with the UK's code) the national body `code`. Councils are followed to what
/// they became: a council that got another code keeps what was sent before.
pub fn senders_at(
    app: &App,
    actor: &Actor,
    code: &str,
    periods: &[Period],
) -> Result<Vec<SenderSeen>, Refusal> {
    allow(app, actor, Action::ReadAreaReturn(code))?;
    let area = app.registry.areas.get(code).ok_or(Refusal::Unknown(None))?;
    let known = Known::of(app, periods)?;
    let mut all = Vec::new();
    if area.is_council() {
        let directory = app.directory();
        let mut schemes: Vec<&Scheme> = directory
            .schemes()
            .filter(|s| {
                s.counts_at(Level::LocalAuthority) && allow(app, actor, Action::ReadReturns(s)).is_ok()
            })
            .collect();
        schemes.sort_by(|a, b| a.about.name.cmp(&b.about.name));
        for scheme in schemes {
            add_scheme(app, &known, scheme, area, periods, &mut all);
        }
    }
    let own: Vec<Option<ReturnSeen>> =
        periods.iter().map(|period| own_return(app, &known, area, *period)).collect();
    if own.iter().any(Option::is_some) {
        all.push(SenderSeen { name: area.name.clone(), unit: None, model: None, returns: own });
    }
    Ok(all)
}

fn add_scheme(
    app: &App,
    known: &Known,
    scheme: &Scheme,
    area: &Area,
    periods: &[Period],
    all: &mut Vec<SenderSeen>,
) {
    let areas = &app.registry.areas;
    let today = app.today();
    let here =
        |code: &str| code == area.code || areas.become_by(code, today).is_some_and(|a| a.code == area.code);
    let mut found: BTreeMap<Option<String>, Vec<Option<ReturnSeen>>> = BTreeMap::new();
    for (index, period) in periods.iter().enumerate() {
        for sender in senders_of(app, scheme, *period) {
            let (sent_by, unit, of) = match &sender {
                Sender::Unit(_, unit) => {
                    (SentBy::Unit, Some(unit.clone()), ReturnOf::Unit(scheme.about.id.clone(), unit.clone()))
                }
                Sender::Scheme(_) | Sender::Area(_) => {
                    (SentBy::Scheme, None, ReturnOf::Scheme(scheme.about.id.clone()))
                }
            };
            let whose = whose_scheme(app, scheme, sent_by, *period);
            if whose.councils.iter().any(|c| here(c)) {
                let returns = found.entry(unit).or_insert_with(|| vec![None; periods.len()]);
                returns[index] = known.seen(app, of, &sender, whose, *period);
            }
        }
    }
    for (unit, returns) in found {
        let name = |id: String| {
            scheme.about.units.iter().find(|u| u.id == id).map_or(id.clone(), |u| u.name.clone())
        };
        all.push(SenderSeen {
            name: scheme.shown_name(),
            unit: unit.map(name),
            model: Some(scheme.about.model),
            returns,
        });
    }
}

/// The return of an area itself, under the code that it had at the end of the period.
fn own_return(app: &App, known: &Known, area: &Area, period: Period) -> Option<ReturnSeen> {
    let areas = &app.registry.areas;
    let last = period.last_day();
    let is_it = |a: &&Area| {
        a.level == area.level
            && a.in_force(last)
            && (a.code == area.code
                || areas.become_by(&a.code, app.today()).is_some_and(|b| b.code == area.code))
    };
    let then = areas.all().find(is_it).filter(|a| a.is_council() || a.code == UK)?;
    let of = ReturnOf::Area(then.code.clone());
    let whose = whose_area(app, &then.code);
    known.seen(app, of, &Sender::Area(then.code.clone()), whose, period)
}
