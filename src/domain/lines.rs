//! Breaking text into lines, by how wide it is in whatever it is drawn with.

/// `text` in lines that `fits` says are not too wide. A word that is longer than a line is broken. A line that goes on ends with a space, which is
/// there for those who have it read aloud; it is not measured.
pub fn broken(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    // A no-break space holds what it stands between together.
    for word in text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(format!("{} ", std::mem::take(&mut line)));
        }
        for letter in word.chars() {
            let longer = format!("{line}{letter}");
            if !line.is_empty() && !fits(&longer) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_what_fits_and_lose_no_letter() {
        let at_most = |most: usize| move |line: &str| line.chars().count() <= most;
        assert_eq!(broken("one two three", at_most(7)), ["one two ", "three"]);
        assert_eq!(broken("abcdefgh ij", at_most(3)), ["abc", "def", "gh ", "ij"]);
        assert_eq!(broken("5\u{a0}of\u{a0}9 people", at_most(8)), ["5\u{a0}of\u{a0}9 ", "people"]);
        assert_eq!(broken("  \n ", at_most(3)), Vec::<String>::new());
        assert_eq!(broken("ŵŷ", at_most(0)), ["ŵ", "ŷ"], "one letter stands on every line, however narrow");
    }
}
