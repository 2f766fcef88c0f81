//! Hashes of passwords and of other short secrets: argon2id with 46 MiB (ASVS 5.0, appendix C), a few at a time.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};

use crate::storage::StorageError;

/// Memory in KiB, passes and lanes.
const MEMORY: u32 = 46 * 1024;
const MEMORY_IN_TESTS: u32 = 64;
const PASSES: u32 = 1;
const LANES: u32 = 1;
/// How many are made at once: each takes 46 MiB, and strangers can ask for them.
const AT_ONCE: usize = 4;

/// A hash that no password has: checked when there is no such account, so that both take as long.
const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$VGhlcmVJc05vYm9keUhlcmU$qpSJ4dWYzsXu7WwfUzQ5rFhXXvnmZ1zRBW7kUVPbRu8";

/// What a password is to a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Another one.
    Wrong,
    /// The right one.
    Right,
    /// The right one, hashed with less than today's work.
    RightButWeak,
}

/// How much work a hash is.
#[derive(Debug, Clone, Copy)]
pub struct Passwords {
    /// KiB.
    memory: u32,
}

impl Passwords {
    /// As much work as stolen hashes need.
    pub fn strong() -> Self {
        Self { memory: MEMORY }
    }

    /// Hardly any: for tests, in which hundreds of made-up people sign in.
    pub fn quick() -> Self {
        Self { memory: MEMORY_IN_TESTS }
    }

    /// The hash of a password, with its own salt.
    pub fn hash(self, password: &str) -> Result<String, StorageError> {
        let _turn = Turn::wait();
        self.hasher()?.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(failed)
    }

    /// Compares a password with a stored hash; without one, in the same time.
    pub fn check(self, stored: Option<&str>, password: &str) -> Result<Match, StorageError> {
        let stored = stored.filter(|hash| !hash.is_empty());
        let hash = PasswordHash::new(stored.unwrap_or(NOBODY))
            .map_err(|e| StorageError::Corrupt(format!("password hash: {e}")))?;
        let _turn = Turn::wait();
        let right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some();
        let weak = Params::try_from(&hash).is_ok_and(|p| p.m_cost() < self.memory);
        Ok(match (right, weak) {
            (false, _) => Match::Wrong,
            (true, false) => Match::Right,
            (true, true) => Match::RightButWeak,
        })
    }

    /// A slow hash of a short secret that was made here.
    pub fn slow_hash(self, secret: &str, salt: &[u8]) -> Result<Vec<u8>, StorageError> {
        let _turn = Turn::wait();
        let mut hash = [0; 32];
        self.hasher()?.hash_password_into(secret.as_bytes(), salt, &mut hash).map_err(failed)?;
        Ok(hash.to_vec())
    }

    fn hasher(self) -> Result<Argon2<'static>, StorageError> {
        let params = Params::new(self.memory, PASSES, LANES, None).map_err(failed)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

fn failed(error: impl std::fmt::Display) -> StorageError {
    StorageError::Unavailable(format!("hashing: {error}"))
}

static FREE: Mutex<usize> = Mutex::new(AT_ONCE);
static FREED: Condvar = Condvar::new();

/// The right to use the memory for one hash.
struct Turn;

impl Turn {
    fn wait() -> Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = FREED.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *FREE.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        FREED.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_and_whether_it_is_weak() {
        let passwords = Passwords::strong();
        let check = |stored: Option<&str>, password| passwords.check(stored, password);
        let stored = passwords.hash("a long enough password").expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        assert_eq!(check(Some(&stored), "a long enough password").expect("checks"), Match::Right);
        assert_eq!(check(Some(&stored), "a long enough passworD").expect("checks"), Match::Wrong);
        for nothing in [None, Some("")] {
            assert_eq!(check(nothing, "").expect("checks"), Match::Wrong);
        }
        let weak = Argon2::default().hash_password(b"a long enough password").expect("a hash").to_string();
        assert_eq!(check(Some(&weak), "a long enough password").expect("checks"), Match::RightButWeak);
    }
}
