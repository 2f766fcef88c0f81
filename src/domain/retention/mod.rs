//! How long data are kept. Each class of data has a period, counted from a day that the law or common sense gives, with the reason beside it.
//! The national body sets it; a scheme may keep less long, never longer.

mod class;
mod setting;

pub use class::{Class, FIXED, Fixed, Rule, Unit};
pub use setting::{NewSetting, Said, check_settings, in_force};
