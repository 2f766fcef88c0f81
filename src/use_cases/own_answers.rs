//! A person's own answers, read with their receipt: what they said, in the words of the questions that they saw. Nobody else gets these.

use super::sealing::open_response;
use super::{Refusal, event};
use crate::app::App;
use crate::domain::audit::{Act, By, Target, TargetKind};
use crate::domain::definition::Definition;
use crate::domain::question::{Answer, Missing};
use crate::domain::submission::Submission;
use crate::secrets::public_id;
use crate::storage::{audit, responses};

/// A question with what was answered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Said {
    /// The item.
    pub item: String,
    /// The question, in the rendition and language that the person saw.
    pub question: String,
    /// The answer in words; none if there is none.
    pub answer: Option<String>,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Whether the question was asked in private.
    #[serde(skip)]
    pub private: bool,
}

/// One response, for the person who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAnswers {
    /// The scheme's name.
    pub scheme: String,
    /// The questionnaire's name, in the person's language.
    pub title: String,
    /// What was sent, without the answers.
    pub submission: Submission,
    /// Whether it was withdrawn, so that it counts no more.
    pub withdrawn: bool,
    /// The answers, in the order of the questions; what was not asked is left out.
    pub answers: Vec<Said>,
}

/// What the person with this receipt answered.
///
/// # Errors
///
/// [`Refusal::Unknown`], if there is no response with it.
pub fn read_own_answers(app: &App, receipt: &str) -> Result<OwnAnswers, Refusal> {
    let (number, hash) = app.secrets.read_receipt(receipt).ok_or(Refusal::Unknown(None))?;
    let found = app.store.read(|db| responses::find_by_receipt(db, number, &hash))?;
    let id = found.ok_or(Refusal::Unknown(None))?.id;
    let target = Target::of(TargetKind::Response, public_id(number, &id));
    let read = event(app, number, By::Respondent, Act::OwnAnswersRead, target);
    // Read again with the entry that says so: it may have been erased meanwhile.
    let row = app.store.write(|db| audit::record_if(db, &read, |db| responses::read(db, number, &id)))?;
    let row = row.ok_or(Refusal::Unknown(None))?;
    let submission = open_response(app, &row)?;
    let version = submission.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&submission.questionnaire, v));
    let directory = app.directory();
    Ok(OwnAnswers {
        scheme: directory.scheme_by_number(number).map(|s| s.about.name.clone()).unwrap_or_default(),
        title: definition.map(|d| d.title.get(&submission.language).to_owned()).unwrap_or_default(),
        answers: said(definition.map(|d| &**d), &submission),
        withdrawn: row.withdrawn_at.is_some(),
        submission,
    })
}

/// Every question that was asked with its answer, in the order of the questionnaire. Without the questionnaire: items and codes.
pub(super) fn said(definition: Option<&Definition>, submission: &Submission) -> Vec<Said> {
    let (rendition, language) = (submission.rendition.as_str(), submission.language.as_str());
    let order = |id: &str| definition.and_then(|d| d.items.iter().position(|item| item.id == id));
    let mut all: Vec<(usize, Said)> = submission
        .answers
        .iter()
        .filter(|(_, answer)| answer.missing() != Some(Missing::NotAsked))
        .map(|(id, answer)| {
            let item = definition.and_then(|d| d.item(id).map(|(_, item)| (d, item)));
            let question =
                item.map_or_else(|| id.clone(), |(d, item)| d.say(&item.text, rendition, language));
            let answered = match (item, answer) {
                (Some((d, item)), answer) => item.in_words(answer, |texts| d.say(texts, rendition, language)),
                (None, answer) => serde_json::to_string(answer).ok().filter(|_| answer.missing().is_none()),
            };
            let said = Said {
                item: id.clone(),
                question,
                answer: answered.filter(|_| !matches!(answer, Answer::Sealed { .. })),
                missing: answer.missing(),
                private: item.is_none_or(|(_, item)| item.private),
            };
            (order(id).unwrap_or(usize::MAX), said)
        })
        .collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, said)| said).collect()
}
