//! Sealing: words that only whoever has the key can read, bound to the place in the database where they stand. Pure, but for nonces.
//!
//! XChaCha20-Poly1305 with a random nonce of 24 bytes. What is sealed can be opened in its own place only: table, column, scheme, row,
//! part and generation of the key are authenticated with it. So a value that is changed, or moved to another row, is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

use crate::secrets::random;

/// How every sealed text begins; the generation of its key and what is sealed follow.
const MARK: &str = "sealed:1:";
const NONCE: usize = 24;

/// What is sealed in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The whole value.
    Whole,
    /// The words among the answers of its JSON; the rest stays as it is.
    Words,
}

/// A column with sealed values. `storage::sealed_columns` lists them all; re-sealing and binding follow from the list.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub name: &'static str,
    /// SQL for the scheme's number; 0 stands for the national body.
    pub scheme: &'static str,
    /// SQL for what names the row within its scheme, as texts: at most two.
    pub keys: &'static [&'static str],
    /// What is sealed.
    pub kind: Kind,
}

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The column.
    pub column: &'static Column,
    /// The scheme's number; 0 for the national body.
    pub scheme: i64,
    /// What names the row within its scheme: its keys, with `/` between them.
    pub row: &'a str,
    /// The part of the value: the item whose answer it is, or nothing.
    pub part: &'a str,
}

impl Place<'_> {
    fn bound_to(&self, generation: i64) -> Vec<u8> {
        bound(&[
            self.column.table.as_bytes(),
            self.column.name.as_bytes(),
            &self.scheme.to_be_bytes(),
            self.row.as_bytes(),
            self.part.as_bytes(),
            &generation.to_be_bytes(),
        ])
    }
}

/// Parts as one, with the length before each, so that ("a", "bc") and ("ab", "c") differ.
fn bound(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes(), *part].concat()).collect()
}

/// Why a sealed value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Its key was destroyed, so that nobody can read it again.
    #[error("its key was destroyed")]
    Destroyed,
    /// It is not what was sealed in this place: changed, or moved here from elsewhere.
    #[error("it is not what was sealed in this place")]
    Changed,
    /// The secret file is not the one with which the keys of this database were wrapped.
    #[error("the keys of this database were wrapped with another secret file")]
    WrongSecret,
}

/// A sealed text, as it is stored. Made only by [`Key::seal`] and by reading storage.
#[derive(Debug, Clone, PartialEq, Eq, FromSqlRow, AsExpression)]
#[diesel(sql_type = Text)]
pub struct Sealed(String);

impl<DB: Backend> FromSql<Text, DB> for Sealed
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(bytes).map(Self)
    }
}

impl<DB: Backend> ToSql<Text, DB> for Sealed
where
    String: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl Sealed {
    /// What was read from storage. Whether it is sealed is found when it is opened.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is stored.
    pub fn into_text(self) -> String {
        self.0
    }

    /// The generation of its key; none, if it is no sealed text.
    pub fn generation(&self) -> Option<i64> {
        self.parts().map(|(generation, _)| generation)
    }

    fn parts(&self) -> Option<(i64, &str)> {
        let (generation, code) = self.0.strip_prefix(MARK)?.split_once(':')?;
        Some((generation.parse().ok()?, code))
    }
}

/// A key of 256 bits.
#[derive(Clone)]
pub struct Key(XChaCha20Poly1305);

impl Key {
    /// The key of these bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(bytes.into()))
    }

    /// Seals words for `place`, as the key of this generation.
    pub fn seal(&self, place: &Place<'_>, generation: i64, words: &str) -> Sealed {
        let code = URL_SAFE_NO_PAD.encode(self.encrypt(&place.bound_to(generation), words.as_bytes()));
        Sealed(format!("{MARK}{generation}:{code}"))
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    ///
    /// [`Unreadable::Changed`], if it was not sealed there by this key.
    pub fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Result<String, Unreadable> {
        let (generation, code) = sealed.parts().ok_or(Unreadable::Changed)?;
        let bytes = URL_SAFE_NO_PAD.decode(code).map_err(|_| Unreadable::Changed)?;
        let words = self.decrypt(&place.bound_to(generation), &bytes).ok_or(Unreadable::Changed)?;
        String::from_utf8(words).map_err(|_| Unreadable::Changed)
    }

    /// Wraps a data key of a scheme and generation.
    pub fn wrap(&self, scheme: i64, generation: i64, data_key: &[u8; 32]) -> Vec<u8> {
        self.encrypt(&wrapped_for(scheme, generation), data_key)
    }

    /// Unwraps it; nothing, if this key did not wrap it for this scheme and generation.
    pub fn unwrap(&self, scheme: i64, generation: i64, wrapped: &[u8]) -> Option<[u8; 32]> {
        self.decrypt(&wrapped_for(scheme, generation), wrapped)?.try_into().ok()
    }

    fn encrypt(&self, bound_to: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = random();
        #[expect(clippy::expect_used, reason = "only texts of many gigabytes are too long to be sealed")]
        let sealed = self
            .0
            .encrypt(<&XNonce>::from(&nonce), Payload { msg: plain, aad: bound_to })
            .expect("short enough");
        [&nonce[..], &sealed].concat()
    }

    fn decrypt(&self, bound_to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.0.decrypt(<&XNonce>::from(&nonce), Payload { msg: sealed, aad: bound_to }).ok()
    }
}

fn wrapped_for(scheme: i64, generation: i64) -> Vec<u8> {
    bound(&[b"data key", &scheme.to_be_bytes(), &generation.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Column =
        Column { table: "one", name: "body", scheme: "scheme_number", keys: &["id"], kind: Kind::Whole };
    static FIRST: Column = ONE;
    static OTHER_TABLE: Column = Column { table: "two", ..ONE };
    static OTHER_COLUMN: Column = Column { name: "words", ..ONE };

    fn place<'a>(column: &'static Column, scheme: i64, row: &'a str, part: &'a str) -> Place<'a> {
        Place { column, scheme, row, part }
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_and_in_no_other() {
        let key = Key::new(&[7; 32]);
        let here = place(&FIRST, 3, "row", "item");
        let sealed = key.seal(&here, 2, "Wörter, mine");
        assert!(!sealed.0.contains("mine"));
        assert_ne!(key.seal(&here, 2, "Wörter, mine"), sealed, "a new nonce each time");
        assert_eq!((sealed.generation(), key.open(&here, &sealed)), (Some(2), Ok("Wörter, mine".into())));
        for elsewhere in [
            place(&OTHER_TABLE, 3, "row", "item"),
            place(&OTHER_COLUMN, 3, "row", "item"),
            place(&FIRST, 4, "row", "item"),
            place(&FIRST, 3, "rowi", "tem"),
            place(&FIRST, 3, "row2", "item"),
            place(&FIRST, 3, "row", "other"),
        ] {
            assert_eq!(key.open(&elsewhere, &sealed), Err(Unreadable::Changed), "{elsewhere:?}");
        }
        assert_eq!(Key::new(&[8; 32]).open(&here, &sealed), Err(Unreadable::Changed), "another key");
        let generation = Sealed(sealed.0.replacen(":2:", ":3:", 1));
        assert_eq!(key.open(&here, &generation), Err(Unreadable::Changed), "another generation");
    }

    #[test]
    fn a_flip_of_any_bit_is_refused() {
        let key = Key::new(&[7; 32]);
        let here = place(&FIRST, 3, "row", "");
        let Sealed(text) = key.seal(&here, 1, "words");
        let (head, code) = text.rsplit_once(':').expect("sealed");
        let bytes = URL_SAFE_NO_PAD.decode(code).expect("base64");
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let changed = Sealed(format!("{head}:{}", URL_SAFE_NO_PAD.encode(flipped)));
            assert_eq!(key.open(&here, &changed), Err(Unreadable::Changed), "bit {bit}");
        }
        for broken in ["", "words", "sealed:1:", "sealed:1:1:", "sealed:1:x:AAAA", "sealed:1:1:!"] {
            assert_eq!(key.open(&here, &Sealed(broken.into())), Err(Unreadable::Changed), "{broken:?}");
        }
    }

    #[test]
    fn a_data_key_is_wrapped_for_its_scheme_and_generation() {
        let (key, data_key) = (Key::new(&[7; 32]), random());
        let wrapped = key.wrap(1, 2, &data_key);
        assert_eq!(key.unwrap(1, 2, &wrapped), Some(data_key));
        assert!(key.unwrap(2, 2, &wrapped).is_none() && key.unwrap(1, 1, &wrapped).is_none());
        assert!(Key::new(&[8; 32]).unwrap(1, 2, &wrapped).is_none());
    }
}
