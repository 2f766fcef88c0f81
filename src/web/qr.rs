//! QR codes of links, as SVG.

use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

use super::problem::{Kind, Problem};

/// A QR code of `link`, black on white with its quiet zone, so that any phone reads it off paper.
pub(super) fn svg(link: &str) -> Result<String, Problem> {
    let code =
        QrCode::with_error_correction_level(link, EcLevel::M).map_err(|_| Problem::of(Kind::Internal))?;
    let mut drawing = code.render::<Color<'_>>();
    drawing.min_dimensions(240, 240).quiet_zone(true);
    Ok(drawing.dark_color(Color("#000")).light_color(Color("#fff")).build())
}
