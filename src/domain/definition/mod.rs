//! Questionnaires, instruments and catalogues: what they are, how they are read, and what is checked before they are used.
//!
//! A [`Definition`] can only be had by loading ([`Registry::load`]), so one that exists has passed every check.

mod catalogue;
mod check;
mod check_entry;
mod check_texts;
mod claims;
mod entry;
mod findings;
mod frameworks;
mod instrument;
mod kpi;
mod loading;
mod lock;
mod nations;
mod published_figures;
mod questionnaire;
mod recordings;
mod reference;
mod registry;
mod series;
mod texts;
mod version;

pub use catalogue::{Breakdown, Direction, Indicator, Statistic};
pub use check_texts::LONGEST_SENTENCE;
pub use entry::{Cut, IndicatorEntry, Rule};
pub use findings::{EASY_MEAN, Findings, Note, Reading, Sentence};
pub use frameworks::{Framework, FrameworkHeading, FrameworkPart};
pub use instrument::Instrument;
pub use kpi::{Kind, Kpi, Method, OverTime, Rhythm, Sender, Sent, Shape, Unit};
pub use loading::parse_json;
pub use lock::{Lock, digest};
pub use nations::{Nation, said};
pub use published_figures::{FigureSource, Measure, PublishedFigure, PublishedFigures};
pub use questionnaire::{Consent, Definition, Model, Status};
pub use recordings::{Audio, Media};
pub use reference::ReferenceValue;
pub use registry::{FileFault, Loaded, Registry, SourceFile};
pub use texts::{EASY_READ, ENGLISH, STANDARD, Texts, Title, sentence_lengths};
pub use version::Version;
