//! Chains of entries: each entry's hash is SHA-256 of the hash before it and of the entry's own bytes.
//!
//! A chain by itself shows a change in its middle. That its end was cut off, or that all of it was written anew, is seen only against
//! what was kept elsewhere: the [`Anchor`]s.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use sha2::{Digest, Sha256};

use super::{Event, Finding};

/// The hash before the first entry.
pub const BEGINNING: [u8; 32] = [0; 32];

/// An entry as it is stored. Its texts are kept as they are, known to this version or not, so that each can be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The chain: a scheme's number, or 0.
    pub scheme_number: i64,
    /// Its place in the chain, from 1.
    pub sequence: i64,
    /// When, in UTC, to the microsecond.
    pub at: NaiveDateTime,
    /// Who: the code of a `By`.
    pub actor: String,
    /// What: the code of an `Act`.
    pub act: String,
    /// Upon what: the code of a `TargetKind`.
    pub target_kind: String,
    /// And its id.
    pub target_id: String,
    /// Details, as a JSON object.
    pub details: String,
    /// SHA-256 of the hash before it and of all of the above.
    pub hash: Vec<u8>,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The chain.
    pub scheme_number: i64,
    /// The sequence of its newest entry; 0 = none yet.
    pub sequence: i64,
    /// That entry's hash.
    pub hash: Vec<u8>,
}

impl Head {
    /// The head of a chain without entries.
    pub fn empty(scheme_number: i64) -> Self {
        Self { scheme_number, sequence: 0, hash: BEGINNING.to_vec() }
    }

    /// The entry that comes next, and moves the head to it.
    pub fn append(&mut self, event: &Event) -> Entry {
        let mut entry = Entry {
            scheme_number: self.scheme_number,
            sequence: self.sequence + 1,
            at: event.at,
            actor: event.by.code(),
            act: event.act.code().into(),
            target_kind: event.target.kind.code().into(),
            target_id: event.target.id.clone(),
            details: event.details(),
            hash: Vec::new(),
        };
        entry.hash = entry.digest(&self.hash);
        self.sequence = entry.sequence;
        self.hash.clone_from(&entry.hash);
        entry
    }
}

impl Entry {
    /// The hash that it has after `previous`.
    pub fn digest(&self, previous: &[u8]) -> Vec<u8> {
        Sha256::new().chain_update(previous).chain_update(self.canonical()).finalize().to_vec()
    }

    /// Its bytes: no two different entries have the same, since each text comes after its length.
    fn canonical(&self) -> Vec<u8> {
        let mut bytes = b"khi-audit-1".to_vec();
        for number in [self.scheme_number, self.sequence, self.at.and_utc().timestamp_micros()] {
            bytes.extend(number.to_be_bytes());
        }
        for text in [&self.actor, &self.act, &self.target_kind, &self.target_id, &self.details] {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }
}

/// A head that was kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The line of the file of signed heads.
    pub line: usize,
    /// The head.
    pub head: Head,
}

/// A chain while it is checked, entry by entry.
#[derive(Debug)]
pub struct Chain {
    scheme_number: i64,
    sequence: i64,
    hash: Vec<u8>,
    anchors: BTreeMap<i64, Vec<Anchor>>,
    found: Vec<Finding>,
}

impl Chain {
    /// A chain to be checked from its first entry on, against those of `anchors` that are its own.
    pub fn new(scheme_number: i64, anchors: &[Anchor]) -> Self {
        let mut own: BTreeMap<i64, Vec<Anchor>> = BTreeMap::new();
        for anchor in anchors.iter().filter(|a| a.head.scheme_number == scheme_number && a.head.sequence > 0)
        {
            let at = own.entry(anchor.head.sequence).or_default();
            // A chain that rests is signed again and again: the first line is enough.
            if at.iter().all(|known| known.head != anchor.head) {
                at.push(anchor.clone());
            }
        }
        Self { scheme_number, sequence: 0, hash: BEGINNING.to_vec(), anchors: own, found: Vec::new() }
    }

    /// The sequence of the last entry seen.
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// Checks the next entry.
    pub fn next(&mut self, entry: &Entry) {
        if entry.scheme_number != self.scheme_number || entry.sequence <= self.sequence {
            self.find(entry.sequence, "out-of-place", "an entry that does not belong here");
            return;
        }
        if entry.sequence > self.sequence + 1 {
            let (first, last) = (self.sequence + 1, entry.sequence - 1);
            self.find(first, "missing", format!("entries {first} to {last} are gone"));
        } else if entry.digest(&self.hash) != entry.hash {
            let before = entry.sequence - 1;
            let detail = if before == 0 {
                "its hash does not fit what it says".to_owned()
            } else {
                format!("its hash does not fit what it says and entry {before} before it")
            };
            self.find(entry.sequence, "changed", detail);
        }
        for anchor in self.anchors.remove(&entry.sequence).unwrap_or_default() {
            if anchor.head.hash != entry.hash {
                let detail = format!("it is not the entry that was signed in line {}", anchor.line);
                self.find(entry.sequence, "not-as-signed", detail);
            }
        }
        self.sequence = entry.sequence;
        self.hash.clone_from(&entry.hash);
    }

    /// Ends the check: `head` is what the database itself says of the chain's end.
    pub fn finish(mut self, head: Option<&Head>) -> Vec<Finding> {
        let last = self.sequence;
        match head {
            None if last > 0 => self.find(last, "head-missing", "the chain has no head"),
            None => {}
            Some(head) if head.sequence > last => {
                let detail =
                    format!("the chain's head is entry {}; entries from here on are gone", head.sequence);
                self.find(last + 1, "cut-off", detail);
            }
            Some(head) if head.sequence < last => {
                let detail = format!(
                    "the chain's head is entry {}; what follows was not written by khi",
                    head.sequence
                );
                self.find(head.sequence + 1, "added", detail);
            }
            Some(head) if head.hash != self.hash => {
                self.find(last, "head-differs", "the chain's head has another hash than its last entry");
            }
            Some(_) => {}
        }
        // Signed entries in a gap are told as missing already.
        if let Some((sequence, anchors)) = self.anchors.pop_last().filter(|(sequence, _)| *sequence > last) {
            let line = anchors.first().map_or(0, |anchor| anchor.line);
            let detail = format!("entry {sequence} was signed in line {line}; entries from here on are gone");
            self.find(last + 1, "cut-off-after-signing", detail);
        }
        self.found
    }

    fn find(&mut self, sequence: i64, code: &'static str, detail: impl Into<String>) {
        self.found.push(Finding::entry(self.scheme_number, sequence, code, detail));
    }
}

/// Everything that is wrong with a whole chain.
pub fn verify(
    scheme_number: i64,
    entries: &[Entry],
    head: Option<&Head>,
    anchors: &[Anchor],
) -> Vec<Finding> {
    let mut chain = Chain::new(scheme_number, anchors);
    entries.iter().for_each(|entry| chain.next(entry));
    chain.finish(head)
}
