//! A gateway for text messages over HTTP: one POST for each, with a key of our own against doubles.
//!
//! ```text
//! POST KHI_TEXT_URL
//! Authorization: Bearer KEY
//! Idempotency-Key: ID
//! {"to": "+447700900123", "text": "...", "id": "ID"}
//! ```
//!
//! 2xx and 409 (“I had this id before”) mean that it was taken.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use serde_json::json;
use ureq::{Agent, Error};
use url::{Host, Url};

use super::{Text, TextGateway};
use crate::mail::Outcome;
use crate::webhooks::is_public;

/// How long the gateway may take for all of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A gateway that speaks HTTP.
pub struct HttpGateway {
    agent: Agent,
    url: String,
    key: Option<String>,
}

impl HttpGateway {
    /// The gateway at `url`: https, or http on this machine or a private network, since what is sent lets somebody in. `key` goes along as
    /// a bearer token. No redirect is followed.
    pub fn new(url: &str, key: Option<String>) -> Result<Self, String> {
        let parsed = Url::parse(url).map_err(|_| "it looks like https://texts.example/send".to_owned())?;
        let near = match parsed.host() {
            Some(Host::Ipv4(address)) => !is_public(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => !is_public(IpAddr::V6(address)),
            Some(Host::Domain(name)) => name == "localhost",
            None => return Err("it has no host".into()),
        };
        match parsed.scheme() {
            "https" => {}
            "http" if near => {}
            "http" => {
                return Err("it must be https: a text message holds a link that lets somebody in".into());
            }
            _ => return Err("it looks like https://texts.example/send".into()),
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("a password does not belong in it; put the key in a file, KHI_TEXT_KEY".into());
        }
        let key = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        if key.as_ref().is_some_and(|key| !key.bytes().all(|b| b.is_ascii_graphic())) {
            return Err("the key is one line of visible characters".into());
        }
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .proxy(None)
            .user_agent(concat!("khi/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.new_agent(), url: parsed.into(), key })
    }
}

impl TextGateway for HttpGateway {
    fn send(&self, text: &Text) -> Outcome {
        let body = json!({"to": text.to, "text": text.words, "id": text.id}).to_string();
        let mut request = self.agent.post(&self.url).header("content-type", "application/json");
        request = request.header("idempotency-key", &text.id);
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        match request.send(&body) {
            Ok(answer) => judge(answer.status().as_u16()),
            Err(error) => Outcome::Later(reason(&error), true),
        }
    }
}

/// What the status of an answer means: what is wrong with us, with the gateway or with its address is no fault of the message.
fn judge(status: u16) -> Outcome {
    let answered = format!("the text gateway answered {status}");
    match status {
        200..=299 | 409 => Outcome::Sent,
        400 | 410 | 413 | 415 | 422 => Outcome::Never(answered),
        _ => Outcome::Later(answered, true),
    }
}

fn reason(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "the text gateway did not answer in time".into(),
        Error::HostNotFound => "there is no such host as the text gateway's".into(),
        Error::Rustls(_) | Error::Tls(_) => {
            "no encrypted connection to the text gateway could be made".into()
        }
        Error::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused => {
            "the text gateway takes no connections".into()
        }
        _ => "the connection to the text gateway failed".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_reached_over_https_or_near_by() {
        for url in
            ["https://texts.example/send", "http://127.0.0.1:9000/x", "http://10.0.0.7/", "http://[::1]/"]
        {
            assert!(HttpGateway::new(url, Some("key\n".into())).is_ok(), "{url}");
        }
        for url in [
            "http://texts.example/send",
            "http://1.1.1.1/",
            "ftp://texts.example",
            "texts",
            "https://a:b@t.example/",
        ] {
            assert!(HttpGateway::new(url, None).is_err(), "{url}");
        }
        assert!(HttpGateway::new("https://texts.example/", Some("two\nlines".into())).is_err());
    }

    #[test]
    fn only_what_is_wrong_with_the_message_itself_is_for_ever() {
        assert_eq!(judge(202), Outcome::Sent);
        assert_eq!(judge(409), Outcome::Sent);
        assert!(matches!(judge(422), Outcome::Never(_)));
        for status in [301, 401, 403, 404, 429, 500, 503] {
            assert!(matches!(judge(status), Outcome::Later(_, true)), "{status}");
        }
    }
}
