//! The vault: seals and opens names and people's own words with the data keys of their scheme.
//!
//! Each scheme has keys of its own, random, wrapped with a key of the secret file; scheme 0 is the national body. They are unwrapped once
//! and kept in memory, so that sealing and opening ask no database. When a rotation in another process makes a new generation, the
//! directory's version moves and the keys are read again; a value that comes sooner has its generation looked up, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::clock::{Clock, stored_now};
use crate::sealed::{Key, Place, Sealed, Unreadable};
use crate::secrets::{Secrets, WrappingKey, random};
use crate::storage::data_keys::{self, DataKeyRow};
use crate::storage::{StorageError, Store, schemes};

/// The number that stands for the national body, where a scheme's stands otherwise.
pub const NATIONAL: i64 = 0;

/// The keys of one scheme, by generation; none = destroyed.
type Ring = BTreeMap<i64, Option<Key>>;

/// Data keys in memory.
pub struct Vault {
    store: Store,
    clock: Arc<dyn Clock>,
    secrets: Secrets,
    wrapping: RwLock<Vec<WrappingKey>>,
    rings: RwLock<BTreeMap<i64, Ring>>,
    /// Generations that were looked up and are not there.
    unknown: Mutex<BTreeSet<(i64, i64)>>,
}

impl Vault {
    /// Reads the keys of every scheme, and makes those that are missing.
    ///
    /// # Errors
    ///
    /// [`Unreadable::WrongSecret`], if a key cannot be unwrapped with this secret file.
    pub fn open_up(
        store: &Store,
        clock: Arc<dyn Clock>,
        secrets: &Secrets,
    ) -> Result<Arc<Self>, StorageError> {
        let vault = Self {
            store: store.clone(),
            clock,
            secrets: secrets.clone(),
            wrapping: RwLock::new(secrets.wrapping_keys().to_vec()),
            rings: RwLock::default(),
            unknown: Mutex::default(),
        };
        let numbers = store.read(schemes::numbers)?;
        if vault.refresh(numbers)? > 0 {
            return Err(StorageError::Sealed("data_keys", Unreadable::WrongSecret));
        }
        Ok(Arc::new(vault))
    }

    /// Reads the keys again, and makes one for each of these schemes that has none; says how many cannot be unwrapped.
    /// Not inside a transaction.
    pub fn refresh(&self, schemes: impl IntoIterator<Item = i64>) -> Result<usize, StorageError> {
        let mut rows = self.store.read(data_keys::all)?;
        let missing = self.missing(&rows, schemes);
        if !missing.is_empty() {
            self.store.write(|db| data_keys::insert(db, &missing))?;
            rows = self.store.read(data_keys::all)?;
        }
        let mut found = Vec::with_capacity(rows.len());
        let mut locked = 0;
        for row in &rows {
            let key = match &row.wrapped {
                None => None,
                Some(_) => match self.known(row).or_else(|| self.unwrap(row)) {
                    Some(key) => Some(key),
                    None => {
                        locked += 1;
                        continue;
                    }
                },
            };
            found.push((row.scheme_number, row.generation, key));
        }
        self.keep(found);
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(locked)
    }

    /// New keys for those of `schemes`, and for the national body, that have none to seal with.
    fn missing(&self, rows: &[DataKeyRow], schemes: impl IntoIterator<Item = i64>) -> Vec<DataKeyRow> {
        let live: BTreeSet<i64> =
            rows.iter().filter(|row| row.wrapped.is_some()).map(|row| row.scheme_number).collect();
        let wanted: BTreeSet<i64> = schemes.into_iter().chain([NATIONAL]).collect();
        wanted.difference(&live).map(|number| self.next_key(rows, *number)).collect()
    }

    /// A new key for a scheme, of the generation after those in `rows`.
    pub fn next_key(&self, rows: &[DataKeyRow], scheme: i64) -> DataKeyRow {
        let generations = rows.iter().filter(|row| row.scheme_number == scheme).map(|row| row.generation);
        let generation = generations.max().unwrap_or(0) + 1;
        let (wrapping_key, wrapped) = self.wrap(scheme, generation, &random());
        let created_at = stored_now(&*self.clock);
        DataKeyRow { scheme_number: scheme, generation, wrapping_key, wrapped: Some(wrapped), created_at }
    }

    fn wrap(&self, scheme: i64, generation: i64, bytes: &[u8; 32]) -> (String, Vec<u8>) {
        let held = self.wrapping.read().unwrap_or_else(PoisonError::into_inner);
        let newest = held.last().or(self.secrets.wrapping_keys().last());
        #[expect(clippy::expect_used, reason = "a secret file has at least one line, and each line a key")]
        let newest = newest.expect("a wrapping key");
        (newest.id.clone(), newest.key.wrap(scheme, generation, bytes))
    }

    /// The key that is kept already.
    fn known(&self, row: &DataKeyRow) -> Option<Key> {
        let rings = self.rings.read().unwrap_or_else(PoisonError::into_inner);
        rings.get(&row.scheme_number)?.get(&row.generation)?.clone()
    }

    fn unwrap(&self, row: &DataKeyRow) -> Option<Key> {
        self.unwrap_bytes(row).map(|bytes| Key::new(&bytes))
    }

    /// Unwraps a key. If it was wrapped with a key that this process does not know, the secret file is read again.
    fn unwrap_bytes(&self, row: &DataKeyRow) -> Option<[u8; 32]> {
        let wrapped = row.wrapped.as_deref()?;
        let try_all = || {
            let held = self.wrapping.read().unwrap_or_else(PoisonError::into_inner);
            let named = held.iter().find(|key| key.id == row.wrapping_key)?;
            named.key.unwrap(row.scheme_number, row.generation, wrapped)
        };
        if let Some(bytes) = try_all() {
            return Some(bytes);
        }
        match self.secrets.wrapping_keys_now() {
            Ok(keys) => *self.wrapping.write().unwrap_or_else(PoisonError::into_inner) = keys,
            Err(error) => tracing::error!(%error, "the secret file could not be read again"),
        }
        let bytes = try_all();
        if bytes.is_none() {
            tracing::error!(
                scheme_number = row.scheme_number,
                generation = row.generation,
                wrapping_key = %row.wrapping_key,
                "a data key cannot be unwrapped with this secret file"
            );
        }
        bytes
    }

    /// Wraps every data key with the newest key of the secret file; says how many were wrapped with another one.
    pub fn rewrap(&self, keys: Vec<WrappingKey>) -> Result<usize, StorageError> {
        *self.wrapping.write().unwrap_or_else(PoisonError::into_inner) = keys;
        let mut count = 0;
        for row in self.store.read(data_keys::all)?.iter().filter(|row| row.wrapped.is_some()) {
            let bytes = self.unwrap_bytes(row);
            let bytes = bytes.ok_or(StorageError::Sealed("data_keys", Unreadable::WrongSecret))?;
            let (wrapping_key, wrapped) = self.wrap(row.scheme_number, row.generation, &bytes);
            if wrapping_key != row.wrapping_key {
                self.store.write(|db| data_keys::rewrap(db, row, &wrapping_key, wrapped.clone()))?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// The generation with which a scheme seals now.
    pub fn generation(&self, scheme: i64) -> Result<i64, StorageError> {
        self.newest(scheme).map(|(generation, _)| generation)
    }

    fn newest(&self, scheme: i64) -> Result<(i64, Key), StorageError> {
        let rings = self.rings.read().unwrap_or_else(PoisonError::into_inner);
        let newest = rings
            .get(&scheme)
            .and_then(|ring| ring.iter().rev().find_map(|(at, key)| Some((*at, key.clone()?))));
        newest.ok_or_else(|| StorageError::Unavailable(format!("scheme {scheme} has no data key yet")))
    }

    /// Seals words for their place.
    pub fn seal(&self, place: &Place<'_>, words: &str) -> Result<Sealed, StorageError> {
        let (generation, key) = self.newest(place.scheme)?;
        Ok(key.seal(place, generation, words))
    }

    /// Opens what stands in a place.
    ///
    /// # Errors
    ///
    /// [`StorageError::Sealed`] with the reason, if it cannot be opened.
    pub fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Result<String, StorageError> {
        let refuse = |why| StorageError::Sealed(place.column.table, why);
        let generation = sealed.generation().ok_or(refuse(Unreadable::Changed))?;
        match self.key(place.scheme, generation)? {
            Some(Some(key)) => key.open(place, sealed).map_err(refuse),
            Some(None) => Err(refuse(Unreadable::Destroyed)),
            None => Err(refuse(Unreadable::Changed)), // no such key ever sealed anything here
        }
    }

    /// The key of a generation: known, destroyed, or not there.
    fn key(&self, scheme: i64, generation: i64) -> Result<Option<Option<Key>>, StorageError> {
        let kept = || {
            let rings = self.rings.read().unwrap_or_else(PoisonError::into_inner);
            rings.get(&scheme).and_then(|ring| ring.get(&generation)).cloned()
        };
        if let Some(key) = kept() {
            return Ok(Some(key));
        }
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        if unknown.contains(&(scheme, generation)) {
            return Ok(None);
        }
        let Some(row) = self.store.read(|db| data_keys::find(db, scheme, generation))? else {
            unknown.insert((scheme, generation));
            return Ok(None);
        };
        let key = match &row.wrapped {
            None => None,
            Some(_) => {
                Some(self.unwrap(&row).ok_or(StorageError::Sealed("data_keys", Unreadable::WrongSecret))?)
            }
        };
        self.keep([(scheme, generation, key.clone())]);
        Ok(Some(key))
    }

    /// Adds keys to those in memory. None is ever put in the place of others: a thread that read the database earlier may come here later,
    /// and must not take a new scheme's key away again, nor bring one back that was destroyed.
    fn keep(&self, keys: impl IntoIterator<Item = (i64, i64, Option<Key>)>) {
        let mut rings = self.rings.write().unwrap_or_else(PoisonError::into_inner);
        for (scheme, generation, key) in keys {
            let ring = rings.entry(scheme).or_default();
            if key.is_none() {
                ring.insert(generation, None);
            } else {
                ring.entry(generation).or_insert(key);
            }
        }
    }
}
