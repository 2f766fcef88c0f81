//! `khi`: Key Human Indicators. Versioned, accessible questionnaires in; figures people can trust out.
//!
//! The layers, each knowing only those before it: [`domain`] (pure) ← `storage` (both databases) ← `use_cases`
//! (one file per act) ← `web` (JSON and pages) and `cli`. `docs/architecture.md` walks one response in and one figure out.

pub mod domain;
