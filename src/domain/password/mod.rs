//! Which passwords are taken: long ones that are not easily guessed. No rule says which characters they are made of.
//!
//! `common.txt` holds the 5,000 most used passwords of at least 12 characters, in small letters, from breached accounts (OWASP SecLists,
//! `10-million-password-list-top-1000000`, MIT licence), and those that Django's list has besides. What only adds digits, signs or
//! repetition to a common word is refused by rule.

use super::fault::Fault;

/// The shortest and the longest password, in characters.
pub const SHORTEST: usize = 12;
/// See [`SHORTEST`].
pub const LONGEST: usize = 200;

const COMMON: &str = include_str!("common.txt");
/// Words that passwords here are first guessed from: the most used ones, and what this program is about.
const WORDS: [&str; 40] = [
    "password",
    "passwort",
    "welcome",
    "letmein",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "zxcvbn",
    "admin",
    "administrator",
    "login",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "liverpool",
    "arsenal",
    "chelsea",
    "charlie",
    "monkey",
    "dragon",
    "summer",
    "winter",
    "spring",
    "autumn",
    "secret",
    "changeme",
    "master",
    "khi",
    "indicator",
    "indicators",
    "keyhuman",
    "sharedlives",
    "homeshare",
    "scheme",
    "national",
    "survey",
    "council",
    "abc",
    "test",
];

/// What is wrong with a password for the account `email` of somebody called `name`, if anything.
pub fn fault(password: &str, email: &str, name: &str) -> Option<Fault> {
    let fault = |code, detail: String| Some(Fault { pointer: "/password".into(), code, detail });
    let length = password.chars().count();
    if length < SHORTEST {
        return fault(
            "too-short",
            format!("Make it at least {SHORTEST} characters long. Three or four words are good."),
        );
    }
    if length > LONGEST {
        return fault("too-long", format!("Make it at most {LONGEST} characters long."));
    }
    if is_easy(password, email, name) {
        return fault(
            "too-common",
            "This password is easy to guess. Take three or four words that do not belong together.".into(),
        );
    }
    None
}

fn is_easy(password: &str, email: &str, name: &str) -> bool {
    let lower = password.to_lowercase();
    if COMMON.lines().any(|common| common == lower) {
        return true;
    }
    let own = email.split(['@', '.', '-', '_', '+']).chain(name.split_whitespace()).map(str::to_lowercase);
    let own: Vec<String> = own.filter(|word| word.chars().count() >= 3).collect();
    // What is left when common words, one's own name and runs are taken out is what has to be guessed.
    distinct_steps(&without(&lower, &own)) < 5
}

/// Letters that are written as digits and signs.
fn plain(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        c => c,
    }
}

/// What is left of `lower` when every common word and own name is taken out of it, however its letters are written.
fn without(lower: &str, own: &[String]) -> Vec<char> {
    let mut left: Vec<char> = lower.chars().filter(|c| !c.is_whitespace()).collect();
    let mut words: Vec<Vec<char>> = WORDS
        .iter()
        .copied()
        .chain(own.iter().map(String::as_str))
        .map(|w| w.chars().map(plain).collect())
        .collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    for word in words {
        let read: Vec<char> = left.iter().copied().map(plain).collect();
        let mut at = 0;
        while at + word.len() <= read.len() {
            if read[at..at + word.len()] == word[..] {
                left[at..at + word.len()].fill(' ');
                at += word.len();
            } else {
                at += 1;
            }
        }
    }
    left.retain(|c| c.is_alphanumeric());
    left
}

/// How many different moves from one character to the next there are: “aaaa”, “1234” and “abab” have few.
fn distinct_steps(chars: &[char]) -> usize {
    let chars: Vec<i64> = chars.iter().map(|c| i64::from(u32::from(*c))).collect();
    let moves: std::collections::BTreeSet<i64> = chars.windows(2).map(|pair| pair[1] - pair[0]).collect();
    moves.len()
}
