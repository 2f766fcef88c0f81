//! What carries mail: a mail server, or a folder in which each mail becomes a file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{Message, SmtpTransport, Transport};

use super::Sender;

/// How long the mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many mails are taken from the outbox at once. A mail server answers for each one; a folder holds a mail once, however often
/// it is put there.
const AT_ONCE_BY_SMTP: i64 = 1;
const AT_ONCE_BY_FILE: i64 = 100;

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Sent,
    /// Not now: the reason, and whether other mail would fare the same.
    Later(String, bool),
    /// It can never be delivered: the reason.
    Never(String),
}

/// What carries mail.
pub struct Carrier {
    way: Way,
    /// Whom mail comes from.
    pub sender: Sender,
}

enum Way {
    Smtp(SmtpTransport),
    Folder(PathBuf),
}

impl Carrier {
    /// A mail server: `smtps://USER:PASSWORD@HOST`, `smtp://HOST:587?tls=required` or `smtp://HOST:25`.
    pub fn smtp(url: &str, sender: Sender) -> Result<Self, String> {
        // What is wrong with it is not repeated: it can hold a password.
        let builder = SmtpTransport::from_url(url).map_err(|_| {
            "SMTP_URL looks like smtps://USER:PASSWORD@HOST, smtp://HOST:587?tls=required or smtp://HOST:25".to_owned()
        })?;
        let transport = builder.timeout(Some(PATIENCE)).pool_config(PoolConfig::new().max_size(1)).build();
        Ok(Self { way: Way::Smtp(transport), sender })
    }

    /// A folder, made when the first mail is put there.
    pub fn folder(path: PathBuf, sender: Sender) -> Self {
        Self { way: Way::Folder(path), sender }
    }

    /// The folder, if it is one.
    pub fn as_folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Smtp(_) => None,
            Way::Folder(path) => Some(path),
        }
    }

    /// Says hello to the mail server, signs in if that is set, and goes away again. Nothing is sent. A folder always answers.
    pub fn greet(&self) -> Result<(), String> {
        match &self.way {
            Way::Folder(_) => Ok(()),
            Way::Smtp(transport) => match transport.test_connection() {
                Ok(true) => Ok(()),
                Ok(false) => Err("the mail server has hung up".into()),
                Err(error) => Err(reason(&error)),
            },
        }
    }

    /// How many mails to take from the outbox at once.
    pub fn at_once(&self) -> i64 {
        match self.way {
            Way::Smtp(_) => AT_ONCE_BY_SMTP,
            Way::Folder(_) => AT_ONCE_BY_FILE,
        }
    }

    /// Carries a message; `id` names its file.
    pub fn carry(&self, id: &str, message: &Message) -> Outcome {
        match &self.way {
            Way::Smtp(transport) => send(transport, message),
            Way::Folder(path) => match put(path, id, &message.formatted()) {
                Ok(()) => Outcome::Sent,
                Err(error) => Outcome::Later(format!("the outbox folder cannot be written: {error}"), true),
            },
        }
    }
}

fn send(transport: &SmtpTransport, message: &Message) -> Outcome {
    // First only the connection: what the server says there is about us, and not about this mail.
    match transport.test_connection() {
        Ok(true) => {}
        Ok(false) => return Outcome::Later("the mail server has hung up".into(), true),
        Err(error) => return Outcome::Later(reason(&error), true),
    }
    match transport.send(message) {
        Ok(_) => Outcome::Sent,
        Err(error) if error.is_permanent() && !asks_who_we_are(&error) => Outcome::Never(reason(&error)),
        Err(error) => Outcome::Later(reason(&error), error.status().is_none() || asks_who_we_are(&error)),
    }
}

/// Whether the server refuses because of how we signed in (RFC 4954): that is for the operator to mend, and no fault of the mail.
fn asks_who_we_are(error: &Error) -> bool {
    error.status().is_some_and(|code| (530..=538).contains(&u16::from(code)))
}

/// Why, without what the server said: that can hold the address.
fn reason(error: &Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {}", u16::from(code)),
        None if error.is_timeout() => "the mail server did not answer in time".into(),
        None if error.is_tls() => "no encrypted connection to the mail server could be made".into(),
        None => "the connection to the mail server failed".into(),
    }
}

/// Writes `ID.eml`, whole or not at all.
fn put(folder: &Path, id: &str, message: &[u8]) -> std::io::Result<()> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    maker.create(folder)?;
    let (part, whole) = (folder.join(format!("{id}.part")), folder.join(format!("{id}.eml")));
    let mut file = options.open(&part)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(part, whole)
}
