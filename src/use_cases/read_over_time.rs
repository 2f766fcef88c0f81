//! Reading figures quarter by quarter, for those who read live figures: what others are shown moves by financial years.

use super::{Refusal, allow, read_figures};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::figures::FigureQuery;
use crate::domain::over_time::{Chart, charts};

/// Whether `actor` may, wherever it is.
pub fn may_read_over_time(app: &App, actor: &Actor) -> Result<(), Refusal> {
    allow(app, actor, Action::ReadLiveFigures)
}

/// The charts of one place and model. `query` names both, and the quarters.
pub fn read_over_time(app: &App, actor: &Actor, query: &FigureQuery) -> Result<Vec<Chart>, Refusal> {
    may_read_over_time(app, actor)?;
    let figures = read_figures(app, actor, query)?;
    Ok(charts(&figures.rows, &query.periods, &app.registry))
}
