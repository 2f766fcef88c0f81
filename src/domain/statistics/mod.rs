//! Statistics: integers in, one rounding at the end. Each formula names its source.

mod rounding;
mod t_interval;
mod wilson;

pub use rounding::{percent, round_to};
pub use t_interval::{Moments, RatioMoments, median};
pub use wilson::{Z95, wilson};
