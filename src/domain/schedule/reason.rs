//! Why somebody was not asked, or could not take part: a coded list, so that it can be counted and holds nobody's words.

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::fault::Fault;
use crate::domain::reader::read_whole;

/// Why an eligible person is not asked, or a person who was asked could not take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Unwell.
    Unwell,
    /// In hospital.
    Hospital,
    /// Somebody close has died.
    Bereaved,
    /// At the end of their life.
    EndOfLife,
    /// Has died.
    Died,
    /// Has moved away.
    MovedAway,
    /// Lacks capacity to consent, and there is no consultee.
    LacksCapacity,
    /// Said no to this one.
    Declined,
    /// Asked not to be contacted.
    NoContact,
    /// A safeguarding concern is being looked into.
    Safeguarding,
    /// No way was found to ask that suits the person.
    NoSuitableWay,
    /// Was asked something else less than eight weeks before; never given by hand.
    AskedRecently,
    /// Something else.
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::Unwell,
        Self::Hospital,
        Self::Bereaved,
        Self::EndOfLife,
        Self::Died,
        Self::MovedAway,
        Self::LacksCapacity,
        Self::Declined,
        Self::NoContact,
        Self::Safeguarding,
        Self::NoSuitableWay,
        Self::AskedRecently,
        Self::Other,
    ];

    /// Its name in the API and in storage.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unwell => "unwell",
            Self::Hospital => "hospital",
            Self::Bereaved => "bereaved",
            Self::EndOfLife => "end-of-life",
            Self::Died => "died",
            Self::MovedAway => "moved-away",
            Self::LacksCapacity => "lacks-capacity",
            Self::Declined => "declined",
            Self::NoContact => "no-contact",
            Self::Safeguarding => "safeguarding",
            Self::NoSuitableWay => "no-suitable-way",
            Self::AskedRecently => "asked-recently",
            Self::Other => "other",
        }
    }

    /// The reason with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// The reason with this name, if somebody may give it; `asked-recently` is found out here, and never given.
    pub fn parse_given(code: &str) -> Option<Self> {
        Self::parse(code).filter(|r| *r != Self::AskedRecently)
    }

    /// The names of those that may be given, for a fault.
    pub fn given_codes() -> String {
        let codes: Vec<&str> =
            Self::ALL.into_iter().filter(|r| *r != Self::AskedRecently).map(Self::code).collect();
        codes.join(", ")
    }

    /// In plain words, to follow “The person ”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unwell => "is unwell",
            Self::Hospital => "is in hospital",
            Self::Bereaved => "has lost somebody close",
            Self::EndOfLife => "is at the end of their life",
            Self::Died => "has died",
            Self::MovedAway => "has moved away",
            Self::LacksCapacity => "lacks capacity to consent, and there is no consultee",
            Self::Declined => "said no",
            Self::NoContact => "asked not to be contacted",
            Self::Safeguarding => "is part of a safeguarding concern that is being looked into",
            Self::NoSuitableWay => "could not be asked in any way that suits them",
            Self::AskedRecently => "was asked something else less than eight weeks before",
            Self::Other => "was not asked for another reason",
        }
    }
}

/// Which of the two a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// The person was not asked this time.
    NotAsked,
    /// The person was asked, and could not take part.
    CouldNot,
}

impl NoteKind {
    /// Its name in storage.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::CouldNot => "could-not",
        }
    }

    /// The kind with this name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::NotAsked, Self::CouldNot].into_iter().find(|k| k.code() == code)
    }
}

/// Somebody wrote down why a person was not asked on one occasion, or could not take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which of the two.
    pub kind: NoteKind,
    /// The questionnaire.
    pub questionnaire: String,
    /// The day on which the occasion was due.
    pub due_on: NaiveDate,
    /// Why.
    pub reason: Reason,
    /// The day it was so.
    pub on: NaiveDate,
}

/// A note as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// The questionnaire.
    pub questionnaire: String,
    /// The day on which the occasion is due.
    pub due_on: NaiveDate,
    /// Why.
    pub reason: Reason,
    /// The day it was so; today, where nothing is said.
    pub on: NaiveDate,
}

impl NewNote {
    /// Checks a note sent as JSON.
    pub fn check(body: &Value, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let questionnaire = object.required("questionnaire").and_then(|f| f.string().map(str::to_owned));
            let due_on = object.required("due_on").and_then(|f| f.date());
            let reason =
                object.required("reason").and_then(|f| f.one_of(Reason::parse_given, &Reason::given_codes()));
            let on = object.optional("on").map(|f| {
                let on = f.date()?;
                if on > today {
                    f.fault("future-date", "This is a day that has been.");
                }
                Some(on)
            });
            object.close(false);
            Some(Self {
                questionnaire: questionnaire?,
                due_on: due_on?,
                reason: reason?,
                on: on.unwrap_or(Some(today))?,
            })
        })
    }
}
