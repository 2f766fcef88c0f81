//! Writes what the other programs look at (`tests/reports/run`): only where `KHI_REPORTS` names a folder.

use std::fmt::Write as _;

use khi::domain::report::Chart;
use khi::domain::report::compose::{Language, compose_sector};
use khi::reports::pdf::{Extent, pdf};
use khi::reports::svg::svg;
use khi::reports::xlsx::xlsx;

use super::{example, sector};
use crate::support::registry;

#[test]
fn what_other_programs_check() {
    let Some(folder) = std::env::var_os("KHI_REPORTS").map(std::path::PathBuf::from) else { return };
    let write =
        |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file of the folder");
    for (name, document) in example::documents() {
        for (extent, part) in [(Extent::Whole, ""), (Extent::Summary, "-summary")] {
            let pdf = pdf(&document, extent).expect("sound by PDF/UA-1");
            write(&format!("{name}{part}.pdf"), &pdf);
        }
        write(&format!("{name}.xlsx"), &xlsx(&document, example::made_on()).expect("a workbook"));
    }
    for language in Language::ALL {
        let document = compose_sector(&sector::whole(registry()), language);
        let pdf = pdf(&document, Extent::Whole).expect("sound by PDF/UA-1");
        write(&format!("sector-{}.pdf", language.code()), &pdf);
    }
    // What a workbook must hold, for those who open it.
    let documents: std::collections::BTreeMap<_, _> = example::documents().into_iter().collect();
    write("documents.json", serde_json::to_string(&documents).expect("JSON").as_bytes());
    write("charts.html", page(&example::charts()).as_bytes());
}

/// A page with every chart, in the site's own style.
fn page(charts: &[Chart]) -> String {
    let style = std::fs::read_to_string(crate::support::repository("src/web/static/staff.css"))
        .expect("the stylesheet");
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Charts</title><style>{style}</style><main class=\"page\">"
    );
    for chart in charts {
        let _ = write!(page, "<h2>{}</h2>{}", chart.title, svg(chart, "en"));
    }
    page
}
