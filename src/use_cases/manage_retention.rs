//! How long data are kept: seeing it, and saying it, nationally or shorter for a scheme.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Refusal, allow, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event, NATIONAL, Target};
use crate::domain::retention::{Class, FIXED, Said, Unit, check_settings, in_force};
use crate::domain::scheme::Scheme;
use crate::storage::retention::{self, SettingRow};
use crate::storage::{Db, StorageError, audit};

/// What was said for how long each class is kept.
pub(super) struct Periods(BTreeMap<(i64, Class), Vec<Said>>);

impl Periods {
    /// What was said nationally and of these schemes.
    pub(super) fn load(db: &mut Db, schemes: &[i64]) -> Result<Self, StorageError> {
        let mut numbers = schemes.to_vec();
        numbers.push(NATIONAL);
        let mut said: BTreeMap<(i64, Class), Vec<Said>> = BTreeMap::new();
        for row in retention::settings_of(db, &numbers)? {
            let SettingRow { scheme_number, class, valid_from, keep, reason, source, .. } = row;
            if let Some(class) = Class::parse(&class) {
                let one = Said { from: valid_from, keep, reason, source };
                said.entry((scheme_number, class)).or_default().push(one);
            }
        }
        Ok(Self(said))
    }

    fn of(&self, scheme: i64, class: Class) -> &[Said] {
        self.0.get(&(scheme, class)).map(Vec::as_slice).unwrap_or_default()
    }

    fn in_force(&self, class: Class, scheme: i64, day: NaiveDate) -> (i64, Option<&Said>) {
        let own = if scheme == NATIONAL { &[] } else { self.of(scheme, class) };
        in_force(class, self.of(NATIONAL, class), own, day)
    }

    /// For how long a class is kept in a scheme on a day.
    pub(super) fn keep(&self, class: Class, scheme: i64, day: NaiveDate) -> i64 {
        self.in_force(class, scheme, day).0
    }
}

/// For how long each class is kept: nationally, or in a scheme.
pub fn read_retention(app: &App, actor: &Actor, scheme_id: Option<&str>) -> Result<Value, Refusal> {
    let directory = app.directory();
    let scheme = match scheme_id {
        Some(id) => Some(scheme_for(app, &directory, actor, id, "", |s| Action::ReadRetention(Some(s)))?),
        None => {
            allow(app, actor, Action::ReadRetention(None))?;
            None
        }
    };
    describe(app, scheme)
}

fn describe(app: &App, scheme: Option<&Scheme>) -> Result<Value, Refusal> {
    let number = scheme.map_or(NATIONAL, |scheme| scheme.number);
    let periods = app.store.read(|db| Periods::load(db, &[number]))?;
    let today = app.today();
    let classes = Class::ALL.into_iter().filter(|class| scheme.is_none() || class.rule().by_scheme);
    let classes: Vec<Value> = classes
        .map(|class| {
            let rule = class.rule();
            let (keep, said) = periods.in_force(class, number, today);
            let own = |said: &Said| periods.of(number, class).contains(said);
            let coming = periods.of(number, class).iter().filter(|said| said.from > today);
            let coming: Vec<Value> = coming
                .map(|said| json!({"from": said.from, "keep": said.keep, "reason": said.reason, "source": said.source}))
                .collect();
            json!({
                "class": rule.name, "title": rule.title, "what": rule.what, "since": rule.since, "unit": rule.unit.code(),
                "keep": keep, "least": rule.least, "most": longest(&periods, class, number, today), "usual": rule.usual,
                "from": said.map(|said| said.from), "own": number != NATIONAL && said.is_some_and(own),
                "reason": said.map_or(rule.reason, |said| &said.reason),
                "source": said.map_or(rule.source, |said| &said.source), "coming": coming,
            })
        })
        .collect();
    let fixed: Vec<Value> =
        FIXED.iter().map(|fixed| json!({"title": fixed.title, "kept": fixed.kept})).collect();
    Ok(json!({"scheme": scheme.map(|s| &s.about.id), "classes": classes, "fixed": fixed}))
}

/// How long a class may be kept at most: nationally as its rule says, in a scheme as long as nationally.
fn longest(periods: &Periods, class: Class, number: i64, day: NaiveDate) -> i64 {
    if number == NATIONAL { class.rule().most } else { periods.keep(class, NATIONAL, day) }
}

/// Says for how long classes are kept, from a day on. Other classes stay as they are.
pub fn put_retention(
    app: &App,
    actor: &Actor,
    scheme_id: Option<&str>,
    body: &Value,
) -> Result<Value, Refusal> {
    let directory = app.directory();
    let scheme = match scheme_id {
        Some(id) => Some(scheme_for(app, &directory, actor, id, "", |s| Action::ManageRetention(Some(s)))?),
        None => {
            allow(app, actor, Action::ManageRetention(None))?;
            None
        }
    };
    let number = scheme.map_or(NATIONAL, |scheme| scheme.number);
    let periods = app.store.read(|db| Periods::load(db, &[number]))?;
    let most = |class, day| longest(&periods, class, number, day);
    let new = check_settings(body, app.today(), scheme.is_some(), most).map_err(Refusal::Invalid)?;
    let rows: Vec<SettingRow> = new
        .iter()
        .map(|setting| SettingRow {
            scheme_number: number,
            class: setting.class.code().to_owned(),
            valid_from: setting.from,
            keep: setting.keep,
            reason: setting.reason.clone(),
            source: setting.source.clone(),
            set_by: actor.account.clone(),
            set_at: app.now(),
        })
        .collect();
    let changed: Vec<Event> = new
        .iter()
        .map(|setting| {
            let target = scheme.map_or_else(Target::nothing, scheme_target);
            let changed = event(app, number, actor, Act::RetentionChanged, target)
                .code("class", setting.class.code())
                .code("from", &setting.from.to_string());
            match setting.keep {
                Some(keep) => changed.number("keep", keep),
                None => changed.code("keep", "as-usual"),
            }
        })
        .collect();
    app.store.write(|db| retention::put_settings(&mut audit::record_all(db, &changed)?, &rows))?;
    describe(app, scheme)
}

/// How long data are kept nationally, for people to read on the privacy page.
pub fn kept_for(app: &App, language: &str) -> Result<Vec<String>, Refusal> {
    let periods = app.store.read(|db| Periods::load(db, &[NATIONAL]))?;
    let today = app.today();
    let line = |(class, english, welsh): &(Class, &str, &str)| {
        let keep = periods.keep(*class, NATIONAL, today);
        if language == "cy" {
            format!("{welsh}: {keep} {}", if class.rule().unit == Unit::Days { "diwrnod" } else { "mis" })
        } else {
            format!("{english}: {keep} {}", class.rule().unit.code())
        }
    };
    Ok(SAID_TO_PEOPLE.iter().map(line).collect())
}

/// What the privacy page says of classes: in English and in Welsh.
const SAID_TO_PEOPLE: [(Class, &str, &str); 5] = [
    (
        Class::Identity,
        "Your name and how to reach you, after your support ends",
        "Eich enw a sut i gysylltu â chi, ar ôl i'ch cymorth ddod i ben",
    ),
    (Class::FreeText, "Words that you wrote", "Geiriau a ysgrifennoch chi"),
    (
        Class::Answers,
        "Your answers without your name, after your support ends",
        "Eich atebion heb eich enw, ar ôl i'ch cymorth ddod i ben",
    ),
    (Class::Withdrawn, "Answers that you took back", "Atebion a gymeroch chi yn ôl"),
    (Class::Complaints, "Complaints, after we answer them", "Cwynion, ar ôl i ni eu hateb"),
];
