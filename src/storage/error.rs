//! What can go wrong below. Absence is `Ok(None)`, a duplicate is a value; only the unexpected is an error.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::sealed::Unreadable;

/// A storage error; its text is for logs, never for callers.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database cannot be reached, or the pool is exhausted.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The address cannot be understood.
    #[error("bad database address: {0}")]
    BadAddress(String),
    /// The schema cannot be brought up to date.
    #[error("migration failed: {0}")]
    Migration(String),
    /// A newer program has changed the schema in a way that this one does not know.
    #[error(
        "this database was brought up to date by khi {database}, and this is khi {program}, which is older: it does not know \
         {unknown}. Install khi {database} or later, or restore a backup that was made before the upgrade (docs/operate.md)"
    )]
    Newer {
        /// The version that brought it up to date.
        database: String,
        /// This program's version.
        program: &'static str,
        /// The changes that this program does not know.
        unknown: String,
    },
    /// A statement failed.
    #[error("database: {0}")]
    Database(#[from] DieselError),
    /// Something stored cannot be read.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// Something sealed cannot be opened.
    #[error("what is sealed in {0} cannot be opened: {1}")]
    Sealed(&'static str, Unreadable),
}

impl StorageError {
    /// Whether trying the transaction again may succeed.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Database(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Database(DieselError::DatabaseError(_, info)) => {
                let message = info.message();
                message.contains("deadlock detected")
                    || message.contains("could not serialize")
                    || message.contains("database is locked")
            }
            _ => false,
        }
    }

    /// Whether a unique key was already there.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Whether the connection itself is gone.
    pub fn is_broken_connection(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Database(DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            )) => true,
            Self::Database(DieselError::BrokenTransactionManager) => true,
            Self::Database(DieselError::DatabaseError(_, info)) => {
                info.message().contains("connection closed")
                    || info.message().contains("terminating connection")
            }
            _ => false,
        }
    }
}

impl From<crate::domain::counting::Corrupt> for StorageError {
    fn from(corrupt: crate::domain::counting::Corrupt) -> Self {
        Self::Corrupt(corrupt.to_string())
    }
}

impl From<crate::domain::counting::UnknownVersion> for StorageError {
    fn from(unknown: crate::domain::counting::UnknownVersion) -> Self {
        Self::Unavailable(unknown.to_string())
    }
}

impl From<serde_json::Error> for StorageError {
    fn from(error: serde_json::Error) -> Self {
        // The text of a JSON error can quote the document; only its place is kept.
        Self::Corrupt(format!("JSON at line {} column {}", error.line(), error.column()))
    }
}
