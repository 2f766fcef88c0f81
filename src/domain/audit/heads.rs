//! Signed heads: a file of lines, each with the end of every chain at one moment, signed with Ed25519 and bound to the line before it.
//!
//! A line is `{"signed":{...},"signature":"..."}`. The signature is over the bytes between `"signed":` and `,"signature"` as they stand, so
//! anybody who has the public key can check it with any program. A line by itself vouches for every chain up to then.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{Anchor, Finding, Head};

const FORMAT: &str = "khi-audit-heads-1";
/// What stands in the first line for the line before it.
pub const NO_LINE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    format: String,
    /// Its number, from 1.
    pub number: u64,
    /// When it was signed, RFC 3339 in UTC.
    pub at: String,
    /// SHA-256 of the line before it, in hex.
    pub previous: String,
    /// The public key, in hex.
    pub key: String,
    /// For each chain: scheme number, sequence, hash in hex.
    heads: Vec<(i64, i64, String)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    signed: Box<RawValue>,
    signature: String,
}

impl Line {
    /// The heads it vouches for.
    pub fn heads(&self) -> Vec<Head> {
        let head = |(scheme_number, sequence, hash): &(i64, i64, String)| Head {
            scheme_number: *scheme_number,
            sequence: *sequence,
            hash: from_hex(hash).unwrap_or_default(),
        };
        self.heads.iter().map(head).collect()
    }

    /// What it says, without looking at its signature; `None` if it cannot be read.
    pub fn parse(text: &str) -> Option<Self> {
        let signed: Signed = serde_json::from_str(text).ok()?;
        serde_json::from_str(signed.signed.get()).ok().filter(|line: &Self| line.format == FORMAT)
    }
}

/// Signs `heads`. `previous` is the number and the digest of the line before it: (0, [`NO_LINE`]) for the first.
pub fn sign_line(key: &SigningKey, previous: (u64, &str), at: &str, heads: &[Head]) -> Option<String> {
    let line = Line {
        format: FORMAT.into(),
        number: previous.0 + 1,
        at: at.into(),
        previous: previous.1.into(),
        key: hex(key.verifying_key().as_bytes()),
        heads: heads.iter().map(|h| (h.scheme_number, h.sequence, hex(&h.hash))).collect(),
    };
    let signed = serde_json::value::to_raw_value(&line).ok()?;
    let signature = hex(&key.sign(signed.get().as_bytes()).to_bytes());
    serde_json::to_string(&Signed { signed, signature }).ok()
}

/// SHA-256 of a line's text, in hex.
pub fn digest_of_line(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// Reads the lines of a file, checks each signature against the `trusted` keys and each line against the one before it. Gives what the
/// lines that are sound vouch for. The oldest lines may have been taken away (they are long); nothing between or after them.
pub fn read_lines(text: &str, trusted: &[VerifyingKey]) -> (Vec<Anchor>, Vec<Finding>) {
    let (mut anchors, mut found) = (Vec::new(), Vec::new());
    let mut before: Option<(u64, String)> = None;
    for (number, text) in (1..).zip(text.lines()) {
        let Some(line) = Line::parse(text) else {
            found.push(Finding::line(number, "unreadable", "this is not a line that khi wrote"));
            before = None;
            continue;
        };
        match check(text, &line, trusted) {
            Ok(()) => anchors.extend(line.heads().into_iter().map(|head| Anchor { line: number, head })),
            Err(detail) => found.push(Finding::line(number, "bad-signature", detail)),
        }
        match &before {
            None if number == 1 && (line.number > 1 || line.previous == NO_LINE) => {}
            Some((last, digest)) if line.number == last + 1 && line.previous == *digest => {}
            // After a line that cannot be read there is nothing to compare with, and that is told already.
            None if number > 1 => {}
            _ => found.push(Finding::line(number, "out-of-order", "it does not follow the line before it")),
        }
        before = Some((line.number, digest_of_line(text)));
    }
    (anchors, found)
}

fn check(text: &str, line: &Line, trusted: &[VerifyingKey]) -> Result<(), &'static str> {
    let signed: Signed = serde_json::from_str(text).map_err(|_| "it cannot be read")?;
    let key = trusted.iter().find(|key| hex(key.as_bytes()) == line.key);
    let key = key.ok_or("it is signed with a key that is not this secret file's")?;
    let signature = from_hex(&signed.signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signature = signature.ok_or("its signature cannot be read")?;
    key.verify_strict(signed.signed.get().as_bytes(), &signature)
        .map_err(|_| "its signature does not fit what it says")
}

/// Bytes in hex, in lower case.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
