//! The classes of data that are deleted by age, and what is kept by another rule.

use chrono::{Days, Months, NaiveDate};

/// What a period is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Calendar months.
    Months,
    /// Days.
    Days,
}

impl Unit {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Months => "months",
            Self::Days => "days",
        }
    }
}

/// A class of data. The order is that in which they are deleted: parts before the whole that they are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// People's own words among answers.
    FreeText,
    /// What answers said before they were corrected.
    History,
    /// Answers that were withdrawn.
    Withdrawn,
    /// Links and codes of invitations and open links.
    WaysIn,
    /// Mail that was sent or given up.
    Mail,
    /// Who somebody is who left.
    Identity,
    /// Answers of people who left.
    Answers,
    /// Safeguarding tasks.
    Tasks,
    /// Complaints about how data are handled.
    Complaints,
    /// What other systems were told.
    Changes,
    /// Sessions, remembered browsers and set-up links of staff.
    Sessions,
    /// Accounts of staff who left.
    Accounts,
}

/// What holds for a class.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in the API and in storage. A code is never used again for something else.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What is deleted, and what stays.
    pub what: &'static str,
    /// From when it is counted.
    pub since: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// How long it is kept where nobody has said anything.
    pub usual: i64,
    /// The shortest and the longest that can be said.
    pub least: i64,
    /// See above.
    pub most: i64,
    /// Whether a scheme can keep it less long.
    pub by_scheme: bool,
    /// Why so long and no longer.
    pub reason: &'static str,
    /// What that rests on, in words.
    pub source: &'static str,
}

/// Something that is kept by another rule, which is no setting.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// What it is.
    pub title: &'static str,
    /// How long it is kept, and why.
    pub kept: &'static str,
}

const STORAGE_LIMITATION: &str = "UK GDPR Article 5(1)(e), storage limitation. No law fixes this period: the controller confirms it in the DPIA.";
const MINIMISATION: &str = "UK GDPR Article 5(1)(c) and (e), data minimisation and storage limitation. No law fixes this period: the controller confirms it in the DPIA.";
const ACCOUNTABILITY: &str = "UK GDPR Article 5(2), accountability, and Article 5(1)(e). No law fixes this period: the controller confirms it in the DPIA.";

impl Class {
    /// Every class, in the order in which they are deleted.
    pub const ALL: [Self; 12] = [
        Self::FreeText,
        Self::History,
        Self::Withdrawn,
        Self::WaysIn,
        Self::Mail,
        Self::Identity,
        Self::Answers,
        Self::Tasks,
        Self::Complaints,
        Self::Changes,
        Self::Sessions,
        Self::Accounts,
    ];

    /// The class with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        self.rule().name
    }

    /// What holds for it.
    pub fn rule(self) -> &'static Rule {
        match self {
            Self::FreeText => &FREE_TEXT,
            Self::History => &HISTORY,
            Self::Withdrawn => &WITHDRAWN,
            Self::WaysIn => &WAYS_IN,
            Self::Mail => &MAIL,
            Self::Identity => &IDENTITY,
            Self::Answers => &ANSWERS,
            Self::Tasks => &TASKS,
            Self::Complaints => &COMPLAINTS,
            Self::Changes => &CHANGES,
            Self::Sessions => &SESSIONS,
            Self::Accounts => &ACCOUNTS,
        }
    }

    /// The last day of which nothing is kept on `today`, if it is kept for `keep`: what is of that day or before is deleted.
    pub fn cutoff(self, keep: i64, today: NaiveDate) -> NaiveDate {
        let keep = keep.max(0);
        let cutoff = match self.rule().unit {
            Unit::Months => today.checked_sub_months(Months::new(u32::try_from(keep).unwrap_or(u32::MAX))),
            Unit::Days => today.checked_sub_days(Days::new(u64::try_from(keep).unwrap_or(u64::MAX))),
        };
        cutoff.unwrap_or(NaiveDate::MIN)
    }
}

static FREE_TEXT: Rule = Rule {
    name: "free-text",
    title: "People’s own words",
    what: "What people wrote, in answers and in what answers said before. The chosen answers stay.",
    since: "the day of the answers",
    unit: Unit::Months,
    usual: 24,
    least: 1,
    most: 72,
    by_scheme: true,
    reason: "Words can name anybody. They are there to be acted upon; after two years that is done.",
    source: MINIMISATION,
};
static HISTORY: Rule = Rule {
    name: "history",
    title: "What answers said before a correction",
    what: "The earlier answers. The corrected ones stay.",
    since: "the correction or the withdrawal",
    unit: Unit::Months,
    usual: 12,
    least: 1,
    most: 72,
    by_scheme: true,
    reason: "Kept so that a wrong correction can be found and mended.",
    source: STORAGE_LIMITATION,
};
static WITHDRAWN: Rule = Rule {
    name: "withdrawn",
    title: "Withdrawn answers",
    what: "The whole response. It counted in no figure since it was withdrawn.",
    since: "the withdrawal",
    unit: Unit::Months,
    usual: 12,
    least: 7,
    most: 36,
    by_scheme: true,
    reason: "Kept while somebody may have been made to withdraw, and longer than one half-yearly round, so that nobody is asked again at once.",
    source: STORAGE_LIMITATION,
};
static WAYS_IN: Rule = Rule {
    name: "ways-in",
    title: "Links and codes",
    what: "Hashes of the links and codes of invitations that have ended and of open links that are closed. That somebody was invited stays.",
    since: "the last day of the invitation, or the day the open link was closed",
    unit: Unit::Days,
    usual: 30,
    least: 0,
    most: 366,
    by_scheme: true,
    reason: "Whoever opens an old link is told kindly that it is over; a month is enough for that.",
    source: MINIMISATION,
};
static MAIL: Rule = Rule {
    name: "mail",
    title: "Mail that was sent",
    what: "Address, subject and words. Of safeguarding tasks it stays who was told; mail of theirs that never arrived goes with the task.",
    since: "the day it was sent or given up",
    unit: Unit::Days,
    usual: 90,
    least: 14,
    most: 731,
    by_scheme: true,
    reason: "Kept so that it can be seen what became of it.",
    source: STORAGE_LIMITATION,
};
static IDENTITY: Rule = Rule {
    name: "identity",
    title: "Who people were who left",
    what: "Name, contact details, needs, and the scheme’s reference, in whose place a new one is put that leads to nobody. What they answered stays, and so do figures.",
    since: "the last day of support; where that is not known, the last answer",
    unit: Unit::Months,
    usual: 24,
    least: 4,
    most: 120,
    by_scheme: true,
    reason: "Long enough for the last questions, for concerns and for what comes of them. Then nobody needs to know whose answers these were.",
    source: STORAGE_LIMITATION,
};
static ANSWERS: Rule = Rule {
    name: "answers",
    title: "Answers of people who left",
    what: "Everything that is left of the person: answers, invitations, dates, life events. Figures stay as they were.",
    since: "the last day of support; where that is not known, and for open links, the last answer",
    unit: Unit::Months,
    usual: 72,
    least: 12,
    most: 240,
    by_scheme: true,
    reason: "Figures are compared over years and must be checkable by a recount meanwhile.",
    source: "UK GDPR Article 5(1)(e) and Article 89(1), statistics. No law fixes this period: the controller confirms it in the DPIA.",
};
static TASKS: Rule = Rule {
    name: "tasks",
    title: "Safeguarding tasks",
    what: "That there was a task, who was told and who has seen it. Never one that nobody has seen.",
    since: "the day somebody said that they have seen it",
    unit: Unit::Months,
    usual: 72,
    least: 12,
    most: 240,
    by_scheme: true,
    reason: "An inquiry into harm can come years later.",
    source: ACCOUNTABILITY,
};
static COMPLAINTS: Rule = Rule {
    name: "complaints",
    title: "Complaints about data",
    what: "The whole complaint with its answer.",
    since: "the day of the answer",
    unit: Unit::Months,
    usual: 36,
    least: 12,
    most: 120,
    by_scheme: true,
    reason: "Kept so that it can be shown how it was handled.",
    source: ACCOUNTABILITY,
};
static CHANGES: Rule = Rule {
    name: "changes",
    title: "What other systems were told",
    what: "Kinds, ids and references of what happened. A system that has not read for so long begins anew.",
    since: "the day it happened",
    unit: Unit::Days,
    usual: 90,
    least: 14,
    most: 731,
    by_scheme: false,
    reason: "Other systems read every few minutes; after three months of silence they begin anew.",
    source: MINIMISATION,
};
static SESSIONS: Rule = Rule {
    name: "sessions",
    title: "Sessions of staff",
    what: "Sessions and remembered browsers that have ended, and set-up links that were used or are over.",
    since: "their end",
    unit: Unit::Days,
    usual: 30,
    least: 1,
    most: 366,
    by_scheme: false,
    reason: "Kept for a while so that a misuse can be looked into.",
    source: STORAGE_LIMITATION,
};
static ACCOUNTS: Rule = Rule {
    name: "accounts",
    title: "Accounts of staff who left",
    what: "Name, e-mail address, password and second factor. The id stays, since the audit log names it.",
    since: "the day the account was closed",
    unit: Unit::Months,
    usual: 24,
    least: 1,
    most: 120,
    by_scheme: false,
    reason: "Kept while it may be asked who did something.",
    source: STORAGE_LIMITATION,
};

/// What is kept by another rule.
pub const FIXED: [Fixed; 5] = [
    Fixed {
        title: "Answers that were begun and not sent",
        kept: "Until the invitation ends, at most 30 days without one; then they are deleted, or sent if the person said to keep them.",
    },
    Fixed { title: "Hashes of addresses from which open links were used", kept: "One day." },
    Fixed {
        title: "Hashes of the keys under which responses were sent",
        kept: "Always: so that no retry counts twice. They lead to nobody.",
    },
    Fixed {
        title: "Audit log",
        kept: "Always: cut off anywhere, it could not be proved any more. It holds ids, codes and keyed pseudonyms, so it leads to nobody once a person’s reference is gone.",
    },
    Fixed { title: "Figures and releases", kept: "Always: they are counts of many people." },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_kept_the_day_before_and_not_the_day_after() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let left = day("2026-02-28");
        assert!(Class::Identity.cutoff(24, day("2028-02-27")) < left);
        assert!(Class::Identity.cutoff(24, day("2028-02-28")) >= left);
        assert!(Class::Mail.cutoff(90, day("2026-05-28")) < left);
        assert!(Class::Mail.cutoff(90, day("2026-05-29")) >= left);
        assert_eq!(Class::Answers.cutoff(i64::MAX, left), NaiveDate::MIN);
    }

    #[test]
    fn every_class_has_a_code_of_its_own_and_a_usual_period_within_its_limits() {
        for class in Class::ALL {
            let rule = class.rule();
            assert_eq!(Class::parse(rule.name), Some(class));
            assert!(rule.least <= rule.usual && rule.usual <= rule.most, "{}", rule.name);
        }
    }
}
