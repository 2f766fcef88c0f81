//! Disclosure control: what may be shown to whom.
//!
//! [`steady`] moves a scheme's own figures only so that nobody's answer can be told; [`screen`] hides small numbers from scheme and area
//! users; [`release`] decides which figures may be public, [`counted`] which KPIs beside them.
//! A [`Released`] table can be made here only.

pub mod attack;
mod attackers;
mod count;
mod counted;
pub mod cut;
pub mod details;
pub mod groups;
mod network;
mod policy;
pub mod release;
mod released;
mod screen;
mod steady;
pub mod table;
pub mod words;

pub use attackers::Attacker;
pub use count::Count;
pub use counted::release_kpis;
pub use policy::Policy;
pub use released::Released;
pub use screen::{AREA_BASE, SCHEME_BASE, Unit, protect, show_own};
pub use steady::{Counted, Shown, SteadyFigure};
