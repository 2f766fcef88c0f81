//! Service accounts: other systems that sign in with a key, and what each may do.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use super::fault::Fault;
use super::reader::read_whole;
use super::scheme::name;

/// One thing that another system may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Add and replace participants.
    PeopleWrite,
    /// Read what was entered of participants.
    PeopleRead,
    /// Invite, take invitations back, give out open links.
    InvitationsWrite,
    /// Send, correct and withdraw responses.
    ResponsesWrite,
    /// Read pseudonymous responses.
    ResponsesRead,
    /// Read who is due.
    DueRead,
    /// Read what happened, by id and kind.
    ChangesRead,
    /// Read figures.
    FiguresRead,
    /// Send in and correct what schemes count for their KPIs.
    ReturnsWrite,
}

impl Scope {
    /// Every scope, in the order of the documentation.
    pub const ALL: [Scope; 9] = [
        Self::PeopleWrite,
        Self::PeopleRead,
        Self::InvitationsWrite,
        Self::ResponsesWrite,
        Self::ResponsesRead,
        Self::DueRead,
        Self::ChangesRead,
        Self::FiguresRead,
        Self::ReturnsWrite,
    ];

    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::PeopleWrite => "people:write",
            Self::PeopleRead => "people:read",
            Self::InvitationsWrite => "invitations:write",
            Self::ResponsesWrite => "responses:write",
            Self::ResponsesRead => "responses:read",
            Self::DueRead => "due:read",
            Self::ChangesRead => "changes:read",
            Self::FiguresRead => "figures:read",
            Self::ReturnsWrite => "returns:write",
        }
    }

    /// The scope with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// What a service account may do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The scheme it is bound to; none = all schemes.
    pub scheme: Option<i64>,
    /// What it may do there.
    pub scopes: BTreeSet<Scope>,
}

/// A service account as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServiceAccount {
    /// What the system is called.
    pub name: String,
    /// What it may do; never empty.
    pub scopes: BTreeSet<Scope>,
    /// The last day on which it works; none = until it is revoked.
    pub ends_on: Option<NaiveDate>,
}

/// The most days for which the key before can be kept.
const LONGEST_KEEP: i64 = 30;
/// For how many days the key before is kept, where nothing else is said.
const USUAL_KEEP: i64 = 7;

impl NewServiceAccount {
    /// Checks a service account sent as JSON, collecting every fault.
    pub fn check(body: &Value, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        let allowed = Scope::ALL.map(Scope::code).join(", ");
        read_whole(body, |root| {
            let object = root.object()?;
            let name = object.required("name").and_then(name);
            let mut scopes = BTreeSet::new();
            if let Some(list) = object.required("scopes").and_then(|f| f.list(1)) {
                list.each(|element| {
                    if let Some(scope) = element.one_of(Scope::parse, &allowed)
                        && !scopes.insert(scope)
                    {
                        element.fault("repeated", format!("“{}” stands here twice.", scope.code()));
                    }
                });
            }
            let ends_on = object.optional("ends_on").and_then(|f| {
                let day = f.date()?;
                if day < today {
                    f.fault("in-the-past", "The last day is today or later.");
                }
                Some(day)
            });
            object.close(false);
            Some(Self { name: name?, scopes, ends_on })
        })
    }
}

/// For how many days the key before stays good after a new one is made: 0 (it ends at once) to 30; 7 if nothing is said.
pub fn read_keep_days(body: &Value) -> Result<i64, Vec<Fault>> {
    read_whole(body, |root| {
        let object = root.object()?;
        let days = match object.optional("keep_days") {
            None => Some(USUAL_KEEP),
            Some(field) => field.integer().inspect(|days| {
                if !(0..=LONGEST_KEEP).contains(days) {
                    field.fault("out-of-range", format!("“keep_days” is a number from 0 to {LONGEST_KEEP}."));
                }
            }),
        };
        object.close(false);
        days
    })
}
