//! What is drawn over a colour, so that parts are told apart without it. A pattern is lines, cut off at the edges: every format can draw those.

use super::{Area, Scale};

/// What is drawn over a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Nothing.
    Plain,
    /// Lines along.
    Along,
    /// Short strokes in rows.
    Flecks,
    /// Lines that rise.
    Rising,
    /// Lines that fall, thick.
    Falling,
}

/// The pattern of part `index` of `count`.
pub fn pattern_of(index: usize, count: usize, scale: Scale) -> Pattern {
    if scale == Scale::Plain {
        return match (index, count.saturating_sub(index + 1)) {
            (_, 0) => Pattern::Plain,
            (_, 1) if count > 2 => Pattern::Along,
            (0, _) => Pattern::Flecks,
            (1, _) if count > 4 => Pattern::Rising,
            _ => Pattern::Falling,
        };
    }
    match (index, count.saturating_sub(index + 1)) {
        (0, _) => Pattern::Plain,
        (_, 0) => Pattern::Falling,
        (1, _) if count > 3 => Pattern::Along,
        (_, 1) if count > 4 => Pattern::Rising,
        _ => Pattern::Flecks,
    }
}

impl Pattern {
    /// How thick its lines are, of the distance between them.
    pub fn thickness(self) -> f64 {
        match self {
            Self::Falling => 0.36,
            Self::Flecks => 0.26,
            Self::Plain | Self::Along | Self::Rising => 0.2,
        }
    }

    /// Its lines within `area`, so far apart.
    pub fn lines(self, area: &Area, apart: f64) -> Vec<[(f64, f64); 2]> {
        if apart <= 0.0 || area.width <= 0.0 || area.height <= 0.0 {
            return Vec::new();
        }
        match self {
            Self::Plain => Vec::new(),
            Self::Along => steps(area.y + apart / 2.0, area.y + area.height, apart)
                .map(|y| [(area.x, y), (area.x + area.width, y)])
                .collect(),
            Self::Flecks => flecks(area, apart),
            Self::Rising => slanted(area, apart, true),
            Self::Falling => slanted(area, apart, false),
        }
    }
}

/// Numbers from `first` to below `end`. At most a thousand: a pattern finer than that is a colour.
fn steps(first: f64, end: f64, apart: f64) -> impl Iterator<Item = f64> {
    (0..1000_u32).map(move |step| first + f64::from(step) * apart).take_while(move |at| *at < end)
}

fn flecks(area: &Area, apart: f64) -> Vec<[(f64, f64); 2]> {
    let (right, apart) = (area.x + area.width, apart * 1.2);
    let mut found = Vec::new();
    for (row, y) in steps(area.y + apart / 2.0, area.y + area.height, apart).enumerate() {
        let first = area.x + if row % 2 == 0 { apart * 0.4 } else { apart * 1.2 };
        found.extend(steps(first, right - apart * 0.3, apart * 1.6).map(|x| [(x, y), (x + apart * 0.3, y)]));
    }
    found
}

/// Lines at 45 degrees, cut off at the edges of the area.
fn slanted(area: &Area, apart: f64, rising: bool) -> Vec<[(f64, f64); 2]> {
    let step = apart * std::f64::consts::SQRT_2;
    let line = |offset: f64| {
        // The line goes through the points whose distances from the left and the upper (or lower) edge add up to `offset`.
        let (from, to) = ((offset - area.height).max(0.0), offset.min(area.width));
        let y = |along: f64| {
            let down = offset - along;
            if rising { area.y + down } else { area.y + area.height - down }
        };
        [(area.x + from, y(from)), (area.x + to, y(to))]
    };
    steps(step / 2.0, area.width + area.height, step).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_leaves_its_area_and_parts_differ_by_pattern() {
        let area = Area { x: 10.0, y: 20.0, width: 33.0, height: 12.0 };
        for pattern in [Pattern::Along, Pattern::Flecks, Pattern::Rising, Pattern::Falling] {
            let lines = pattern.lines(&area, 4.0);
            assert!(!lines.is_empty(), "{pattern:?}");
            for (x, y) in lines.into_iter().flatten() {
                let inside =
                    (10.0 - 1e-9..=43.0 + 1e-9).contains(&x) && (20.0 - 1e-9..=32.0 + 1e-9).contains(&y);
                assert!(inside, "{pattern:?} {x} {y}");
            }
        }
        assert!(Pattern::Falling.lines(&Area { width: 0.0, ..area }, 4.0).is_empty());
        for count in 2..=5 {
            for scale in [Scale::Judged, Scale::Plain] {
                let all: Vec<Pattern> = (0..count).map(|index| pattern_of(index, count, scale)).collect();
                let differ = all.iter().enumerate().all(|(index, pattern)| !all[..index].contains(pattern));
                assert!(differ, "{all:?}");
            }
        }
    }
}
