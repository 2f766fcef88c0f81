//! Statistics: integers in, one rounding at the end. Each formula names its source.

mod difference;
mod fair;
mod finite;
mod funnel;
mod moved;
mod paired;
mod pool;
mod response_rate;
mod rounding;
mod t_interval;
mod wilson;
mod xmr;

pub use difference::{Difference, Paired, means_difference, newcombe, newcombe_paired};
pub use finite::{margin, sample_needed, sample_size, wilson_finite};
pub use funnel::{Funnel, FunnelPoint, Standing, funnel, limits};
pub use moved::{Moved, moved, moved_by};
pub use paired::{McNemar, PairedChange, Wilcoxon, mcnemar, sign_test, wilcoxon};
pub use pool::{Pooled, pool};
pub use response_rate::{Dispositions, Rate};
pub use rounding::{percent, round_to};
pub use t_interval::{Moments, RatioMoments, median};
pub use wilson::{Z95, Z998, wilson};
pub use xmr::{Assurance, Special, Way, Xmr, XmrRules, xmr};
