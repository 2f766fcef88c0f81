"""What the tests and measurements of whole processes share: a throw-away PostgreSQL, `khi serve` as a process that can
be killed, a small keep-alive client, and valid made-up responses.

Everything is made in a temporary folder and taken away at the end, also after a failure. Python's own library only.
"""
import atexit, contextlib, datetime, glob, http.client, json, os, pathlib, pwd, random, shutil, signal, socket, subprocess, sys
import tempfile, threading, time, urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMAIL, PASSWORD = "national@test.example", "a-long-password-for-tests"
YESTERDAY = datetime.date.today() - datetime.timedelta(days=1)


def financial_year(day):
    """The name, first and last day of the financial year that holds `day`."""
    start = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{start}-{(start + 1) % 100:02}", datetime.date(start, 4, 1), datetime.date(start + 1, 3, 31)


def khi_binary():
    for path in (os.environ.get("KHI_BIN"), ROOT / "target/release/khi", ROOT / "target/debug/khi"):
        if path and os.access(path, os.X_OK):
            return str(pathlib.Path(path).resolve())
    sys.exit("there is no khi to test: run `cargo build --release`, or set KHI_BIN")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def workplace():
    """A temporary folder; whatever ends the test, its `finally` and `with` blocks are run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="khi-test-"))
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """A PostgreSQL of our own, with fsync on, on a free port. Servers of PostgreSQL refuse to run as root, so root lends `postgres`."""

    def __init__(self, folder):
        self.folder, self.port = folder / "pg", free_port()
        self.prefix, self.options = [], ""
        self.folder.mkdir()
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        with contextlib.ExitStack() as undo:
            atexit.register(self.stop)
            undo.callback(self.stop)
            self.start()
            self.sql("postgres", "CREATE DATABASE khi")
            undo.pop_all()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/khi"

    @staticmethod
    def binary(name):
        found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
        return found or sys.exit(f"{name} is missing: install PostgreSQL (Debian: apt-get install postgresql)")

    def run(self, name, *arguments):
        command = [*self.prefix, self.binary(name), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr or done.stdout}")
        return done.stdout

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on -c synchronous_commit=on {self.options}"
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")
        self.pid = int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def stop(self):
        if (self.folder / "data/postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def crash(self):
        """Ends every server process at once and starts again: PostgreSQL recovers from its log."""
        self.stop()
        self.start()

    def sql(self, database, text):
        return self.run("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-d", database, "-At", "-v", "ON_ERROR_STOP=1", "-c", text).strip()


class Khi:
    """One `khi serve`, which can be killed and started again on the same port and database."""

    def __init__(self, folder, database, name="khi"):
        self.folder, self.database, self.port = folder, database, free_port()
        self.log = folder / f"{name}.log"
        self.process, self.environment = None, {}

    def command(self, *arguments):
        return [khi_binary(), *arguments, "--database", self.database, "--secret-file", str(self.folder / "khi.secret")]

    def run(self, *arguments, typed=None, environment=None):
        """Runs another command of khi to its end."""
        return subprocess.run(self.command(*arguments), input=typed, capture_output=True, text=True, cwd=self.folder,
                              env={**os.environ, **(environment or {})})

    def add_user(self, email=EMAIL, role="national"):
        done = self.run("user", "add", email, "--role", role, "--password-stdin", "--api-without-code", typed=PASSWORD)
        if done.returncode:
            raise RuntimeError(f"khi user add failed: {done.stderr}")

    def launch(self):
        """Starts the process without waiting for it."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command("serve", "--listen", f"127.0.0.1:{self.port}"), stdout=log, stderr=log, cwd=self.folder,
                                            env={**os.environ, **self.environment})

    def start(self):
        self.launch()
        self.wait_ready()

    def wait_ready(self, seconds=60):
        end = time.monotonic() + seconds
        client = Client(self.port)
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"khi serve ended with {self.process.returncode}: {self.tail()}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                if client.send("GET", "/readyz").status == 200:
                    return
            time.sleep(0.01)
        raise RuntimeError(f"khi serve was not ready in {seconds} s: {self.tail()}")

    def kill(self):
        """kill -9."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    stop = kill

    def tail(self):
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def verify(self):
        """`khi tallies verify`: tallies equal a recount. Gives what it printed if they do not."""
        done = self.run("tallies", "verify")
        return None if done.returncode == 0 else done.stdout[-4000:] + done.stderr[-2000:]


class Test:
    """What tests of whole processes have in common: their database, their servers, and what was checked."""

    def __init__(self, folder, database, seed, servers=1):
        self.seed, self.failures, self.passed = seed, [], 0
        self.postgres = Postgres(folder) if database == "postgres" else None
        url = self.postgres.url if self.postgres else f"sqlite://{folder}/khi.db"
        self.servers = [Khi(folder, url, f"khi-{n}") for n in range(servers)]

    def check(self, name, fault):
        """Counts one check; `fault` says what is wrong, if anything."""
        if fault:
            self.failures.append(name)
            print(f"FAILED {name}: {fault}", flush=True)
        else:
            self.passed += 1

    def end(self):
        for khi in self.servers:
            khi.kill()
        if self.postgres:
            self.postgres.stop()


def run_test(make, run):
    """Runs `run` on the test that `make` makes in a temporary folder, says what came of it, and gives the exit status."""
    with workplace() as folder:
        test = make(folder)
        try:
            run(test)
        except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
            test.check("the test itself", f"{error!r}\n" + "\n".join(khi.tail() for khi in test.servers))
        finally:
            test.end()
    print(f"{test.passed} passed, {len(test.failures)} failed")
    return 1 if test.failures else 0


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """One keep-alive connection. Errors of the connection are the caller's to handle: whether a write happened is then unknown."""

    def __init__(self, port, token=None, timeout=60):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.token = token

    def send(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def get(self, path, **query):
        """A GET that must succeed, as JSON. The server may have closed a connection that was long idle, so it is tried twice."""
        path += "?" + urllib.parse.urlencode(query) if query else ""
        try:
            answer = self.send("GET", path)
        except http.client.RemoteDisconnected:
            answer = self.send("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status} {answer.body[:500]!r}")
        return answer.json

    def sign_in(self, email=EMAIL):
        answer = self.send("POST", "/api/v1/sessions", {"email": email, "password": PASSWORD})
        if answer.status != 200 and answer.status != 201:
            raise RuntimeError(f"signing in: {answer.status} {answer.body[:500]!r}")
        self.token = answer.json["token"]
        return self.token

    def all_responses(self):
        """Every listed response, page by page."""
        items, cursor = [], {}
        while cursor is not None:
            page = self.get("/api/v1/responses", limit=5000, **cursor)
            items += page["items"]
            cursor = {"cursor": page["next"]} if page["next"] else None
        return items


def make_schemes(client, count, prefix="scheme"):
    """Adds `count` Shared Lives schemes, each of one council; gives (scheme id, council code) pairs."""
    areas = client.get("/api/v1/areas")["items"]
    councils = [a["code"] for a in areas if a["level"] == "local_authority" and not a.get("valid_to") and (a.get("valid_from") or "") < "2021"]
    made = []
    for number in range(count):
        council = councils[number * 7 % len(councils)]
        body = {"id": f"{prefix}-{number:03}", "name": f"Test scheme {number}", "model": "shared-lives",
                "areas": [{"code": council, "from": "2021-04-01", "to": None}], "cqc_location_id": None}
        answer = client.send("POST", "/api/v1/schemes", body)
        if answer.status != 201:
            raise RuntimeError(f"adding a scheme: {answer.status} {answer.body[:500]!r}")
        contacts = {"help": {"name": "Sam Example", "phone": "01632 960123"}, "outside": {"name": "Outside", "email": f"outside@{body['id']}.example"},
                    "leads": [{"name": "Ann Example", "email": f"ann@{body['id']}.example"}, {"name": "Bola Example", "email": f"bola@{body['id']}.example"}]}
        answer = client.send("PUT", f"/api/v1/schemes/{body['id']}/contacts", contacts)
        if answer.status != 200:
            raise RuntimeError(f"naming contacts: {answer.status} {answer.body[:500]!r}")
        made.append((body["id"], council))
    return made


class ResponseMaker:
    """Makes valid responses to `shared-lives`, from the items, options and breakdowns that the server publishes."""

    HELPERS = [(None, False), ("family", False), ("advocate", False), ("shared-lives-carer", True), ("proxy", False)]

    def __init__(self, client):
        self.definition = client.get("/api/v1/questionnaires/shared-lives")
        self.breakdowns = client.get("/api/v1/breakdowns")["items"]

    def about(self, chance):
        """The person in the groups of all breakdowns."""
        facts = {}
        for breakdown in self.breakdowns:
            codes = [v["code"] for v in breakdown["values"]]
            if breakdown["id"] == "arrangement":
                codes = ["live-in", "short-breaks", "day-support"]
            facts[breakdown["id"]] = chance.sample(codes, chance.choice((1, 1, 1, 2))) if breakdown["several"] else chance.choice(codes)
        return facts

    def parts(self, chance):
        """What does not depend on whose response it is: who helped, consent, groups and answers."""
        role, supporter = chance.choices(self.HELPERS, (34, 20, 14, 24, 8))[0]
        proxy, about = role == "proxy", self.about(chance)
        helper = role and {"role": "family" if proxy else role, "help": chance.choice((["read"], ["read", "explained"])), "gives_support": supporter}
        return {
            "questionnaire": self.definition["id"], "version": self.definition["version"], "occasion": chance.choice(("baseline", "review", "review")),
            "mode": chance.choice(("online", "online", "visit", "paper", "phone")), "rendition": chance.choice(("easy-read", "standard")),
            "language": chance.choice(("en", "en", "en", "cy")), "completed_by": "proxy" if proxy else "helped" if role else "self",
            **({"helper": helper} if helper else {}),
            "consent": {"version": self.definition["consent"]["version"], "statistics": True, "quotes": chance.random() < 0.3, "ask_again": True, "share": "nobody"},
            "about": about, "answers": self.answers(chance, about, proxy),
        }

    def make(self, chance, scheme, council, participant, completed_on):
        return {"scheme": scheme, "council": council, "participant": participant, "completed_on": str(completed_on), **self.parts(chance)}

    def answers(self, chance, about, proxy):
        given = {}
        for item in self.definition["items"]:
            if item["type"] == "note" or not holds(item.get("ask_if"), given, about) or proxy and item.get("proxy") == "not-allowed":
                continue
            value = self.answer(chance, item)
            if value is not None:
                given[item["id"]] = value
        return given

    @staticmethod
    def answer(chance, item):
        if item["type"] == "text":
            return "I would like to go out more." if chance.random() < 0.2 else None
        if chance.random() < 0.05:
            return chance.choice(({"missing": "dont-know"}, {"missing": "prefer-not-to-say"}, None))
        options = [o["code"] for o in item.get("options", ()) if not o.get("exclusive")]
        if item["type"] == "single":
            return chance.choices(options, [8, 2, 1, 1, 1][:len(options)])[0]
        if item["type"] == "multiple":
            return chance.sample(options, chance.randint(1, 2))
        return min(item["max"], item["min"] + int(chance.expovariate(0.3)))


def holds(condition, given, about):
    """Whether an item is asked, by its `ask_if`."""
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(c, given, about) for c in condition["all"])
    if "any" in condition:
        return any(holds(c, given, about) for c in condition["any"])
    value = about.get(condition["about"]) if "about" in condition else given.get(condition["item"])
    if value is None or isinstance(value, dict):
        return False
    if "at_least" in condition:
        return value >= condition["at_least"]
    return any(v in condition["any_of"] for v in (value if isinstance(value, list) else [value]))


def in_threads(run, inputs):
    """Runs `run` on each input in a thread of its own; the first error of any is raised here."""
    errors = []

    def guarded(value):
        try:
            run(value)
        except Exception as error:  # noqa: BLE001 - handed to the caller
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(value,), daemon=True) for value in inputs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def random_day(chance, first, last):
    return first + datetime.timedelta(days=chance.randint(0, (last - first).days))


def seeded(*parts):
    return random.Random("/".join(map(str, parts)))
