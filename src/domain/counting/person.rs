//! Everything known about one person that counts.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use super::Who;
use crate::domain::definition::{Definition, Registry};
use crate::domain::participant::{Enrolment, Invitation};
use crate::domain::routing::Answers;
use crate::domain::submission::{CompletedBy, Submission};

/// A person of one scheme: (scheme, participant), or one anonymous response.
#[derive(Debug, Default, Clone)]
pub struct Person {
    /// When the person is supported.
    pub enrolment: Option<Enrolment>,
    /// When the person was to be asked.
    pub invitations: Vec<Invitation>,
    /// The person's countable responses, in any order.
    pub responses: Vec<CountedResponse>,
}

/// A countable response: not withdrawn, and the person agreed to be counted.
#[derive(Debug, Clone)]
pub struct CountedResponse {
    /// Its id; the last tie-breaker of what stands.
    pub id: String,
    /// 1, and one more with each correction.
    pub revision: i64,
    /// Whether the person chose that their worker may see the answers.
    pub shared: bool,
    /// The version it answered.
    pub definition: Arc<Definition>,
    /// The day it was answered.
    pub completed_on: NaiveDate,
    /// When it was accepted.
    pub accepted_at: NaiveDateTime,
    /// The council it is counted for.
    pub council: Arc<str>,
    /// The groups the person is in: (breakdown, value).
    pub groups: Vec<(String, String)>,
    /// The unit.
    pub unit: Option<String>,
    /// Whether it was sent as the person's baseline.
    pub is_baseline: bool,
    /// Who gave the answers.
    pub who: Who,
    /// Whether it came through an open link.
    pub open: bool,
    /// The answers.
    pub answers: Answers,
}

/// A questionnaire version that this process has not loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} {1} is not known here; start this process with the same definitions as the others")]
pub struct UnknownVersion(String, String);

impl CountedResponse {
    /// The response as it counts; `None` if it does not (no consent to statistics).
    ///
    /// # Errors
    ///
    /// If its version is not known here: it was accepted by a process with more definitions, and only that one can count it.
    pub fn of(
        (id, revision): (&str, i64),
        accepted_at: NaiveDateTime,
        submission: Submission,
        registry: &Registry,
    ) -> Result<Option<Self>, UnknownVersion> {
        if !submission.consent.statistics {
            return Ok(None);
        }
        let version = submission
            .version
            .parse()
            .ok()
            .and_then(|version| registry.version(&submission.questionnaire, version));
        let Some(definition) = version.cloned() else {
            return Err(UnknownVersion(submission.questionnaire, submission.version));
        };
        let supporter = submission.helper.as_ref().is_some_and(|h| h.gives_support);
        Ok(Some(Self {
            id: id.to_owned(),
            revision,
            shared: submission.consent.share == "worker",
            definition,
            completed_on: submission.completed_on,
            accepted_at,
            council: submission.council.into(),
            groups: submission
                .about
                .into_iter()
                .flat_map(|(id, values)| values.into_iter().map(move |v| (id.clone(), v)))
                .collect(),
            unit: submission.unit,
            is_baseline: submission.occasion.as_deref() == Some("baseline"),
            who: match submission.completed_by {
                CompletedBy::Myself => Who::Myself,
                CompletedBy::Helped if supporter => Who::HelpedBySupporter,
                CompletedBy::Helped => Who::Helped,
                CompletedBy::Proxy => Who::Proxy,
            },
            open: submission.via.as_deref() == Some("open"),
            answers: submission.answers,
        }))
    }
}
