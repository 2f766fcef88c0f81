//! Webhooks: signing what is sent, and sending it to public addresses only. What is to be sent are changes (`storage::changes`).

mod address;
mod courier;

pub use address::is_public;
pub use courier::Courier;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// A delivery: a body, and the headers that prove from whom it is (as <https://www.standardwebhooks.com> has it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The same for every try, so that a receiver can tell that it had it before.
    pub id: String,
    /// When it is tried, in seconds since 1970.
    pub timestamp: i64,
    /// One signature for each secret that is good.
    pub signature: String,
    /// JSON.
    pub body: String,
}

impl Delivery {
    /// A delivery signed with each of `secrets`.
    pub fn signed(id: String, timestamp: i64, body: String, secrets: &[[u8; 32]]) -> Self {
        let sign = |secret: &[u8; 32]| format!("v1,{}", STANDARD.encode(mac(secret, &id, timestamp, &body)));
        let signature = secrets.iter().map(sign).collect::<Vec<_>>().join(" ");
        Self { id, timestamp, signature, body }
    }
}

fn mac(secret: &[u8; 32], id: &str, timestamp: i64, body: &str) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    mac.finalize().into_bytes().into()
}

/// A secret as it is shown, once.
pub fn written_secret(secret: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_standards() {
        // Made with Python's hmac: base64(hmac_sha256(bytes(range(32)), "msg_1.1700000000.{}")).
        let secret: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap_or_default());
        let delivery = Delivery::signed("msg_1".into(), 1_700_000_000, "{}".into(), &[secret]);
        assert_eq!(delivery.signature, "v1,fhksJF5ElKjlPoT/jtefCO5XjQPvhf7Dhf/8R1ad9yU=");
        assert_eq!(written_secret(&secret), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    }
}
