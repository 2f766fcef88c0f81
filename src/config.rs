//! Settings: by flag or environment; every one documented here and by `khi --help`.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;

use crate::mail::{Carrier, Sender};
use crate::texts::HttpGateway;

/// What every command that opens the database takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://khi.db", hide_env_values = true)]
    pub database: String,
    /// A folder with further questionnaires, instruments and catalogues, added to the shipped ones
    #[arg(long, env = "KHI_DEFINITIONS")]
    pub definitions: Option<PathBuf>,
    /// The secret file; made on first start, for this user only. Keep a copy apart from the database
    #[arg(long, env = "KHI_SECRET_FILE", default_value = "khi.secret")]
    pub secret_file: PathBuf,
    /// Where the signed heads of the audit log are kept; not on the disk of the database, if you can. Default: beside the secret file
    #[arg(long, env = "KHI_AUDIT_HEADS")]
    pub audit_heads: Option<PathBuf>,
    /// Where people reach this server, for links in letters and mails: https://khi.example.org. Default: http://LISTEN
    #[arg(long, env = "KHI_PUBLIC_URL", value_parser = read_public_url)]
    pub public_url: Option<String>,
    /// How logs are written: human or json
    #[arg(long, env = "KHI_LOG_FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub log_format: String,
}

/// Backups that a server takes by itself.
#[derive(Debug, Clone, clap::Args)]
pub struct BackupSettings {
    /// The folder for backups that the server takes by itself. Without it, it takes none. Set it for one of several servers
    #[arg(long, env = "KHI_BACKUP_TO")]
    pub backup_to: Option<PathBuf>,
    /// How often: 24h, 90m, 7d
    #[arg(long, env = "KHI_BACKUP_EVERY", default_value = "24h", value_parser = read_interval)]
    pub backup_every: TimeDelta,
    /// How many of them are kept
    #[arg(long, env = "KHI_BACKUP_KEEP", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..))]
    pub backup_keep: u16,
}

/// What serving takes besides.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeSettings {
    /// Address and port to listen on
    #[arg(long, env = "KHI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Whether a proxy in front of this server says where requests come from (X-Forwarded-For, X-Forwarded-Proto)
    #[arg(long, env = "KHI_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// The mail server: smtps://USER:PASSWORD@HOST, smtp://HOST:587?tls=required or smtp://HOST:25. Without it, mail goes to a folder
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Whom mail comes from: Key Human Indicators <khi@host.example>. Needed with SMTP_URL
    #[arg(long, env = "KHI_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// The folder for mail when there is no mail server; without it, “outbox” beside the database
    #[arg(long, env = "KHI_OUTBOX")]
    pub outbox: Option<PathBuf>,
    /// The gateway for text messages: https://texts.example/send. Without it, their words are shown to be copied
    #[arg(long, env = "KHI_TEXT_URL", hide_env_values = true)]
    pub text_url: Option<String>,
    /// The file with the gateway's key, which goes along as a bearer token
    #[arg(long, env = "KHI_TEXT_KEY")]
    pub text_key: Option<PathBuf>,
    /// Whether schemes' webhooks may lead to private addresses: for receivers on the same machine or network
    #[arg(long, env = "KHI_WEBHOOKS_PRIVATE")]
    pub webhooks_to_private: bool,
    /// Backups.
    #[command(flatten)]
    pub backups: BackupSettings,
    /// Threads that answer requests
    #[arg(long, env = "KHI_WORKERS", default_value_t = 2)]
    pub workers: usize,
    /// Database connections for reading
    #[arg(long, env = "KHI_CONNECTIONS", default_value_t = 8)]
    pub connections: u32,
}

impl Settings {
    /// These settings with the address that follows from where the server listens, if no other is given.
    #[must_use]
    pub fn at(mut self, serve: &ServeSettings) -> Self {
        self.public_url.get_or_insert_with(|| format!("http://{}", serve.listen));
        self
    }
}

impl Settings {
    /// The file of signed heads: `khi.audit-heads.jsonl` beside `khi.secret`, if no other is given.
    pub fn heads_file(&self) -> PathBuf {
        self.audit_heads.clone().unwrap_or_else(|| self.secret_file.with_extension("audit-heads.jsonl"))
    }
}

impl ServeSettings {
    /// What carries mail: the mail server, or a folder.
    pub fn carrier(&self, database: &str) -> Result<Carrier, String> {
        let sender = self.mail_from.as_deref().map(Sender::parse).transpose();
        let sender = sender.map_err(|e| format!("KHI_MAIL_FROM: {e}"))?;
        match (self.smtp_url.as_deref().filter(|url| !url.is_empty()), sender) {
            (Some(url), Some(sender)) => Carrier::smtp(url, sender),
            (Some(_), None) => Err("SMTP_URL needs KHI_MAIL_FROM: whom mail comes from".into()),
            (None, sender) => {
                Ok(Carrier::folder(self.outbox(database), sender.unwrap_or_else(Sender::nowhere)))
            }
        }
    }

    /// What carries text messages, if there is anything.
    pub fn text_gateway(&self) -> Result<Option<HttpGateway>, String> {
        let key = match &self.text_key {
            None => None,
            Some(path) => Some(
                std::fs::read_to_string(path)
                    .map_err(|e| format!("KHI_TEXT_KEY, {}: {e}", path.display()))?,
            ),
        };
        match self.text_url.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => HttpGateway::new(url, key).map(Some).map_err(|e| format!("KHI_TEXT_URL: {e}")),
            None if key.is_some() => {
                Err("KHI_TEXT_KEY needs KHI_TEXT_URL: where text messages are sent".into())
            }
            None => Ok(None),
        }
    }

    /// The folder that stands in for a mail server.
    pub fn outbox(&self, database: &str) -> PathBuf {
        let beside = database.strip_prefix("sqlite://").and_then(|path| Path::new(path).parent());
        self.outbox.clone().unwrap_or_else(|| beside.unwrap_or(Path::new("")).join("outbox"))
    }
}

/// A public address: `http://` or `https://`, a host, perhaps a port; a slash at its end is dropped.
pub fn read_public_url(text: &str) -> Result<String, String> {
    let url = text.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let sound = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    if sound {
        Ok(url.to_owned())
    } else {
        Err("it looks like https://khi.example, without anything after the host".into())
    }
}

/// A time between two things: a number with `s`, `m`, `h` or `d`, from one second to a year.
pub fn read_interval(text: &str) -> Result<TimeDelta, String> {
    let unit = text.trim().chars().last().unwrap_or_default();
    let number = text.trim().trim_end_matches(unit);
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => 0,
    };
    let longest = 366 * 24 * 60 * 60;
    number
        .parse::<u32>()
        .ok()
        .map(|number| i64::from(number) * seconds)
        .filter(|all| (1..=longest).contains(all))
        .map(TimeDelta::seconds)
        .ok_or_else(|| "it looks like 24h, 90m or 7d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{read_interval, read_public_url};

    #[test]
    fn an_interval_is_a_number_and_a_unit() {
        assert_eq!(read_interval("24h").map(|i| i.num_minutes()), Ok(24 * 60));
        assert_eq!(read_interval(" 7d ").map(|i| i.num_hours()), Ok(7 * 24));
        for broken in ["", "h", "24", "0h", "-1h", "1w", "400d", "24 hours", "1é"] {
            assert!(read_interval(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        assert_eq!(read_public_url("https://khi.example/").as_deref(), Ok("https://khi.example"));
        assert_eq!(read_public_url("http://[::1]:8080").as_deref(), Ok("http://[::1]:8080"));
        for broken in [
            "khi.example",
            "https://",
            "ftp://khi.example",
            "https://khi.example/path",
            "https://a@b.example",
        ] {
            assert!(read_public_url(broken).is_err(), "{broken}");
        }
    }
}
