#!/usr/bin/env python3
"""Invitations against a mail server and a text gateway that are away, busy, slow, refuse, or hang up: every message goes once, or is
reported; and the list of deliveries says so.

    post.py --database sqlite|postgres

A scheme invites everybody at once while both are away. An hour passes (the database is told so); then they come back on a bad day.
"""
import argparse, collections, http.server, json, re, sys, threading, time
import server
from mailserver import MailServer
from server import PASSWORD, Client, Khi, Postgres, free_port

SCHEME = "/api/v1/schemes/post"
KEY = "a-key-of-the-gateway"
# What the mail server does with the mail of each kind of person; tries are counted by recipient.
DAYS = {
    "good": lambda attempt: "accept",
    "busy": lambda attempt: "451 come back later" if attempt <= 2 else "accept",
    "gone": lambda attempt: "550 no such person",
    "torn": lambda attempt: "die" if attempt <= 2 else "accept",
    "cut": lambda attempt: "hang up" if attempt <= 2 else "accept",
    "slow": lambda attempt: 2.0,
}
PEOPLE = [(kind, number) for kind in DAYS for number in range(4 if kind == "good" else 2)]
# What the gateway does with a text to each number.
TEXTS = {"+447700900201": "take", "+447700900202": "busy", "+447700900203": "refuse", "+447700900204": "no answer"}


class Gateway:
    """A text gateway: `taken` holds each id that it took, with the number; doubles are answered 409."""

    def __init__(self, port):
        self.taken, self.tries, self.faults = {}, collections.Counter(), []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = outer.judge(self.headers, body)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def judge(self, headers, body):
        to, key = body["to"], body["id"]
        self.tries[to] += 1
        words, link = body["text"].rsplit(" ", 1)
        if headers["Authorization"] != f"Bearer {KEY}" or headers["Idempotency-Key"] != key or len(words) > 160 or "/s/" not in link:
            self.faults.append(body)
        what = TEXTS.get(to, "take")
        if what == "refuse":
            return 422
        if what == "busy" and self.tries[to] <= 2:
            return 503
        if key in self.taken:
            return 409
        self.taken[key] = to
        return None if what == "no answer" and self.tries[to] == 1 else 202


class Test:
    def __init__(self, folder, database):
        self.passed, self.failures = 0, []
        self.postgres = Postgres(folder) if database == "postgres" else None
        self.folder, self.url = folder, self.postgres.url if self.postgres else f"sqlite://{folder}/khi.db"
        self.mail_port, self.text_port = free_port(), free_port()
        self.full = True
        self.mails = MailServer(self.mail_port, self.behaviour)
        self.gateway = None
        self.khi = Khi(folder, self.url)
        (folder / "text.key").write_text(KEY + "\n")
        self.khi.environment = {"SMTP_URL": f"smtp://127.0.0.1:{self.mail_port}", "KHI_MAIL_FROM": "Key Human Indicators <khi@khi.test>",
                                "KHI_TEXT_URL": f"http://127.0.0.1:{self.text_port}/send", "KHI_TEXT_KEY": str(folder / "text.key")}

    def behaviour(self, to, attempt):
        kind = to.split("-")[0]
        if kind == "late":
            return "452 too full just now" if self.full else "accept"
        return DAYS[kind](attempt)

    def check(self, name, fault=None):
        if fault:
            self.failures.append(name)
            print(f"FAILED {name}: {fault}", flush=True)
        else:
            self.passed += 1

    def begin(self):
        self.khi.start()
        self.khi.add_user()
        national = Client(self.khi.port)
        national.sign_in()
        scheme = {"id": "post", "name": "Example Post", "model": "shared-lives", "areas": [{"code": "E08000035", "from": "2021-04-01"}]}
        assert national.send("POST", "/api/v1/schemes", scheme).status == 201
        contacts = {"leads": [{"name": n, "email": f"{n.lower()}@lead.example"} for n in ("Ann", "Bola")], "outside": {"name": "O", "email": "o@o.example"}}
        assert national.send("PUT", f"{SCHEME}/contacts", contacts).status == 200
        done = self.khi.run("user", "add", "lead@post.example", "--role", "scheme-lead", "--scheme", "post", "--password-stdin", "--api-without-code", typed=PASSWORD)
        assert done.returncode == 0, done.stderr
        self.sign_in()

    def sign_in(self):
        self.client = Client(self.khi.port)
        self.client.sign_in("lead@post.example")

    def enter(self, person, identity):
        at = f"{SCHEME}/participants/by-ref/{person}"
        enrolment = {"council": "E08000035", "supported_from": "2024-01-01"}
        assert self.client.send("PUT", at, enrolment).status in (200, 201)
        answer = self.client.send("PUT", f"{at}/identity", {"name": f"{person} Example", **identity})
        assert answer.status == 200, answer.body

    def invite(self, people):
        answer = self.client.send("POST", f"{SCHEME}/invitations/send", {"people": [{"participant": p} for p in people]})
        assert answer.status == 201, answer.body
        return answer.json["items"]

    def deliveries(self):
        return {item["participant"]: item for item in self.client.get(f"{SCHEME}/deliveries")["items"]}

    def states(self):
        return collections.Counter(re.sub(r"-\d+$", "", who) + " " + item["state"] for who, item in self.deliveries().items())

    def sql(self, statement):
        if self.postgres:
            self.postgres.sql("khi", statement)
        else:
            import sqlite3
            with sqlite3.connect(self.folder / "khi.db", timeout=20) as database:
                database.execute(statement)

    def wait(self, done, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not done():
            time.sleep(0.2)

    # The scenes

    def away_for_an_hour(self):
        """Everything waits, and it is said why; when they are back, each message goes once or is reported."""
        for kind, number in PEOPLE:
            self.enter(f"{kind}-{number}", {"email": f"{kind}-{number}@home.example", "channel": "email"})
        for number in TEXTS:
            self.enter(f"text-{number[-3:]}", {"mobile": number, "channel": "text"})
        self.invited = self.invite([f"{kind}-{number}" for kind, number in PEOPLE] + [f"text-{n[-3:]}" for n in TEXTS])
        self.wait(lambda: all(d["state"] == "trying" for d in self.deliveries().values() if d["participant"][:4] in ("good", "text")), 30)
        seen = self.deliveries()
        trying = [d for d in seen.values() if d["state"] == "trying"]
        self.check("what was tried says so, and why", not trying or any("connection" not in d["why"] or not d["next_try_at"] for d in trying) and trying)
        self.check("nothing is lost or sent meanwhile", {d["state"] for d in seen.values()} - {"trying", "waiting"})
        # An hour passes: after so many tries the pauses are a quarter of an hour.
        hour = "created_at - interval '1 hour'" if self.postgres else "strftime('%Y-%m-%d %H:%M:%f', created_at, '-1 hour')"
        self.sql(f"UPDATE outbox SET created_at = {hour}, attempts = 9 WHERE sent_at IS NULL")
        self.mails.start()
        self.gateway = Gateway(self.text_port)
        deadline = time.monotonic() + 150
        settled = lambda: all(d["state"] in ("sent", "failed") for d in self.deliveries().values())
        while not settled() and time.monotonic() < deadline:
            self.sql("UPDATE outbox SET next_try_at = created_at WHERE next_try_at IS NOT NULL AND last_error IS NOT NULL")
            time.sleep(1)
        time.sleep(2)
        wanted = collections.Counter()
        for kind, _ in PEOPLE:
            wanted[f"{kind} {'failed' if kind == 'gone' else 'sent'}"] += 1
        wanted.update({"text sent": 3, "text failed": 1})
        self.check("each is sent or reported", self.states() != wanted and f"{dict(self.states())}, wanted {dict(wanted)}")

    def once_each(self):
        arrived = collections.Counter(mail.recipient for mail in self.mails.accepted)
        wanted = {f"{kind}-{number}@home.example": 1 for kind, number in PEOPLE if kind != "gone"}
        self.check("each mail arrived once", arrived != wanted and dict(arrived))
        links = {item["participant"]: item["link"] for item in self.invited}
        for mail in self.mails.accepted:
            who = mail.recipient.split("@")[0]
            text = mail.message.get_body(("plain",)).get_content()
            self.check(f"{who} has their own link", links[who] not in text and text)
        texts = collections.Counter(self.gateway.taken.values())
        self.check("each text was taken once", texts != {n: 1 for n, what in TEXTS.items() if what != "refuse"} and dict(texts))
        self.check("the gateway was asked again with the same id", self.gateway.tries["+447700900204"] != 2 and dict(self.gateway.tries))
        self.check("every request to it was whole", self.gateway.faults)
        for who in ("gone-0", "text-203"):
            item = self.deliveries()[who]
            told = "550" in item["why"] or "422" in item["why"]
            self.check(f"of {who} it is said why, and what to do", not (told and "send it again" in item["to_do"]) and item)
        log = self.khi.log.read_text(errors="replace")
        leaks = [m for m in ("@home", "7700900", "Example", KEY, "/s/") if m in log]
        self.check("the log names nobody and holds no link", leaks)

    def killed_while_sending(self):
        """kill -9 in the middle: all arrive, at most the one under way twice, with one Message-ID."""
        before, people = len(self.mails.accepted), [f"slow-{n}" for n in range(10, 16)]
        for person in people:
            self.enter(person, {"email": f"{person}@home.example", "channel": "email"})
        self.invite(people)
        self.wait(lambda: len(self.mails.accepted) >= before + 2, 30)
        self.khi.kill()
        self.khi.start()
        self.sign_in()
        self.sql("UPDATE outbox SET next_try_at = created_at WHERE next_try_at IS NOT NULL")
        self.wait(lambda: all(self.deliveries()[p]["state"] == "sent" for p in people), 60)
        ids = collections.Counter(mail.id for mail in self.mails.accepted[before:])
        self.check("all arrived after the kill", len(ids) != len(people) and dict(ids))
        self.check("at most one came twice", sum(ids.values()) > len(people) + 1 and dict(ids))

    def answered_meanwhile(self):
        """Who is not to be asked any more gets nothing, though their message is written already."""
        for person in ("late-90", "late-91"):
            self.enter(person, {"email": f"{person}@home.example", "channel": "email"})
        self.invite(["late-90", "late-91"])
        self.wait(lambda: {self.deliveries()[p]["state"] for p in ("late-90", "late-91")} == {"trying"}, 30)
        answer = self.client.send("POST", f"{SCHEME}/participants/by-ref/late-90/events", {"kind": "no-contact"})
        assert answer.status == 201, answer.body
        self.full = False
        deadline = time.monotonic() + 40
        while self.deliveries()["late-91"]["state"] != "sent" and time.monotonic() < deadline:
            self.sql("UPDATE outbox SET next_try_at = created_at WHERE next_try_at IS NOT NULL AND last_error IS NOT NULL")
            time.sleep(1)
        time.sleep(1)
        arrived = {mail.recipient for mail in self.mails.accepted}
        self.check("nothing went to who wants no contact", ("late-90@home.example" in arrived or "late-91@home.example" not in arrived) and arrived)
        item = self.deliveries()["late-90"]
        self.check("and it is said", (item["state"], item["why"]) != ("not-sent", "The person asked not to be contacted.") and item)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    with server.workplace() as folder:
        test = Test(folder, options.database)
        try:
            test.begin()
            test.away_for_an_hour()
            test.once_each()
            test.killed_while_sending()
            test.answered_meanwhile()
        except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
            test.check("the test itself", f"{error!r}\n{test.khi.tail()}")
        finally:
            test.khi.kill()
            test.mails.stop()
            if test.postgres:
                test.postgres.stop()
    print(f"{options.database}: {test.passed} passed, {len(test.failures)} failed")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
