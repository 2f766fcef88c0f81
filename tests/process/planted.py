#!/usr/bin/env python3
"""Names, telephone numbers, addresses, tokens and people's own words stand nowhere in plain; what was changed is refused; keys rotate under load.

    planted.py --database sqlite|postgres --strings N --seconds S

Plants N strings through the API and the pages of a survey, in the ways that real ones come in. Then it looks for each, in
whatever case and also as JSON writes it, in the log, in every file of the database (SQLite's database and its write-ahead log; PostgreSQL's whole
data folder, so its log, too), in a dump and in a backup of it. Strings that are not secret are planted as well, and must be found: else nothing was tested.
"""
import argparse, base64, contextlib, hashlib, itertools, json, sqlite3, sys, threading, time
import server
from browser import Browser, invite
from server import Client, run_test, seeded

SCHEME = "scheme-000"
PEOPLE_AT_ONCE = 4


class Planted:
    """Strings that occur nowhere by chance, and what each is."""

    def __init__(self, chance):
        self.chance, self.secret, self.plain = chance, {}, {}

    def _word(self):
        return "".join(self.chance.choice("bcdfghjklmnpqrstvwxz") + self.chance.choice("aeiou") for _ in range(6)).capitalize()

    def keep(self, what, text):
        self.secret[text] = what
        return text

    def name(self):
        return self.keep("name", f"{self._word()} {self._word()}")

    def email(self):
        return self.keep("e-mail address", f"{self._word().lower()}@{self._word().lower()}.example")

    def phone(self):
        return self.keep("telephone number", "07" + "".join(self.chance.choice("0123456789") for _ in range(9)))

    def words(self):
        return self.keep("own words", f"{self._word()} {self._word()} ü “{self._word()}”")

    def token(self, text):
        return self.keep("token", text)


class Test(server.Test):
    def __init__(self, folder, database, seed):
        super().__init__(folder, database, seed, servers=2 if database == "postgres" else 1)
        self.khi, self.folder = self.servers[0], folder
        self.planted, self.sent = Planted(seeded(seed, "planted")), 0

    # Planting

    def begin(self):
        # What was there before anything was planted, and is the same later, is not looked through.
        self.before = {path: hashlib.sha256(data).digest() for path, data in self.data_files()} if self.postgres else {}
        self.khi.start()
        self.khi.add_user()
        self.national = Client(self.khi.port)
        self.planted.token(self.national.sign_in())
        ((_, self.council),) = server.make_schemes(self.national, 1)
        done = self.khi.run("user", "add", "lead@test.example", "--role", "scheme", "--scheme", SCHEME, "--password-stdin", "--api-without-code", typed=server.PASSWORD)
        assert done.returncode == 0, done.stderr
        time.sleep(1)  # the server sees the account
        self.lead = Client(self.khi.port)
        self.planted.token(self.lead.sign_in("lead@test.example"))
        self.url = f"/api/v1/schemes/{SCHEME}"

    def contacts(self):
        plant = self.planted
        person = lambda: {"name": plant.name(), "email": plant.email()}
        body = {"help": {**person(), "phone": plant.phone()}, "leads": [person(), person()], "outside": person()}
        expect(self.lead.send("PUT", f"{self.url}/contacts", body), 200)

    def person(self, number):
        """A participant with a name, and a response by API that opens a task, is corrected, and withdrawn or not."""
        plant, reference = self.planted, f"P-{number}"
        path = f"{self.url}/participants/by-ref/{reference}"
        plant.plain[reference] = "reference"
        enrolment = {"council": self.council, "supported_from": "2024-01-01"}
        expect(self.lead.send("PUT", path, enrolment), 201)
        expect(self.lead.send("PUT", f"{path}/identity", self.identity()), 200)
        if number % 3 == 0:
            expect(self.lead.send("PUT", f"{path}/identity", self.identity()), 200)
        answer = self.respond(reference, plant.words())
        plant.token(answer["receipt"].split("-", 1)[1])
        if number % 2 == 0:
            change = {"answers": {"one-thing": plant.words()}}
            expect(self.national.send("PATCH", f"/api/v1/responses/{answer['id']}", change, If_Match='"1"'), 200)
        if number % 5 == 0:
            expect(self.national.send("DELETE", f"/api/v1/responses/{answer['id']}"), 204)
        if number % 7 == 0:
            expect(self.lead.send("DELETE", f"{path}?erase=true"), 204)
            plant.plain.pop(reference)

    def identity(self):
        plant = self.planted
        return {"name": plant.name(), "called": plant.name(), "email": plant.email(), "mobile": plant.phone(), "channel": "email",
                "address": {"lines": [plant.words()[:90]], "postcode": "LS1 4AP"}, "contact": {"whose": "supporter", "name": plant.name()},
                "communication": {"formats": ["easy-read"], "note": plant.words()}}

    def respond(self, reference, words, client=None):
        self.sent += 1
        body = {"questionnaire": "shared-lives", "version": "1.0.0", "scheme": SCHEME, "participant": reference, "mode": "online",
                "completed_on": str(server.YESTERDAY), "rendition": "standard", "language": "en", "completed_by": "self",
                "consent": {"version": "1", "statistics": True}, "answers": {"connected": "better", "one-thing": words}}
        key = self.planted.token(f"key-{reference}-{self.sent:012}-{self.planted.chance.random()}")
        answer = (client or self.national).send("POST", "/api/v1/responses", body, Idempotency_Key=key)
        expect(answer, 201)
        return answer.json

    def on_pages(self, number, send):
        """Words written on a page of the survey; sent, or left as a draft."""
        plant = self.planted
        invited = invite(self.national, SCHEME, self.council, f"W-{number}", arrangement=["live-in"])
        plant.plain[f"W-{number}"] = "reference"
        plant.token(invited["link"].rsplit("-", 1)[1]), plant.token(invited["code"].split("-", 1)[1])
        browser = Browser(self.khi.port)
        browser.post(invited["link"], browser.get(invited["link"]).form.fields + [("length", "all")])
        for _ in range(40):
            plant.token(browser.cookie.split("-", 1)[1])
            here = browser.get("/survey").goes_to
            page = browser.get(here)
            if here == "/survey/check":
                break
            form = page.form
            answer = plant.words() if form.kind == "words" else "4" if form.kind == "number" else (form.offered or [""])[0]
            browser.post(here, [("answer", answer), ("go", "continue")])
            if form.kind == "words" and not send:
                shown = browser.get(here + "?change=yes").body.decode()
                self.check("words come back to the person", answer.split(" ")[0] not in shown and shown[:300])
                return
        else:
            raise AssertionError(f"the survey did not end: {here}")
        assert browser.post("/survey/check", [("go", "send")]).goes_to == "/survey/sent"
        plant.token(browser.get("/survey/sent").form.receipt.split("-", 1)[1])

    def acknowledge(self):
        for task in self.lead.get(f"{self.url}/tasks")["items"][:5]:
            expect(self.lead.send("POST", f"{self.url}/tasks/{task['id']}/acknowledgement"), 200)

    # Looking

    def files(self):
        """Everything that is written: the log, the database's own files, a dump, a backup."""
        yield "log", self.khi.log.read_bytes()
        if self.postgres:
            self.postgres.sql("khi", "CHECKPOINT")
            for path, data in self.data_files():
                if self.before.get(path) != hashlib.sha256(data).digest():
                    yield str(path.relative_to(self.postgres.folder)), data
            yield "pg_dump", self.postgres.run("pg_dump", "-h", "127.0.0.1", "-p", self.postgres.port, "-U", "postgres", "khi").encode()
        else:
            for path in sorted(self.folder.glob("khi.db*")):
                yield path.name, path.read_bytes()
            with sqlite3.connect(self.folder / "khi.db") as db:
                yield "dump", "\n".join(db.iterdump()).encode()

        backups = self.folder / f"backups-{time.monotonic_ns()}"
        made = self.khi.run("backup", str(backups))
        self.check("khi backup", made.returncode and made.stderr)
        for path in sorted(backups.rglob("*")):
            if path.is_file():
                yield f"backup {path.name}", path.read_bytes()

    def data_files(self):
        for path in sorted((self.postgres.folder / "data").rglob("*")):
            with contextlib.suppress(FileNotFoundError):  # the server takes files away, too
                if path.is_file():
                    yield path, path.read_bytes()

    def look(self, when):
        found, seen, size = [], set(), 0
        secrets = [(form, text) for text in self.planted.secret for form in {text.lower().encode(), json.dumps(text)[1:-1].lower().encode()}]
        for name, data in self.files():
            size += len(data)
            data = data.lower()
            found += [f"{self.planted.secret[text]} in {name}: {text}" for form, text in secrets if form in data]
            seen |= {text for text in self.planted.plain if text.lower().encode() in data}
        self.check(f"{when}: nothing in plain", found and f"{len(found)} found, such as {found[:5]}")
        unseen = set(self.planted.plain) - seen
        self.check(f"{when}: what is no secret is found", unseen and f"{len(unseen)} not found: it was not looked for rightly")
        kinds = sorted(set(self.planted.secret.values()))
        print(f"{when}: {len(self.planted.secret)} strings ({', '.join(kinds)}) in {size // 1024} KB: {len(found)} found in plain", flush=True)

    # The database, behind the program's back

    def sql(self, text):
        if self.postgres:
            return [tuple(line.split("|")) for line in self.postgres.sql("khi", text).splitlines()]
        with sqlite3.connect(self.folder / "khi.db", timeout=20) as db:
            return [tuple(map(str, row)) for row in db.execute(text).fetchall()]

    def changed_from_outside(self):
        """Two identities swapped, one flipped in any of its bits that are tried: each is refused, and the right one is read again."""
        self.lead = Client(self.khi.port, self.lead.token)  # looking took longer than a server keeps an idle connection
        (one, sealed_one), (two, sealed_two) = self.sql("SELECT reference, sealed FROM identities ORDER BY reference LIMIT 2")
        put = lambda reference, sealed: self.sql_write(f"UPDATE identities SET sealed = '{sealed}' WHERE reference = '{reference}'")
        read = lambda reference: self.lead.send("GET", f"{self.url}/participants/by-ref/{reference}/identity")
        put(one, sealed_two), put(two, sealed_one)
        for reference in (one, two):
            answer = read(reference)
            self.check("a swapped identity is refused", (answer.status, answer.json.get("code")) != (500, "damaged") and answer.body)
        head, code = sealed_one.rsplit(":", 1)
        raw = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
        for bit in self.planted.chance.sample(range(len(raw) * 8), 40):
            flipped = bytearray(raw)
            flipped[bit // 8] ^= 1 << bit % 8
            put(one, f"{head}:{base64.urlsafe_b64encode(flipped).decode().rstrip('=')}")
            answer = read(one)
            self.check("a flipped bit is refused", answer.status != 500 and (bit, answer.body))
        put(one, sealed_one), put(two, sealed_two)
        self.check("what is put back is read", [read(r).status for r in (one, two)] != [200, 200] and "not read")

    def sql_write(self, text):
        if self.postgres:
            self.postgres.sql("khi", text)
        else:
            with sqlite3.connect(self.folder / "khi.db", timeout=20) as db:
                db.execute(text)

    # Rotation

    def rotated_under_load(self, seconds):
        """Data keys and wrapping keys rotate while people answer and leads read: no request fails, on any server."""
        for khi in self.servers[1:]:
            khi.start()
        stop, failed, done = threading.Event(), [], [0] * (PEOPLE_AT_ONCE * len(self.servers))

        def work(index):
            khi = self.servers[index % len(self.servers)]
            client = Client(khi.port, self.lead.token)
            reference = f"L-{index}"
            path = f"{self.url}/participants/by-ref/{reference}"
            try:
                expect(client.send("PUT", path, {"council": self.council, "supported_from": "2024-01-01"}), 201)
                for turn in itertools.count():
                    if stop.is_set():
                        return
                    identity = {"name": f"Load {index} {turn}", "channel": "none"}
                    expect(client.send("PUT", f"{path}/identity", identity), 200)
                    other = self.servers[(index + turn) % len(self.servers)]
                    read = Client(other.port, self.lead.token).send("GET", f"{path}/identity")
                    expect(read, 200)
                    assert read.json["name"] == identity["name"], read.body
                    words = f"load words {index} {turn}"
                    body = {"questionnaire": "shared-lives", "version": "1.0.0", "scheme": SCHEME, "participant": reference, "mode": "online",
                            "completed_on": str(server.YESTERDAY), "rendition": "standard", "language": "en", "completed_by": "self",
                            "consent": {"version": "1", "statistics": True}, "answers": {"connected": "same", "one-thing": words}}
                    sent = client.send("POST", "/api/v1/responses", body, Idempotency_Key=f"load-{index:04}-{turn:012}")
                    expect(sent, 201)
                    change = {"answers": {"one-thing": f"{words} again"}}
                    expect(client.send("PATCH", f"/api/v1/responses/{sent.json['id']}", change, If_Match='"1"'), 200)
                    done[index] += 4
            except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
                failed.append(f"{index}: {error!r}")

        threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(done))]
        for thread in threads:
            thread.start()
        end, rotations = time.monotonic() + seconds, 0
        while rotations < 3 or time.monotonic() < end:
            for arguments in (("--scheme", SCHEME), ("--wrapping",), ()):
                ran = self.khi.run("keys", "rotate", *arguments)
                self.check(f"khi keys rotate {' '.join(arguments)}", ran.returncode and ran.stderr)
                rotations += 1
        stop.set()
        for thread in threads:
            thread.join()
        self.check("no request failed", "; ".join(failed))
        self.check("there was load", sum(done) < 50 and done)
        older = self.newest()
        ran = self.khi.run("keys", "rotate")
        self.check("a last rotation", ran.returncode and ran.stderr)
        newest = self.newest()
        self.check("it made new keys", newest != older + 1 and newest)
        left = [row for row in self.sealed_rows() if f"sealed:1:{newest}:" not in row or f"sealed:1:{older}:" in row]
        self.check("everything is sealed with the newest key", left and f"{len(left)} are not: {left[0][:200]}")
        listed = self.khi.run("keys", "list").stdout
        self.check("keys are listed", SCHEME not in listed and listed)
        print(f"{rotations} rotations during {sum(done)} requests: {len(failed)} failed", flush=True)

    def newest(self):
        ((generation,),) = self.sql("SELECT MAX(generation) FROM data_keys WHERE scheme_number = 1")
        return int(generation)

    def sealed_rows(self):
        tables = [("identities", "sealed"), ("responses", "body"), ("response_events", "old_body"), ("drafts", "body"), ("scheme_contacts", "body"),
                  ("outbox", "to_name"), ("outbox", "body"), ("safeguarding_tasks", "told")]
        for table, column in tables:
            rows = self.sql(f"SELECT {column} FROM {table} WHERE {column} LIKE '%sealed%'")
            self.check(f"{table} has something sealed", not rows and "nothing")
            yield from (row[0] for row in rows)

    # What was there before

    def sealed_at_start(self):
        """A database from before there was a vault: at the next start everything is sealed, and nothing plain stays in its files."""
        for khi in self.servers:
            khi.kill()
        name, words = self.planted.name(), self.planted.words()
        contacts = json.dumps({"help": {"name": name, "phone": "01632 960123", "email": None}, "leads": [], "outside": None})
        self.sql_write(f"UPDATE scheme_contacts SET body = '{contacts}'")
        (row,) = self.sql("SELECT id, body FROM responses WHERE withdrawn_at IS NULL AND body LIKE '%sealed%' LIMIT 1")
        body = json.loads(row[1])
        body["answers"]["one-thing"] = {"words": words}
        self.sql_write(f"UPDATE responses SET body = '{json.dumps(body, ensure_ascii=False)}' WHERE id = '{row[0]}'")
        self.sql_write("DELETE FROM settings WHERE key = 'sealed'")
        in_plain = sum(name.encode() in data for _, data in self.files())
        self.check("it was in plain", not in_plain and "it was not written")
        self.khi.start()
        if self.postgres:  # PostgreSQL's own log of changes is what it is: it goes with the next checkpoints
            self.planted.secret.pop(name), self.planted.secret.pop(words)
            rows = self.sql(f"SELECT COUNT(*) FROM scheme_contacts WHERE body LIKE '%{name}%'") + self.sql(f"SELECT COUNT(*) FROM responses WHERE body LIKE '%{words}%'")
            self.check("it is sealed", rows != [("0",), ("0",)] and rows)
        self.lead = Client(self.khi.port)
        self.lead.sign_in("lead@test.example")
        self.check("and read", self.lead.get(f"{self.url}/contacts")["help"]["name"] != name and "not read")


def expect(answer, status):
    if answer.status != status:
        raise AssertionError(f"expected {status}, got {answer.status}: {answer.body[:300]!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--strings", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def run(test):
        test.begin()
        test.contacts()
        number = 0
        while len(test.planted.secret) < options.strings:
            number += 1
            test.person(number)
            if number % 4 == 0:
                test.on_pages(number, send=number % 8 == 0)
        test.acknowledge()
        test.look("planted")
        test.changed_from_outside()
        test.rotated_under_load(options.seconds)
        test.look("after rotations")
        test.check("khi tallies verify", test.khi.verify())
        test.sealed_at_start()
        test.look("sealed at a start")

    return run_test(lambda folder: Test(folder, options.database, options.seed), run)


if __name__ == "__main__":
    sys.exit(main())
