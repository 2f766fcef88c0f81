//! Whose return it is: finding the scheme, unit or area that a request names, and what is asked of it for a period.

use chrono::{Days, NaiveDate};

use super::{Refusal, allow, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Area;
use crate::domain::audit::{NATIONAL, Target, TargetKind};
use crate::domain::definition::{Kpi, Sender as SentBy};
use crate::domain::fault::Fault;
use crate::domain::performance::{Sender, UK, nation_of};
use crate::domain::period::{Period, PeriodKind};
use crate::domain::reader::short;
use crate::domain::returns::{Asked, Whose};
use crate::domain::scheme::Scheme;

/// How many days after the end of its period a return is due.
pub const DUE_AFTER_DAYS: u64 = 42;

/// Whose return, as a request names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnOf {
    /// A scheme's.
    Scheme(String),
    /// That of a unit of a scheme.
    Unit(String, String),
    /// A council's or trust's; of the UK's code: the national body's.
    Area(String),
}

/// What somebody wants to do with a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Read,
    Send,
    Review,
}

/// A return that was found, and may be touched.
pub(super) struct Found {
    /// Who sends it.
    pub(super) sender: Sender,
    /// What kind of sender, and its councils.
    pub(super) whose: Whose,
    /// The period.
    pub(super) period: Period,
    /// The audit chain.
    pub(super) chain: i64,
    /// What the audit log names.
    pub(super) target: Target,
}

impl Found {
    /// What is asked for.
    pub(super) fn asked<'a>(&self, app: &'a App) -> Asked<'a> {
        Asked::of(&app.registry.kpis, self.whose.clone(), self.period)
    }
}

/// When the return for a period is due.
pub fn due_on(period: Period) -> NaiveDate {
    period.last_day() + Days::new(DUE_AFTER_DAYS)
}

/// What is asked of somebody for a period: the KPIs, in the catalogue's order, and the codes of the councils.
pub fn asked_of<'a>(
    app: &'a App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
) -> Result<(Vec<&'a Kpi>, Vec<String>), Refusal> {
    let found = find_return(app, actor, of, period, Wants::Send)?;
    let kpis = found.asked(app).kpis.iter().map(|(kpi, _)| *kpi).collect();
    Ok((kpis, found.whose.councils))
}

/// The return of `of` for the period `text`, if `actor` may do with it what they want.
pub(super) fn find_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    text: &str,
    wants: Wants,
) -> Result<Found, Refusal> {
    let directory = app.directory();
    let found = |sender, whose, period, chain, target| Found { sender, whose, period, chain, target };
    match of {
        ReturnOf::Scheme(id) => {
            let scheme = scheme_for(app, &directory, actor, id, "", on_scheme(wants))?;
            let period = returned_period(app, text)?;
            let whose = whose_scheme(app, scheme, SentBy::Scheme, period);
            Ok(found(Sender::Scheme(scheme.number), whose, period, scheme.number, scheme_target(scheme)))
        }
        ReturnOf::Unit(id, unit) => {
            let scheme = scheme_for(app, &directory, actor, id, "", on_scheme(wants))?;
            let period = returned_period(app, text)?;
            unit_return(app, scheme, unit, period).ok_or_else(|| {
                let detail = format!("“{}” is not a unit of this scheme in {text}.", short(unit));
                Refusal::Unknown(Some(Fault { pointer: String::new(), code: "unknown-unit", detail }))
            })
        }
        ReturnOf::Area(code) => {
            allow(app, actor, on_area(wants, code))?;
            let (_, area) = named_area(app, code)?;
            let period = returned_period(app, text)?;
            if !area.in_force(period.last_day()) {
                let detail = format!("{} was not in force at the end of {text}.", area.name);
                return Err(malformed("area-not-in-force", detail));
            }
            let whose = whose_area(app, code);
            let target = Target::of(TargetKind::Area, code);
            Ok(found(Sender::Area(code.clone()), whose, period, NATIONAL, target))
        }
    }
}

/// The return of a unit of a scheme; none if it was not there in the period.
pub(super) fn unit_return(app: &App, scheme: &Scheme, unit: &str, period: Period) -> Option<Found> {
    let unit = scheme.units_in(period.first_day(), period.last_day()).find(|u| u.id == unit)?;
    Some(Found {
        sender: Sender::Unit(scheme.number, unit.id.clone()),
        whose: whose_scheme(app, scheme, SentBy::Unit, period),
        period,
        chain: scheme.number,
        target: scheme_target(scheme),
    })
}

/// The council or trust of this code, or the UK, for which the national body sends.
pub(super) fn named_area<'a>(app: &'a App, code: &str) -> Result<(SentBy, &'a Area), Refusal> {
    let sent_by = if code == UK { SentBy::National } else { SentBy::Area };
    let area = app.registry.areas.get(code).filter(|a| sent_by == SentBy::National || a.is_council());
    area.map(|area| (sent_by, area)).ok_or_else(|| {
        let detail = format!("“{}” is no council or trust.", short(code));
        Refusal::Unknown(Some(Fault { pointer: String::new(), code: "unknown-area", detail }))
    })
}

/// A scheme as a sender for a period: its councils then, and their nations.
pub(super) fn whose_scheme(app: &App, scheme: &Scheme, sender: SentBy, period: Period) -> Whose {
    let areas = &app.registry.areas;
    let last = period.last_day();
    let councils: Vec<String> =
        scheme.councils_in(areas, period.first_day(), last, last).iter().map(|c| c.code.clone()).collect();
    let nations = councils.iter().filter_map(|c| nation_of(areas, c)).map(str::to_owned).collect();
    Whose { sender, model: Some(scheme.about.model), councils, nations }
}

/// An area as a sender; of the UK's code: the national body.
pub(super) fn whose_area(app: &App, code: &str) -> Whose {
    let sender = if code == UK { SentBy::National } else { SentBy::Area };
    let nations = nation_of(&app.registry.areas, code).map(str::to_owned).into_iter().collect();
    Whose { sender, model: None, councils: vec![code.to_owned()], nations }
}

/// Every return that `scheme` should send for a period: its own and its units', where anything is asked of them.
pub(super) fn senders_of(app: &App, scheme: &Scheme, period: Period) -> Vec<Sender> {
    let asks = |sender| {
        let whose = whose_scheme(app, scheme, sender, period);
        !whose.councils.is_empty() && !Asked::of(&app.registry.kpis, whose, period).kpis.is_empty()
    };
    let own = asks(SentBy::Scheme).then_some(Sender::Scheme(scheme.number));
    let units = if asks(SentBy::Unit) {
        let units = scheme.units_in(period.first_day(), period.last_day());
        units.map(|u| Sender::Unit(scheme.number, u.id.clone())).collect()
    } else {
        Vec::new()
    };
    own.into_iter().chain(units).collect()
}

fn on_scheme<'a>(wants: Wants) -> impl Fn(&'a Scheme) -> Action<'a> {
    move |scheme| match wants {
        Wants::Read => Action::ReadReturns(scheme),
        Wants::Send => Action::SendReturn(scheme),
        Wants::Review => Action::ReviewReturn(scheme),
    }
}

fn on_area(wants: Wants, code: &str) -> Action<'_> {
    match wants {
        Wants::Read => Action::ReadAreaReturn(code),
        Wants::Send => Action::SendAreaReturn(code),
        Wants::Review => Action::ReviewAreaReturn(code),
    }
}

/// A quarter or a financial year that has begun.
pub(super) fn returned_period(app: &App, text: &str) -> Result<Period, Refusal> {
    let period = text
        .parse()
        .ok()
        .filter(|period: &Period| matches!(period.kind(), PeriodKind::Quarter | PeriodKind::Year));
    let Some(period) = period else {
        let detail =
            "A return is for a quarter, such as 2026-Q3, or a financial year, such as 2026-27.".into();
        return Err(malformed("bad-period", detail));
    };
    if period.first_day() > app.today() {
        let detail = format!("{text} has not begun yet: it begins on {}.", period.first_day());
        return Err(malformed("period-not-begun", detail));
    }
    Ok(period)
}

fn malformed(code: &'static str, detail: String) -> Refusal {
    Refusal::Malformed(vec![Fault { pointer: String::new(), code, detail }])
}
