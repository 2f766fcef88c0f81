//! Disclosure control: what may be shown to whom.
//!
//! [`screen`] hides small numbers from scheme and area users; [`headline`] picks the few national figures that may be public.
//! A [`Released`] table can be made here only.

mod headline;
mod screen;

pub use headline::{Policy, Released, release_headlines};
pub use screen::{AREA_BASE, SCHEME_BASE, protect};
