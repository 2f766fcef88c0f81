//! A share in words that never say more than the numbers do.

/// A share in tenths, never more than was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenths {
    /// Nobody.
    None,
    /// Below 2.5%.
    VeryFew,
    /// From 2.5% and below 7.5%.
    FewerThanOne,
    /// A tenth exactly: from 1 to 9.
    Exactly(u8),
    /// Below the tenth by at most 2.5 points.
    Nearly(u8),
    /// Above the tenth, and not nearly the next one.
    MoreThan(u8),
    /// Above 97.5%.
    AllButAFew,
    /// Everybody.
    All,
}

impl Tenths {
    /// `k` of `n`; nothing where nobody answered.
    ///
    /// The rule, in whole numbers throughout: a share that is a tenth exactly is that tenth. Any other lies between two tenths. If it is below
    /// the upper one by at most 2.5 points it is “nearly” that one, else “more than” the lower one. So no words name a tenth that was not
    /// reached without saying “nearly”. At the ends: above 97.5% “all but a few”, below 7.5% “fewer than 1 in 10”, below 2.5% “very few”.
    pub fn of(k: i64, n: i64) -> Option<Self> {
        if n <= 0 || k < 0 || k > n {
            return None;
        }
        // In thousandths of `n`: whole numbers as large as `1000 n`, so that nothing is rounded.
        let (k, n) = (i128::from(k) * 1000, i128::from(n));
        let tenth = n * 100;
        let (lower, rest) = (u8::try_from(k / tenth).unwrap_or(10), k % tenth);
        Some(match (lower, rest) {
            (0, 0) => Self::None,
            (10, 0) => Self::All,
            (tenths, 0) => Self::Exactly(tenths),
            (0, rest) if rest < n * 25 => Self::VeryFew,
            (0, rest) if rest < n * 75 => Self::FewerThanOne,
            (9, rest) if rest > n * 75 => Self::AllButAFew,
            (9, _) => Self::MoreThan(9),
            (tenths, rest) if rest >= n * 75 => Self::Nearly(tenths + 1),
            (tenths, _) => Self::MoreThan(tenths),
        })
    }
}

/// `k` of `n` in [`Tenths`], as people say it: “nearly 9 in 10”; nothing where nobody answered.
pub fn in_words(k: i64, n: i64) -> String {
    match Tenths::of(k, n) {
        None => String::new(),
        Some(Tenths::None) => "none".into(),
        Some(Tenths::VeryFew) => "very few".into(),
        Some(Tenths::FewerThanOne) => "fewer than 1 in 10".into(),
        Some(Tenths::Exactly(tenths)) => format!("{tenths} in 10"),
        Some(Tenths::Nearly(tenths)) => format!("nearly {tenths} in 10"),
        Some(Tenths::MoreThan(tenths)) => format!("more than {tenths} in 10"),
        Some(Tenths::AllButAFew) => "all but a few".into(),
        Some(Tenths::All) => "all".into(),
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
