#!/usr/bin/env python3
"""Runs the very commands of docs/integrate.md, in their order and in one shell, against a server with a practice scheme in it.

    tests/process/integrate.py --database sqlite
"""
import argparse, datetime, json, os, re, subprocess, sys

import server

PAGE = server.ROOT / "docs/integrate.md"
SCHEME = "practice-shared-lives"
COUNCIL = "E08000035"
OTHERS = 30
MARK = "=== next command ==="


def blocks():
    """(kind, commands) of every shell block of the page."""
    return re.findall(r"^```sh ?(\w*)\n(.*?)^```$", PAGE.read_text(), re.M | re.S)


def shell(script, **variables):
    """What the script prints; its failure is the test's."""
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, env={**os.environ, **variables})
    if done.returncode:
        raise RuntimeError(f"the page's commands failed: {done.stdout[-1500:]} {done.stderr[-500:]}")
    return done.stdout


def prepare(khi, client):
    """A practice scheme that may invite, with answers of thirty other people, so that its figures may be shown."""
    area = {"code": COUNCIL, "from": "2021-04-01", "to": None}
    body = {"id": SCHEME, "name": "Practice scheme", "model": "shared-lives", "areas": [area], "practice": True}
    assert client.send("POST", "/api/v1/schemes", body).status == 201
    contacts = {"help": None, "outside": {"name": "Outside", "email": "outside@practice.example"},
                "leads": [{"name": name, "email": f"{name.lower()}@practice.example"} for name in ("Ann", "Bola")]}
    assert client.send("PUT", f"/api/v1/schemes/{SCHEME}/contacts", contacts).status == 200
    others = [{"idempotency_key": f"key-of-another-{n}", "questionnaire": "shared-lives", "version": "1.0.0", "scheme": SCHEME, "participant": f"P-{n}",
               "completed_on": str(datetime.date.today()), "mode": "phone", "rendition": "standard", "language": "en", "completed_by": "self",
               "consent": {"version": "1", "statistics": True}, "answers": {"connected": "same" if n % 3 else "better"}} for n in range(OTHERS)]
    answer = client.send("POST", "/api/v1/responses/batch", others)
    assert answer.status == 200 and answer.json["recorded"] == OTHERS, answer.body
    done = khi.run("user", "add", "lead@test.example", "--role", "scheme", "--scheme", SCHEME, "--password-stdin", "--api-without-code", typed=server.PASSWORD)
    assert done.returncode == 0, done.stderr


def run(test):
    khi = test.servers[0]
    khi.add_user()
    khi.start()
    client = server.Client(khi.port)
    client.sign_in()
    prepare(khi, client)
    address = f"http://127.0.0.1:{khi.port}"
    found = blocks()
    setup = [text for kind, text in found if kind == "setup"]
    calls = [text for kind, text in found if not kind]
    test.check("the page has a key and six calls", None if (len(setup), len(calls)) == (1, 6) else f"{len(setup)}, {len(calls)}")
    lead = server.Client(khi.port).sign_in("lead@test.example")
    key = json.loads(shell(setup[0], KHI=address, SCHEME=SCHEME, TOKEN=lead))["key"]
    printed = shell(f"\necho '{MARK}'\n".join(calls), KHI=address, SCHEME=SCHEME, KEY=key).split(MARK)
    _, person, link, sent, changes, figures = (part.strip() for part in printed)

    def said(name, wanted, got):
        test.check(name, None if wanted == got else f"wanted {wanted}, got {got}")

    said("adding a person prints nothing", "", person)
    test.check("the invitation gives a link", None if link.startswith(f"{address}/s/") else link)
    dry, recorded = (json.loads(part) for part in re.split(r"(?<=\})\s*(?=\{\"id\")", sent))
    said("the dry run says what it would count as", ("better", True, None), (dry["answer"], dry["positive"], dry["left_out"]))
    said("the response is recorded", "recorded", recorded["status"])
    kinds = json.loads(changes)["kinds"]
    said("the changes are told", ["response-recorded"] * OTHERS + ["participant-changed", "response-recorded", "invitation-answered"], kinds)
    row = json.loads(figures)
    said("the figure has everybody, and is of a practice scheme", (OTHERS + 1, "shown", True), (row["n"], row["status"], row["practice"]))
    uk = client.get("/api/v1/khi", period=server.financial_year(datetime.date.today())[0], level="uk")["items"]
    said("nothing above the scheme counts it", [], uk)
    # The same page once more: nothing is added or counted twice.
    again = shell(f"\necho '{MARK}'\n".join(calls[:2]), KHI=address, SCHEME=SCHEME, KEY=key)
    said("adding the person again changes nothing", kinds, json.loads(shell(calls[0] + calls[4], KHI=address, SCHEME=SCHEME, KEY=key))["kinds"])
    assert again.strip() == MARK


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = parser.parse_args()
    sys.exit(server.run_test(lambda folder: server.Test(folder, chosen.database, 0), run))
