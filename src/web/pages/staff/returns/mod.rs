//! Returns as areas and the national body see them: who has sent, who is late, where there are gaps; each return, asking about it and
//! approving it; and their own.

pub(in crate::web) mod one;
pub(in crate::web) mod own;
pub(in crate::web) mod places;

use super::{Instead, Staff};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::performance::UK;
use crate::domain::period::{Period, PeriodKind};
use crate::use_cases::{Refusal, ReturnOf};

/// The area of somebody who reviews returns: the whole United Kingdom, for the national body.
fn reviewed_area(staff: &Staff) -> Result<String, Instead> {
    match &staff.actor.role {
        Role::National => Ok(UK.into()),
        Role::Area(code) => Ok(code.clone()),
        _ => Err(Refusal::Forbidden.into()),
    }
}

/// The page of a return among those that are reviewed.
fn address(of: &ReturnOf, period: &str) -> String {
    match of {
        ReturnOf::Scheme(id) => format!("/returns/schemes/{id}/{period}"),
        ReturnOf::Unit(id, unit) => format!("/returns/schemes/{id}/{period}/{unit}"),
        ReturnOf::Area(code) => format!("/returns/areas/{code}/{period}"),
    }
}

/// How many quarters, and how many years, can be chosen.
const QUARTERS: usize = 8;
const YEARS: usize = 3;

/// The periods that are over, newest first: quarters, then financial years.
fn ended_periods(app: &App) -> Vec<Period> {
    let holding = Period::holding(app.today());
    let back = |kind: PeriodKind, count: usize| {
        let running = holding.into_iter().find(|p| p.kind() == kind);
        std::iter::successors(running.map(Period::before), |p| Some(p.before())).take(count)
    };
    back(PeriodKind::Quarter, QUARTERS).chain(back(PeriodKind::Year, YEARS)).collect()
}
