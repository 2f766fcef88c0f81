//! The audit log against itself and against the heads that were signed: every chain, entry by entry.

use std::collections::BTreeSet;

use crate::app::App;
use crate::domain::audit::{Anchor, Chain, Finding};
use crate::storage::{StorageError, audit};

/// How many entries are read at a time.
const AT_ONCE: i64 = 2000;

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default)]
pub struct AuditVerified {
    /// Chains.
    pub chains: usize,
    /// Entries of all chains.
    pub entries: i64,
    /// What is wrong, in the order of chains and entries.
    pub found: Vec<Finding>,
}

/// Checks every chain. `progress` hears of entries done, of how many. Acts may go on meanwhile.
pub fn verify_audit(
    app: &App,
    anchors: &[Anchor],
    mut progress: impl FnMut(i64, i64),
) -> Result<AuditVerified, StorageError> {
    let heads = app.store.read(audit::heads)?;
    let all: i64 = heads.iter().map(|head| head.sequence).sum();
    let mut numbers: BTreeSet<i64> = heads.iter().map(|head| head.scheme_number).collect();
    numbers.extend(app.store.read(audit::chains)?);
    numbers.extend(anchors.iter().map(|anchor| anchor.head.scheme_number));
    let mut verified = AuditVerified { chains: numbers.len(), ..AuditVerified::default() };
    for number in numbers {
        let mut chain = Chain::new(number, anchors);
        let head = loop {
            // The head before the entries: what it says must be there when they are read.
            let head = app.store.read(|db| audit::head(db, number))?;
            let entries = app.store.read(|db| audit::entries(db, number, chain.sequence(), AT_ONCE))?;
            entries.iter().for_each(|entry| chain.next(entry));
            verified.entries += i64::try_from(entries.len()).unwrap_or(0);
            progress(verified.entries, all.max(verified.entries));
            // Entries that came since the head was read have moved it: it is read again until it has come to rest.
            if entries.is_empty() {
                break head;
            }
        };
        verified.found.extend(chain.finish(head.as_ref()));
    }
    Ok(verified)
}
