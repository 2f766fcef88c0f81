//! Reading JSON strictly: every wrong type, missing key and unknown key becomes a fault, and reading goes on.

use std::cell::RefCell;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::fault::{At, Fault, Faults};

/// A JSON value, where it stands, and where its faults go.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// The value itself.
    pub value: &'a Value,
    /// Its place.
    pub at: At<'a>,
    faults: &'a Faults,
}

/// A JSON object that is being read key by key; [`Object::close`] reports the keys nobody asked for.
pub struct Object<'a> {
    map: &'a Map<String, Value>,
    /// Its place.
    pub at: At<'a>,
    faults: &'a Faults,
    known: RefCell<Vec<&'static str>>,
}

/// Reads a whole document: what `read` makes of it if nothing is wrong, else every fault.
pub fn read_whole<T>(document: &Value, read: impl FnOnce(Field<'_>) -> Option<T>) -> Result<T, Vec<Fault>> {
    let faults = Faults::new();
    match read(Field::root(document, &faults)) {
        Some(whole) if faults.is_empty() => Ok(whole),
        _ => Err(faults.into_sorted()),
    }
}

impl<'a> Field<'a> {
    /// The whole document.
    pub fn root(value: &'a Value, faults: &'a Faults) -> Self {
        Self { value, at: At::ROOT, faults }
    }

    /// Reports a fault here.
    pub fn fault(&self, code: &'static str, detail: impl Into<String>) {
        self.faults.add(&self.at, code, detail);
    }

    /// Whether something is wrong at `key` of this object, or below it.
    pub fn is_faulty_at(&self, key: &str) -> bool {
        self.faults.any_within(&self.at.key(key))
    }

    fn wrong_type<T>(&self, wanted: &str) -> Option<T> {
        self.fault("wrong-type", format!("This must be {wanted}, not {}.", kind_of(self.value)));
        None
    }

    /// This value as an object.
    pub fn object(&self) -> Option<Object<'a>> {
        match self.value {
            Value::Object(map) => {
                Some(Object { map, at: self.at, faults: self.faults, known: RefCell::default() })
            }
            _ => self.wrong_type("an object"),
        }
    }

    /// This value as text. Text with the character U+0000 is refused: PostgreSQL cannot keep it, and nobody writes it.
    pub fn string(&self) -> Option<&'a str> {
        match self.value {
            Value::String(text) if text.contains('\0') => {
                self.fault("null-character", "This must not hold the character U+0000.");
                None
            }
            Value::String(text) => Some(text),
            _ => self.wrong_type("text"),
        }
    }

    /// This value as text that is not blank.
    pub fn words(&self) -> Option<&'a str> {
        let text = self.string()?;
        if text.trim().is_empty() {
            self.fault("empty", "This must not be empty.");
            return None;
        }
        Some(text)
    }

    /// This value as true or false.
    pub fn boolean(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(*value),
            _ => self.wrong_type("true or false"),
        }
    }

    /// This value as a whole number.
    pub fn integer(&self) -> Option<i64> {
        match self.value.as_i64() {
            Some(number) => Some(number),
            None => self.wrong_type("a whole number"),
        }
    }

    /// This value, if it is a whole number; nothing is reported otherwise.
    pub fn as_integer(&self) -> Option<i64> {
        self.value.as_i64()
    }

    /// This value as it is written, if it is a number; nothing is reported otherwise.
    pub fn as_number(&self) -> Option<String> {
        self.value.is_number().then(|| self.value.to_string())
    }

    /// This value as a number.
    pub fn number(&self) -> Option<f64> {
        match self.value.as_f64() {
            Some(number) => Some(number),
            None => self.wrong_type("a number"),
        }
    }

    /// This value as an ISO date between 1900 and 2199.
    pub fn date(&self) -> Option<NaiveDate> {
        let text = self.string()?;
        let date = parse_date(text);
        if date.is_none() {
            self.fault("not-a-date", "This must be a date such as 2026-07-14.");
        }
        date
    }

    /// This value as one of the named codes.
    pub fn one_of<T>(&self, parse: impl Fn(&str) -> Option<T>, allowed: &str) -> Option<T> {
        let text = self.string()?;
        let found = parse(text);
        if found.is_none() {
            self.fault("unknown-code", format!("“{}” is not one of: {allowed}.", short(text)));
        }
        found
    }

    /// The elements of this array; at least `least` are needed.
    pub fn list(&self, least: usize) -> Option<Elements<'a>> {
        match self.value {
            Value::Array(items) => {
                if items.len() < least {
                    self.fault("too-few", format!("At least {least} needed here."));
                    return None;
                }
                Some(Elements { items, at: self.at, faults: self.faults })
            }
            _ => self.wrong_type("a list"),
        }
    }

    /// This array as a list of different texts.
    pub fn string_list(&self, least: usize) -> Option<Vec<String>> {
        let list = self.list(least)?;
        let mut texts: Vec<String> = Vec::with_capacity(list.len());
        let mut sound = true;
        list.each(|element| match element.words() {
            Some(text) if texts.iter().any(|t| t == text) => {
                element.fault("repeated", format!("“{}” stands here twice.", short(text)));
                sound = false;
            }
            Some(text) => texts.push(text.to_owned()),
            None => sound = false,
        });
        sound.then_some(texts)
    }
}

/// The elements of an array being read.
pub struct Elements<'a> {
    items: &'a [Value],
    at: At<'a>,
    faults: &'a Faults,
}

impl Elements<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Reads each element.
    pub fn each(&self, mut read: impl FnMut(Field<'_>)) {
        for (index, value) in self.items.iter().enumerate() {
            read(Field { value, at: self.at.index(index), faults: self.faults });
        }
    }
}

impl<'a> Object<'a> {
    /// The field `key`, which must be there and not be null.
    pub fn required(&'a self, key: &'static str) -> Option<Field<'a>> {
        let field = self.optional(key);
        if field.is_none() {
            self.faults.add(&self.at.key(key), "required", format!("“{key}” is missing."));
        }
        field
    }

    /// The field `key`; null counts as absent.
    pub fn optional(&'a self, key: &'static str) -> Option<Field<'a>> {
        self.known.borrow_mut().push(key);
        match self.map.get(key) {
            None | Some(Value::Null) => None,
            Some(value) => Some(Field { value, at: self.at.key(key), faults: self.faults }),
        }
    }

    /// The field `key`, which must not be here, because `why`.
    pub fn refused(&'a self, key: &'static str, why: &str) {
        if let Some(field) = self.optional(key) {
            field.fault("not-allowed-here", why);
        }
    }

    /// Every field, by key: for objects whose keys are data.
    pub fn entries(&'a self) -> impl Iterator<Item = (&'a str, Field<'a>)> {
        self.map
            .iter()
            .map(|(key, value)| (key.as_str(), Field { value, at: self.at.key(key), faults: self.faults }))
    }

    /// Reports every key that nobody read. Keys that begin `x-` are left to their authors where `extras` is true.
    pub fn close(&self, extras: bool) {
        let known = self.known.borrow();
        for key in self.map.keys() {
            if !(known.contains(&key.as_str()) || extras && key.starts_with("x-")) {
                self.faults.add(
                    &self.at.key(key),
                    "unknown-key",
                    format!("“{}” is not known here.", short(key)),
                );
            }
        }
    }

    /// Reports a fault at this object.
    pub fn fault(&self, code: &'static str, detail: impl Into<String>) {
        self.faults.add(&self.at, code, detail);
    }
}

/// A date in the ISO form with four-digit year, from 1900 to 2199; nothing else.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let date = if shape { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()? } else { return None };
    (1900..2200).contains(&chrono::Datelike::year(&date)).then_some(date)
}

/// Text from outside, cut short for an error message.
pub fn short(text: &str) -> String {
    let mut cut: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "this number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Whether `text` is a kebab-case id: lower-case letters and digits, single hyphens, at most `longest` characters.
pub fn is_kebab(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && !text.is_empty()
        && text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// A JSON value in which no object has a key twice.
pub struct UniqueKeys(pub Value);

impl<'de> serde::Deserialize<'de> for UniqueKeys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor).map(UniqueKeys)
    }
}

struct UniqueKeysVisitor;

impl<'de> serde::de::Visitor<'de> for UniqueKeysVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(UniqueKeys(value)) = seq.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let UniqueKeys(value) = map.next_value()?;
            if object.insert(key.clone(), value).is_some() {
                return Err(serde::de::Error::custom(format_args!("the key “{}” stands twice", short(&key))));
            }
        }
        Ok(Value::Object(object))
    }
}
