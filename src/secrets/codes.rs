//! How numbers, keys and ids are written so that people can read, say and type them, and how they are read again.

/// The scheme's number and the code of what a person typed: case, spaces, dashes and look-alike letters do not matter, wherever
/// they stand. What precedes a code of one of these `lengths` is the number, of at most [`LONGEST_NUMBER`] digits.
pub(super) fn read_typed(typed: &str, lengths: &[usize]) -> Option<(i64, String)> {
    let plain = as_made(typed)?;
    let digits = lengths.iter().filter_map(|length| plain.len().checked_sub(*length));
    let digits = digits.into_iter().find(|digits| (1..=LONGEST_NUMBER).contains(digits))?;
    let (number, code) = plain.split_at(digits);
    Some((parse_short_number(number)?, code.to_owned()))
}

/// What a person typed, as codes are made here: without spaces and dashes, look-alike letters read as what they stand for.
pub(super) fn as_made(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !DASHES.contains(c))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    plain.bytes().all(|b| ALPHABET.contains(&b)).then_some(plain)
}

/// A response's id for callers: the scheme's short number, then its own id.
pub fn public_id(scheme_number: i64, id: &str) -> String {
    format!("{}-{id}", short_number(scheme_number))
}

/// Scheme number and own id of a public id.
pub fn parse_public_id(text: &str) -> Option<(i64, String)> {
    let (number, id) = text.split_once('-')?;
    (id.len() == 26 && id.bytes().all(|b| ALPHABET.contains(&b))).then_some(())?;
    Some((parse_short_number(number)?, id.to_owned()))
}

/// The most digits of a scheme's number. Codes of 10 and of 26 letters stay apart, whatever number is before them.
pub(super) const LONGEST_NUMBER: usize = 10;

/// What people and their keyboards put between groups: hyphens, dashes, the minus sign.
pub(super) const DASHES: [char; 7] =
    ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];

/// Crockford's alphabet: no I, L, O, U.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(ALPHABET[(held >> bits & 31) as usize] as char);
        }
    }
    if bits > 0 {
        text.push(ALPHABET[(held << (5 - bits) & 31) as usize] as char);
    }
    text
}

pub(super) fn short_number(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(ALPHABET[(rest % 32) as usize]);
        rest /= 32;
        if rest == 0 {
            break;
        }
    }
    digits.iter().rev().map(|b| *b as char).collect()
}

pub(super) fn parse_short_number(text: &str) -> Option<i64> {
    (1..=LONGEST_NUMBER).contains(&text.len()).then_some(())?;
    text.bytes().try_fold(0i64, |number, b| {
        let digit = i64::try_from(ALPHABET.iter().position(|a| *a == b)?).ok()?;
        Some(number * 32 + digit)
    })
}
