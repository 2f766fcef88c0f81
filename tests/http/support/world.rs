//! A world of its own for each test and database: an app in process, one scheme in Leeds, one in York, and people signed in.

use std::cell::OnceCell;
use std::path::Path;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::{App as ActixApp, test, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use khi::app::App;
use khi::clock::SetClock;
use khi::definition_files::shipped;
use khi::domain::access::Role;
use khi::domain::definition::{Registry, SourceFile};
use khi::passwords::Passwords;
use khi::secrets::{Ids, Secrets};
use khi::storage::{Engine, StorageError, Store};
use khi::use_cases::{NewAccount, add_account, allow_api_without_code, record_definitions};
use khi::web::Limits;

use super::postgres;

/// The time at which every test begins.
const BEGIN: &str = "2026-07-20T09:00:00Z";
const PASSWORD: &str = "a long enough password";
/// Where people reach the server of a test.
const HERE: &str = "http://khi.test";

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<SetClock>,
    limits: web::Data<Limits>,
    url: String,
    /// The app as a function of requests, once somebody has sent one: finding its routes takes long.
    service: OnceCell<Service>,
    _folder: Arc<tempfile::TempDir>,
}

/// The shipped definitions. They are read once: every world would read them alike.
static SHIPPED: LazyLock<Arc<Registry>> = LazyLock::new(|| registry(&[]));

/// An empty database of each kind, with its tables, from which those of worlds are copied.
static SQLITE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    drop(Store::open(&sqlite(folder.path()), 1).expect("the database opens"));
    // The last connection of the pool may end a little later; then all is in one file.
    let files = || std::fs::read_dir(folder.path()).expect("the folder").count();
    for _ in 0..500 {
        if files() == 1 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(files(), 1, "nobody has it open");
    std::fs::read(folder.path().join("khi.db")).expect("it is read")
});
static POSTGRES: LazyLock<String> = LazyLock::new(|| {
    let url = postgres::new_database();
    drop(Store::open(&url, 1).expect("the database opens"));
    url
});

fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("khi.db").display())
}

fn registry(more: &[SourceFile]) -> Arc<Registry> {
    let mut sources = shipped();
    sources.extend(more.iter().cloned());
    let loaded = Registry::load(&sources);
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    Arc::new(loaded.registry)
}

/// The whole app as a function of requests.
pub(crate) type Service = Rc<dyn Fn(test::TestRequest) -> Pin<Box<dyn Future<Output = ServiceResponse>>>>;

/// Somebody who sends requests.
pub(crate) struct Client<'w> {
    world: &'w World,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

/// Runs a test on SQLite and on PostgreSQL, each in its own new world.
#[track_caller]
pub(crate) fn on_both<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    on_both_with(&[], test);
}

/// As [`on_both`], with further definition files.
#[track_caller]
pub(crate) fn on_both_with<F: Future<Output = ()>>(more: &[SourceFile], test: impl Fn(World) -> F) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::new(engine, more);
        actix_web::rt::System::new().block_on(test(world));
    }
}

/// Runs a test on SQLite where people come over https.
#[track_caller]
pub(crate) fn over_https<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    let world = World::at("https://khi.test", Engine::Sqlite, &[]);
    actix_web::rt::System::new().block_on(test(world));
}

/// What a new start on the same database, with `more` definition files, has to say against them.
pub(crate) fn reopened_with(world: &World, more: &[SourceFile]) -> Vec<String> {
    let (url, clock, more) = (world.url.clone(), world.clock.clone(), more.to_vec());
    let start = move || record_definitions(&open(&url, clock, &more, HERE)).expect("reads");
    std::thread::spawn(start).join().expect("ends")
}

fn open(url: &str, clock: Arc<SetClock>, more: &[SourceFile], public_url: &str) -> Arc<App> {
    start(url, clock, more, public_url, 42).expect("the app starts")
}

fn start(
    url: &str,
    clock: Arc<SetClock>,
    more: &[SourceFile],
    public_url: &str,
    secret: u8,
) -> Result<Arc<App>, StorageError> {
    let definitions = if more.is_empty() { SHIPPED.clone() } else { registry(more) };
    let store = Store::open(url, 6).expect("the database opens");
    App::start(
        store,
        definitions,
        clock,
        Ids::Random,
        Secrets::derive(&[secret; 32]),
        Passwords::quick(),
        public_url,
    )
}

impl World {
    /// A new world on this engine.
    pub(crate) fn on(engine: Engine) -> Self {
        Self::new(engine, &[])
    }

    fn new(engine: Engine, more: &[SourceFile]) -> Self {
        Self::at(HERE, engine, more)
    }

    fn at(public_url: &str, engine: Engine, more: &[SourceFile]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match engine {
            Engine::Sqlite => {
                std::fs::write(folder.path().join("khi.db"), &*SQLITE).expect("it is written");
                sqlite(folder.path())
            }
            Engine::Postgres => postgres::copy_of(&POSTGRES),
        };
        let clock = Arc::new(SetClock::at(time(BEGIN)));
        let app = open(&url, clock.clone(), more, public_url);
        assert_eq!(record_definitions(&app).expect("recorded"), Vec::<String>::new());
        Self {
            app,
            clock,
            limits: web::Data::new(Limits::default()),
            url,
            service: OnceCell::new(),
            _folder: Arc::new(folder),
        }
    }

    /// The same database, served by another process: it shares nothing else with this one, but for the clock.
    pub(crate) async fn another_process(&self) -> Self {
        let (url, clock) = (self.url.clone(), self.clock.clone());
        let app = web::block(move || open(&url, clock, &[], HERE)).await.expect("it does not panic");
        Self {
            app,
            clock: self.clock.clone(),
            limits: web::Data::new(Limits::default()),
            url: self.url.clone(),
            service: OnceCell::new(),
            _folder: self._folder.clone(),
        }
    }

    /// Another process on the same database, with the secret file that is made of this byte.
    pub(crate) async fn started_with(&self, secret: u8) -> Result<Arc<App>, StorageError> {
        let (url, clock) = (self.url.clone(), self.clock.clone());
        web::block(move || start(&url, clock, &[], HERE, secret)).await.expect("it does not panic")
    }

    /// Does something with the app itself, on a thread that may block.
    pub(crate) async fn act<T: Send + 'static>(&self, act: impl FnOnce(&App) -> T + Send + 'static) -> T {
        let app = self.app.clone();
        web::block(move || act(&app)).await.expect("it does not panic")
    }

    /// Moves the clock to `at` (RFC 3339).
    pub(crate) fn set_time(&self, at: &str) {
        self.clock.set(time(at));
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, time: TimeDelta) {
        self.clock.set(self.app.clock.now() + time);
    }

    /// The app, ready to answer requests.
    pub(crate) async fn service(&self) -> Service {
        if let Some(service) = self.service.get() {
            return service.clone();
        }
        let app = ActixApp::new().app_data(web::Data::from(self.app.clone())).app_data(self.limits.clone());
        let service = Rc::new(
            test::init_service(app.configure(khi::web::configure).wrap(khi::web::headers(&self.app))).await,
        );
        let service: Service = Rc::new(move |request| {
            let service = service.clone();
            Box::pin(async move {
                service.call(request.to_request()).await.unwrap_or_else(|error| {
                    let request = test::TestRequest::default().to_http_request();
                    ServiceResponse::new(request, error.error_response())
                })
            })
        });
        self.service.get_or_init(|| service).clone()
    }

    /// Nobody.
    pub(crate) fn stranger(&self) -> Client<'_> {
        Client { world: self, token: None }
    }

    /// Somebody with a new account of this role, signed in through the API.
    pub(crate) async fn signed_in(&self, role: Role) -> Client<'_> {
        let email = format!("{}@example.org", self.app.new_id().to_lowercase());
        let new = NewAccount { email: email.clone(), password: PASSWORD.into(), role };
        let app = self.app.clone();
        // As `khi user add --password-stdin --api-without-code` does.
        let added = web::block(move || {
            add_account(&app, &new).is_ok_and(|id| allow_api_without_code(&app, &id).is_ok())
        })
        .await;
        assert!(added.is_ok_and(|added| added), "the account is added");
        let reply =
            self.stranger().post("/api/v1/sessions", &json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        Client { world: self, token: Some(reply.json()["token"].as_str().expect("a token").to_owned()) }
    }

    /// Somebody with this token.
    pub(crate) fn with_token(&self, token: &str) -> Client<'_> {
        Client { world: self, token: Some(token.to_owned()) }
    }

    pub(crate) async fn national(&self) -> Client<'_> {
        self.signed_in(Role::National).await
    }

    /// The address of its database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The number of a scheme.
    pub(crate) fn number(&self, scheme: &str) -> i64 {
        self.app.directory().scheme(scheme).expect("the scheme is there").number
    }

    /// How many rows are stored in a table that a refused request must not touch: responses.
    pub(crate) async fn stored_responses(&self) -> usize {
        let reply = self.national().await.get("/api/v1/responses?limit=5000").await;
        reply.json()["items"].as_array().expect("items").len()
    }
}

impl Client<'_> {
    /// The token; empty for nobody.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.json(Method::POST, path, &[], body).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        self.json(Method::PUT, path, &[], body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], None).await
    }

    pub(crate) async fn patch(&self, path: &str, revision: i64, body: &Value) -> Reply {
        self.json(Method::PATCH, path, &[("If-Match", &format!("\"{revision}\""))], body).await
    }

    /// Sends a response under `key`.
    pub(crate) async fn submit(&self, key: &str, body: &Value) -> Reply {
        self.json(Method::POST, "/api/v1/responses", &[("Idempotency-Key", key)], body).await
    }

    pub(crate) async fn json(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let mut all = vec![("Content-Type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, Some(body.to_string().into_bytes())).await
    }

    /// Sends a request through the whole app.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Reply {
        let mut request = test::TestRequest::with_uri(path).method(method);
        if let Some(token) = &self.token {
            request = request.insert_header(("Authorization", format!("Bearer {token}")));
        }
        for header in headers {
            request = request.insert_header(*header);
        }
        if let Some(body) = body {
            request = request.set_payload(body);
        }
        let service = self.world.service().await;
        Reply::of(service(request).await).await
    }
}

impl Reply {
    /// What this response says.
    pub(crate) async fn of(response: ServiceResponse) -> Self {
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned()))
            .collect();
        let body = test::read_body(response).await;
        Self { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// (pointer, code) of each fault.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        self.json()["errors"]
            .as_array()
            .cloned()
            .unwrap_or_default()
            .iter()
            .map(|e| (text(&e["pointer"]), text(&e["code"])))
            .collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The items of a list.
    #[track_caller]
    pub(crate) fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().cloned().expect("items")
    }
}

fn time(at: &str) -> DateTime<Utc> {
    at.parse().expect("a time")
}
