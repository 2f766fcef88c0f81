//! Webhooks: where a scheme is told of changes, and of which.

use std::collections::BTreeSet;

use serde_json::Value;
use url::{Host, Url};

use super::change::ChangeKind;
use super::fault::Fault;
use super::reader::{Field, read_whole};

/// A webhook as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Where changes are sent, in its one normal form.
    pub url: Url,
    /// Of which kinds; never empty.
    pub events: BTreeSet<ChangeKind>,
}

/// The most characters of an address.
const LONGEST_URL: usize = 500;

impl NewWebhook {
    /// Checks a webhook sent as JSON, collecting every fault.
    pub fn check(body: &Value) -> Result<Self, Vec<Fault>> {
        let allowed = ChangeKind::ALL.map(ChangeKind::code).join(", ");
        read_whole(body, |root| {
            let object = root.object()?;
            let url = object.required("url").and_then(read_url);
            let mut events = BTreeSet::new();
            if let Some(list) = object.required("events").and_then(|f| f.list(1)) {
                list.each(|element| {
                    if let Some(kind) = element.one_of(ChangeKind::parse, &allowed)
                        && !events.insert(kind)
                    {
                        element.fault("repeated", format!("“{}” stands here twice.", kind.code()));
                    }
                });
            }
            object.close(false);
            Some(Self { url: url?, events })
        })
    }
}

/// `https://` and a host; `http://` only for this very machine. No name and password, nothing after `#`.
fn read_url(field: Field<'_>) -> Option<Url> {
    let text = field.words()?;
    let url = Url::parse(text).ok().filter(|url| url.has_host() && text.len() <= LONGEST_URL);
    let Some(url) = url else {
        field.fault("bad-url", format!("This must be an address such as https://host.example/khi, of at most {LONGEST_URL} characters."));
        return None;
    };
    let sound_scheme = url.scheme() == "https" || url.scheme() == "http" && is_localhost(&url);
    if !sound_scheme {
        field.fault("not-https", "The address must begin with https://; only localhost may have http://.");
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        field.fault("bad-url", "The address must hold neither a name or password nor a “#”.");
    }
    Some(url)
}

/// Whether an address names this very machine.
pub fn is_localhost(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
