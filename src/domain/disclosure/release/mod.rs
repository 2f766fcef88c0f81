//! A release from what it is made of to what may be public: drafted with everything hidden that must be, attacked, and only then released.

mod draft;
mod material;
mod publication;
mod verdict;

pub use draft::{Draft, Ledger};
pub use material::{Material, UnitCount};
pub use publication::{Claimed, NotPublished, Part, Publication};
pub use verdict::{Finding, Verdict};
