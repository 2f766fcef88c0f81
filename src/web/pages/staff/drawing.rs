//! Drawings made on the server: a plane with a percentage (or another number) upwards, in whole units of the drawing. What a drawing shows
//! stands in a table beside it, so nothing is known from the drawing alone.

/// The width and height of a drawing, and the room left for its labels.
const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 48.0;

/// A range of numbers upwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

/// A label at a place of an axis.
pub(super) struct Tick {
    /// Where.
    pub(super) at: i64,
    /// What it says.
    pub(super) words: String,
}

impl Plane {
    /// A plane that holds `values`, from one multiple of ten to another and at least 20 high; of a share within 0 and 100. Along it goes from
    /// `left` to `right`.
    pub(super) fn holding(values: impl Iterator<Item = f64>, is_share: bool, left: f64, right: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|v| v.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 100.0);
        }
        let step = if is_share { 10.0 } else { step_for(high - low) };
        (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        if high - low < 2.0 * step {
            high = low + 2.0 * step;
        }
        if is_share && high > 100.0 {
            (low, high) = ((low - (high - 100.0)).max(0.0), 100.0);
        }
        Self { low, high, left, right: if right > left { right } else { left + 1.0 } }
    }

    /// Where a number stands upwards.
    pub(super) fn y(&self, value: f64) -> i64 {
        let part = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        whole(HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP))
    }

    /// Where a number stands along.
    pub(super) fn x(&self, value: f64) -> i64 {
        let part = ((value - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        whole(LEFT + part * (WIDTH - LEFT - RIGHT))
    }

    /// Labels upwards.
    pub(super) fn ticks(&self, is_share: bool) -> Vec<Tick> {
        let step = if is_share { 10.0 } else { step_for(self.high - self.low) };
        let count = ((self.high - self.low) / step).round();
        let every = if count > 6.0 { 2.0 } else { 1.0 };
        let mut ticks = Vec::new();
        let mut value = self.low;
        while value <= self.high + step / 2.0 {
            let words = if is_share { format!("{value:.0}%") } else { format!("{value:.1}") };
            ticks.push(Tick { at: self.y(value), words });
            value += step * every;
        }
        ticks
    }

    /// Whether the axis begins above 0, which is to be said beside it.
    pub(super) fn begins_above_zero(&self) -> bool {
        self.low > 0.0
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides a range into at most ten.
fn step_for(range: f64) -> f64 {
    if range <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf((range / 10.0).log10().ceil());
    [0.2, 0.5, 1.0].into_iter().map(|part| part * power).find(|step| range / step <= 10.0).unwrap_or(power)
}

fn whole(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "within the drawing")]
    let whole = value.round() as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_of_shares_goes_from_ten_to_ten_and_not_beyond_100() {
        let plane = Plane::holding([83.0, 97.2].into_iter(), true, 0.0, 1.0);
        assert_eq!((plane.y(80.0), plane.y(100.0)), (292, 16));
        assert!(plane.begins_above_zero());
        let near = Plane::holding([99.0].into_iter(), true, 0.0, 1.0);
        assert_eq!((near.y(80.0), near.y(100.0)), (292, 16), "at least 20 high");
        assert_eq!(
            near.ticks(true).iter().map(|t| t.words.as_str()).collect::<Vec<_>>(),
            ["80%", "90%", "100%"]
        );
        let none = Plane::holding(std::iter::empty(), true, 0.0, 0.0);
        assert_eq!((none.x(0.0), none.x(1.0)), (56, 664));
    }

    #[test]
    fn other_numbers_have_steps_that_people_count_in() {
        for (range, step) in [(10.0, 1.0), (3.0, 0.5), (0.9, 0.1), (42.0, 5.0), (100.0, 10.0)] {
            assert!((step_for(range) - step).abs() < 1e-9, "{range}: {}", step_for(range));
        }
    }
}
