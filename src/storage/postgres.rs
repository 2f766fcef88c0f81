//! Reaching PostgreSQL: what its address says, and the connection, encrypted where the address asks for it.
//!
//! `sslmode` is `disable` (the default), `require` or `verify-full`. The last two mean the same here: whoever encrypts also checks whom it
//! is talking to, or the encryption would keep out nobody who can stand in between. The authorities are the public ones, or those of `sslrootcert`.

use std::cell::RefCell;
use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use percent_encoding::percent_decode_str;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StorageError;

/// PostgreSQL without libpq. It blocks, so it is only used on threads that may block.
pub(super) type PgConnection = AsyncConnectionWrapper<AsyncPgConnection, Runtime>;

/// Where Debian keeps the public authorities; PostgreSQL's own programs do not bring them.
const PUBLIC_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A PostgreSQL, and how to reach it.
#[derive(Clone)]
pub(super) struct Server {
    config: Config,
    encryption: Option<Encryption>,
}

#[derive(Clone)]
struct Encryption {
    connector: MakeRustlsConnect,
    /// The file with the authorities, unless they are the public ones.
    authorities: Option<PathBuf>,
}

impl Server {
    /// Reads an address. What is wrong with it is said without repeating it: it can hold a password.
    pub(super) fn parse(url: &str) -> Result<Self, StorageError> {
        let bad = |why: &str| StorageError::BadAddress(why.to_owned());
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut encrypted, mut authorities, mut rest) = (false, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", "disable")) => encrypted = false,
                Some(("sslmode", "require" | "verify-full")) => encrypted = true,
                Some(("sslmode", _)) => {
                    return Err(bad(
                        "sslmode is disable, require or verify-full (the last two encrypt, and check the certificate)",
                    ));
                }
                Some(("sslrootcert", "system")) => authorities = None,
                Some(("sslrootcert", file)) => {
                    let file = percent_decode_str(file).decode_utf8();
                    authorities =
                        Some(PathBuf::from(file.map_err(|_| bad("sslrootcert is a file"))?.as_ref()));
                }
                _ => rest.push(pair),
            }
        }
        let plain = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut config: Config = plain.parse().map_err(|_| {
            bad("it looks like postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full&sslrootcert=FILE")
        })?;
        config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
        let encryption = match (encrypted, authorities) {
            (false, None) => None,
            (false, Some(_)) => {
                return Err(bad("sslrootcert encrypts nothing by itself: add sslmode=verify-full"));
            }
            (true, authorities) => {
                Some(Encryption { connector: connector(authorities.as_ref())?, authorities })
            }
        };
        Ok(Self { config, encryption })
    }

    /// Whether the connection is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.encryption.is_some()
    }

    /// Whether the connection stays on this machine.
    pub(super) fn is_local(&self) -> bool {
        self.config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
            Host::Unix(_) => true,
        })
    }

    /// Connects.
    pub(super) fn connect(&self) -> Result<PgConnection, StorageError> {
        let runtime = Runtime::new()?;
        let unavailable = |error: tokio_postgres::Error| {
            let hint = match &self.encryption {
                Some(_) if error.to_string().contains("TLS") => {
                    "; sslrootcert=FILE in DATABASE_URL names the authority of its certificate"
                }
                _ => "",
            };
            StorageError::Unavailable(format!("{}{hint}", with_causes(&error)))
        };
        let connection = runtime.block_on(async {
            let connected = match &self.encryption {
                None => {
                    let (client, connection) = self.config.connect(NoTls).await.map_err(unavailable)?;
                    AsyncPgConnection::try_from_client_and_connection(client, connection).await
                }
                Some(encryption) => {
                    let connector = encryption.connector.clone();
                    let (client, connection) = self.config.connect(connector).await.map_err(unavailable)?;
                    AsyncPgConnection::try_from_client_and_connection(client, connection).await
                }
            };
            connected.map_err(|e| StorageError::Unavailable(e.to_string()))
        })?;
        // The connection lives on this runtime, and the wrapper asks for its runtime without saying for which connection.
        NEXT.set(Some(runtime));
        Ok(PgConnection::from(connection))
    }

    /// What tells PostgreSQL's own programs the same, without showing a password among their arguments.
    pub(super) fn environment(&self) -> Vec<(&'static str, OsString)> {
        let config = &self.config;
        let hosts: Vec<String> = config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                Host::Unix(folder) => folder.display().to_string(),
            })
            .collect();
        let ports: Vec<String> = config.get_ports().iter().map(u16::to_string).collect();
        let mut variables: Vec<(&'static str, OsString)> =
            vec![("PGHOST", hosts.join(",").into()), ("PGCONNECT_TIMEOUT", "10".into())];
        let mut add = |name, value: Option<String>| {
            variables.extend(value.filter(|v| !v.is_empty()).map(|v| (name, v.into())))
        };
        add("PGPORT", Some(ports.join(",")));
        add("PGUSER", config.get_user().map(str::to_owned));
        add("PGDATABASE", Some(self.database()));
        add("PGOPTIONS", config.get_options().map(str::to_owned));
        add("PGPASSWORD", config.get_password().map(|p| String::from_utf8_lossy(p).into_owned()));
        add("PGSSLMODE", Some(if self.is_encrypted() { "verify-full" } else { "disable" }.into()));
        if let Some(encryption) = &self.encryption {
            let file = encryption.authorities.clone().unwrap_or_else(|| PUBLIC_AUTHORITIES.into());
            variables.push(("PGSSLROOTCERT", file.into()));
        }
        variables
    }

    /// The database's name.
    pub(super) fn database(&self) -> String {
        self.config.get_dbname().or(self.config.get_user()).unwrap_or_default().to_owned()
    }
}

/// What went wrong, and why: the library's own words name only the step.
fn with_causes(error: &tokio_postgres::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        if !said.contains(&deeper.to_string()) {
            said = format!("{said}: {deeper}");
        }
        cause = deeper.source();
    }
    said
}

fn connector(authorities: Option<&PathBuf>) -> Result<MakeRustlsConnect, StorageError> {
    let bad = |why: String| StorageError::BadAddress(why);
    let mut roots = RootCertStore::empty();
    match authorities {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let named = |e: String| bad(format!("sslrootcert {}: {e}", file.display()));
            let found = CertificateDer::pem_file_iter(file).map_err(|e| named(e.to_string()))?;
            for certificate in found {
                let certificate = certificate.map_err(|e| named(e.to_string()))?;
                roots.add(certificate).map_err(|e| named(e.to_string()))?;
            }
            if roots.is_empty() {
                return Err(named("there is no certificate in it".into()));
            }
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| bad(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// What a connection runs on. It is driven only while somebody waits for an answer.
pub(super) struct Runtime(tokio::runtime::Runtime);

thread_local! {
    static NEXT: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

impl Runtime {
    fn new() -> Result<Self, StorageError> {
        let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
        built.map(Self).map_err(|e| StorageError::Unavailable(e.to_string()))
    }
}

impl BlockOn for Runtime {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }

    #[expect(
        clippy::expect_used,
        reason = "`connect` has put one there just before; nothing else makes a wrapper"
    )]
    fn get_runtime() -> Self {
        NEXT.take().expect("`connect` has made it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        match Server::parse(url) {
            Err(StorageError::BadAddress(why)) => why,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{url} is taken"),
        }
    }

    #[test]
    fn an_address_says_whether_the_connection_is_encrypted() {
        let read = |url: &str| Server::parse(url).unwrap_or_else(|e| panic!("{e}"));
        let plain = read("postgres://a:b@db.example/khi");
        assert!(!plain.is_encrypted() && !plain.is_local());
        assert!(read("postgres://a@localhost/khi?sslmode=disable").is_local());
        assert!(read("postgres://a@%2Frun%2Fpostgresql/khi").is_local());
        for mode in ["require", "verify-full"] {
            assert!(
                read(&format!("postgres://a@db.example/khi?connect_timeout=3&sslmode={mode}")).is_encrypted()
            );
        }
    }

    #[test]
    fn an_address_that_would_promise_too_much_is_refused_without_its_password() {
        for (url, says) in [
            ("postgres://a:hush@h/d?sslmode=prefer", "sslmode is disable, require or verify-full"),
            ("postgres://a:hush@h/d?sslmode=verify-ca", "sslmode is disable, require or verify-full"),
            ("postgres://a:hush@h/d?sslrootcert=/x", "add sslmode=verify-full"),
            ("postgres://a:hush@h/d?sslmode=require&sslrootcert=%2Fno%2Fsuch", "sslrootcert /no/such"),
            ("postgres://a:hush@h/d?sslkey=/x", "it looks like postgres://"),
        ] {
            let why = refused(url);
            assert!(why.contains(says) && !why.contains("hush"), "{url}: {why}");
        }
    }

    #[test]
    fn postgresqls_own_programs_are_told_the_same_by_their_environment() {
        let server =
            Server::parse("postgres://ann:p%40ss@db.example:6432/khi?sslmode=require").expect("reads");
        let told = |name: &str| {
            server.environment().into_iter().find(|(n, _)| *n == name).map(|(_, v)| v.into_string())
        };
        for (name, value) in [
            ("PGHOST", "db.example"),
            ("PGPORT", "6432"),
            ("PGUSER", "ann"),
            ("PGPASSWORD", "p@ss"),
            ("PGDATABASE", "khi"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", PUBLIC_AUTHORITIES),
        ] {
            assert_eq!(told(name), Some(Ok(value.to_owned())), "{name}");
        }
    }
}
