//! Participants and invitations: who was supported, who could be asked, who was asked.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::definition::Registry;
use super::fault::Fault;
use super::reader::{Field, Object, read_whole};
use super::routing::About;
use super::schedule::Reason;
use super::submission::{OCCASIONS, read_about};

/// The span in which a scheme supports a person, and from when (if ever) they are not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The council that is responsible for the person now.
    pub council: String,
    /// Councils that were responsible before, each with its last day, the earliest first.
    pub earlier_councils: Vec<EarlierCouncil>,
    /// First day of support.
    pub supported_from: NaiveDate,
    /// Last day of support; none = still.
    pub supported_to: Option<NaiveDate>,
    /// From when the person is not asked, and why.
    pub not_asked: Option<NotAsked>,
    /// Arrangements, the earliest first.
    pub arrangements: Vec<Arrangement>,
    /// The account of the key worker.
    pub worker: Option<String>,
    /// The language in which the person likes to be asked: `en` or `cy`.
    pub language: Option<String>,
    /// Facts known before the first question, by breakdown.
    pub about: About,
}

/// A council that was responsible for a person before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierCouncil {
    /// Its code.
    pub code: String,
    /// Its last day.
    pub to: NaiveDate,
}

/// An arrangement in which a person is supported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Its kind: a value of the breakdown `arrangement`.
    pub kind: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none = still.
    pub to: Option<NaiveDate>,
}

/// Why an eligible person is not asked any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAsked {
    /// From this day.
    pub from: NaiveDate,
    /// The reason.
    pub reason: Reason,
}

/// The breakdown whose values are kinds of arrangement.
const ARRANGEMENT: &str = "arrangement";
/// Languages in which people are asked.
pub const LANGUAGES: [&str; 2] = ["en", "cy"];

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
    /// Support by one council from one day on, with nothing else known.
    pub fn new(council: &str, supported_from: NaiveDate) -> Self {
        Self {
            council: council.to_owned(),
            earlier_councils: Vec::new(),
            supported_from,
            supported_to: None,
            not_asked: None,
            arrangements: Vec::new(),
            worker: None,
            language: None,
            about: About::new(),
        }
    }

    /// Checks an enrolment sent as JSON. `council_ok` says whether a council is the scheme's on a day.
    pub fn check(
        body: &Value,
        registry: &Registry,
        council_ok: impl Fn(&str, NaiveDate) -> bool,
    ) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| Self::read(root, registry, &council_ok))
    }

    fn read(
        root: Field<'_>,
        registry: &Registry,
        council_ok: &impl Fn(&str, NaiveDate) -> bool,
    ) -> Option<Self> {
        let object = root.object()?;
        let from = object.required("supported_from").and_then(|f| f.date());
        let to = object.optional("supported_to").and_then(|f| f.date().map(|d| (f, d)));
        let earlier_councils = read_councils(&object, from, council_ok);
        // The present council is responsible since the day after the last earlier one.
        let since = earlier_councils.last().and_then(|c| c.to.succ_opt()).or(from);
        let council = object.required("council").and_then(|f| {
            let code = f.string()?;
            if since.is_some_and(|since| !council_ok(code, since)) {
                f.fault(
                    "wrong-council",
                    "This is not one of the scheme's councils on the first day on which it is responsible.",
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
            let reason =
                object.required("reason").and_then(|f| f.one_of(Reason::parse_given, &Reason::given_codes()));
            object.close(false);
            Some(NotAsked { from: from?, reason: reason? })
        });
        let arrangements = read_arrangements(&object, registry);
        let worker = object.optional("worker").and_then(|f| f.words().map(str::to_owned));
        let language = object
            .optional("language")
            .and_then(|f| f.one_of(|t| LANGUAGES.contains(&t).then(|| t.to_owned()), &LANGUAGES.join(", ")));
        let about = object.optional("about").map(|f| read_about(f, registry)).unwrap_or_default();
        object.close(false);
        Some(Self {
            council: council?,
            earlier_councils,
            supported_from: from?,
            supported_to: to.map(|(_, d)| d),
            not_asked,
            arrangements,
            worker,
            language,
            about,
        })
    }

    /// The council responsible on `day`.
    pub fn council_on(&self, day: NaiveDate) -> &str {
        let earlier = self.earlier_councils.iter().find(|c| day <= c.to);
        earlier.map_or(&self.council, |c| &c.code)
    }

    /// The facts as they are on `day`: the arrangements of that day, where they are known, in place of the fact that was sent.
    pub fn about_on(&self, day: NaiveDate) -> About {
        let mut about = self.about.clone();
        let now = self.arrangements.iter().filter(|a| a.from <= day && a.to.is_none_or(|to| day <= to));
        let mut kinds: Vec<String> = now.map(|a| a.kind.clone()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if !kinds.is_empty() {
            about.insert(ARRANGEMENT.to_owned(), kinds);
        }
        about
    }

    /// The first and the last day on which the person could be asked; nothing if there is no such day.
    pub fn eligible(&self) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let not_asked = self.not_asked.as_ref().map(|n| n.from);
        if not_asked.is_some_and(|from| from <= self.supported_from) {
            return None;
        }
        let last = [self.supported_to, not_asked.and_then(|d| d.pred_opt())].into_iter().flatten().min();
        Some((self.supported_from, last))
    }
}

fn read_councils(
    enrolment: &Object<'_>,
    from: Option<NaiveDate>,
    council_ok: &impl Fn(&str, NaiveDate) -> bool,
) -> Vec<EarlierCouncil> {
    let mut councils: Vec<EarlierCouncil> = Vec::new();
    let Some(list) = enrolment.optional("earlier_councils").and_then(|f| f.list(0)) else { return councils };
    list.each(|element| {
        let Some(object) = element.object() else { return };
        let code = object.required("code").and_then(|f| f.string().map(|t| (f, t.to_owned())));
        let to = object.required("to").and_then(|f| f.date().map(|to| (f, to)));
        object.close(false);
        let (Some((code_field, code)), Some((to_field, to))) = (code, to) else { return };
        let since = councils.last().and_then(|c| c.to.succ_opt()).or(from);
        if since.is_some_and(|since| to < since) {
            to_field
                .fault("ends-before-it-begins", "Earlier councils stand in order, each with its last day.");
        } else if since.is_some_and(|since| !council_ok(&code, since)) {
            code_field.fault(
                "wrong-council",
                "This is not one of the scheme's councils on the first day on which it is responsible.",
            );
        }
        councils.push(EarlierCouncil { code, to });
    });
    councils
}

fn read_arrangements(enrolment: &Object<'_>, registry: &Registry) -> Vec<Arrangement> {
    let mut arrangements = Vec::new();
    let Some(list) = enrolment.optional("arrangements").and_then(|f| f.list(0)) else { return arrangements };
    let known: &[String] = registry.breakdown(ARRANGEMENT).map(|b| b.values.as_slice()).unwrap_or_default();
    list.each(|element| {
        let Some(object) = element.object() else { return };
        let kind = object
            .required("kind")
            .and_then(|f| f.one_of(|t| known.iter().find(|k| *k == t).cloned(), &known.join(", ")));
        let from = object.required("from").and_then(|f| f.date());
        let to = object.optional("to").and_then(|f| f.date().map(|to| (f, to)));
        object.close(false);
        if let (Some(from), Some((field, to))) = (from, to)
            && to < from
        {
            field.fault("ends-before-it-begins", "“to” is before “from”.");
        }
        let (Some(kind), Some(from)) = (kind, from) else { return };
        arrangements.push(Arrangement { kind, from, to: to.map(|(_, to)| to) });
    });
    arrangements.sort_by(|a, b| (a.from, &a.kind).cmp(&(b.from, &b.kind)));
    arrangements
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
