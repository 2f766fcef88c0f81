//! A throw-away PostgreSQL for this test run: own data folder, own port, gone when the tests are.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

struct Server {
    port: u16,
    // Held open: when this process ends, however it ends, the keeper's standard input closes and it stops the server.
    _keeper: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicUsize = AtomicUsize::new(0);

/// The address of a new, empty database.
pub(crate) fn new_database() -> String {
    made_from("template1")
}

/// The address of a new database that holds what is in the one at `url`, to which nobody may be connected.
pub(crate) fn copy_of(url: &str) -> String {
    made_from(url.rsplit('/').next().expect("an address ends with the database's name"))
}

fn made_from(template: &str) -> String {
    let server = SERVER.get_or_init(start);
    let name = format!("khi_test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(bin().join("createdb"))
        .args(["-h", "127.0.0.1", "-p", &server.port.to_string(), "-U", "postgres", "-T", template, &name])
        .output()
        .expect("createdb runs");
    assert!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
    format!("postgres://postgres@127.0.0.1:{}/{name}", server.port)
}

/// Where PostgreSQL's programs are. No test passes by skipping: without them, this fails and says what to install.
pub(crate) fn bin() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL is installed (Debian: apt-get install postgresql; scripts/test does it)")
}

fn start() -> Server {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let folder = std::env::temp_dir().join(format!("khi-test-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the data");
    let script = r#"
set -e
data="$FOLDER/data"
"$BIN/initdb" -D "$data" -U postgres -A trust -N --locale=C.UTF-8 -E UTF8 > "$FOLDER/initdb.log" 2>&1
"$BIN/postgres" -D "$data" -p "$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=400 > "$FOLDER/log" 2>&1 &
server=$!
cat > /dev/null || true
kill -INT "$server" 2> /dev/null || true
wait "$server" 2> /dev/null || true
rm -rf "$FOLDER"
"#;
    let mut command = as_ordinary_user(&folder, script);
    command.env("BIN", bin()).env("FOLDER", &folder).env("PORT", port.to_string()).current_dir("/");
    let keeper =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a shell");
    wait_until_ready(port, &folder);
    Server { port, _keeper: keeper }
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, which Debian's package makes.
fn as_ordinary_user(folder: &Path, script: &str) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if !root {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        return command;
    }
    let owned = Command::new("chown").arg("postgres").arg(folder).status().expect("chown runs");
    assert!(owned.success(), "there is a user “postgres”");
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", "sh", "-c", script]);
    command
}

fn wait_until_ready(port: u16, folder: &Path) {
    let began = Instant::now();
    loop {
        let ready = Command::new(bin().join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
            .status();
        if ready.is_ok_and(|s| s.success()) {
            return;
        }
        if began.elapsed() > Duration::from_secs(60) {
            let log = |name| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            panic!("PostgreSQL did not start:\n{}\n{}", log("initdb.log"), log("log"));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
