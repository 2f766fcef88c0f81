//! A dry run of sending a response: every check, nothing written, and what it would count as.

use serde_json::{Value, json};

use super::submit_response::prepare;
use super::{Refusal, StorageError};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::counting::{CountedResponse, Who};
use crate::domain::period::Period;
use crate::domain::scoring::{Outcome, scale, score};
use crate::domain::submission::Submission;
use crate::storage::responses::find_keys;

/// What the response would count as, for each indicator that its questionnaire makes. What stands in a period depends on what else
/// the person has sent, and is not said here.
pub fn try_response(app: &App, actor: &Actor, key: &str, body: &Value) -> Result<Value, Refusal> {
    let response = prepare(app, actor, key, body)?;
    let known = app.store.read(|db| find_keys(db, &[&response.key]))?.pop();
    let status = match known {
        None => "would-be-recorded",
        Some(known) if known.body_hash != response.key.body_hash => return Err(Refusal::KeyReused),
        Some(known) if known.response_id.is_none() => return Err(Refusal::Gone),
        Some(_) => "would-be-replayed",
    };
    let row = &response.row;
    let submission: Submission = serde_json::from_str(&row.body).map_err(StorageError::from)?;
    let council = submission.council.clone();
    let counted = CountedResponse::of((&row.id, row.revision), row.accepted_at, submission, &app.registry)
        .map_err(StorageError::from)?;
    let periods = counted.iter().flat_map(|r| Period::holding(r.completed_on));
    let periods: Vec<String> = periods.map(|p| p.to_string()).collect();
    Ok(json!({
        "status": status, "council": council, "counted": counted.is_some(), "periods": periods,
        "indicators": counted.as_ref().map(outcomes).unwrap_or_default(), "opens_task": response.task.is_some(),
    }))
}

fn outcomes(response: &CountedResponse) -> Vec<Value> {
    let entries = response.definition.indicators.iter();
    entries
        .map(|entry| {
            let outcome = score(entry, &response.definition, &response.answers, response.who == Who::Proxy);
            let (answer, positive, value, left_out) = match outcome {
                Outcome::Share { code, positive, .. } => (Some(code), Some(positive), None, None),
                Outcome::Amount { scaled, positive } => {
                    (None, positive, ratio(scaled, scale(&entry.rule)), None)
                }
                Outcome::Band { code, .. } => (Some(code), None, None, None),
                Outcome::Ratio { numerator, denominator } => (None, None, ratio(numerator, denominator), None),
                Outcome::LeftOut(reason) => (None, None, None, Some(reason.code())),
            };
            json!({"indicator": entry.indicator, "series": entry.series, "answer": answer, "positive": positive, "value": value,
                   "left_out": left_out})
        })
        .collect()
}

fn ratio(numerator: i64, denominator: i64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "one person's counts are small")]
    (denominator != 0).then(|| numerator as f64 / denominator as f64)
}
