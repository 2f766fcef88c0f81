//! Participants and invitations, as far as figures need them: who was supported, who could be asked, who was asked.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::definition::Registry;
use super::fault::Fault;
use super::reader::{Field, read_whole};
use super::routing::About;
use super::submission::{OCCASIONS, read_about};

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
    /// Facts known before the first question, by breakdown.
    pub about: About,
}

/// Why an eligible person is not asked any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAsked {
    /// From this day.
    pub from: NaiveDate,
    /// The reason, in the scheme's words; sealed, once it was stored.
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
    /// Whether it ended with an answer begun and not sent.
    pub unfinished: bool,
}

impl Enrolment {
    /// Checks an enrolment sent as JSON. `council_ok` says whether a council is the scheme's on a day.
    pub fn check(
        body: &Value,
        registry: &Registry,
        council_ok: impl Fn(&str, NaiveDate) -> bool,
    ) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| Self::read(root, registry, council_ok))
    }

    fn read(
        root: Field<'_>,
        registry: &Registry,
        council_ok: impl Fn(&str, NaiveDate) -> bool,
    ) -> Option<Self> {
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
        let about = object.optional("about").map(|f| read_about(f, registry)).unwrap_or_default();
        object.close(false);
        Some(Self {
            council: council?,
            supported_from: from?,
            supported_to: to.map(|(_, d)| d),
            not_asked,
            about,
        })
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
    /// The occasion, if known.
    pub occasion: Option<String>,
    /// The last day on which it can be answered.
    pub ends_on: NaiveDate,
}

/// How many days an invitation can be answered, where nothing else is said: a quarter.
const INVITATION_DAYS: u64 = 92;

impl NewInvitation {
    /// Checks an invitation sent as JSON.
    pub fn check(body: &Value) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let participant = object.required("participant").and_then(|f| f.string().map(str::to_owned));
            let questionnaire = object.required("questionnaire").and_then(|f| f.string().map(str::to_owned));
            let due_on = object.required("due_on").and_then(|f| f.date());
            let occasion = object.optional("occasion").and_then(|f| {
                f.one_of(|t| OCCASIONS.contains(&t).then(|| t.to_owned()), &OCCASIONS.join(", "))
            });
            let ends_on = object.optional("ends_on").and_then(|f| {
                let ends_on = f.date()?;
                if due_on.is_some_and(|due_on| ends_on < due_on) {
                    f.fault("ends-before-it-begins", "“ends_on” is before “due_on”.");
                }
                Some(ends_on)
            });
            object.close(false);
            let due_on = due_on?;
            Some(Self {
                participant: participant?,
                questionnaire: questionnaire?,
                due_on,
                occasion,
                ends_on: ends_on.or_else(|| due_on.checked_add_days(Days::new(INVITATION_DAYS)))?,
            })
        })
    }
}
