#!/usr/bin/env python3
"""Mail against a mail server that is away, busy, slow, refuses, or hangs up: every mail goes once, or is reported.

    mail.py --database sqlite|postgres

Each scheme's leads read their mail at a domain that the server treats in its own way. Responses that raise a safeguarding task are
sent while the server is away; they are acknowledged all the same. Then it comes back. Pauses between tries are real.
"""
import argparse, collections, re, sys, time
import server
from mailserver import MailServer
from server import Client, Khi, Postgres, free_port

MARK = "CANARY"
# What the mail server does with mail to the leads of each scheme; tries are counted by recipient.
DAYS = {
    "good": lambda who, attempt: "accept",
    "busy": lambda who, attempt: "451 come back later" if attempt <= 2 else "accept",
    "gone": lambda who, attempt: "550 no such person" if who == "ann" else "accept",
    "torn": lambda who, attempt: "die" if attempt <= 2 else "accept",
    "slow": lambda who, attempt: 1.5,
}


def behaviour(recipient, attempt):
    who, domain = recipient.split("@")
    return DAYS[domain.split(".")[0]](who, attempt)


class Test:
    def __init__(self, folder, database):
        self.passed, self.failures = 0, []
        self.postgres = Postgres(folder) if database == "postgres" else None
        self.folder, self.url = folder, self.postgres.url if self.postgres else f"sqlite://{folder}/khi.db"
        self.port, self.sent = free_port(), 0
        self.mails = MailServer(self.port, behaviour)
        self.servers = []

    def check(self, name, fault=None):
        if fault:
            self.failures.append(name)
            print(f"FAILED {name}: {fault}", flush=True)
        else:
            self.passed += 1

    def khi(self, smtp_url=None, name="khi"):
        khi = Khi(self.folder, self.url, name)
        khi.environment = {"SMTP_URL": smtp_url or f"smtp://127.0.0.1:{self.port}", "KHI_MAIL_FROM": "Key Human Indicators <khi@khi.test>"}
        self.servers.append(khi)
        return khi

    def begin(self):
        khi = self.khi()
        khi.start()
        khi.add_user()
        self.client = Client(khi.port)
        self.client.sign_in()
        for name in DAYS:
            scheme = {"id": name, "name": f"Example {name}", "model": "shared-lives", "areas": [{"code": "E08000035", "from": "2021-04-01"}]}
            assert self.client.send("POST", "/api/v1/schemes", scheme).status == 201
            at = f"@{name}.example"
            contacts = {"leads": [{"name": "Ann Example", "email": f"ann{at}"}, {"name": "Bola Example", "email": f"bola{at}"}],
                        "outside": {"name": "Outside", "email": f"outside{at}"}}
            assert self.client.send("PUT", f"/api/v1/schemes/{name}/contacts", contacts).status == 200
        return khi

    def raise_task(self, scheme):
        """Sends a response that says that somebody is not safe."""
        self.sent += 1
        body = {"questionnaire": "shared-lives", "version": "1.0.0", "scheme": scheme, "participant": f"{MARK}-{self.sent}", "mode": "online",
                "completed_on": str(server.YESTERDAY), "rendition": "standard", "language": "en", "completed_by": "self",
                "consent": {"version": "1", "statistics": True}, "answers": {"safe": "no", "one-thing": f"{MARK} my own words"}}
        answer = self.client.send("POST", "/api/v1/responses", body, Idempotency_Key=f"mail-test-{self.sent:08}")
        assert answer.status == 201, answer.body

    def tasks(self, scheme):
        return self.client.get(f"/api/v1/schemes/{scheme}/tasks")["items"]

    def arrived(self):
        return collections.Counter(mail.recipient for mail in self.mails.accepted)

    def wait_for(self, wanted, seconds):
        """Waits until the server has taken at least so many mails of each recipient, then a moment for more than that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(self.arrived()[who] < count for who, count in wanted.items()):
            time.sleep(0.1)
        time.sleep(3)

    def let_time_pass(self):
        """What was taken by a process that died may be taken again. (That is after ten minutes; here the database is told.)"""
        statement = "UPDATE outbox SET next_try_at = created_at WHERE next_try_at IS NOT NULL"
        if self.postgres:
            self.postgres.sql("khi", statement)
        else:
            import sqlite3
            with sqlite3.connect(self.folder / "khi.db", timeout=20) as database:
                database.execute(statement)

    # The scenes

    def away_then_back(self, khi):
        """Acknowledged while there is no mail server; each mail goes once when there is one."""
        for scheme in DAYS:
            self.raise_task(scheme)
        time.sleep(3)
        self.check("nothing is sent without a server", self.arrived())
        waiting = [t["told"][0]["mail"] for s in DAYS for t in self.tasks(s)]
        self.check("and it is shown as waiting", waiting != ["waiting"] * len(DAYS) and waiting)
        self.mails.start()
        wanted = {f"ann@{name}.example": 1 for name in DAYS if name != "gone"} | {"bola@gone.example": 1}
        self.wait_for(wanted, 90)
        self.check("each mail went once", self.arrived() != wanted and f"{dict(self.arrived())}, wanted {wanted}")
        self.check("a refusal for now was tried again", self.mails.attempts["ann@busy.example"] != 3 and dict(self.mails.attempts))
        self.check("a torn connection was tried again", self.mails.attempts["ann@torn.example"] != 3 and dict(self.mails.attempts))
        self.check("a refusal for ever was not tried again", self.mails.attempts["ann@gone.example"] != 1 and dict(self.mails.attempts))
        told = [told["mail"] for told in self.tasks("gone")[0]["told"]]
        self.check("it is shown, and the next lead was told at once", told != ["failed", "sent"] and told)
        log = khi.log.read_text(errors="replace")
        self.check("and reported in the log", "mail cannot be delivered and was given up" not in log and "no such line")
        self.check("without an address, a name or a word", next((m for m in ("@", "Ann", "Bola", MARK) if m in log), None))

    def whole_messages(self):
        for mail in self.mails.accepted:
            message = mail.message
            plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
            links = {re.search(r"http://\S+/task/[0-9A-Z-]+", text).group(0) for text in (plain, html)}
            fault = (len(links) != 1 or message["Auto-Submitted"] != "auto-generated" or "<html lang=\"en\">" not in html
                     or not message["Subject"].startswith(("Please look today", "Nobody has looked yet")) or MARK in message.as_string())
            self.check(f"the mail to {mail.recipient} is whole", fault and message.as_string())
            page = Client(self.servers[0].port).send("GET", re.sub(r"^http://[^/]*", "", links.pop()))
            self.check("its link opens", page.status != 200 and page.status)

    def killed_while_sending(self, khi):
        """kill -9 between the server's taking a mail and the mark: all arrive; at most the one under way comes twice, with one Message-ID."""
        before = len(self.mails.accepted)
        for _ in range(5):
            self.raise_task("slow")
        end = time.monotonic() + 20
        while len(self.mails.accepted) < before + 2 and time.monotonic() < end:
            time.sleep(0.02)
        khi.kill()
        khi.start()
        self.client = Client(khi.port)
        self.client.sign_in()
        self.let_time_pass()
        self.wait_for({"ann@slow.example": 1 + 5 + 1}, 20)
        ids = collections.Counter(mail.id for mail in self.mails.accepted[before:])
        self.check("all five arrived", len(ids) != 5 and dict(ids))
        self.check("at most one came twice", sum(ids.values()) > 6 and dict(ids))
        print(f"killed while sending: {sum(ids.values())} mails with {len(ids)} different ids", flush=True)

    def two_processes(self):
        """Two servers on one PostgreSQL: each mail goes once."""
        other = self.khi(name="khi-2")
        other.start()
        before = len(self.mails.accepted)
        for number in range(40):
            self.raise_task("good")
        self.wait_for({"ann@good.example": 41}, 60)
        ids = collections.Counter(mail.id for mail in self.mails.accepted[before:])
        self.check("two processes send each mail once", (len(ids), max(ids.values(), default=0)) != (40, 1) and dict(ids))
        other.kill()

    def wrong_password(self, khi):
        """What is wrong with our sign-in is no fault of the mail: it waits until that is mended."""
        khi.kill()
        strict = MailServer(free_port(), behaviour, password="right")
        strict.start()
        khi.environment["SMTP_URL"] = f"smtp://khi:wrong@127.0.0.1:{strict.port}"
        khi.start()
        self.client = Client(khi.port)
        self.client.sign_in()
        self.raise_task("good")
        time.sleep(4)
        state = self.tasks("good")[0]["told"][0]["mail"]
        self.check("with a wrong password mail waits", (state != "waiting" or strict.accepted or not strict.connections) and state)
        khi.kill()
        khi.environment["SMTP_URL"] = f"smtp://khi:right@127.0.0.1:{strict.port}"
        khi.start()
        self.client = Client(khi.port)
        self.client.sign_in()
        end = time.monotonic() + 40
        while not strict.accepted and time.monotonic() < end:
            time.sleep(0.1)
        self.check("and goes once it is right", len(strict.accepted) != 1 and len(strict.accepted))
        log = khi.log.read_text(errors="replace")
        self.check("no password in the log", ("khi:wrong" in log or "khi:right" in log) and "it is there")
        strict.stop()

    def never_in_the_clear(self, khi):
        """Where encryption is asked for, a server that offers none gets no mail."""
        khi.kill()
        plain = MailServer(free_port(), behaviour)
        plain.start()
        khi.environment["SMTP_URL"] = f"smtp://127.0.0.1:{plain.port}?tls=required"
        khi.start()
        self.client = Client(khi.port)
        self.client.sign_in()
        self.raise_task("good")
        time.sleep(4)
        state = self.tasks("good")[0]["told"][0]["mail"]
        self.check("no mail in the clear", (plain.accepted or not plain.connections or state != "waiting") and f"{len(plain.accepted)} {state}")
        plain.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    with server.workplace() as folder:
        test = Test(folder, options.database)
        try:
            khi = test.begin()
            test.away_then_back(khi)
            test.whole_messages()
            test.killed_while_sending(khi)
            if test.postgres:
                test.two_processes()
            test.wrong_password(khi)
            test.never_in_the_clear(khi)
        except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
            test.check("the test itself", f"{error!r}\n" + "\n".join(khi.tail() for khi in test.servers))
        finally:
            for khi in test.servers:
                khi.kill()
            test.mails.stop()
            if test.postgres:
                test.postgres.stop()
    print(f"{options.database}: {test.passed} passed, {len(test.failures)} failed")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
