//! The text message that invites somebody or reminds them: 160 characters at most, of the alphabet in which that many fit (GSM 03.38),
//! and the link.

use super::{Addressed, Dress, LINK, Letter, Recipient};
use crate::domain::identity::Whose;

/// The most characters before the link.
pub const MOST: usize = 160;
/// The least that is left of a name that is shortened.
const LEAST: usize = 8;

/// The text message to somebody; none if there is no number that a gateway can use.
pub fn text(to: &Recipient<'_>) -> Option<Addressed> {
    let number = international(to.identity.mobile.as_deref()?)?;
    let letter = Letter { subject: String::new(), body: format!("{} {LINK}", words(to)) };
    let dress = Dress { language: to.speaks().code().into(), large: false, text_only: true };
    Some(Addressed { dress, ..Addressed::plainly(to.reader(), &number, letter) })
}

/// Its words, without the link. Names are shortened where they would not fit.
pub fn words(to: &Recipient<'_>) -> String {
    let key = match (&to.identity.contact, to.reminder) {
        (Whose::Own, None) => "text_own",
        (Whose::Own, Some(_)) => "text_own_again",
        (Whose::Shared, _) => "text_shared",
        (Whose::Supporter { .. }, _) => "text_supporter",
    };
    let mut words = to.words();
    for name in ["scheme", "name", "day"] {
        let plain = plain(words.value(name));
        words = words.fill(name, &plain);
    }
    loop {
        let said = plain(&words.say(key));
        let longest = ["scheme", "name"].into_iter().max_by_key(|name| words.value(name).len());
        let shorter = longest.map(|name| (name, shorten(words.value(name))));
        match shorter {
            Some((name, Some(shorter))) if length(&said) > MOST => words = words.fill(name, &shorter),
            _ => return said,
        }
    }
}

/// One character less, with a full stop at its end.
fn shorten(name: &str) -> Option<String> {
    let kept: Vec<char> = name.trim_end_matches('.').chars().collect();
    (kept.len() > LEAST).then(|| {
        let kept: String = kept[..kept.len() - 1].iter().collect();
        format!("{}.", kept.trim_end())
    })
}

/// How much room text takes in a message: some signs take two places.
pub fn length(text: &str) -> usize {
    text.chars().map(|c| if "^{}\\[~]|€".contains(c) { 2 } else { 1 }).sum()
}

/// Letters and signs of the alphabet besides those of ASCII.
const BESIDES: &str = "£¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà¡";
/// What stands for letters that are not among them.
const INSTEAD: [(&str, char); 14] = [
    ("âáãā", 'a'),
    ("êëēě", 'e'),
    ("îíïīı", 'i'),
    ("ôóõōő", 'o'),
    ("ûúūůű", 'u'),
    ("ŵẁẃẅ", 'w'),
    ("ŷỳýÿ", 'y'),
    ("ÂÁÀÃ", 'A'),
    ("ÊËÈ", 'E'),
    ("ÎÍÏÌ", 'I'),
    ("ÔÓÒÕ", 'O'),
    ("ÛÚÙ", 'U'),
    ("ŴẀẂẄ", 'W'),
    ("’‘`", '\''),
];

/// `text` in the alphabet of text messages. A letter that it does not have is written without its accent, or else as a question mark.
fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '\u{2013}' | '\u{2014}' => '-',
        '“' | '”' => '"',
        c if c.is_whitespace() => ' ',
        '`' => '\'',
        c if c.is_ascii_graphic() || BESIDES.contains(c) => c,
        c => INSTEAD.iter().find(|(letters, _)| letters.contains(c)).map_or('?', |(_, plain)| *plain),
    };
    text.chars().map(one).collect()
}

/// A telephone number as gateways want it, `+447700900123`; a number without a country is one of the UK. None if it cannot be one.
pub fn international(number: &str) -> Option<String> {
    let kept: String =
        number.replace("(0)", "").chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let whole = match (kept.strip_prefix('+'), kept.strip_prefix("00"), kept.strip_prefix('0')) {
        (Some(rest), ..) | (None, Some(rest), _) => rest.to_owned(),
        (None, None, Some(rest)) => format!("44{rest}"),
        (None, None, None) => return None,
    };
    let sound = (10..=15).contains(&whole.len()) && !whole.contains('+') && !whole.starts_with('0');
    sound.then(|| format!("+{whole}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_with_its_country() {
        for (typed, wanted) in [
            ("07700 900123", Some("+447700900123")),
            ("+44 (0)7700 900 123", Some("+447700900123")),
            ("0044 7700-900123", Some("+447700900123")),
            ("+353 20 910 1234", Some("+353209101234")),
            ("900123", None),
            ("07700 90", None),
            ("+44+7700900123", None),
        ] {
            assert_eq!(international(typed).as_deref(), wanted, "{typed}");
        }
    }

    #[test]
    fn welsh_letters_become_letters_that_a_text_message_has() {
        assert_eq!(plain("Tŷ Gŵyl – Siân’s café “Ł”"), "Ty Gwyl - Sian's café \"?\"");
        assert_eq!(length("a€^"), 5);
    }
}
