//! How a scheme asks: a schedule for each questionnaire, and waves with one common date.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::due_list::Asking;
use super::manage_people::{asked_openly, fault};
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::schedule::{NewWave, Schedule, Wave};
use crate::domain::scheme::Scheme;
use crate::storage::participants::{self, Listing};
use crate::storage::schedules::WaveRow;
use crate::storage::{Db, StorageError, asking, audit, schedules, tallies};

/// A schedule as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScheduleSeen {
    /// Whether the scheme has set it; otherwise it is as usual.
    pub set: bool,
    /// The schedule.
    #[serde(flatten)]
    pub schedule: Schedule,
}

/// The schedules of a scheme, by questionnaire.
pub fn list_schedules(app: &App, actor: &Actor, scheme_id: &str) -> Result<Vec<ScheduleSeen>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    let (asking, set) = app
        .store
        .read(|db| Ok((Asking::load(app, db, scheme)?, schedules::of_scheme(db, scheme.number)?)))?;
    let is_set = |schedule: &Schedule| set.iter().any(|s| s.questionnaire == schedule.questionnaire);
    Ok(asking
        .schedules
        .into_iter()
        .map(|schedule| ScheduleSeen { set: is_set(&schedule), schedule })
        .collect())
}

/// Sets how a scheme asks one questionnaire.
pub fn set_schedule(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    questionnaire: &str,
    body: &Value,
) -> Result<ScheduleSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    if !is_asked(app, scheme, questionnaire) {
        return Err(Refusal::Unknown(Some(unknown_questionnaire(""))));
    }
    if let Some(fault) = asked_openly(app, questionnaire, "") {
        return Err(Refusal::Invalid(vec![fault]));
    }
    let schedule = Schedule::check(body, questionnaire, &app.registry).map_err(Refusal::Invalid)?;
    let target = Target::of(TargetKind::Questionnaire, questionnaire);
    let changed = event(app, scheme.number, actor, Act::ScheduleChanged, target);
    app.store
        .write(|db| schedules::set(&mut audit::record(db, &changed)?, scheme.number, &schedule, app.now()))?;
    Ok(ScheduleSeen { set: true, schedule })
}

fn is_asked(app: &App, scheme: &Scheme, questionnaire: &str) -> bool {
    app.registry.latest(questionnaire).is_some_and(|d| d.model == scheme.about.model)
}

fn unknown_questionnaire(pointer: &str) -> Fault {
    let detail = "There is no such published questionnaire for the scheme's model.";
    fault(pointer, "unknown-questionnaire", detail)
}

/// A wave as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveSeen {
    /// Its id.
    pub id: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The common date.
    pub due_on: NaiveDate,
    /// What the answers are for.
    pub occasion: &'static str,
    /// How many people are in it.
    pub people: usize,
    /// Of them, how many stand how.
    pub states: BTreeMap<&'static str, usize>,
}

/// Makes a wave. Who is supported on its date is in it, unless they were or will be asked otherwise within eight weeks.
pub fn make_wave(app: &App, actor: &Actor, scheme_id: &str, body: &Value) -> Result<WaveSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    let new = NewWave::check(body, app.today()).map_err(Refusal::Invalid)?;
    if !is_asked(app, scheme, &new.questionnaire) {
        return Err(Refusal::Invalid(vec![unknown_questionnaire("/questionnaire")]));
    }
    if let Some(fault) = asked_openly(app, &new.questionnaire, "/questionnaire") {
        return Err(Refusal::Invalid(vec![fault]));
    }
    let row = WaveRow {
        scheme_number: scheme.number,
        id: app.new_id(),
        questionnaire: new.questionnaire.clone(),
        due_on: new.due_on,
        occasion: new.kind.code().to_owned(),
        created_at: app.now(),
        created_by: actor.account.clone(),
    };
    let made = app.store.write(|db| {
        tallies::lock(db, scheme.number)?;
        let same = |w: &WaveRow| w.questionnaire == row.questionnaire && w.due_on == row.due_on;
        if schedules::waves(db, scheme.number)?.iter().any(same) {
            return Ok(false);
        }
        let wave = event(app, scheme.number, actor, Act::WaveMade, Target::of(TargetKind::Wave, &row.id));
        schedules::insert_wave(&mut audit::record(db, &wave)?, &row)?;
        Ok(true)
    })?;
    if !made {
        let detail = "There is a wave of this questionnaire on that day.";
        return Err(Refusal::Exists(fault("/due_on", "exists", detail)));
    }
    let mut seen = app.store.read(|db| see_waves(app, db, actor, scheme, &[row.wave()?]))?;
    seen.pop().ok_or(Refusal::Unknown(None))
}

/// The waves of a scheme, the latest date first.
pub fn list_waves(app: &App, actor: &Actor, scheme_id: &str) -> Result<Vec<WaveSeen>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    Ok(app.store.read(|db| {
        let mut waves: Vec<Wave> =
            schedules::waves(db, scheme.number)?.iter().map(WaveRow::wave).collect::<Result<_, _>>()?;
        waves.reverse();
        see_waves(app, db, actor, scheme, &waves)
    })?)
}

fn see_waves(
    app: &App,
    db: &mut Db,
    actor: &Actor,
    scheme: &Scheme,
    waves: &[Wave],
) -> Result<Vec<WaveSeen>, StorageError> {
    let asking = Asking::load(app, db, scheme)?;
    let listing = Listing { worker: actor.only_own().map(str::to_owned), after: None, limit: i64::MAX };
    let references = participants::list(db, scheme.number, &listing)?;
    let records = asking::records(db, scheme.number, &references)?;
    let until = waves.iter().map(|w| w.due_on).max().unwrap_or(app.today());
    let mut states: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for occasion in records.values().flat_map(|record| asking.occasions(record, app.today(), until)) {
        if let Some(wave) = occasion.wave {
            *states.entry(wave).or_default().entry(occasion.state.code()).or_default() += 1;
        }
    }
    let seen = waves.iter().map(|wave| {
        let states = states.remove(&wave.id).unwrap_or_default();
        WaveSeen {
            id: wave.id.clone(),
            questionnaire: wave.questionnaire.clone(),
            due_on: wave.due_on,
            occasion: wave.kind.code(),
            people: states.values().sum(),
            states,
        }
    });
    Ok(seen.collect())
}
