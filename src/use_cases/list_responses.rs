//! Responses for the national body and analysts: as stored, the participant replaced by a pseudonym, without anybody's own words.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Level;
use crate::domain::audit::{Act, Event, NATIONAL, Target, TargetKind};
use crate::domain::submission::Submission;
use crate::secrets::public_id;
use crate::storage::responses::{self, Listing, ResponseRow};
use crate::storage::{StorageError, audit};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct ResponseQuery {
    /// Only this scheme.
    pub scheme: Option<String>,
    /// Only this questionnaire.
    pub questionnaire: Option<String>,
    /// Answered on or after.
    pub from: Option<NaiveDate>,
    /// Answered on or before.
    pub to: Option<NaiveDate>,
    /// After this place.
    pub after: Option<(i64, String)>,
    /// At most so many.
    pub limit: i64,
}

/// A page of responses.
#[derive(Debug, Clone)]
pub struct ListedResponses {
    /// The responses.
    pub items: Vec<Value>,
    /// Where the next page begins, if there is one.
    pub next: Option<(i64, String)>,
}

/// Which of the responses a reader sees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Those that count: with consent to statistics.
    Counted,
    /// A scheme's own: those whose people chose that their worker may see their answers.
    Shared,
}

/// Lists responses that are not withdrawn: those that count, or for a scheme's own system those that people chose to share with it.
pub fn list_responses(app: &App, actor: &Actor, query: &ResponseQuery) -> Result<ListedResponses, Refusal> {
    let directory = app.directory();
    let (reach, own) = match allow(app, actor, Action::ReadResponses) {
        Ok(()) => (Reach::Counted, None),
        Err(refused) => {
            let own = actor.role.scheme().and_then(|number| directory.scheme_by_number(number));
            let own = own.ok_or(refused)?;
            allow(app, actor, Action::ReadSharedResponses(own))?;
            (Reach::Shared, Some(own.number))
        }
    };
    let scheme_number = match &query.scheme {
        Some(id) => Some(scheme_for(app, &directory, actor, id, "/scheme", Action::SeeScheme)?.number),
        None => own,
    };
    // What is listed over all schemes is what counts over all schemes.
    let apart = directory.schemes().filter(|s| scheme_number.is_none() && !s.counts_at(Level::Uk));
    let listing = Listing {
        scheme_number,
        without: apart.map(|s| s.number).collect(),
        questionnaire: query.questionnaire.clone(),
        from: query.from,
        to: query.to,
        after: query.after.clone(),
        limit: query.limit + 1,
    };
    let listed = listed(app, actor, query, scheme_number);
    let mut rows = app.store.write(|db| responses::list(&mut audit::record(db, &listed)?, &listing))?;
    let more = i64::try_from(rows.len()).is_ok_and(|n| n > query.limit);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|r| (r.scheme_number, r.id.clone()));
    let described =
        rows.iter().map(|row| describe(app, row, reach)).collect::<Result<Vec<_>, StorageError>>()?;
    let items = described.into_iter().flatten().collect();
    Ok(ListedResponses { items, next })
}

/// What is written down: which part of the responses was asked for.
fn listed(app: &App, actor: &Actor, query: &ResponseQuery, scheme_number: Option<i64>) -> Event {
    let target = match &query.questionnaire {
        Some(id) => Target::of(TargetKind::Questionnaire, id),
        None => Target::nothing(),
    };
    let mut listed = event(app, scheme_number.unwrap_or(NATIONAL), actor, Act::ResponsesListed, target);
    for (name, day) in [("from", query.from), ("to", query.to)] {
        if let Some(day) = day {
            listed = listed.code(name, &day.to_string());
        }
    }
    if let Some((number, id)) = &query.after {
        listed = listed.code("after", &public_id(*number, id));
    }
    listed.number("limit", query.limit)
}

/// The response as this reader may read it; nothing if the person did not agree to that.
fn describe(app: &App, row: &ResponseRow, reach: Reach) -> Result<Option<Value>, StorageError> {
    let submission: Submission = serde_json::from_str(&row.body)?;
    let agreed = match reach {
        Reach::Counted => submission.consent.statistics,
        Reach::Shared => submission.consent.share == "worker",
    };
    if !agreed {
        return Ok(None);
    }
    let definition =
        submission.version.parse().ok().and_then(|v| app.registry.version(&submission.questionnaire, v));
    // Nobody's own words; and what was asked in private stays private within the scheme.
    let is_held_back = |id: &str| {
        definition.is_none_or(|d| {
            d.item(id).is_none_or(|(_, item)| {
                matches!(item.kind, crate::domain::question::Kind::Text)
                    || reach == Reach::Shared && item.private
            })
        })
    };
    let answers: serde_json::Map<String, Value> = submission
        .answers
        .iter()
        .filter(|(id, _)| !is_held_back(id))
        .map(|(id, answer)| (id.clone(), json!(answer)))
        .collect();
    let mut sent = submission.to_sent(&app.registry);
    sent["id"] = json!(public_id(row.scheme_number, &row.id));
    sent["participant"] =
        json!(submission.participant.as_ref().map(|p| app.secrets.pseudonym(row.scheme_number, p)));
    sent["accepted_at"] = json!(written(row.accepted_at));
    sent["answers"] = Value::Object(answers);
    sent["via"] = json!(submission.via);
    Ok(Some(sent))
}
