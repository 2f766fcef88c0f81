//! The secret file and what is derived from it; ids and receipts.
//!
//! Its first line holds 32 random bytes. Each use has its own key: HMAC-SHA256 of the use's name. Losing the file ends all sessions
//! and makes receipts, pseudonyms and everything that is sealed unreadable; it belongs in the backup, apart from the database.
//! Further lines `wrapping HEX` hold further keys that wrap the data keys (see `vault`); the last one wraps what is new.

mod codes;
mod ids;
mod other_systems;

pub use codes::{parse_public_id, public_id};
pub use ids::Ids;
pub use other_systems::ServiceKey;

use std::io::Write;
use std::path::{Path, PathBuf};

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use ed25519_dalek::{SigningKey, VerifyingKey};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use codes::{ALPHABET, as_made, base32, parse_short_number, read_typed, short_number};

use crate::sealed::Key;

/// A key that wraps data keys.
#[derive(Clone)]
pub struct WrappingKey {
    /// Its name, kept beside what it wraps; it tells nothing of the key.
    pub id: String,
    /// The key.
    pub key: Key,
}

/// Keys derived from the secret file.
#[derive(Clone)]
pub struct Secrets {
    hashing: [u8; 32],
    receipts: [u8; 32],
    pseudonyms: [u8; 32],
    ways_in: [u8; 32],
    tasks: [u8; 32],
    webhooks: [u8; 32],
    tokens: [u8; 32],
    accounts: [u8; 32],
    sealing: [u8; 32],
    audit: [u8; 32],
    wrapping: Vec<WrappingKey>,
    file: Option<PathBuf>,
}

/// How a line with a further wrapping key begins.
const WRAPPING: &str = "wrapping ";

impl Secrets {
    /// Reads the file, or makes it with mode 0600. A file that others can read is refused.
    pub fn load(path: &Path) -> Result<Self, String> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                check_mode(path)?;
                let keys = Self::parse(&text)
                    .ok_or_else(|| format!("{}: this is not a khi secret file", path.display()))?;
                Ok(Self { file: Some(path.to_owned()), ..keys })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let bytes: [u8; 32] = random();
                let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
                write_private(path, &format!("{hex}\n")).map_err(|e| format!("{}: {e}", path.display()))?;
                tracing::info!(path = %path.display(), "secret file made; keep a copy apart from the database");
                Ok(Self { file: Some(path.to_owned()), ..Self::derive(&bytes) })
            }
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut keys = Self::derive(&from_hex(lines.next()?)?);
        for line in lines {
            keys.wrapping.push(wrapping_key(&from_hex(line.strip_prefix(WRAPPING)?.trim())?));
        }
        Some(keys)
    }

    /// The keys that wrap data keys, the oldest first; the last one wraps what is new.
    pub fn wrapping_keys(&self) -> &[WrappingKey] {
        &self.wrapping
    }

    /// The wrapping keys as the file has them by now.
    pub fn wrapping_keys_now(&self) -> Result<Vec<WrappingKey>, String> {
        match &self.file {
            Some(path) => Self::load(path).map(|keys| keys.wrapping),
            None => Ok(self.wrapping.clone()),
        }
    }

    /// Adds a new wrapping key to the file, and gives those that it has then.
    ///
    /// # Errors
    ///
    /// If these keys come from no file, or it cannot be written.
    pub fn add_wrapping_key(&self) -> Result<Vec<WrappingKey>, String> {
        let path = self.file.as_ref().ok_or("these keys come from no file")?;
        let hex: String = random::<32>().iter().map(|b| format!("{b:02x}")).collect();
        let append = || {
            let mut file = std::fs::OpenOptions::new().append(true).open(path)?;
            file.write_all(format!("{WRAPPING}{hex}\n").as_bytes())?;
            file.sync_all()
        };
        append().map_err(|e| format!("{}: {e}", path.display()))?;
        self.wrapping_keys_now()
    }

    /// Derives the keys.
    pub fn derive(secret: &[u8; 32]) -> Self {
        let key = |name: &str| keyed(secret, &[name.as_bytes()]);
        Self {
            hashing: key("hashing"),
            receipts: key("receipts"),
            pseudonyms: key("pseudonyms"),
            ways_in: key("ways in"),
            tasks: key("tasks"),
            webhooks: key("webhooks"),
            audit: key("audit"),
            wrapping: vec![wrapping_key(secret)],
            file: None,
            tokens: key("tokens"),
            accounts: key("accounts"),
            sealing: key("sealing of second factors"),
        }
    }

    /// Tells whether two secret files are the same, without telling either: 128 bits in hex.
    pub fn check(&self) -> String {
        self.hash(&[b"key check"]).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A keyed hash of `parts`, 16 bytes.
    pub fn hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        keyed(&self.hashing, parts)[..16].to_vec()
    }

    /// The receipt of a response, always the same for the same response: `SCHEME-XXXX-XXXX-XXXX-XXXX`.
    pub fn receipt(&self, scheme_number: i64, response_id: &str) -> String {
        let code =
            base32(&keyed(&self.receipts, &[&scheme_number.to_be_bytes(), response_id.as_bytes()])[..10]);
        let groups: Vec<&str> = (0..4).map(|i| &code[i * 4..i * 4 + 4]).collect();
        format!("{}-{}", short_number(scheme_number), groups.join("-"))
    }

    /// The scheme's number and the keyed hash of a receipt as a person typed it: case, spaces and look-alike letters do not matter.
    pub fn read_receipt(&self, typed: &str) -> Option<(i64, Vec<u8>)> {
        let (number, code) = read_typed(typed, &[16])?;
        Some((number, self.hash(&[b"receipt", code.as_bytes()])))
    }

    /// The keyed hash of a receipt made here.
    pub fn receipt_hash(&self, receipt: &str) -> Vec<u8> {
        self.read_receipt(receipt).map(|(_, hash)| hash).unwrap_or_default()
    }

    /// The part of a link that lets a person in: 128 bits, always the same for the same invitation, so that only its hash is stored.
    pub fn link_code(&self, scheme_number: i64, target: &str) -> String {
        let bytes = keyed(&self.ways_in, &[b"link", &scheme_number.to_be_bytes(), target.as_bytes()]);
        format!("{}-{}", short_number(scheme_number), base32(&bytes[..16]))
    }

    /// A code to be typed, of 50 bits: `SCHEME-XXXXX-XXXXX`.
    pub fn typed_code(&self, scheme_number: i64, target: &str) -> String {
        let bytes = keyed(&self.ways_in, &[b"code", &scheme_number.to_be_bytes(), target.as_bytes()]);
        let code = base32(&bytes[..7]);
        format!("{}-{}-{}", short_number(scheme_number), &code[..5], &code[5..10])
    }

    /// The scheme's number and the keyed hash of a link's code or a typed one, however it is typed.
    pub fn read_way_in(&self, typed: &str) -> Option<(i64, Vec<u8>)> {
        let (number, code) = read_typed(typed, &[10, 26])?;
        Some((number, self.hash(&[b"way in", code.as_bytes()])))
    }

    /// A token for a browser that goes on with a draft of this scheme, and its keyed hash.
    pub fn new_sitting(&self, scheme_number: i64) -> (String, Vec<u8>) {
        let code = base32(&random::<16>());
        let hash = self.hash(&[b"sitting", code.as_bytes()]);
        (format!("{}-{code}", short_number(scheme_number)), hash)
    }

    /// A token for a browser in which a member of staff is signed in, and its keyed hash.
    pub fn new_staff_session(&self) -> (String, Vec<u8>) {
        let token = base32(&random::<16>());
        let hash = self.read_staff_session(&token);
        (token, hash)
    }

    /// The keyed hash of a token made by [`Secrets::new_staff_session`].
    pub fn read_staff_session(&self, token: &str) -> Vec<u8> {
        self.hash(&[b"staff session", token.as_bytes()])
    }

    /// The key that signs tokens of this generation.
    pub fn token_key(&self, generation: i64) -> [u8; 32] {
        keyed(&self.tokens, &[&generation.to_be_bytes()])
    }

    /// The part of a link that sets an account's password: the link's id, and 128 bits that only this secret makes of it.
    pub fn account_code(&self, link_id: &str) -> String {
        format!("{link_id}-{}", base32(&keyed(&self.accounts, &[b"link", link_id.as_bytes()])[..16]))
    }

    /// The link's id of a code made by [`Secrets::account_code`].
    pub fn read_account_code(&self, code: &str) -> Option<String> {
        let (id, _) = code.split_once('-')?;
        // Compared as keyed hashes, so that the time it takes tells nothing.
        let hash = |code: &str| self.hash(&[b"account link", code.as_bytes()]);
        (hash(code) == hash(&self.account_code(id))).then(|| id.to_owned())
    }

    /// The secret of 160 bits that an authenticator app is offered in this session. Looking at it stores nothing.
    pub fn offered_factor(&self, session_token_hash: &[u8]) -> Vec<u8> {
        keyed(&self.accounts, &[b"second factor", session_token_hash])[..20].to_vec()
    }

    /// A recovery code of 50 bits: `XXXXX-XXXXX`.
    pub fn new_recovery_code() -> String {
        let code = base32(&random::<7>());
        format!("{}-{}", &code[..5], &code[5..10])
    }

    /// A recovery code however it was typed, as [`Secrets::new_recovery_code`] makes it.
    pub fn read_recovery_code(typed: &str) -> Option<String> {
        let code = as_made(typed)?;
        (code.len() == 10).then(|| format!("{}-{}", &code[..5], &code[5..]))
    }

    /// Seals `plain`; it can be opened for `place` only.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = random::<24>();
        #[expect(clippy::expect_used, reason = "sealing fails for gigabytes only")]
        let sealed = XChaCha20Poly1305::new(&self.sealing.into())
            .encrypt(&nonce.into(), Payload { msg: plain, aad: place.as_bytes() })
            .expect("short");
        [&nonce[..], &sealed].concat()
    }

    /// What was sealed for `place`, if nobody has changed or moved it.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        XChaCha20Poly1305::new(&self.sealing.into())
            .decrypt(&(*nonce).into(), Payload { msg: sealed, aad: place.as_bytes() })
            .ok()
    }

    /// The scheme's number and the keyed hash of a token made by [`Secrets::new_sitting`].
    pub fn read_sitting(&self, token: &str) -> Option<(i64, Vec<u8>)> {
        let (number, code) = token.split_once('-')?;
        let sound = code.len() == 26 && code.bytes().all(|b| ALPHABET.contains(&b));
        sound.then_some((parse_short_number(number)?, self.hash(&[b"sitting", code.as_bytes()])))
    }

    /// The part of a link that lets whoever was told of a task at `step` acknowledge it: the task's name, and 128 bits that only
    /// this secret makes of it. Nothing of it is stored.
    pub fn task_code(&self, scheme_number: i64, task_id: &str, step: i64) -> String {
        let bytes =
            keyed(&self.tasks, &[&scheme_number.to_be_bytes(), task_id.as_bytes(), &step.to_be_bytes()]);
        format!("{}-{step}-{}", public_id(scheme_number, task_id), base32(&bytes[..16]))
    }

    /// Scheme number, task and step of a code made by [`Secrets::task_code`].
    pub fn read_task_code(&self, code: &str) -> Option<(i64, String, i64)> {
        let (name, rest) =
            code.char_indices().filter(|(_, c)| *c == '-').nth(1).map(|(at, _)| code.split_at(at))?;
        let (number, id) = parse_public_id(name)?;
        let step: i64 = rest.split('-').nth(1)?.parse().ok()?;
        // Compared as keyed hashes, so that the time it takes tells nothing.
        let hash = |code: &str| self.hash(&[b"task", code.as_bytes()]);
        (hash(code) == hash(&self.task_code(number, &id, step))).then_some((number, id, step))
    }

    /// The key that signs the heads of the audit log.
    pub fn audit_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.audit)
    }

    /// A participant's pseudonym for readers outside the scheme.
    pub fn pseudonym(&self, scheme_number: i64, reference: &str) -> String {
        base32(&keyed(&self.pseudonyms, &[&scheme_number.to_be_bytes(), reference.as_bytes()])[..10])
    }
}

/// A public key of signed heads, as `khi audit sign` prints it.
pub fn read_audit_key(hex: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&from_hex(hex)?).ok()
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without randomness nothing here is safe to do")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in parts {
        // The length before each part, so that ("a", "bc") and ("ab", "c") differ.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn wrapping_key(secret: &[u8; 32]) -> WrappingKey {
    let id = keyed(secret, &[b"name of wrapping key"]);
    WrappingKey { id: base32(&id[..10]), key: Key::new(&keyed(secret, &[b"wrapping"])) }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    (text.len() == 64).then_some(())?;
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|e| e.to_string())?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(format!(
            "{}: others can read this secret file; run: chmod 600 {}",
            path.display(),
            path.display()
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), String> {
    Ok(())
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::ids::id_from;
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_receipt_is_read_however_it_is_typed() {
        let secrets = Secrets::derive(&[7; 32]);
        let receipt = secrets.receipt(1234, "01HZZZZZZZZZZZZZZZZZZZZZZZ");
        let read = secrets.read_receipt(&receipt).expect("reads");
        assert_eq!(read, (1234, secrets.receipt_hash(&receipt)));
        assert_eq!(
            secrets.read_receipt(&receipt.to_lowercase().replace('0', "o").replace('1', "l")),
            Some(read)
        );
        assert!(secrets.read_receipt("16J-AAAA").is_none() && secrets.read_receipt("").is_none());
    }

    #[test]
    fn a_way_in_is_read_wherever_its_spaces_and_dashes_stand() {
        let secrets = Secrets::derive(&[7; 32]);
        for number in [0, 1, 31, 32, 1234, 32_i64.pow(9)] {
            for way in [secrets.link_code(number, "invitation"), secrets.typed_code(number, "invitation")] {
                let read = secrets.read_way_in(&way).expect("reads");
                assert_eq!(read.0, number);
                for typed in [
                    way.replace('-', ""),
                    way.replace('-', " – "),
                    format!("\u{a0}{}\t", way.to_lowercase().replace('-', "—")),
                    way.chars().flat_map(|c| [c, ' ']).collect(),
                ] {
                    assert_eq!(secrets.read_way_in(&typed), Some(read.clone()), "{typed}");
                }
                for wrong in [&way[1..], &way[..way.len() - 1], &format!("{way}U"), &format!("{way}?")] {
                    assert_ne!(secrets.read_way_in(wrong), Some(read.clone()), "{wrong}");
                }
            }
        }
        assert!(secrets.read_way_in("").is_none() && secrets.read_way_in("-").is_none());
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_unchanged_only() {
        let secrets = Secrets::derive(&[7; 32]);
        let sealed = secrets.seal("here", b"a secret");
        assert_ne!(sealed, secrets.seal("here", b"a secret"), "each time anew");
        assert_eq!(secrets.open("here", &sealed).as_deref(), Some(&b"a secret"[..]));
        assert_eq!(secrets.open("there", &sealed), None);
        assert_eq!(Secrets::derive(&[8; 32]).open("here", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(secrets.open("here", &changed), None, "{at}");
        }
    }

    #[test]
    fn an_accounts_link_cannot_be_made_up_and_a_recovery_code_is_read_however_it_is_typed() {
        let secrets = Secrets::derive(&[7; 32]);
        let code = secrets.account_code("06FABC");
        assert_eq!(secrets.read_account_code(&code).as_deref(), Some("06FABC"));
        for wrong in
            [code.replace("06FABC", "06FABD"), code[..code.len() - 1].to_owned(), String::new(), "-".into()]
        {
            assert_eq!(secrets.read_account_code(&wrong), None, "{wrong}");
        }
        let code = Secrets::new_recovery_code();
        for typed in
            [code.clone(), code.to_lowercase().replace('-', ""), format!(" {} ", code.replace('0', "o"))]
        {
            assert_eq!(Secrets::read_recovery_code(&typed), Some(code.clone()), "{typed}");
        }
        assert_eq!(Secrets::read_recovery_code("123456"), None);
    }

    #[test]
    fn a_tasks_code_names_it_and_no_other_code_does() {
        let secrets = Secrets::derive(&[7; 32]);
        let id = Ids::Random.new_id(DateTime::UNIX_EPOCH);
        let code = secrets.task_code(1234, &id, 2);
        assert_eq!(secrets.read_task_code(&code), Some((1234, id.clone(), 2)));
        let other = |code: &str| secrets.read_task_code(code);
        assert!(other(&code.replace("-2-", "-1-")).is_none(), "another step");
        assert!(other(&code.replacen(&short_number(1234), "16K", 1)).is_none(), "another scheme");
        assert!(
            other(&code[..code.len() - 1]).is_none() && other("").is_none() && other("1-2-3-4").is_none()
        );
        assert!(Secrets::derive(&[8; 32]).read_task_code(&code).is_none(), "another secret");
        assert_eq!(code.rsplit('-').next().map(str::len), Some(26), "128 bits");
    }

    #[test]
    fn a_secret_file_of_one_line_is_read_and_takes_further_wrapping_keys() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("khi.secret");
        write_private(&path, &format!("{}\n", "07".repeat(32))).expect("written");
        let old = Secrets::load(&path).expect("the oldest form");
        let names = |keys: &[WrappingKey]| keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>();
        assert_eq!(names(old.wrapping_keys()), names(Secrets::derive(&[7; 32]).wrapping_keys()));
        let added = old.add_wrapping_key().expect("added");
        assert_eq!((added.len(), &added[0].id), (2, &old.wrapping_keys()[0].id));
        let new = Secrets::load(&path).expect("two lines");
        assert_eq!(names(new.wrapping_keys()), names(&added));
        assert_eq!(names(&old.wrapping_keys_now().expect("read again")), names(&added));
        assert_eq!(new.receipt(1, "x"), old.receipt(1, "x"), "nothing else changes");
        for wrong in ["", "07", "wrapping 07", "x", &format!("{0}\n{0}", "07".repeat(32))] {
            assert!(Secrets::parse(wrong).is_none(), "{wrong}");
        }
        assert!(Secrets::derive(&[7; 32]).add_wrapping_key().is_err(), "from no file");
    }

    #[test]
    fn ids_sort_by_time_and_carry_the_scheme() {
        let at = |ms| DateTime::from_timestamp_millis(ms).expect("time");
        assert!(id_from(at(1_000_000), [255; 10]) < id_from(at(1_000_001), [0; 10]));
        let public = public_id(77, &Ids::Random.new_id(at(5)));
        let (number, id) = parse_public_id(&public).expect("parses");
        assert_eq!((number, public_id(number, &id)), (77, public.clone()));
        assert!(parse_public_id("77").is_none());
    }
}
