//! Who tries to find out more than is printed.

use serde::{Deserialize, Serialize};

/// Who tries to find out more than is printed. Each knows the rules and everything that was ever printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attacker {
    /// Knows nothing more.
    Reader,
    /// Knows their own answer.
    Respondent,
    /// Knows the answers of up to three people of one scheme.
    Coalition,
    /// Knows how many people answered in each scheme.
    Register,
    /// Knows the figures of one scheme: its own reports are public.
    Scheme,
}
