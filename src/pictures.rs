//! The pictures of the survey and of posters. On pages they are drawn into the page itself: no request of their own, and they follow its colours.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/web/static/pictures");

/// Every picture by its symbol, as the inside of an `<svg>` element.
static PICTURES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let svg = |file: &'static include_dir::File<'static>| {
        let symbol = file.path().to_str()?.strip_suffix(".svg")?;
        let inside = file.contents_utf8()?.split_once('>')?.1.rsplit_once("</svg>")?.0;
        Some((symbol, inside.trim()))
    };
    FOLDER.files().filter_map(svg).collect()
});

/// A picture as HTML. With `alt` it is read out; without, it only decorates the words beside it.
pub(crate) fn picture(symbol: &str, alt: Option<&str>) -> Option<String> {
    let inside = inside(symbol)?;
    let role = match alt {
        Some(alt) if !alt.is_empty() => format!("role=\"img\" aria-label=\"{}\"", escaped(alt)),
        _ => "aria-hidden=\"true\"".to_owned(),
    };
    Some(format!("<svg class=\"pic\" viewBox=\"0 0 96 96\" {role} focusable=\"false\">{inside}</svg>"))
}

/// The elements of a picture, measured from 0 to 96 both ways, without the `<svg>` around them.
pub(crate) fn inside(symbol: &str) -> Option<&'static str> {
    PICTURES.get(symbol).copied()
}

/// The names of all pictures.
#[cfg(test)]
pub(crate) fn symbols() -> impl Iterator<Item = &'static str> {
    PICTURES.keys().copied()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
