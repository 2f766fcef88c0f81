//! Semantic versions of definitions: patch = spelling or translation, minor = items added, major = some meaning changed.

use std::fmt::Display;
use std::str::FromStr;

/// `major.minor.patch`, compared number by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version {
    /// A new major version has items whose meaning changed.
    pub major: u16,
    /// A new minor version adds items or rewords them with the meaning kept.
    pub minor: u16,
    /// A new patch version mends spelling or translation.
    pub patch: u16,
}

impl Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.').map(|part| {
            let plain = !part.is_empty()
                && part.len() <= 4
                && part.bytes().all(|b| b.is_ascii_digit())
                && (part == "0" || !part.starts_with('0'));
            plain.then(|| part.parse::<u16>().ok()).flatten().ok_or(())
        });
        let mut next = || parts.next().unwrap_or(Err(()));
        let version = Self { major: next()?, minor: next()?, patch: next()? };
        if parts.next().is_some() { Err(()) } else { Ok(version) }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_compare_by_number_and_refuse_other_shapes() {
        let parse = |t: &str| t.parse::<Version>();
        assert!(parse("1.10.0") > parse("1.9.9"));
        for wrong in ["1.0", "1.0.0.0", "01.0.0", "1.0.x", "", "1..0", "1.0.-1", "99999.0.0"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
