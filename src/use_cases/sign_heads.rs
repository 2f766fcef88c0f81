//! Signing the ends of all audit chains, and keeping that outside the database, where whoever can change the database cannot.

use std::path::Path;

use crate::app::App;
use crate::clock::written;
use crate::domain::audit::{Head, Line, NO_LINE, digest_of_line, sign_line};
use crate::heads_file;
use crate::storage::{StorageError, audit};

/// Why heads were not signed.
#[derive(Debug, thiserror::Error)]
pub enum HeadsError {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file failed.
    #[error("the file of signed heads: {0}")]
    File(#[from] std::io::Error),
}

/// Adds a line to `file` if any chain has moved since its last one, and gives that line. Whether the chains still hold what the last line
/// vouches for is looked at on the way, and said in the log if not.
pub fn sign_heads(app: &App, file: &Path) -> Result<Option<Line>, HeadsError> {
    let added = heads_file::append(file, |last| -> Result<Option<String>, HeadsError> {
        let heads = app.store.read(audit::heads)?;
        let previous = last.and_then(Line::parse);
        if let Some(line) = &previous {
            look_back(app, line)?;
        }
        if previous.as_ref().is_some_and(|line| line.heads() == heads) {
            return Ok(None);
        }
        let number = previous.map_or(0, |line| line.number);
        let digest = last.map_or_else(|| NO_LINE.to_owned(), digest_of_line);
        let line = sign_line(&app.secrets.audit_key(), (number, &digest), &written(app.now()), &heads);
        Ok(Some(line.ok_or_else(|| StorageError::Corrupt("signed heads cannot be written".into()))?))
    })?;
    let Some(text) = added else { return Ok(None) };
    let line = Line::parse(&text);
    if let Some(line) = &line {
        // Where logs are sent to another machine, this binds the file there too.
        tracing::info!(line = line.number, digest = %digest_of_line(&text), "heads of the audit log signed");
    }
    Ok(line)
}

fn look_back(app: &App, line: &Line) -> Result<(), StorageError> {
    for Head { scheme_number, sequence, hash } in line.heads().into_iter().filter(|h| h.sequence > 0) {
        if app.store.read(|db| audit::hash_of(db, scheme_number, sequence))? != Some(hash) {
            tracing::error!(
                line = line.number,
                chain = scheme_number,
                sequence,
                "the audit log no longer holds what was signed: run khi audit verify"
            );
        }
    }
    Ok(())
}
