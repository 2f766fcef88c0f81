//! Schemes and accounts in memory: read again whenever the directory's version in the database moves.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use crate::domain::contacts::Contacts;
use crate::domain::scheme::Scheme;
use crate::sealed::{Place, Sealed, Unreadable};
use crate::storage::accounts::AccountRow;
use crate::storage::sealed_columns::CONTACTS;
use crate::storage::service_accounts::ServiceAccountRow;
use crate::storage::{
    Db, StorageError, Store, accounts, contacts, directory, schemes, service_accounts, settings,
};
use crate::vault::Vault;

/// Everyone and everything that acts, at one version.
#[derive(Default)]
pub struct Directory {
    version: i64,
    schemes: BTreeMap<i64, Scheme>,
    numbers: BTreeMap<String, i64>,
    accounts: BTreeMap<String, AccountRow>,
    ids_by_email: BTreeMap<String, String>,
    services: BTreeMap<String, ServiceAccountRow>,
    token_keys: TokenKeys,
}

impl Directory {
    /// The directory, and the contacts of its schemes, which are still sealed.
    fn load(db: &mut Db) -> Result<(Self, BTreeMap<i64, Sealed>), StorageError> {
        let version = directory::version(db)?;
        let schemes: BTreeMap<i64, Scheme> = schemes::all(db)?.into_iter().map(|s| (s.number, s)).collect();
        let accounts: BTreeMap<String, AccountRow> =
            accounts::all(db)?.into_iter().map(|a| (a.id.clone(), a)).collect();
        let contacts = contacts::all(db)?;
        let directory = Self {
            version,
            numbers: schemes.values().map(|s| (s.about.id.clone(), s.number)).collect(),
            token_keys: TokenKeys::read(settings::find(db, TOKEN_KEYS)?.as_deref())?,
            ids_by_email: accounts.values().map(|a| (a.email.clone(), a.id.clone())).collect(),
            services: service_accounts::all(db)?.into_iter().map(|s| (s.id.clone(), s)).collect(),
            schemes,
            accounts,
        };
        Ok((directory, contacts))
    }

    /// Whether there are neither schemes nor accounts.
    pub fn is_empty(&self) -> bool {
        self.schemes.is_empty() && self.accounts.is_empty()
    }

    /// The scheme with this id.
    pub fn scheme(&self, id: &str) -> Option<&Scheme> {
        self.schemes.get(self.numbers.get(id)?)
    }

    /// The scheme with this number.
    pub fn scheme_by_number(&self, number: i64) -> Option<&Scheme> {
        self.schemes.get(&number)
    }

    /// Every scheme, by number.
    pub fn schemes(&self) -> impl Iterator<Item = &Scheme> {
        self.schemes.values()
    }

    /// The open account with this id.
    pub fn account(&self, id: &str) -> Option<&AccountRow> {
        self.accounts.get(id).filter(|a| a.disabled_at.is_none())
    }

    /// The account with this id, open or closed.
    pub fn any_account(&self, id: &str) -> Option<&AccountRow> {
        self.accounts.get(id)
    }

    /// Every account, open or closed.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountRow> {
        self.accounts.values()
    }

    /// Which keys sign tokens.
    pub fn token_keys(&self) -> &TokenKeys {
        &self.token_keys
    }

    /// The address of the account with this id, open or closed.
    pub fn address_of(&self, id: &str) -> Option<&str> {
        self.accounts.get(id).map(|account| account.email.as_str())
    }

    /// The service account with this id, if it was not revoked; its last day may be over.
    pub fn service_account(&self, id: &str) -> Option<&ServiceAccountRow> {
        self.services.get(id)
    }

    /// Every service account that was not revoked.
    pub fn service_accounts(&self) -> impl Iterator<Item = &ServiceAccountRow> {
        self.services.values()
    }

    /// The open account with this address.
    pub fn account_by_email(&self, email: &str) -> Option<&AccountRow> {
        self.account(self.ids_by_email.get(email)?)
    }
}

/// The setting that holds the generations of the key that signs tokens.
pub const TOKEN_KEYS: &str = "token-keys";

/// Generations of the key that signs tokens: each with the time (seconds since 1970) from which it signs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TokenKeys(pub Vec<(i64, i64)>);

impl Default for TokenKeys {
    fn default() -> Self {
        Self(vec![(1, 0)])
    }
}

impl TokenKeys {
    /// Reads the setting.
    pub fn read(setting: Option<&str>) -> Result<Self, StorageError> {
        setting.map_or_else(|| Ok(Self::default()), |text| Ok(serde_json::from_str(text)?))
    }

    /// The generation that signs.
    pub fn newest(&self) -> i64 {
        self.0.last().map_or(1, |(generation, _)| *generation)
    }

    /// Whether a token of `generation` made at `issued` (seconds since 1970) can be genuine: it was made while that key signed.
    pub fn signed_at(&self, generation: i64, issued: i64) -> bool {
        let Some(at) = self.0.iter().position(|(known, _)| *known == generation) else { return false };
        // Other processes may have signed with the old key for a moment more.
        let until = self.0.get(at + 1).map_or(i64::MAX, |(_, from)| from + 2);
        issued >= self.0[at].1 && issued <= until
    }
}

/// The directory as this process knows it.
#[derive(Clone)]
pub struct DirectoryCache {
    held: Arc<RwLock<Arc<Directory>>>,
    vault: Arc<Vault>,
}

impl DirectoryCache {
    /// An empty one, which is filled by [`DirectoryCache::refresh`].
    pub fn new(vault: Arc<Vault>) -> Self {
        Self { held: Arc::default(), vault }
    }

    /// The directory now.
    pub fn current(&self) -> Arc<Directory> {
        self.held.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Reads it again if it has moved, and the keys of its schemes with it. Not inside a transaction.
    pub fn refresh(&self, store: &Store) -> Result<(), StorageError> {
        let known = self.current().version;
        let fresh = store.read(|db| {
            if directory::version(db)? == known { Ok(None) } else { Directory::load(db).map(Some) }
        })?;
        if let Some((mut fresh, contacts)) = fresh {
            // Whoever knows a scheme from here finds its key, too.
            self.vault.refresh(fresh.schemes.keys().copied())?;
            for (number, sealed) in contacts {
                if let Some(scheme) = fresh.schemes.get_mut(&number) {
                    scheme.contacts = self.open_contacts(number, &sealed)?;
                }
            }
            let mut held = self.held.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            // Another thread may have read a newer one meanwhile.
            if fresh.version > held.version {
                *held = Arc::new(fresh);
            }
        }
        Ok(())
    }

    /// The contacts of a scheme; none if they cannot be read, which must not keep the other schemes from working.
    fn open_contacts(&self, number: i64, sealed: &Sealed) -> Result<Contacts, StorageError> {
        match self.vault.open(&Place { column: &CONTACTS, scheme: number, row: "", part: "" }, sealed) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(StorageError::Sealed(_, why)) => {
                if why != Unreadable::Destroyed {
                    tracing::error!(%why, scheme_number = number, "a scheme's contacts cannot be read: name them again");
                }
                Ok(Contacts::default())
            }
            Err(other) => Err(other),
        }
    }
}
