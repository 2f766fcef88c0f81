//! Keys with which other systems sign in, and secrets with which what they are told is signed.

use super::{ALPHABET, Secrets, base32, keyed, random};

/// What every key of another system begins with, so that programs which look for lost keys know one.
const KEY_PREFIX: &str = "khi_live_";

/// A new key of another system.
pub struct ServiceKey {
    /// The part that names it.
    pub id: String,
    /// All of it: shown once.
    pub key: String,
    /// What is stored of it.
    pub hash: Vec<u8>,
}

impl Secrets {
    /// A new key for another system: `khi_live_`, eight letters that name it, and 160 bits.
    pub fn new_service_key(&self) -> ServiceKey {
        let (id, secret) = (base32(&random::<5>()), base32(&random::<20>()));
        let key = format!("{KEY_PREFIX}{id}_{secret}");
        let hash = self.hash(&[b"service key", key.as_bytes()]);
        ServiceKey { id, key, hash }
    }

    /// The name and the keyed hash of a key made by [`Secrets::new_service_key`].
    pub fn read_service_key(&self, key: &str) -> Option<(String, Vec<u8>)> {
        let (id, secret) = key.strip_prefix(KEY_PREFIX)?.split_once('_')?;
        let sound = |text: &str, length| text.len() == length && text.bytes().all(|b| ALPHABET.contains(&b));
        (sound(id, 8) && sound(secret, 32))
            .then(|| (id.to_owned(), self.hash(&[b"service key", key.as_bytes()])))
    }

    /// What a scheme's webhook is signed with; another one for each generation. Nothing of it is stored.
    pub fn webhook_secret(&self, scheme_number: i64, generation: i64) -> [u8; 32] {
        keyed(&self.webhooks, &[&scheme_number.to_be_bytes(), &generation.to_be_bytes()])
    }
}
