//! The attack: everything that is printed, put together again to find out what is not.

pub mod block;
pub mod country;
pub mod crossing;
pub mod prints;
pub mod puzzle;
pub mod stray;
