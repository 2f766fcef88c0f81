//! Codes of authenticator apps: RFC 6238 with HMAC-SHA-1, six digits and steps of 30 seconds, which is what every app can do.

use hmac::{Hmac, Mac};
use sha1::Sha1;

/// How long a code is shown, in seconds.
pub const STEP_SECONDS: i64 = 30;
/// How many steps a clock may be wrong, either way.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;

/// The number that an app shows at `step`, of `digits` digits (RFC 4226, 5.3).
fn number(secret: &[u8], step: i64, digits: u32) -> u32 {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0x0f);
    let bytes = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    u32::from_be_bytes(bytes) % 10_u32.pow(digits)
}

/// The code of `secret` at `seconds` since 1970.
pub fn code_at(secret: &[u8], seconds: i64) -> String {
    format!("{:06}", number(secret, seconds.div_euclid(STEP_SECONDS), 6))
}

/// The step whose code was typed, if it is a step about now and later than `last`, the last one that was taken.
pub fn step_of(secret: &[u8], typed: &str, seconds: i64, last: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() != DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let now = seconds.div_euclid(STEP_SECONDS);
    // Every step is looked at, so that the time it takes tells nothing.
    let found = (now - DRIFT..=now + DRIFT)
        .fold(None, |found, step| if number(secret, step, 6) == typed { Some(step) } else { found });
    found.filter(|step| *step > last)
}

/// The secret as apps have it typed: base 32 (RFC 4648) in groups of four.
pub fn typed_secret(secret: &[u8]) -> String {
    let letters = base32(secret);
    let groups: Vec<&str> =
        (0..letters.len()).step_by(4).map(|at| &letters[at..(at + 4).min(letters.len())]).collect();
    groups.join(" ")
}

/// What the QR code for an app says.
pub fn app_link(secret: &[u8], account: &str) -> String {
    let escaped: String = account
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'@' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect();
    format!("otpauth://totp/khi:{escaped}?secret={}&issuer=khi", base32(secret))
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1)).collect();
    bits.chunks(5)
        .map(|chunk| {
            let value = (0..5).fold(0, |value, i| value << 1 | chunk.get(i).copied().unwrap_or(0));
            char::from(ALPHABET[usize::from(value)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_numbers_are_those_of_rfc_6238() {
        for (seconds, expected) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000_i64, 65_353_130),
        ] {
            assert_eq!(number(SECRET, seconds / STEP_SECONDS, 8), expected, "{seconds}");
        }
        assert_eq!(code_at(SECRET, 1_111_111_109), "081804");
    }

    #[test]
    fn a_code_is_good_one_step_either_way_and_once() {
        let step = |typed: &str, at: i64, last: i64| step_of(SECRET, typed, at, last);
        let code = code_at(SECRET, 3000);
        for at in [2970, 3000, 3029, 3030, 3059] {
            assert_eq!(step(&code, at, 0), Some(100), "{at}");
        }
        assert_eq!(step(&code, 2969, 0), None);
        assert_eq!(step(&code, 3060, 0), None);
        assert_eq!(step(&code, 3000, 100), None, "it was used");
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(step(&spaced, 3000, 99), Some(100));
        for wrong in ["", "12345", "1234567", "abcdef", "+12345", "١٢٣٤٥٦"] {
            assert_eq!(step(wrong, 3000, 0), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_reads_the_secret() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(typed_secret(b"foobar"), "MZXW 6YTB OI");
        assert_eq!(
            app_link(b"foobar", "a+b@c.example"),
            "otpauth://totp/khi:a%2Bb@c.example?secret=MZXW6YTBOI&issuer=khi"
        );
    }
}
