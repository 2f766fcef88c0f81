//! What is asked of a report, and how it goes out.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::problem::{Kind, Problem};
use super::request::download;
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::report::compose::{Language, Material};
use crate::reports::{Extent, Format, Wanted, file_name, write};
use crate::storage::StorageError;
use crate::use_cases::{
    Frozen, Refusal, ReportOf, make_report, public_report, public_sector_report, sector_report,
};

/// The parameters of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReportQuery {
    /// Of which period; the newest that there is something to say of, if it is not said.
    pub(super) period: Option<Period>,
    /// In what form.
    pub(super) format: Option<Format>,
    /// In which language, and whether the first page alone.
    pub(super) wanted: Wanted,
}

impl ReportQuery {
    /// Reads the parameters of an address, all faults at once. `others` are read elsewhere.
    pub(super) fn read(parameters: &[(String, String)], others: &[&str]) -> Result<Self, Vec<Fault>> {
        let wanted = Wanted { language: Language::English, part: Extent::Whole };
        let mut query = Self { period: None, format: None, wanted };
        let mut faults = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in parameters.iter().filter(|(name, _)| !others.contains(&name.as_str())) {
            let mut fault = |code: &'static str, detail: String| {
                faults.push(Fault { pointer: format!("/{name}"), code, detail });
            };
            if seen.contains(&name.as_str()) {
                fault("repeated", "This parameter can stand once.".into());
                continue;
            }
            seen.push(name);
            match name.as_str() {
                "period" => match value.parse() {
                    Ok(period) => query.period = Some(period),
                    Err(()) => {
                        fault("bad-period", "A period is 2026-Q3, 2026-27, 12m-2026-Q3 or 3y-2026-27.".into())
                    }
                },
                "format" => match Format::parse(value) {
                    Some(format) => query.format = Some(format),
                    None => fault("unknown-code", format!("The format is one of: {}.", Format::CODES)),
                },
                "language" => match Language::parse(value) {
                    Some(language) => query.wanted.language = language,
                    None => fault("unknown-code", "The language is one of: en, cy.".into()),
                },
                "part" => match Extent::parse(value) {
                    Some(part) => query.wanted.part = part,
                    None => fault(
                        "unknown-code",
                        format!("The part is one of: {}; without it, everything.", Extent::CODES),
                    ),
                },
                _ => {
                    fault("unknown-parameter", "The parameters are period, format, language and part.".into())
                }
            }
        }
        if faults.is_empty() { Ok(query) } else { Err(faults) }
    }

    /// What the report that is asked for is made of.
    pub(super) fn material<'a>(
        &self,
        app: &'a App,
        actor: &Actor,
        of: &ReportOf,
    ) -> Result<Material<'a>, Refusal> {
        match self.wanted.part {
            Extent::Sector => sector_report(app, actor, of, self.period),
            _ => make_report(app, actor, of, self.period),
        }
    }

    /// What it is made of for everybody: of one release.
    pub(super) fn released<'a>(
        &self,
        app: &'a App,
        release: &str,
        place: &str,
    ) -> Result<Frozen<Material<'a>>, StorageError> {
        match self.wanted.part {
            Extent::Sector => public_sector_report(app, release, place),
            _ => public_report(app, release, place),
        }
    }

    /// The same as [`ReportQuery::read`], as a problem.
    pub(super) fn of(parameters: &[(String, String)], others: &[&str]) -> Result<Self, Problem> {
        Self::read(parameters, others).map_err(|faults| Problem::with(Kind::Malformed, faults))
    }
}

/// A report as a file.
pub(super) struct ReportFile {
    name: String,
    format: Format,
    bytes: Vec<u8>,
}

impl ReportFile {
    /// Writes a report in a form.
    pub(super) fn write(
        material: &Material<'_>,
        query: &ReportQuery,
        format: Format,
    ) -> Result<Self, Problem> {
        let bytes = write(material, query.wanted, format).map_err(|error| {
            tracing::error!(%error, "a report could not be written");
            Problem::of(Kind::Internal)
        })?;
        let name = file_name(material, query.wanted, format);
        Ok(Self { name, format, bytes })
    }

    /// As an answer that nobody keeps on the way: JSON to be read, all else to be saved.
    pub(super) fn private(self) -> HttpResponse {
        if self.format == Format::Json {
            return HttpResponse::Ok()
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .content_type(self.format.media_type())
                .body(self.bytes);
        }
        self.taken_away()
    }

    /// As a file that somebody takes away from a page, whatever form it has.
    pub(super) fn taken_away(self) -> HttpResponse {
        download(&self.name, self.format.media_type(), self.bytes)
    }

    /// As an answer for everybody, kept as `cache` says.
    pub(super) fn public(self, cache: &'static str) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((header::CACHE_CONTROL, cache)).content_type(self.format.media_type());
        if self.format != Format::Json {
            let name = format!("attachment; filename=\"{}\"", self.name);
            answer.insert_header((header::CONTENT_DISPOSITION, name));
        }
        answer.body(self.bytes)
    }
}
