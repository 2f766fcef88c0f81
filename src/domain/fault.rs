//! A fault is one thing that is wrong, where it is, and which rule it breaks. Faults are collected, never only the first.

use std::cell::RefCell;
use std::fmt::Display;

use serde::Serialize;

/// One thing that is wrong with a JSON document (or a table row, whose pointer is then `/row/column`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// RFC 6901 JSON pointer of the place; empty for the whole document.
    pub pointer: String,
    /// Stable kebab-case name of the rule that is broken.
    pub code: &'static str,
    /// What is wrong and what would be right, in plain English; never repeats an answer's words.
    pub detail: String,
}

/// A growing list of faults, shared by the readers of one document.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fault at `at`.
    pub fn add(&self, at: &At<'_>, code: &'static str, detail: impl Into<String>) {
        self.push(Fault { pointer: at.to_string(), code, detail: detail.into() });
    }

    /// Adds a fault whose pointer is already written out.
    pub fn push(&self, fault: Fault) {
        self.0.borrow_mut().push(fault);
    }

    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether something is wrong at `at` or below it.
    pub fn any_within(&self, at: &At<'_>) -> bool {
        let faults = self.0.borrow();
        !faults.is_empty() && {
            let place = at.to_string();
            let within = |rest: &str| rest.is_empty() || rest.starts_with('/');
            faults.iter().any(|fault| fault.pointer.strip_prefix(&place).is_some_and(within))
        }
    }

    /// Whether a fault with this code was found.
    pub fn has(&self, code: &str) -> bool {
        self.0.borrow().iter().any(|fault| fault.code == code)
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The faults, in the order of their places.
    pub fn into_sorted(self) -> Vec<Fault> {
        let mut faults = self.0.into_inner();
        faults.sort();
        faults.dedup();
        faults
    }
}

/// A place in a JSON document, kept as a chain so that a pointer is only written out when a fault is found.
#[derive(Debug, Clone, Copy)]
pub struct At<'p> {
    parent: Option<&'p At<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl At<'_> {
    /// The whole document.
    pub const ROOT: At<'static> = At { parent: None, step: Step::Root };
}

impl<'p> At<'p> {
    /// The place of `key` in the object at this place.
    pub fn key(&'p self, key: &'p str) -> At<'p> {
        At { parent: Some(self), step: Step::Key(key) }
    }

    /// The place of element `index` in the array at this place.
    pub fn index(&'p self, index: usize) -> At<'p> {
        At { parent: Some(self), step: Step::Index(index) }
    }
}

impl Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => write!(f, "/{index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_a_json_pointer_with_its_two_escapes() {
        let answers = At::ROOT.key("answers");
        let item = answers.key("a/b~c");
        assert_eq!(item.index(2).to_string(), "/answers/a~1b~0c/2");
        assert_eq!(At::ROOT.to_string(), "");
    }
}
