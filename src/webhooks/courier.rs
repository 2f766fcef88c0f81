//! What carries deliveries: a small HTTP client that follows no redirect, and connects only to the addresses it has looked at itself.

use std::io;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::{Delivery, is_public};

/// How long a receiver may take for all of it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends deliveries.
pub struct Courier {
    agent: Agent,
}

impl Courier {
    /// A courier; `to_private` lets it speak to private addresses too.
    pub fn new(to_private: bool) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .proxy(None) // a proxy would look names up for itself
            .user_agent(concat!("khi/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Guarded { to_private, names: DefaultResolver::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    /// Sends a delivery. Taken is what is answered with a status from 200 to 299.
    ///
    /// # Errors
    ///
    /// Why it was not taken, in words that hold nothing the receiver said.
    pub fn send(&self, url: &str, delivery: &Delivery) -> Result<(), String> {
        let answer = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &delivery.id)
            .header("webhook-timestamp", delivery.timestamp.to_string())
            .header("webhook-signature", &delivery.signature)
            .send(&delivery.body);
        match answer {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("the receiver answered {}", answer.status().as_u16())),
            Err(error) => Err(reason(&error)),
        }
    }
}

fn reason(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "the receiver did not answer in time".into(),
        Error::HostNotFound => "there is no such host".into(),
        Error::Io(e) if e.kind() == io::ErrorKind::PermissionDenied => {
            "the host has a private address".into()
        }
        Error::Rustls(_) | Error::Tls(_) => "no encrypted connection to the receiver could be made".into(),
        _ => "the connection to the receiver failed".into(),
    }
}

/// Looks names up, and gives private addresses to nobody: the connection is made to what was looked at here, so a name that
/// leads elsewhere a moment later does not matter.
#[derive(Debug)]
struct Guarded {
    to_private: bool,
    names: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|a| self.to_private || is_public(a.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            return Err(Error::Io(io::Error::from(io::ErrorKind::PermissionDenied)));
        }
        Ok(allowed)
    }
}
