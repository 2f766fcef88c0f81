//! Participants and invitations, as far as figures need them: who was supported, who could be asked, who was asked.

use chrono::NaiveDate;
use serde_json::Value;

use super::fault::Fault;
use super::reader::{Field, read_whole};

/// The span in which a scheme supports a person, and from when (if ever) they are not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The council that is responsible for the person.
    pub council: String,
    /// First day of support.
    pub supported_from: NaiveDate,
    /// Last day of support; none = still.
    pub supported_to: Option<NaiveDate>,
    /// From when the person is not asked, and why.
    pub not_asked: Option<NotAsked>,
}

/// Why an eligible person is not asked any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAsked {
    /// From this day.
    pub from: NaiveDate,
    /// The reason, in the scheme's words.
    pub reason: String,
}

/// Permission for one participant to answer once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Which questionnaire.
    pub questionnaire: String,
    /// When the person is due to be asked.
    pub due_on: NaiveDate,
    /// The council responsible for the person then.
    pub council: String,
}

impl Enrolment {
    /// Checks an enrolment sent as JSON. `councils` are the scheme's.
    pub fn check(body: &Value, council_ok: impl Fn(&str, NaiveDate) -> bool) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| Self::read(root, council_ok))
    }

    fn read(root: Field<'_>, council_ok: impl Fn(&str, NaiveDate) -> bool) -> Option<Self> {
        let object = root.object()?;
        let from = object.required("supported_from").and_then(|f| f.date());
        let to = object.optional("supported_to").and_then(|f| f.date().map(|d| (f, d)));
        let council = object.required("council").and_then(|f| {
            let code = f.string()?;
            if from.is_some_and(|from| !council_ok(code, from)) {
                f.fault(
                    "wrong-council",
                    "This is not one of the scheme's councils on the first day of support.",
                );
            }
            Some(code.to_owned())
        });
        if let (Some(from), Some((field, to))) = (from, to)
            && to < from
        {
            field.fault("ends-before-it-begins", "“supported_to” is before “supported_from”.");
        }
        let not_asked = object.optional("not_asked").and_then(|f| {
            let object = f.object()?;
            let from = object.required("from").and_then(|f| f.date());
            let reason = object.required("reason").and_then(|f| f.words().map(str::to_owned));
            object.close(false);
            Some(NotAsked { from: from?, reason: reason? })
        });
        object.close(false);
        Some(Self { council: council?, supported_from: from?, supported_to: to.map(|(_, d)| d), not_asked })
    }
}

/// Whether `reference` can name a participant: 1 to 64 letters, digits, dots, underscores or hyphens.
pub fn is_reference(reference: &str) -> bool {
    (1..=64).contains(&reference.len())
        && reference.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// The body of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The participant's reference.
    pub participant: String,
    /// Which questionnaire.
    pub questionnaire: String,
    /// When the person is due to be asked.
    pub due_on: NaiveDate,
}

impl NewInvitation {
    /// Checks an invitation sent as JSON.
    pub fn check(body: &Value) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let participant = object.required("participant").and_then(|f| f.string().map(str::to_owned));
            let questionnaire = object.required("questionnaire").and_then(|f| f.string().map(str::to_owned));
            let due_on = object.required("due_on").and_then(|f| f.date());
            object.close(false);
            Some(Self { participant: participant?, questionnaire: questionnaire?, due_on: due_on? })
        })
    }
}
