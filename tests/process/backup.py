#!/usr/bin/env python3
"""The drill: a backup under load, the server killed, everything restored elsewhere. What was acknowledged before the backup began is there.

    backup.py --database sqlite|postgres --seed S

Then what must be refused: a damaged backup, a database that is not empty, another key file, a backup and a database of a newer khi.
And the backups that the server takes by itself.
"""
import argparse, http.client, json, os, pathlib, shutil, sqlite3, sys, threading, time
import server
from server import Client, Khi, ResponseMaker, YESTERDAY, in_threads, random_day, run_test, seeded

CLIENTS, SCHEMES, BEFORE = 4, 3, 120
FIRST_DAY = YESTERDAY - server.datetime.timedelta(days=200)
NEWER = "20991231000000"


class Test(server.Test):
    def __init__(self, folder, database, seed):
        super().__init__(folder, database, seed)
        self.folder, self.khi = folder, self.servers[0]
        self.stop, self.sent, self.lock = threading.Event(), {}, threading.Lock()
        self.backups, self.databases = folder / "backups", 0

    def begin(self):
        self.khi.start()
        self.khi.add_user()
        first = Client(self.khi.port)
        self.token = first.sign_in()
        self.schemes, self.maker = server.make_schemes(first, SCHEMES), ResponseMaker(first)

    # The drill

    def send(self, number):
        """One client, until told to stop or the server is gone. What it knows: key and body of everything that was acknowledged."""
        chance, client, step = seeded(self.seed, "client", number), Client(self.khi.port, self.token), 0
        while not self.stop.is_set():
            scheme, council = chance.choice(self.schemes)
            body = self.maker.make(chance, scheme, council, f"C{number}-{chance.randint(0, 30)}", random_day(chance, FIRST_DAY, YESTERDAY))
            key = f"{self.seed}-client-{number:03}-{step:08}"
            try:
                answer = client.send("POST", "/api/v1/responses", body, Idempotency_Key=key)
            except (OSError, http.client.HTTPException):
                return  # killed: it may be stored or not
            if answer.status != 201:
                self.check("sending", f"{answer.status} {answer.body[:300]}")
                return
            with self.lock:
                self.sent[answer.json["id"]] = (key, body, answer.json["receipt"])
            step += 1

    def drill(self):
        load = threading.Thread(target=lambda: in_threads(self.send, range(CLIENTS)), daemon=True)
        load.start()
        while len(self.sent) < BEFORE:
            time.sleep(0.01)
        with self.lock:
            before = dict(self.sent)
        self.khi.run("audit", "sign")
        done = self.khi.run("backup", str(self.backups))
        during = len(self.sent) - len(before)
        self.check("khi backup succeeds under load", done.returncode and done.stderr)
        self.check("it says that the key file is not in it, and where it is", "KEY FILE IS NOT IN" not in done.stdout or str(self.khi.folder / "khi.secret") not in done.stdout)
        self.check("others were answered meanwhile", during < 1 and "nobody was")
        self.khi.kill()
        self.stop.set()
        load.join()
        self.backup = self.one_backup()
        manifest = json.loads((self.backup / "manifest.json").read_text())
        self.check("only its owner can look into it", any(p.stat().st_mode & 0o077 for p in (self.backups, self.backup, *self.backup.iterdir())))
        self.check("the key is not in it", any("secret" in p.name for p in self.backup.iterdir()))
        restored = self.restore_elsewhere("restored", key=True)
        done = restored.restored
        self.check("khi restore succeeds", done.returncode and done.stdout + done.stderr)
        self.check("it counts again", "tallies equal a recount" not in done.stdout)
        restored.start()
        client = Client(restored.port)
        client.sign_in()
        there = {item["id"] for item in client.all_responses()}
        self.check("everything acknowledged before the backup began is there", len(before.keys() - there) and f"{len(before.keys() - there)} of {len(before)} are not")
        self.check("as many as the manifest says", manifest["counts"]["responses"] - len(there))
        for response in list(before)[::10]:
            key, body, receipt = before[response]
            answer = client.send("POST", "/api/v1/responses", body, Idempotency_Key=key)
            same = answer.status == 201 and answer.headers.get("Idempotency-Replayed") == "true" and answer.json["receipt"] == receipt
            self.check("a retry after the restore gets the same receipt", not same and f"{answer.status} {answer.body[:200]}")
        self.check("khi tallies verify", restored.verify())
        restored.kill()
        audit = restored.run("audit", "verify")
        self.check("the audit log is whole, by the signed heads of the backup", audit.returncode and audit.stdout + audit.stderr)
        print(f"{len(before)} acknowledged before, {during} during the backup, {len(there)} restored", flush=True)

    # Places to restore into

    def one_backup(self):
        return next(path for path in sorted(self.backups.iterdir()) if path.name.startswith("khi-"))

    def new_database(self):
        self.databases += 1
        if self.postgres:
            name = f"other{self.databases}"
            self.postgres.sql("postgres", f"CREATE DATABASE {name}")
            return self.postgres.url.rsplit("/", 1)[0] + "/" + name
        return f"sqlite://{self.folder}/other{self.databases}.db"

    def elsewhere(self, name, database=None):
        folder = self.folder / f"elsewhere-{name}"
        folder.mkdir()
        khi = Khi(folder, database or self.new_database(), name)
        self.servers.append(khi)
        return khi

    def restore_elsewhere(self, name, key, source=None, database=None, *more):
        khi = self.elsewhere(name, database)
        if key:
            shutil.copy2(self.khi.folder / "khi.secret", khi.folder / "khi.secret")
        khi.restored = khi.run("restore", str(source or self.backup), *more)
        return khi

    def refused(self, name, done, *says):
        said = done.stdout + done.stderr
        fault = done.returncode == 0 and "it was taken" or next((f"it does not say {word!r}: {said}" for word in says if word not in said), None)
        self.check(f"refused: {name}", fault)

    def is_empty(self, khi):
        if self.postgres:
            return self.postgres.sql(khi.database.rsplit("/", 1)[1], "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
        return not os.path.exists(khi.database.removeprefix("sqlite://"))

    def changed(self, name, change):
        """A copy of the backup in which `change` has changed something."""
        copy = self.folder / f"backup-{name}"
        shutil.copytree(self.backup, copy)
        change(copy)
        return copy

    def refusals(self):
        def flip(folder):
            data = next(p for p in folder.iterdir() if p.name in ("khi.db", "khi.dump"))
            contents = bytearray(data.read_bytes())
            contents[len(contents) // 2] ^= 1
            data.write_bytes(contents)

        def edit(what):
            def change(folder):
                manifest = json.loads((folder / "manifest.json").read_text())
                what(manifest)
                (folder / "manifest.json").write_text(json.dumps(manifest))
            return change

        def newer(manifest):
            manifest["schema"].append(NEWER)
            manifest["khi"] = "9.8.7"

        def outside(manifest):
            manifest["files"].append({"name": "../khi.secret", "bytes": 65, "sha256": "0" * 64})

        for name, change, says in (
            ("one flipped bit", flip, ("damaged", "contents have changed")),
            ("a file that is gone", lambda folder: next(p for p in folder.iterdir() if p.name != "manifest.json").unlink(), ("damaged",)),
            ("a name that leads out", edit(outside), ("leads out of the backup",)),
            ("a newer khi's backup", edit(newer), ("khi 9.8.7", "khi 0.", NEWER, "older")),
            ("another form", edit(lambda m: m.update(format="khi-backup/9")), ("khi-backup/9",)),
            ("other counts", edit(lambda m: m["counts"].update(responses=1)), ("not have the same rows",)),
        ):
            khi = self.restore_elsewhere(name.replace(" ", "-"), True, self.changed(name.replace(" ", "-"), change))
            self.refused(name, khi.restored, *says)
            if name != "other counts" or not self.postgres:  # there what was restored is looked at afterwards, and said to be wrong
                self.check(f"{name}: nothing was made", not self.is_empty(khi))
        khi = self.restore_elsewhere("without-key", False)
        self.refused("without the key file", khi.restored, "key file is not there", "--key-lost")
        khi = self.elsewhere("other-key")
        (khi.folder / "khi.secret").write_text("ab" * 32 + "\n")
        os.chmod(khi.folder / "khi.secret", 0o600)
        self.refused("with another key file", khi.run("restore", str(self.backup)), "belongs to another database")
        again = self.restore_elsewhere("again", True, None, self.khi.database)
        self.refused("into a database that is not empty", again.restored, "empty")
        khi = self.restore_elsewhere("lost", False, None, None, "--key-lost")
        self.check("with --key-lost it is restored, and takes a new key", khi.restored.returncode and khi.restored.stderr or not (khi.folder / "khi.secret").exists())
        self.refused("the folder of backups instead of one", self.khi.run("restore", str(self.backups)), "name one of them", self.backup.name)

    def key_in_it(self):
        done = self.khi.run("backup", str(self.folder / "with-key"), "--with-key")
        self.check("with --with-key it says that the key file is in it", done.returncode and done.stderr or "KEY FILE IS IN" not in done.stdout)
        source = next((self.folder / "with-key").iterdir())
        khi = self.restore_elsewhere("key-inside", False, source)
        same = (khi.folder / "khi.secret").exists() and (khi.folder / "khi.secret").read_text() == (self.khi.folder / "khi.secret").read_text()
        self.check("the key file is put where it belongs, for its owner only", khi.restored.returncode and khi.restored.stderr or not same or (khi.folder / "khi.secret").stat().st_mode & 0o077)

    # Versions and keys

    def sql(self, text):
        if self.postgres:
            self.postgres.sql("khi", text)
        else:
            with sqlite3.connect(self.khi.database.removeprefix("sqlite://")) as db:
                db.execute(text)
            db.close()

    def newer_database(self):
        self.sql(f"INSERT INTO __diesel_schema_migrations (version) VALUES ('{NEWER}')")
        self.sql("UPDATE settings SET value = '9.8.7' WHERE key = 'khi-version'")
        self.refused("a database of a newer khi", self.khi.run("tallies", "verify"), "khi 9.8.7", "khi 0.", NEWER, "older")
        doctor = self.khi.run("doctor", "--json")
        states = {c["check"]: c["state"] for c in json.loads(doctor.stdout)["checks"]}
        self.check("the doctor says so", doctor.returncode == 0 or states["schema"] != "mend")
        self.sql(f"DELETE FROM __diesel_schema_migrations WHERE version = '{NEWER}'")

    def keys(self):
        kept = self.khi.folder / "khi.secret"
        aside = kept.rename(self.khi.folder / "aside")
        self.refused("without the key file", self.khi.run("tallies", "verify"), "key file is not there")
        self.check("no other is made in its place", kept.exists())
        kept.write_text("cd" * 32 + "\n")
        os.chmod(kept, 0o600)
        self.refused("with another key file", self.khi.run("tallies", "verify"), "not the key file")
        self.check("the doctor says so", self.khi.run("doctor").returncode == 0)
        aside.rename(kept)
        os.chmod(kept, 0o644)
        doctor = self.khi.run("doctor")
        self.check("the doctor says what to type", "chmod 600" not in doctor.stdout)
        os.chmod(kept, 0o600)
        self.check("then all is well again", (done := self.khi.run("doctor")).returncode and done.stdout)

    # By itself

    def by_itself(self):
        definitions = self.folder / "definitions"
        definitions.mkdir()
        to = self.folder / "by-itself"
        self.khi.environment = {"KHI_BACKUP_TO": str(to), "KHI_BACKUP_EVERY": "1s", "KHI_BACKUP_KEEP": "2", "KHI_DEFINITIONS": str(definitions)}
        self.khi.start()
        seen, end = set(), time.monotonic() + 60
        while len(seen) < 4 and time.monotonic() < end:
            seen |= {p.name for p in to.glob("khi-*")}
            time.sleep(0.1)
        metrics = Client(self.khi.port).send("GET", "/metrics").body.decode()
        self.khi.kill()
        self.check("the server takes backups by itself", len(seen) < 4 and self.khi.tail())
        left = [p for p in to.iterdir() if p.name.startswith("khi-")]
        self.check("and keeps the newest two", len(left) > 3 and str(left))
        at = next((float(line.split()[1]) for line in metrics.splitlines() if line.startswith("khi_last_backup_timestamp_seconds ")), 0)
        self.check("their age is among the metrics", abs(time.time() - at) > 60 and metrics[-1500:])
        doctor = json.loads(self.khi.run("doctor", "--json").stdout)
        found = {c["check"]: c for c in doctor["checks"]}
        self.check("the doctor knows of them", found["backups"]["state"] != "ok" and str(found["backups"]))
        blocked = self.folder / "blocked"
        blocked.write_text("a file, not a folder")
        self.check("a backup that fails exits non-zero", self.khi.run("backup", str(blocked)).returncode == 0)
        doctor = json.loads(self.khi.run("doctor", "--json").stdout)
        self.check("and the doctor says so", {c["check"]: c["state"] for c in doctor["checks"]}["backups"] != "mend")


    def own_definitions(self):
        """A questionnaire of the operator's own is part of the backup: without it what was answered to it could not be read."""
        mine = self.folder / "own"
        (mine / "questionnaires/our-own").mkdir(parents=True)
        definition = json.loads((server.ROOT / "survey-definitions/questionnaires/homeshare-householder/1.0.0.json").read_text())
        text = json.dumps({**definition, "id": "our-own"})
        (mine / "questionnaires/our-own/1.0.0.json").write_text(text)
        with_mine = {"KHI_DEFINITIONS": str(mine)}
        self.check("a database is used with definitions of one's own", (done := self.khi.run("tallies", "verify", environment=with_mine)).returncode and done.stderr)
        done = self.khi.run("backup", str(self.folder / "with-own"), environment=with_mine)
        self.check("it is backed up with them", done.returncode and done.stderr)
        source = next((self.folder / "with-own").iterdir())
        for name, placed in (("own-beside", None), ("own-placed", self.folder / "placed")):
            khi = self.elsewhere(name)
            shutil.copy2(self.khi.folder / "khi.secret", khi.folder / "khi.secret")
            done = khi.run("restore", str(source), environment=placed and {"KHI_DEFINITIONS": str(placed)})
            self.check(f"{name}: it is restored with them", done.returncode and done.stderr or "efinitions" not in done.stdout)
        self.check("they are put where the settings say", (placed / "questionnaires/our-own/1.0.0.json").read_text() != text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def run(test):
        test.begin()
        for part in (test.drill, test.refusals, test.key_in_it, test.newer_database, test.keys, test.by_itself, test.own_definitions):
            part()

    return run_test(lambda folder: Test(pathlib.Path(folder), options.database, options.seed), run)


if __name__ == "__main__":
    sys.exit(main())
