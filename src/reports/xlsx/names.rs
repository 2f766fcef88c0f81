//! Names of sheets: at most 31 letters, none of those that the format forbids, none twice. And text that the format can hold.

/// Names that are taken.
#[derive(Debug, Default)]
pub(super) struct SheetNames {
    taken: Vec<String>,
}

/// The longest name of a sheet, in UTF-16 units.
const LONGEST: usize = 31;

impl SheetNames {
    /// A name as near as possible to `wanted` that is still free.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let allowed = |c: char| if c.is_control() || "[]:*?/\\".contains(c) { ' ' } else { c };
        let clean: String = plain(wanted).chars().map(allowed).collect();
        let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        let clean = clean.trim_matches('\'').trim();
        let base = if clean.is_empty() { "–" } else { clean };
        let name = (1..1000_usize)
            .map(|number| if number == 1 { String::new() } else { format!(" {number}") })
            .map(|end| format!("{}{end}", cut(base, LONGEST - end.len()).trim_end().trim_end_matches('\'')))
            // One program keeps this name for itself.
            .find(|name| !name.eq_ignore_ascii_case("history") && !self.taken.contains(&name.to_lowercase()));
        let name = name.unwrap_or_else(|| format!("{}", self.taken.len()));
        self.taken.push(name.to_lowercase());
        name
    }
}

/// The first letters of a text, at most so many UTF-16 units.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

/// The longest alternative text that the format holds, in UTF-16 units. A longer one is left out whole by what writes the file.
pub(super) const LONGEST_ALT: usize = 255;

/// The first words of a text, at most so many UTF-16 units, with a sign that more was said: no word, and so no number, is cut.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let whole = cut(text, most);
    if whole.len() == text.len() {
        return whole;
    }
    let short = cut(text, most.saturating_sub(2));
    let words = short.rsplit_once(' ').map_or(short.as_str(), |(words, _)| words);
    format!("{} …", words.trim_end_matches([' ', ';', ',']))
}

/// Text without what XML cannot hold, and not longer than a cell.
pub(super) fn plain(text: &str) -> String {
    let kept = |c: char| match c {
        '\n' | '\t' | '\r' => ' ',
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
        c => c,
    };
    cut(&text.chars().map(kept).collect::<String>(), 32_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_with_a_whole_word() {
        assert_eq!(shortened("More 89.7%; less 2.1%", 255), "More 89.7%; less 2.1%");
        assert_eq!(shortened("More 89.7%; less 2.1%", 20), "More 89.7%; less …");
        assert_eq!(shortened("More 89.7%; less 2.1%", 14), "More 89.7% …");
        assert!(shortened(&"ŷ 12.5% ".repeat(99), LONGEST_ALT).encode_utf16().count() <= LONGEST_ALT);
    }

    #[test]
    fn names_of_sheets_are_allowed_and_none_comes_twice() {
        let mut names = SheetNames::default();
        let cases = [
            ("Friends", "Friends"),
            ("friends", "friends 2"),
            ("[a]/b:c*?\\", "a b c"),
            ("'quoted'", "quoted"),
            ("", "–"),
            ("\u{0}", "\u{fffd}"),
            ("History", "History 2"),
            ("A heading that is much longer than a name may be", "A heading that is much longer t"),
            ("A heading that is much longer than a name may be", "A heading that is much longer 2"),
            ("👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍"),
        ];
        for (wanted, name) in cases {
            assert_eq!(names.free(wanted), name);
        }
    }
}
