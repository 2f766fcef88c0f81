//! A share in words that never say more than the numbers do.

/// `k` of `n` in tenths, as people say it: “nearly 9 in 10”; nothing where nobody answered.
///
/// The rule, in whole numbers throughout: a share that is a tenth exactly is that tenth. Any other lies between two tenths. If it is below
/// the upper one by at most 2.5 points it is “nearly” that one, else “more than” the lower one. So no words name a tenth that was not
/// reached without saying “nearly”. At the ends: above 97.5% “all but a few”, below 7.5% “fewer than 1 in 10”, below 2.5% “very few”.
pub fn in_words(k: i64, n: i64) -> String {
    if n <= 0 || k < 0 || k > n {
        return String::new();
    }
    // In thousandths of `n`: whole numbers as large as `1000 n`, so that nothing is rounded.
    let (k, n) = (i128::from(k) * 1000, i128::from(n));
    let tenth = n * 100;
    let (lower, rest) = (k / tenth, k % tenth);
    match (lower, rest) {
        (0, 0) => "none".into(),
        (10, 0) => "all".into(),
        (tenths, 0) => format!("{tenths} in 10"),
        (0, rest) if rest < n * 25 => "very few".into(),
        (0, rest) if rest < n * 75 => "fewer than 1 in 10".into(),
        (9, rest) if rest > n * 75 => "all but a few".into(),
        (9, _) => "more than 9 in 10".into(),
        (tenths, rest) if rest >= n * 75 => format!("nearly {} in 10", tenths + 1),
        (tenths, _) => format!("more than {tenths} in 10"),
    }
}

/// `words` with a capital letter.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The sentence of a claim without its numbers, from the catalogue's own: “Nearly 9 in 10 people said they …”. A sentence of another form
/// keeps its numbers, and has the words before it.
pub fn headline(template: &str, statement: &str, words: &str) -> String {
    const SHARE: &str = "{positive} of {n}";
    const PERCENT: &str = " ({percent}%)";
    if !(template.contains(SHARE) && template.contains(PERCENT)) {
        return format!("{}: {statement}", capital(words));
    }
    // “all people”, “very few people”: but “9 in 10 people”, too.
    capital(&template.replacen(SHARE, words, 1).replacen(PERCENT, "", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_tenth_that_was_reached_or_say_nearly() {
        for (k, n, words) in [
            (90, 100, "9 in 10"),
            (899, 1000, "nearly 9 in 10"),
            (875, 1000, "nearly 9 in 10"),
            (8749, 10_000, "more than 8 in 10"),
            (801, 1000, "more than 8 in 10"),
            (901, 1000, "more than 9 in 10"),
            (975, 1000, "more than 9 in 10"),
            (976, 1000, "all but a few"),
            (1000, 1000, "all"),
            (1, 3, "more than 3 in 10"),
            (1, 2, "5 in 10"),
            (98, 1000, "nearly 1 in 10"),
            (75, 1000, "nearly 1 in 10"),
            (74, 1000, "fewer than 1 in 10"),
            (25, 1000, "fewer than 1 in 10"),
            (24, 1000, "very few"),
            (0, 1000, "none"),
            (0, 0, ""),
            (3, 2, ""),
        ] {
            assert_eq!(in_words(k, n), words, "{k}/{n}");
        }
        // Large counts do not overflow.
        assert_eq!(in_words(i64::MAX - 1, i64::MAX), "all but a few");
    }

    #[test]
    fn a_headline_is_the_catalogues_sentence_with_words_for_its_numbers() {
        let template = "{positive} of {n} people ({percent}%) said they feel safe.";
        assert_eq!(headline(template, "", "nearly 9 in 10"), "Nearly 9 in 10 people said they feel safe.");
        let other = "{percent}% felt safe.";
        assert_eq!(headline(other, "89.9% felt safe.", "nearly 9 in 10"), "Nearly 9 in 10: 89.9% felt safe.");
    }

    proptest::proptest! {
        #[test]
        fn no_words_claim_a_tenth_that_was_not_reached(n in 1i64..100_000, k in 0i64..100_000) {
            proptest::prop_assume!(k <= n);
            let words = in_words(k, n);
            let named = words.split(' ').find_map(|word| word.parse::<i64>().ok());
            if let Some(tenths) = named {
                let reached = 10 * k >= tenths * n;
                let admits = words.starts_with("nearly") || words.starts_with("fewer");
                proptest::prop_assert_eq!(reached, !admits, "{}/{}: {}", k, n, words);
            }
        }
    }
}
