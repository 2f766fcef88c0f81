//! `khi report`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::open;
use super::progress_bar;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::period::Period;
use crate::domain::report::compose::Language;
use crate::reports::{Extent, Format, Wanted, file_name, write};
use crate::secrets::Ids;
use crate::use_cases::report_schemes;

/// What is written, and where.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The scheme's id
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    scheme: Option<String>,
    /// Write the reports of all schemes
    #[arg(long)]
    all: bool,
    /// The folder to write into; it is made if it is not there
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// The period, such as 2025-26; without it, of each scheme the newest financial year that there is something to say of
    #[arg(long)]
    period: Option<String>,
    /// The language: en or cy; may be given twice
    #[arg(long, default_value = "en")]
    language: Vec<String>,
    /// The form: html, pdf, xlsx, csv or json; may be given several times
    #[arg(long, default_value = "html")]
    format: Vec<String>,
    /// Only a part: summary (the first page alone), evidence (under the headings of whoever inspects the place) or
    /// poster (you said, we did, for those who answered)
    #[arg(long)]
    part: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let unknown = |text: &str| format!("{text} is no period: 2026-Q3, 2026-27, 12m-2026-Q3 or 3y-2026-27");
    let period: Option<Period> = match &arguments.period {
        Some(text) => Some(text.parse().map_err(|()| unknown(text))?),
        None => None,
    };
    let language =
        |code: &String| Language::parse(code).ok_or_else(|| format!("{code} is no language: en or cy"));
    let format = |code: &String| {
        Format::parse(code).ok_or_else(|| format!("{code} is no form of a report: {}", Format::CODES))
    };
    let part = match &arguments.part {
        Some(code) => {
            Extent::parse(code).ok_or_else(|| format!("{code} is no part of a report: {}", Extent::CODES))?
        }
        None => Extent::Whole,
    };
    if part == Extent::Sector {
        return Err(
            "the state of the sector is told of the United Kingdom and its nations, not of schemes".into()
        );
    }
    let languages: Vec<Language> = arguments.language.iter().map(language).collect::<Result<_, _>>()?;
    let formats: Vec<Format> = arguments.format.iter().map(format).collect::<Result<_, _>>()?;
    let app = open(&arguments.settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let out = arguments.out.as_path();
    std::fs::create_dir_all(out).map_err(|e| format!("{}: {e}", out.display()))?;
    let bar = progress_bar(0, "Writing reports");
    let mut files = 0;
    let made = report_schemes(&app, arguments.scheme.as_deref(), period, |done, all, id, material| {
        bar.set_length(all as u64);
        for language in &languages {
            let wanted = Wanted { language: *language, part };
            for format in &formats {
                let bytes = write(material, wanted, *format).map_err(|e| format!("{id}: {e}"))?;
                put(&out.join(file_name(material, wanted, *format)), &bytes)?;
                files += 1;
            }
        }
        bar.set_position(done as u64 + 1);
        Ok(())
    });
    bar.finish_and_clear();
    let schemes = made?;
    let (of, into) = (if schemes == 1 { "scheme" } else { "schemes" }, out.display());
    println!("{files} files of {schemes} {of} in {into}");
    Ok(())
}

/// Writes a file whole, or not at all: whoever looks sees the old one until the new one is complete.
fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = std::fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| std::fs::rename(&part, path)) {
        std::fs::remove_file(&part).ok(); // what is half written is of no use
        return Err(wrong(error));
    }
    Ok(())
}
