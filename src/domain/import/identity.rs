//! Who a person of a table is: what the cells of a row say, over what is known already, checked as an identity that is entered by hand.

use serde_json::{Map, Value, json};

use super::heading::{Identity as Part, plain};
use super::people::Change;
use crate::domain::fault::Fault;
use crate::domain::identity::{FORMATS, Identity};

/// A cell that says something of who somebody is. It is not empty.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) part: Part,
    pub(super) heading: &'a str,
    pub(super) words: &'a str,
}

/// Who a person is, as they are to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadIdentity {
    /// What is to be stored.
    pub identity: Identity,
    /// What happens.
    pub change: Change,
    /// Which parts are different: keys of an identity in the API.
    pub changed: Vec<&'static str>,
}

/// Parts of an identity in the API, with what a column can say of them.
const PARTS: [(&str, &[Part]); 8] = [
    ("name", &[Part::Name, Part::FirstName, Part::LastName]),
    ("called", &[Part::Called]),
    ("email", &[Part::Email]),
    ("mobile", &[Part::Phone]),
    ("address", &[Part::Address, Part::Postcode]),
    ("channel", &[Part::Channel, Part::Email, Part::Phone, Part::Address]),
    ("contact", &[Part::Whose, Part::Supporter]),
    ("communication", &[Part::Formats, Part::Note]),
];

/// Reads a row's cells over what is known; none if they say nothing.
///
/// # Errors
///
/// Every fault, with the heading of the column it is in.
pub(super) fn merge<'a>(
    cells: &[Cell<'a>],
    known: Option<&Identity>,
) -> Result<Option<ReadIdentity>, Vec<(&'a str, Fault)>> {
    let Some(first) = cells.first() else { return Ok(None) };
    let before = known.map_or_else(|| json!({}), |known| json!(known));
    let mut row =
        RowIdentity { cells, body: before.as_object().cloned().unwrap_or_default(), faults: Vec::new() };
    row.read();
    let RowIdentity { body, mut faults, .. } = row;
    let body = Value::Object(body);
    let checked = Identity::check(&body);
    if let Err(found) = &checked {
        for fault in found {
            let key = fault.pointer.split('/').nth(1).unwrap_or_default();
            let parts = PARTS.iter().find(|(part, _)| *part == key).map_or(&[][..], |(_, parts)| parts);
            let heading = parts.iter().find_map(|part| cells.iter().find(|cell| cell.part == *part));
            let heading = heading.map_or(first.heading, |cell| cell.heading);
            // What was said of this cell already is not said again.
            if faults.iter().any(|(at, _)| *at == heading) {
                continue;
            }
            let detail = match (key, fault.code) {
                ("name", "required") => {
                    "Contact details are kept with a name. Add a column such as “Name”, or leave this one out.".to_owned()
                }
                ("address", _) if cells.iter().all(|cell| cell.part != Part::Address) => {
                    "A postcode alone is no address. Add a column such as “Address”, or leave this one out.".to_owned()
                }
                _ => fault.detail.clone(),
            };
            faults.push((heading, Fault { detail, ..fault.clone() }));
        }
    }
    match checked {
        Ok(identity) if faults.is_empty() => {
            let after = json!(identity);
            let differs = |part: &&str| before.get(*part) != after.get(*part);
            let changed: Vec<&'static str> = PARTS.iter().map(|(part, _)| *part).filter(differs).collect();
            let change = match (known, changed.is_empty()) {
                (None, _) => Change::New,
                (Some(_), true) => Change::Same,
                (Some(_), false) => Change::Changed,
            };
            let changed = if change == Change::Changed { changed } else { Vec::new() };
            Ok(Some(ReadIdentity { identity, change, changed }))
        }
        _ => Err(faults),
    }
}

struct RowIdentity<'c, 'a> {
    cells: &'c [Cell<'a>],
    body: Map<String, Value>,
    faults: Vec<(&'a str, Fault)>,
}

impl<'a> RowIdentity<'_, 'a> {
    fn all(&self, part: Part) -> impl Iterator<Item = &'a str> {
        self.cells.iter().filter(move |cell| cell.part == part).map(|cell| cell.words)
    }

    fn cell(&self, part: Part) -> Option<Cell<'a>> {
        self.cells.iter().find(|cell| cell.part == part).copied()
    }

    fn fault(&mut self, cell: Cell<'a>, code: &'static str, detail: impl Into<String>) {
        self.faults.push((cell.heading, Fault { pointer: String::new(), code, detail: detail.into() }));
    }

    fn read(&mut self) {
        let parts: Vec<&str> =
            [Part::FirstName, Part::LastName].into_iter().flat_map(|part| self.all(part)).collect();
        let name = self.all(Part::Name).next().map(str::to_owned);
        let name = name.or_else(|| (!parts.is_empty()).then(|| parts.join(" ")));
        self.set("name", name);
        let called = self.all(Part::Called).next();
        self.set("called", called);
        let email = self.all(Part::Email).next();
        self.set("email", email);
        // Where there are several numbers, a message goes to the mobile.
        let phone =
            self.all(Part::Phone).find(|phone| is_mobile(phone)).or_else(|| self.all(Part::Phone).next());
        self.set("mobile", phone);
        self.address();
        self.whose();
        self.channel();
        self.communication();
    }

    fn set(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.body.insert(key.to_owned(), value.into());
        }
    }

    fn has(&self, key: &str) -> bool {
        self.body.get(key).is_some_and(|value| !value.is_null())
    }

    /// One cell with everything, or one cell for each line.
    fn address(&mut self) {
        let cells: Vec<&str> = self.all(Part::Address).collect();
        let breaks: &[char] = if cells.len() == 1 { &['\n', ','] } else { &['\n'] };
        let mut lines: Vec<&str> = cells
            .iter()
            .flat_map(|cell| cell.split(breaks))
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let mut postcode = self.all(Part::Postcode).next();
        if postcode.is_none() && lines.len() > 1 && lines.last().is_some_and(|line| is_postcode(line)) {
            postcode = lines.pop();
        }
        if lines.is_empty() && postcode.is_none() {
            return;
        }
        let old = self.body.get("address").cloned().unwrap_or_default();
        let lines = if lines.is_empty() { old["lines"].clone() } else { json!(lines) };
        let lines = if lines.is_null() { json!([]) } else { lines };
        let postcode = postcode.map_or_else(|| old["postcode"].clone(), |postcode| json!(postcode));
        self.body.insert("address".to_owned(), json!({"lines": lines, "postcode": postcode}));
    }

    fn whose(&mut self) {
        let supporter = self.all(Part::Supporter).next();
        let said = self.cell(Part::Whose);
        let whose = match said.map(|cell| (cell, plain(cell.words))) {
            Some((_, words)) if ["own", "theirs", "self", "their own", "person"].contains(&&*words) => {
                Some("own")
            }
            Some((_, words)) if words == "shared" => Some("shared"),
            Some((_, words))
                if ["supporter", "supporters", "supporter s", "carer", "carers", "carer s", "family"]
                    .contains(&&*words) =>
            {
                Some("supporter")
            }
            Some((cell, _)) => {
                self.fault(cell, "unknown-code", "This is own, shared or supporter.");
                return;
            }
            None => None,
        };
        let contact = match (whose, supporter) {
            (Some("supporter"), None) => {
                let old = &self.body.get("contact").cloned().unwrap_or_default()["name"];
                json!({"whose": "supporter", "name": old})
            }
            (Some("supporter"), Some(name)) => json!({"whose": "supporter", "name": name}),
            (Some(whose), _) => json!({"whose": whose}),
            (None, _) if self.has("contact") => return,
            // Nothing is said: the cautious side, so that a message names neither questions nor answers.
            (None, _) if self.has("email") || self.has("mobile") || self.has("address") => {
                json!({"whose": "shared"})
            }
            (None, _) => json!({"whose": "own"}),
        };
        self.body.insert("contact".to_owned(), contact);
    }

    fn channel(&mut self) {
        let channel = match self.cell(Part::Channel).map(|cell| (cell, plain(cell.words))) {
            Some((cell, words)) => match words.as_str() {
                "email" | "e mail" | "mail" => "email",
                "text" | "sms" | "text message" | "mobile" => "text",
                "letter" | "post" | "paper" => "letter",
                "visit" | "in person" | "tablet" | "face to face" => "visit",
                "none" | "by hand" | "link" => "none",
                _ => {
                    self.fault(cell, "unknown-code", "This is one of: email, text, letter, visit, none.");
                    return;
                }
            },
            None if self.has("channel") => return,
            None if self.has("email") => "email",
            None if self.body.get("mobile").and_then(Value::as_str).is_some_and(is_mobile) => "text",
            None if self.has("address") => "letter",
            None => "none",
        };
        self.body.insert("channel".to_owned(), json!(channel));
    }

    fn communication(&mut self) {
        let note = self.all(Part::Note).next();
        let formats = self.cell(Part::Formats);
        if note.is_none() && formats.is_none() {
            return;
        }
        let old = self.body.get("communication").cloned().unwrap_or_default();
        let list = formats.map(|cell| {
            let parts = cell.words.split([';', ',', '\n', '/']).map(plain).filter(|part| !part.is_empty());
            let codes = parts.map(|part| match part.as_str() {
                "british sign language" => "bsl".to_owned(),
                other => other.replace(' ', "-"),
            });
            let mut codes: Vec<String> = codes.collect();
            codes.sort_unstable();
            codes.dedup();
            (cell, codes)
        });
        if let Some((cell, codes)) = &list
            && codes.iter().any(|code| !FORMATS.contains(&code.as_str()))
        {
            self.fault(*cell, "unknown-code", format!("Formats are: {}.", FORMATS.join(", ")));
            return;
        }
        let formats = list.map_or_else(|| old["formats"].clone(), |(_, codes)| json!(codes));
        let formats = if formats.is_null() { json!([]) } else { formats };
        let note = note.map_or_else(|| old["note"].clone(), |note| json!(note));
        self.body.insert("communication".to_owned(), json!({"formats": formats, "note": note}));
    }
}

/// Whether a number can take a text message in the UK.
fn is_mobile(phone: &str) -> bool {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    digits.starts_with("07") || digits.starts_with("447") || digits.starts_with("4407")
}

/// Whether words look like a postcode.
fn is_postcode(words: &str) -> bool {
    let code: Vec<char> = words.chars().filter(|c| *c != ' ').collect();
    let inward = code.len().checked_sub(3).map(|at| &code[at..]);
    let inward =
        inward.is_some_and(|i| i[0].is_ascii_digit() && i[1..].iter().all(char::is_ascii_alphabetic));
    (5..=7).contains(&code.len()) && code[0].is_ascii_alphabetic() && inward
}
