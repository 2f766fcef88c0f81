//! What somebody said of how long a class is kept: from which day on, why, and what that rests on.

use chrono::NaiveDate;
use serde_json::Value;

use super::Class;
use crate::domain::fault::Fault;
use crate::domain::reader::{Field, Object, read_whole, short};

/// The longest reason and source, in characters.
const LONGEST: usize = 500;

/// A setting that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSetting {
    /// The class.
    pub class: Class,
    /// For how long; none: as the national body says (for a scheme), or as usual.
    pub keep: Option<i64>,
    /// Why.
    pub reason: String,
    /// What that rests on.
    pub source: String,
    /// From which day on.
    pub from: NaiveDate,
}

/// A setting that holds, or is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// From which day on.
    pub from: NaiveDate,
    /// For how long; none: as the national body says, or as usual.
    pub keep: Option<i64>,
    /// Why.
    pub reason: String,
    /// What that rests on.
    pub source: String,
}

/// For how long a class is kept on `day`, and what was said of it: the scheme's own word where it is shorter than the national one.
pub fn in_force<'a>(
    class: Class,
    national: &'a [Said],
    own: &'a [Said],
    day: NaiveDate,
) -> (i64, Option<&'a Said>) {
    let newest = |said: &'a [Said]| said.iter().filter(|s| s.from <= day).max_by_key(|s| s.from);
    let whole = newest(national);
    let keep = whole.and_then(|s| s.keep).unwrap_or(class.rule().usual);
    match newest(own).and_then(|s| Some((s, s.keep?))) {
        Some((said, shorter)) if class.rule().by_scheme && shorter < keep => (shorter, Some(said)),
        _ => (keep, whole.filter(|s| s.keep.is_some())),
    }
}

/// Checks settings sent as JSON, `{"from": day, "classes": {"identity": {"keep": 12, "reason": ..., "source": ...}}}`, collecting every
/// fault. `longest` is how long each class may be kept at most on the day from which they hold: less than the class's own limit for a
/// scheme.
pub fn check_settings(
    body: &Value,
    today: NaiveDate,
    scheme: bool,
    longest: impl Fn(Class, NaiveDate) -> i64,
) -> Result<Vec<NewSetting>, Vec<Fault>> {
    read_whole(body, |root| {
        let object = root.object()?;
        let from = match object.optional("from") {
            None => Some(today),
            Some(field) => field.date().and_then(|day| {
                if day < today {
                    field.fault("in-the-past", "What holds from now on begins today at the earliest.");
                    return None;
                }
                Some(day)
            }),
        };
        let mut read = Vec::new();
        if let Some(classes) = object.required("classes").and_then(|field| field.object()) {
            let mut any = false;
            for (code, field) in classes.entries() {
                any = true;
                match Class::parse(code) {
                    Some(class) if scheme && !class.rule().by_scheme => {
                        field.fault(
                            "national-only",
                            "This is the same everywhere: the national body says it.",
                        );
                    }
                    Some(class) => read.extend(read_one(field, class, from, today, &longest)),
                    None => {
                        field.fault("unknown-class", format!("“{}” is no class of data here.", short(code)))
                    }
                }
            }
            if !any {
                classes.fault("empty", "Name at least one class.");
            }
        }
        object.close(false);
        Some(read)
    })
}

fn read_one(
    field: Field<'_>,
    class: Class,
    from: Option<NaiveDate>,
    today: NaiveDate,
    longest: &impl Fn(Class, NaiveDate) -> i64,
) -> Option<NewSetting> {
    let object = field.object()?;
    let keep = match object.optional("keep") {
        None => Some(None),
        Some(field) => field.integer().and_then(|keep| {
            let (least, most) = (class.rule().least, longest(class, from.unwrap_or(today)));
            if !(least..=most).contains(&keep) {
                let unit = class.rule().unit.code();
                field.fault("out-of-range", format!("From {least} to {most} {unit}."));
                return None;
            }
            Some(Some(keep))
        }),
    };
    let reason = object.required("reason").and_then(text);
    let source = text_or(&object, class.rule().source);
    object.close(false);
    Some(NewSetting { class, keep: keep?, reason: reason?, source: source?, from: from? })
}

fn text_or(object: &Object<'_>, usual: &str) -> Option<String> {
    object.optional("source").map_or_else(|| Some(usual.to_owned()), text)
}

fn text(field: Field<'_>) -> Option<String> {
    let words = field.words()?.trim();
    if words.chars().count() > LONGEST {
        field.fault("too-long", format!("At most {LONGEST} characters."));
        return None;
    }
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_scheme_keeps_less_long_and_never_longer() {
        let said = |from: &str, keep: Option<i64>| Said {
            from: day(from),
            keep,
            reason: "So we decided.".into(),
            source: String::new(),
        };
        let national = [said("2026-01-01", Some(20)), said("2026-06-01", Some(10))];
        let own = [said("2026-02-01", Some(12)), said("2026-09-01", None)];
        let keep = |on: &str| in_force(Class::Identity, &national, &own, day(on)).0;
        assert_eq!(keep("2025-12-31"), 24, "as usual");
        assert_eq!(keep("2026-01-15"), 20);
        assert_eq!(keep("2026-03-01"), 12);
        assert_eq!(keep("2026-07-01"), 10, "the national body keeps it even less long");
        assert_eq!(in_force(Class::Changes, &[], &own, day("2026-03-01")).0, 90, "not a scheme's to say");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let body = json!({"from": "2020-01-01", "colour": 1, "classes": {
            "identity": {"keep": 25, "reason": "x"}, "mail": {"keep": 1}, "cake": {}, "changes": {"keep": 30, "reason": "x"}}});
        let faults = check_settings(&body, day("2026-07-20"), true, |_, _| 24).expect_err("faults");
        let codes: Vec<(&str, &str)> = faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(
            codes,
            [
                ("/classes/cake", "unknown-class"),
                ("/classes/changes", "national-only"),
                ("/classes/identity/keep", "out-of-range"),
                ("/classes/mail/keep", "out-of-range"),
                ("/classes/mail/reason", "required"),
                ("/colour", "unknown-key"),
                ("/from", "in-the-past"),
            ]
        );
    }
}
