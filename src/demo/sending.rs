//! Sending the demo's responses, day by day.

use std::collections::{BTreeMap, VecDeque};

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::chance::Chance;
use super::people::Plan;
use super::places::Place;
use super::{FIRST_DAY, LAST_DAY, SEED, answers, day, noon};
use crate::app::App;
use crate::clock::SetClock;
use crate::domain::access::Actor;
use crate::storage::StorageError;
use crate::storage::queue::{CommitQueue, Committed, NewResponse};
use crate::use_cases::{Refusal, add_open_link, prepare, prepare_from_open_link};

/// An address that documentation may use, from which everybody answers through open links.
const ADDRESS: &str = "192.0.2.1";

/// The open links of a demo, by scheme, questionnaire and unit.
pub(super) type Links = BTreeMap<(String, String, Option<String>), String>;

/// Makes the open links through which people answer from the first day on.
pub(super) fn first_links(app: &App, national: &Actor, plans: &[Plan]) -> Result<Links, Refusal> {
    let mut links = Links::new();
    for plan in plans.iter().filter(|p| p.reference.is_none()) {
        let council = plan.council(day(FIRST_DAY));
        // A unit that has not begun has no link yet.
        let begun = app
            .directory()
            .scheme(&plan.scheme)
            .is_some_and(|s| plan.unit.as_ref().is_none_or(|unit| s.unit_on(unit, app.today()).is_some()));
        if begun {
            let body = json!({"questionnaire": plan.questionnaire, "council": council, "unit": plan.unit});
            let link = add_open_link(app, national, &plan.scheme, &body)?;
            links.insert(key_of(plan), link.row.id);
        }
    }
    Ok(links)
}

fn key_of(plan: &Plan) -> (String, String, Option<String>) {
    (plan.scheme.clone(), plan.questionnaire.to_owned(), plan.unit.clone())
}

/// Sends every response on its day. `progress` hears of responses done, of how many.
pub(super) fn send_all(
    app: &App,
    clock: &SetClock,
    national: &Actor,
    plans: &[Plan],
    mut links: Links,
    chance: &mut Chance,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), Refusal> {
    let mut responses: Vec<(&Plan, usize, NaiveDate)> = Vec::new();
    for plan in plans {
        responses.extend(plan.due.iter().enumerate().filter_map(|(i, due)| Some((plan, i, due.answered?))));
    }
    responses
        .sort_by_key(|(plan, index, on)| (*on, &plan.scheme, &plan.reference, plan.questionnaire, *index));
    let total = responses.len();
    let mut sending = Sending { queue: &app.queue, waiting: VecDeque::new() };
    for (count, (plan, index, on)) in responses.into_iter().enumerate() {
        clock.set(noon(on) + TimeDelta::milliseconds(i64::try_from(count % 3_600_000).unwrap_or(0)));
        let body = answers::response(app, plan, index, on, chance);
        let key = format!("demo-{SEED:012}-{count:08}");
        let response = if plan.reference.is_some() {
            prepare(app, national, &key, &body)?
        } else {
            let link = match links.get(&key_of(plan)) {
                Some(link) => link.clone(),
                None => {
                    let council = plan.council(on);
                    let body =
                        json!({"questionnaire": plan.questionnaire, "council": council, "unit": plan.unit});
                    let id = add_open_link(app, national, &plan.scheme, &body)?.row.id;
                    links.insert(key_of(plan), id.clone());
                    id
                }
            };
            prepare_from_open_link(app, &plan.scheme, (&link, ADDRESS), &key, &body)?
        };
        sending.send(response)?;
        if count % 256 == 0 {
            progress(count, total);
        }
    }
    sending.finish()?;
    progress(total, total);
    Ok(())
}

/// Keeps some hundred responses on their way, so that they commit in batches as they would under load.
struct Sending<'a> {
    queue: &'a CommitQueue,
    waiting: VecDeque<tokio::sync::oneshot::Receiver<Result<Committed, StorageError>>>,
}

impl Sending<'_> {
    fn send(&mut self, response: NewResponse) -> Result<(), StorageError> {
        self.waiting.push_back(self.queue.submit_blocking(response)?);
        if self.waiting.len() > 1000 { self.take_one() } else { Ok(()) }
    }

    fn take_one(&mut self) -> Result<(), StorageError> {
        if let Some(answer) = self.waiting.pop_front() {
            answer
                .blocking_recv()
                .map_err(|_| StorageError::Unavailable("the commit queue has stopped".into()))??;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), StorageError> {
        while !self.waiting.is_empty() {
            self.take_one()?;
        }
        Ok(())
    }
}

/// One open survey of each questionnaire that has none yet, at the first scheme of its model, for whoever wants to try it.
pub(super) fn links_to_try(
    app: &App,
    national: &Actor,
    places: &[Place],
    plans: &[Plan],
) -> Result<(), Refusal> {
    for id in app.registry.ids() {
        let Some(definition) = app.registry.latest(id) else { continue };
        let Some(place) = places.iter().find(|p| p.model == definition.model.code()) else { continue };
        if plans.iter().any(|p| p.questionnaire == id && p.scheme == place.id && p.reference.is_none()) {
            continue;
        }
        let council = place.councils.first().map(|c| c.on(day(LAST_DAY)).to_owned());
        let body = json!({"questionnaire": id, "council": council});
        add_open_link(app, national, &place.id, &body)?;
    }
    Ok(())
}
