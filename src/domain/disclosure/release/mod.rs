//! A release from what it is made of to what may be public: drafted with everything hidden that must be, attacked, and only then released.

mod attack;
mod breakdown;
mod draft;
mod ledger;
mod material;
mod publication;
mod rows;
mod tables;
mod verdict;

pub use draft::Draft;
pub use ledger::{Key, Ledger, LedgerCell, LedgerGroup, LedgerGroups, LedgerTable, LedgerUnit};
pub use material::{Material, UnitCount};
pub use publication::{Claimed, NotPublished, Part, Publication};
pub use verdict::{Finding, Verdict};
