//! Words that claim a change. A sentence of a figure may say “more” or “better” only where people themselves were asked to compare: at one
//! point of time, of one answer, there is nothing to compare with. What changed between two answers stands beside a figure (`change`),
//! never in its sentence.

use super::entry::Rule;
use super::texts::Title;
use crate::domain::question::Item;

/// Words of a claim by language, in small letters: whole words, or beginnings of words where a `*` follows.
const CLAIMS: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "more",
            "less",
            "fewer",
            "better",
            "worse",
            "closer",
            "easier",
            "calmer",
            "happier",
            "healthier",
            "stronger",
            "safer",
            "improv*",
            "increas*",
            "decreas*",
        ],
    ),
    (
        "cy",
        &[
            "mwy", "fwy", "llai", "lai", "gwell", "well", "gwaeth", "waeth", "nes", "haws", "amlach",
            "hapusach", "iachach", "cryfach", "gryfach", "tawelach", "dawelach", "gwella*", "wella*",
            "gwellodd", "wellodd", "cynydd*", "gynydd*", "gostwng", "ostwng",
        ],
    ),
];

/// The first word of a sentence, in any language, that claims a change: the language and the word.
pub(super) fn claimed_change(statement: &Title) -> Option<(&str, &str)> {
    statement.0.iter().find_map(|(language, words)| {
        let (_, known) = CLAIMS.iter().find(|(code, _)| code == language)?;
        let at = find(words, known)?;
        Some((language.as_str(), tokens(words).get(at).copied()?))
    })
}

/// Whether people were asked to compare: one question, with answers for better, for the same and for worse in its base.
pub(super) fn compares(rule: &Rule, items: &[&Item]) -> bool {
    let (Rule::Share { base, .. }, [item]) = (rule, items) else { return false };
    let scores = || item.kind.choices().iter().filter(|o| base.contains(&o.code)).filter_map(|o| o.score);
    scores().any(|s| s > 0) && scores().any(|s| s == 0) && scores().any(|s| s < 0)
}

/// Where the first claiming word stands. An amount is no claim: “3 or more”, “more than 3”.
fn find(words: &str, known: &[&str]) -> Option<usize> {
    let tokens: Vec<String> = tokens(words).into_iter().map(str::to_lowercase).collect();
    let claims = |token: &str| {
        known.iter().any(|word| match word.strip_suffix('*') {
            Some(beginning) => token.starts_with(beginning),
            None => token == *word,
        })
    };
    let is_amount = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before)).map(String::as_str);
        let after = |steps: usize| tokens.get(at + steps).map_or("", String::as_str);
        matches!(before, Some("or" | "neu"))
            || matches!(after(1), "than" | "na" | "nag") && after(2).starts_with(|c: char| c.is_ascii_digit())
    };
    (0..tokens.len()).find(|at| claims(&tokens[*at]) && !is_amount(*at))
}

/// The words of a sentence, without what stands around them; placeholders are none.
fn tokens(words: &str) -> Vec<&str> {
    words
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|word| !word.starts_with('{'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(language: &str, words: &str) -> Option<String> {
        let statement = Title([(language.to_owned(), words.to_owned())].into());
        claimed_change(&statement).map(|(_, word)| word.to_owned())
    }

    #[test]
    fn words_that_claim_a_change_are_found_in_both_languages_and_amounts_are_not() {
        for (language, words, found) in [
            ("en", "{positive} of {n} people said they see people more.", Some("more")),
            ("en", "{n} people are Better off.", Some("Better")),
            ("en", "{n} people said their health improved.", Some("improved")),
            ("en", "{n} people are well and know the most.", None),
            ("en", "{n} people have 3 or more friends.", None),
            ("en", "{n} people have more than 3 friends.", None),
            ("en", "{n} people have more than before.", Some("more")),
            ("cy", "{n} o bobl: mae eu hiechyd yn well.", Some("well")),
            ("cy", "{n} o bobl: yn gweld pobl yn amlach.", Some("amlach")),
            ("cy", "{n} o bobl: y mwyaf unig.", None),
            ("cy", "{n} o bobl: tri neu fwy.", None),
            ("gd", "more", None),
        ] {
            assert_eq!(claimed(language, words).as_deref(), found, "{words}");
        }
    }
}
