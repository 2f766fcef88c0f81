//! Ids in time order.

use chrono::{DateTime, Utc};

use super::codes::base32;
use super::random;

/// Where new ids take their random part from.
#[derive(Debug)]
pub enum Ids {
    /// The operating system.
    Random,
    /// A seed, so that the same acts give the same ids: for the demo and tests only.
    Seeded(std::sync::atomic::AtomicU64),
}

impl Ids {
    /// A new id: 48 bits of time in milliseconds, then 74 random bits, laid out as UUIDv7, in 26 characters that sort by time.
    pub fn new_id(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::Random => id_from(now, random()),
            Self::Seeded(count) => {
                let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let mut bytes = [0; 10];
                bytes[2..].copy_from_slice(&number.to_be_bytes());
                id_from(now, bytes)
            }
        }
    }
}

pub(super) fn id_from(now: DateTime<Utc>, random: [u8; 10]) -> String {
    let mut bytes = [0u8; 16];
    bytes[..6].copy_from_slice(&now.timestamp_millis().to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    base32(&bytes)
}
