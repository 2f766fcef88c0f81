#!/usr/bin/env python3
"""Nothing that says who somebody is or what they said is written to the log, however much is logged.

Sends marked answers, references, words, passwords, tokens and receipts, right and wrong, to a server that logs everything it can,
then looks for the marks in the log. A log without any request in it fails too: then nothing was tested.

A whole survey is answered in a browser as well: its code stands in no address after the start, what was said stands in none, and
no page may be kept by the browser or named to another site.
"""
import argparse, email, email.policy, os, re, shutil, sys, time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from browser import Browser, invite
from server import Client, Khi, Postgres, workplace

MARK = "CANARY"


def sent(client, folder):
    """Requests of many kinds, each with a mark in it. Gives the secrets that came back."""
    scheme = {"id": "leeds-shared-lives", "name": "Example Leeds", "model": "shared-lives",
              "areas": [{"code": "E08000035", "from": "2020-04-01"}]}
    assert client.send("POST", "/api/v1/schemes", scheme).status == 201
    named = lambda who: {"name": f"{MARK} {who}", "email": f"{MARK}-{who}@leeds.example"}
    contacts = {"help": {"phone": "01632 960123", **named("help")}, "leads": [named("ann"), named("bola")], "outside": named("outside")}
    assert client.send("PUT", "/api/v1/schemes/leeds-shared-lives/contacts", contacts).status == 200
    answers = {"friends": 4, "connected": "better", "one-thing": f"{MARK} my own words", "safe": "no"}
    body = {"questionnaire": "shared-lives", "version": "1.0.0", "scheme": "leeds-shared-lives", "participant": f"{MARK}-reference",
            "completed_on": "2026-01-10", "mode": "online", "rendition": "standard", "language": "en", "completed_by": "self",
            "consent": {"version": "1", "statistics": True}, "answers": answers}
    accepted = client.send("POST", "/api/v1/responses", body, Idempotency_Key=f"{MARK}-key-0123456789")
    assert accepted.status == 201, accepted.body
    receipt = accepted.json["receipt"]
    wrong = {**body, "answers": {**answers, "connected": f"{MARK}-option"}, "participant": f"{MARK} name"}
    assert client.send("POST", "/api/v1/responses", wrong, Idempotency_Key=f"{MARK}-other-0123456789").status == 422
    assert client.send("POST", "/api/v1/responses", {**body, "scheme": f"{MARK}-scheme"}, Idempotency_Key="key-0123456789-x").status == 404
    for path in (f"/api/v1/schemes/{MARK}-path", f"/{MARK}-page", f"/api/v1/khi?period=2026-27&level=uk&{MARK}=1",
                 f"/api/v1/responses/{MARK}", "/api/v1/responses", "/api/v1/khi?period=2026-27&level=uk"):
        client.send("GET", path)
    person = f"/api/v1/schemes/leeds-shared-lives/participants/by-ref/{MARK}-person"
    assert client.send("PUT", person, {"council": "E08000035", "supported_from": "2024-01-01"}).status == 201
    client.send("POST", "/api/v1/sessions", {"email": f"{MARK}@example.org", "password": f"{MARK} password"})
    client.send("POST", "/api/v1/withdraw", {"receipt": f"1-{MARK}"})
    assert client.send("POST", "/api/v1/withdraw", {"receipt": receipt}).status == 204
    link = mailed_link(folder)
    tasks = client.get("/api/v1/schemes/leeds-shared-lives/tasks")["items"]
    assert [client.send(method, link).status for method in ("GET", "POST")] == [200, 303]
    for path in (link[:-1], f"/task/{MARK}"):
        assert client.send("GET", path).status == 404
    assert client.send("GET", f"/api/v1/schemes/leeds-shared-lives/tasks/{tasks[0]['id']}").status == 200
    return [receipt, client.token, link.rsplit("-", 1)[1]]


def answered(port, client):
    """A survey from link to withdrawal, each answer marked or rare. Gives what must be in no log, and what was wrong with the pages."""
    invited = invite(client, "leeds-shared-lives", "E08000035", f"{MARK}-invited", arrangement=["live-in"])
    link, browser = invited["link"], Browser(port)
    rare = {"lonely": "often", "lonely-when": "with-others", "friends-make": "gets-in-the-way", "choose-what": "time-alone", "one-thing": f"{MARK} {MARK.lower()} said"}
    secrets = [link.rsplit("-", 1)[1], invited["code"].split("-", 1)[1], *rare.values()]
    wrong, addresses = [], []

    def look(page, path):
        for name, value in (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff")):
            if page.headers.get(name) != value:
                wrong.append(f"{path}: {name} is {page.headers.get(name)}")
        if page.goes_to:
            addresses.append(page.goes_to)
        return page

    get = lambda path, **headers: look(browser.get(path, **headers), path)
    post = lambda path, form: look(browser.post(path, form), path)
    for path in ("/s", f"/s/{MARK}", f"/s/1-{MARK}-{MARK}", link, f"{link}/look"):
        get(path)
    post("/s", [("code", f"1-{MARK}")])
    post("/s", [("code", invited["code"])])
    addresses.clear()  # until here the code may stand in them
    page = post(link, get(link).form.fields + [("length", "all")])
    for _ in range(40):
        secrets += [browser.cookie.split("-", 1)[1]] if browser.cookie else []
        here = get("/survey").goes_to
        page = get(here, Referer=f"http://127.0.0.1{link}")
        if here == "/survey/check":
            break
        offered = page.form.offered
        item = here.removeprefix("/survey/q/")
        if item == "connected":  # stopped once, and come back
            post(here, [("answer", "worse"), ("go", "stop")])
            post("/survey/stop", [("answer", "keep"), ("go", "continue")])
            post(link, [("length", "all")])
            continue
        post(here, [("answer", "x" * 5000), ("go", "continue")])
        post(here, [("answer", rare.get(item, "4" if page.form.kind == "number" else (offered or [""])[0])), ("go", "look" if item == "choose" else "continue")])
    get(f"/survey/{MARK}"), get(f"/survey/q/{MARK}"), post("/survey/look", [("from", f"q/{MARK}"), ("language", "cy"), ("size", MARK)])
    assert post("/survey/check", [("go", "send")]).goes_to == "/survey/sent"
    receipt = get("/survey/sent").form.receipt
    get(link), get(f"/s/{invited['code']}"), get("/withdraw"), post("/withdraw", [("receipt", f"1-{MARK}")])
    assert post("/withdraw", [("receipt", receipt)]).status == 200
    secrets.append(receipt.split("-", 1)[1])
    known = re.compile(r"/survey(/(sent|check|look|stop|who|count|company|quotes|ask-again|share|q/[a-z-]+|look\?from=[a-z/-]+|stop\?from=[a-z/-]+))?")
    wrong += [f"sent on to {address}" for address in addresses if not known.fullmatch(address)]
    wrong += [f"{secret} stands in {address}" for secret in secrets for address in addresses if secret in address]
    assert len(addresses) > 50 and len(set(secrets)) > 8, (addresses, secrets)
    return sorted(set(secrets)), wrong


def mailed_link(folder):
    """The path of the link in the mail that tells of the task; without a mail server it is written to a folder."""
    end = time.monotonic() + 20
    while not (found := list((folder / "outbox").glob("*.eml"))):
        assert time.monotonic() < end, "no mail was written"
        time.sleep(0.1)
    mail = email.message_from_bytes(found[0].read_bytes(), policy=email.policy.default)
    return re.search(r"/task/[0-9A-Z-]+", mail.get_body(("plain",)).get_content()).group(0)


def check(name, folder, database):
    os.environ["KHI_LOG"] = "trace"
    khi = Khi(folder, database, name)
    khi.add_user()
    khi.start()
    try:
        client = Client(khi.port)
        client.sign_in()
        secrets = sent(client, folder)
        said, wrong = answered(khi.port, client)
    finally:
        khi.kill()
    shutil.rmtree(folder / "outbox")
    log = khi.log.read_text(errors="replace")
    assert log.count("request answered") >= 10, "the log is not full: nothing was tested"
    found = [text for text in [MARK, MARK.lower(), *secrets, *said] if text in log]
    for text in found:
        line = next(line for line in log.splitlines() if text in line)
        print(f"{name}: in the log: {line[:300]}")
    for fault in wrong:
        print(f"{name}: {fault}")
    print(f"{name}: {log.count(chr(10))} lines of log, {len(found)} marks found, {len(wrong)} faults of pages")
    return len(found) + len(wrong)


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    with workplace() as folder:
        found = check("sqlite", folder, f"sqlite://{folder}/privacy.db")
        postgres = Postgres(folder)
        try:
            found += check("postgres", folder, postgres.url)
        finally:
            postgres.stop()
    print(f"{2 if not found else 0} passed, {found} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
