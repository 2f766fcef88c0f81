//! How cells look: the colours of the site, numbers in the format of their kind.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::domain::report::drawing::Tone;
use crate::domain::report::{Align, Kind};

/// Formats of cells.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) lead: Format,
    pub(super) prose: Format,
    pub(super) quiet: Format,
    pub(super) caption: Format,
    pub(super) head: Format,
    pub(super) head_end: Format,
    pub(super) row_head: Format,
    pub(super) number: Format,
    cell: Format,
}

/// A colour of the palette for paper.
pub(super) fn colour(tone: Tone) -> Color {
    let [red, green, blue] = tone.rgb().map(u32::from);
    Color::RGB((red << 16) | (green << 8) | blue)
}

impl Looks {
    pub(super) fn new() -> Self {
        let plain = || Format::new().set_font_color(colour(Tone::Ink)).set_align(FormatAlign::Top);
        let brand = || plain().set_bold().set_font_color(colour(Tone::Own));
        let ruled = || {
            plain()
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(colour(Tone::Grid))
                .set_text_wrap()
        };
        let head = || {
            let ground = plain().set_bold().set_text_wrap().set_background_color(Color::RGB(0xF6_EEF5));
            ground.set_border_bottom(FormatBorder::Medium).set_border_bottom_color(colour(Tone::Edge))
        };
        Self {
            title: brand().set_font_size(18),
            heading: brand().set_font_size(13),
            lead: plain().set_font_size(12),
            prose: plain(),
            quiet: plain().set_font_color(colour(Tone::Quiet)),
            caption: plain().set_bold().set_font_size(12),
            head: head(),
            head_end: head().set_align(FormatAlign::Right),
            row_head: ruled().set_bold(),
            number: ruled()
                .set_bold()
                .set_font_size(16)
                .set_font_color(colour(Tone::Own))
                .set_align(FormatAlign::Left),
            cell: ruled(),
        }
    }

    /// Of a cell that holds something of a kind, in a column that is aligned so.
    pub(super) fn cell(&self, kind: Kind, align: Align) -> Format {
        let cell = if align == Align::End {
            self.cell.clone().set_align(FormatAlign::Right)
        } else {
            self.cell.clone()
        };
        match kind {
            Kind::Text => cell,
            Kind::Absent => cell.set_font_color(colour(Tone::Quiet)),
            Kind::Count => cell.set_num_format("#,##0"),
            Kind::Percent => cell.set_num_format("0.0%"),
            Kind::Pounds => cell.set_num_format("£#,##0.00"),
            Kind::Number { decimals: 0 } => cell.set_num_format("#,##0"),
            Kind::Number { decimals } => {
                cell.set_num_format(format!("#,##0.{}", "0".repeat(usize::from(decimals.min(15)))))
            }
        }
    }
}
