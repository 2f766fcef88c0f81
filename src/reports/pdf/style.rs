//! The look: one scale of letter sizes, one set of distances, the site's own colours.

use crate::domain::report::drawing::Tone;
use crate::pdf::layout::{HEIGHT, WIDTH};
use crate::pdf::sheets::Colour;

/// What stays empty at the sides: 18 mm.
pub(super) const MARGIN: f32 = 51.0;
/// Where the text of a further page begins and ends.
pub(super) const TOP: f32 = 68.0;
pub(super) const BOTTOM: f32 = HEIGHT - 56.0;
/// How wide text is.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// How high a line is, of the size of its letters; how far below its top its foot stands.
pub(super) const LEADING: f32 = 1.38;
pub(super) const RISE: f32 = 1.02;
/// The smallest letters of a report, in points.
pub(super) const LEAST: f32 = 9.5;

pub(super) const BRAND: Colour = [0x5b, 0x2a, 0x6e];
pub(super) const SOFT: Colour = [0xf6, 0xee, 0xf5];
pub(super) const WARM: Colour = [0xff, 0xf3, 0xde];
pub(super) const WARM_EDGE: Colour = [0xb0, 0x6a, 0x00];
pub(super) const WHITE: Colour = [0xff, 0xff, 0xff];

pub(super) fn ink() -> Colour {
    Tone::Ink.rgb()
}

pub(super) fn quiet() -> Colour {
    Tone::Quiet.rgb()
}

pub(super) fn rule() -> Colour {
    Tone::Grid.rgb()
}

/// Sizes and distances. The first page may have smaller or larger ones than the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    /// Of the usual size.
    pub(super) scale: f32,
    /// Of the usual distance.
    pub(super) gap: f32,
}

impl Style {
    /// That of all pages but the first.
    pub(super) const USUAL: Self = Self { scale: 1.0, gap: 1.0 };

    /// What the first page tries, the most comfortable first. None has letters below [`LEAST`].
    pub(super) const STEPS: [Self; 9] = [
        Self { scale: 1.12, gap: 1.25 },
        Self { scale: 1.06, gap: 1.1 },
        Self::USUAL,
        Self { scale: 0.97, gap: 0.9 },
        Self { scale: 0.94, gap: 0.8 },
        Self { scale: 0.91, gap: 0.7 },
        Self { scale: 0.88, gap: 0.6 },
        Self { scale: 0.86, gap: 0.45 },
        Self { scale: 0.86, gap: 0.3 },
    ];

    /// What a poster tries.
    pub(super) const LARGE: [Self; 13] = [
        Self { scale: 2.0, gap: 1.6 },
        Self { scale: 1.85, gap: 1.4 },
        Self { scale: 1.76, gap: 1.3 },
        Self { scale: 1.68, gap: 1.2 },
        Self { scale: 1.6, gap: 1.15 },
        Self { scale: 1.52, gap: 1.1 },
        Self { scale: 1.44, gap: 1.05 },
        Self { scale: 1.36, gap: 1.0 },
        Self { scale: 1.3, gap: 0.8 },
        Self { scale: 1.28, gap: 0.5 },
        Self { scale: 1.2, gap: 0.7 },
        Self { scale: 1.1, gap: 0.8 },
        Self::USUAL,
    ];

    fn size(self, points: f32) -> f32 {
        (points * self.scale).max(LEAST)
    }

    pub(super) fn body(self) -> f32 {
        self.size(11.0)
    }

    pub(super) fn lead(self) -> f32 {
        self.size(13.0)
    }

    /// Lists after the first page: questions, and how to read the figures.
    pub(super) fn listed(self) -> f32 {
        self.size(10.4)
    }

    pub(super) fn small(self) -> f32 {
        self.size(10.0)
    }

    pub(super) fn heading(self, level: u16) -> f32 {
        match level {
            ..=1 => self.size(24.0),
            2 => self.size(18.0),
            _ => self.size(13.0),
        }
    }

    pub(super) fn number(self) -> f32 {
        self.size(27.0)
    }

    /// What stands large beside a picture.
    pub(super) fn told(self) -> f32 {
        self.size(17.0)
    }

    /// A distance in points.
    pub(super) fn space(self, points: f32) -> f32 {
        points * self.gap
    }
}
