//! What colours mean. One palette, that of the site, made for paper; a page may give each another colour in the dark.

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Words and what must be seen.
    Ink,
    /// Words beside.
    Quiet,
    /// The edge of an area.
    Edge,
    /// Lines to measure by, which nobody needs to see.
    Grid,
    /// What everything is drawn upon.
    Ground,
    /// The place that the report is about.
    Own,
    /// Other places.
    Other,
    /// The first part of a distribution: for the better.
    Best,
    /// The part beside it.
    Good,
    /// Parts between.
    Middle,
    /// The part before the last.
    Poor,
    /// The last part: for the worse.
    Worst,
}

/// What the parts of a distribution are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// From the better to the worse.
    Judged,
    /// From the least to the most.
    Plain,
}

impl Tone {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::Ink,
        Self::Quiet,
        Self::Edge,
        Self::Grid,
        Self::Ground,
        Self::Own,
        Self::Other,
        Self::Best,
        Self::Good,
        Self::Middle,
        Self::Poor,
        Self::Worst,
    ];

    /// What a stylesheet calls it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ink => "ink",
            Self::Quiet => "quiet",
            Self::Edge => "edge",
            Self::Grid => "grid",
            Self::Ground => "ground",
            Self::Own => "own",
            Self::Other => "other",
            Self::Best => "best",
            Self::Good => "good",
            Self::Middle => "middle",
            Self::Poor => "poor",
            Self::Worst => "worst",
        }
    }

    /// Red, green and blue on paper.
    pub fn rgb(self) -> [u8; 3] {
        match self {
            Self::Ink => [0x23, 0x17, 0x2a],
            Self::Quiet => [0x4a, 0x3d, 0x52],
            Self::Edge => [0x5c, 0x4f, 0x64],
            Self::Grid => [0xe0, 0xd6, 0xe6],
            Self::Ground => [0xff, 0xff, 0xff],
            Self::Own | Self::Best => [0x5b, 0x2a, 0x6e],
            Self::Other => [0xd5, 0xc4, 0xdd],
            Self::Good => [0xc5, 0xa3, 0xd3],
            Self::Middle => [0xee, 0xe6, 0xf1],
            Self::Poor => [0xf6, 0xc3, 0x8f],
            Self::Worst => [0xb0, 0x48, 0x0c],
        }
    }

    /// The part `index` of `count`.
    pub fn of_part(index: usize, count: usize, scale: Scale) -> Self {
        if scale == Scale::Plain {
            return match (index, count.saturating_sub(index + 1)) {
                (_, 0) => Self::Best,
                (_, 1) if count > 2 => Self::Good,
                (0, _) => Self::Middle,
                (1, _) if count > 4 => Self::Middle,
                _ => Self::Other,
            };
        }
        match (index, count.saturating_sub(index + 1)) {
            (0, _) => Self::Best,
            (_, 0) => Self::Worst,
            (1, _) if count > 3 => Self::Good,
            (_, 1) if count > 4 => Self::Poor,
            _ => Self::Middle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn lightness(tone: Tone) -> f64 {
        let [red, green, blue] = tone.rgb().map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: Tone, other: Tone) -> f64 {
        let (one, other) = (lightness(one) + 0.05, lightness(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn words_stand_out_by_7_and_parts_from_their_neighbours_by_3() {
        assert!(contrast(Tone::Ink, Tone::Ground) >= 7.0 && contrast(Tone::Quiet, Tone::Ground) >= 7.0);
        assert!(contrast(Tone::Edge, Tone::Ground) >= 3.0, "an edge is seen against the ground");
        for tone in [Tone::Own, Tone::Best, Tone::Worst] {
            assert!(contrast(tone, Tone::Ground) >= 3.0, "{tone:?}");
        }
        assert!(contrast(Tone::Own, Tone::Other) >= 3.0);
        for pale in [Tone::Good, Tone::Middle, Tone::Poor, Tone::Other] {
            assert!(contrast(Tone::Edge, pale) >= 3.0, "the edge of a pale part is seen: {pale:?}");
        }
        for count in 2..=3 {
            for index in 1..count {
                let (before, after) = (
                    Tone::of_part(index - 1, count, Scale::Judged),
                    Tone::of_part(index, count, Scale::Judged),
                );
                let least = if count == 2 { 1.5 } else { 3.0 };
                assert!(contrast(before, after) >= least, "{before:?} beside {after:?}");
            }
        }
        let five: Vec<Tone> = (0..5).map(|index| Tone::of_part(index, 5, Scale::Judged)).collect();
        assert_eq!(five, [Tone::Best, Tone::Good, Tone::Middle, Tone::Poor, Tone::Worst]);
        for count in 1..=6 {
            let bands: Vec<Tone> =
                (0..count).map(|index| Tone::of_part(index, count, Scale::Plain)).collect();
            assert!(
                !bands.contains(&Tone::Worst) && !bands.contains(&Tone::Poor),
                "no band is a bad one: {bands:?}"
            );
            assert_eq!(bands.last(), Some(&Tone::Best), "from pale to dark");
        }
    }
}
