//! XmR charts (individual values and moving range), with the rules of the NHS “Making Data Count”.
//!
//! The rules are those of the NHS-R package `NHSRplotthedots` 0.2.2 (`ptd_spc_standard`, `ptd_calculate_point_type`); the chart is that of Shewhart, as in
//! Wheeler, *Understanding Variation*.

/// What may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XmrRules {
    /// How many points in a row make a trend: 7 with the NHS, 5 in some handbooks. To be said on the chart.
    pub trend: usize,
    /// Whether moving ranges of 3.267 times their mean and more are left out of it, once. The R package does, the NHS workbook does not.
    pub screen: bool,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Xmr {
    /// The centre line: the mean.
    pub mean: f64,
    /// Upper process limit.
    pub upper: f64,
    /// Lower process limit.
    pub lower: f64,
    /// Two thirds of the way to the upper limit.
    pub near_upper: f64,
    /// Two thirds of the way to the lower limit.
    pub near_lower: f64,
    /// Mean moving range.
    pub moving_range: f64,
    /// Whether there are so few points that the limits are only trial limits, and must be called so.
    pub trial: bool,
    /// What is to be said of each point, in the order given.
    pub points: Vec<Special>,
}

/// Whether a point tells of something other than common variation; of several rules the first here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// Common variation.
    Common,
    /// Outside the limits.
    Outside(Way),
    /// Part of a trend.
    Trend(Way),
    /// One of two or three near the same limit, among three in a row on one side.
    TwoOfThree(Way),
    /// Part of seven or more in a row on one side of the mean.
    Shift(Way),
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Above the mean, or rising.
    Up,
    /// Below the mean, or falling.
    Down,
}

/// Whether a target will be met if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// It will be met again and again.
    Passes,
    /// It will be missed again and again.
    Fails,
    /// Chance decides.
    Inconsistent,
}

/// 3/d₂ for ranges of two, to two decimals as the NHS has it.
const LIMIT: f64 = 2.66;
/// D₄ for ranges of two.
const SCREEN: f64 = 3.267;
/// Fewer points than this give trial limits.
const ENOUGH: usize = 12;
/// Points in a row on one side that make a shift.
const SHIFT: usize = 7;

/// A chart of `values` in the order of time; `None` of fewer than two, of one that is not a finite number, or with trends of fewer than two points.
///
/// Limits are the mean ± 2.66 times the mean moving range, near limits ± two thirds of that. A point on a limit is inside it, one on the mean on no
/// side; a tie ends a trend.
pub fn xmr(values: &[f64], rules: XmrRules) -> Option<Xmr> {
    if values.len() < 2 || rules.trend < 2 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let centre = mean(values);
    let ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let mut moving_range = mean(&ranges);
    if rules.screen {
        let kept: Vec<f64> = ranges.into_iter().filter(|range| *range < SCREEN * moving_range).collect();
        // Only where nothing ever moves is none kept: then the mean range is 0 as it is.
        if !kept.is_empty() {
            moving_range = mean(&kept);
        }
    }
    let near = 2.0 * (LIMIT / 3.0);
    let mut chart = Xmr {
        mean: centre,
        upper: centre + LIMIT * moving_range,
        lower: centre - LIMIT * moving_range,
        near_upper: centre + near * moving_range,
        near_lower: centre - near * moving_range,
        moving_range,
        trial: values.len() < ENOUGH,
        points: Vec::new(),
    };
    chart.points = chart.judge(values, rules.trend);
    Some(chart)
}

impl Xmr {
    /// What the limits say of a target: above the upper limit it is missed again and again where more is better, below the lower one met.
    pub fn assurance(&self, target: f64, increase_is_good: bool) -> Assurance {
        if target > self.upper {
            if increase_is_good { Assurance::Fails } else { Assurance::Passes }
        } else if target < self.lower {
            if increase_is_good { Assurance::Passes } else { Assurance::Fails }
        } else {
            Assurance::Inconsistent
        }
    }

    fn judge(&self, values: &[f64], trend: usize) -> Vec<Special> {
        let sides: Vec<Option<Way>> = values.iter().map(|value| way(*value, self.mean)).collect();
        let steps: Vec<Option<Way>> = values.windows(2).map(|pair| way(pair[1], pair[0])).collect();
        let mut points = vec![Special::Common; values.len()];
        // The weakest first, so that a stronger rule takes its place.
        for (from, to, side) in runs(&sides, SHIFT) {
            points[from..=to].fill(Special::Shift(side));
        }
        self.mark_two_of_three(values, &sides, &mut points);
        for (from, to, step) in runs(&steps, trend - 1) {
            points[from..=to + 1].fill(Special::Trend(step));
        }
        for (point, value) in points.iter_mut().zip(values) {
            if *value > self.upper {
                *point = Special::Outside(Way::Up);
            } else if *value < self.lower {
                *point = Special::Outside(Way::Down);
            }
        }
        points
    }

    /// Marks those near a limit where two of three in a row are, and all three are on the same side.
    fn mark_two_of_three(&self, values: &[f64], sides: &[Option<Way>], points: &mut [Special]) {
        let near: Vec<bool> = values
            .iter()
            .map(|value| {
                (*value > self.near_upper && *value <= self.upper)
                    || (*value < self.near_lower && *value >= self.lower)
            })
            .collect();
        for from in 0..values.len().saturating_sub(2) {
            let three = from..from + 3;
            let Some(side) = sides[from].filter(|side| sides[three.clone()] == [Some(*side); 3]) else {
                continue;
            };
            if near[three.clone()].iter().filter(|near| **near).count() >= 2 {
                for at in three.filter(|at| near[*at]) {
                    points[at] = Special::TwoOfThree(side);
                }
            }
        }
    }
}

fn way(value: f64, from: f64) -> Option<Way> {
    if value > from {
        Some(Way::Up)
    } else if value < from {
        Some(Way::Down)
    } else {
        None
    }
}

/// Runs of at least `least` the same, with their first and last place; what is `None` ends a run.
fn runs(ways: &[Option<Way>], least: usize) -> Vec<(usize, usize, Way)> {
    let mut found = Vec::new();
    let mut from = 0;
    for run in ways.chunk_by(|a, b| a == b) {
        if let (Some(way), true) = (run[0], run.len() >= least) {
            found.push((from, from + run.len() - 1, way));
        }
        from += run.len();
    }
    found
}

/// The mean of at least one number, from a sum that carries what each addition rounds away (Knuth, *The Art of Computer Programming* 2, 4.2.2), so that
/// equal values have themselves as mean.
fn mean(values: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0f64, 0.0f64);
    for value in values {
        let next = sum + value;
        let taken = next - sum;
        lost += (sum - (next - taken)) + (value - taken);
        sum = next;
    }
    (sum + lost) / values.len() as f64
}
