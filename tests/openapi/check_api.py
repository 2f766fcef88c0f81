#!/usr/bin/env python3
"""Starts a server with one of everything that the examples of the API's description name, and lets schemathesis call it.

    scripts/check-api

Ends with 1 if a check finds anything, or if fewer calls were made than were asked for.
"""
import argparse, pathlib, re, subprocess, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))
import server

ROOT = server.ROOT
SCHEME = "leeds-shared-lives"


def must(answer, *statuses):
    if answer.status not in (statuses or (200, 201, 204)):
        raise RuntimeError(f"{answer.status} {answer.body[:500]!r}")
    return answer


def furnish(client):
    """A scheme that has named its leads, somebody in it, and something of each kind."""
    at = f"/api/v1/schemes/{SCHEME}"
    scheme = {"id": SCHEME, "name": "Leeds Shared Lives", "model": "shared-lives", "cqc_location_id": None,
              "areas": [{"code": "E08000035", "from": "2020-04-01", "to": None}]}
    must(client.send("POST", "/api/v1/schemes", scheme))
    leads = [{"name": f"Lead {n}", "email": f"lead{n}@leeds.example"} for n in (1, 2)]
    help_now = {"name": "Sam Example", "phone": "01632 960 123", "email": None}
    outside = {"name": "Safeguarding adults team", "email": "outside@leeds.example"}
    must(client.send("PUT", f"{at}/contacts", {"help": help_now, "leads": leads, "outside": outside}))
    person = {"council": "E08000035", "supported_from": "2024-01-10"}
    for reference in ("P-0042", "P-0043"):
        must(client.send("PUT", f"{at}/participants/by-ref/{reference}", person))
    must(client.send("POST", f"{at}/open-links", {"questionnaire": "shared-lives"}))
    today = server.datetime.date.today().isoformat()
    must(client.send("POST", f"{at}/invitations", {"participant": "P-0042", "questionnaire": "shared-lives", "due_on": today}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--schemathesis", required=True)
    parser.add_argument("--examples", type=int, default=25, help="calls made up for each operation")
    parser.add_argument("--least", type=int, default=5000, help="how many calls there must be")
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--report", help="where its output is kept")
    given = parser.parse_args()
    with server.workplace() as folder:
        khi = server.Khi(folder, f"sqlite://{folder}/khi.db")
        # Mail and webhooks reach nobody: there is no mail server, and private addresses are refused.
        try:
            khi.add_user()
            khi.start()
            client = server.Client(khi.port)
            token = client.sign_in()
            furnish(client)
            command = [given.schemathesis, "--config-file", ROOT / "tests/openapi/schemathesis.toml", "--no-color", "run",
                       f"http://127.0.0.1:{khi.port}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}",
                       "--max-examples", given.examples, "--seed", given.seed, "--continue-on-failure",
                       "--phases", "examples,coverage,fuzzing,stateful", "--request-timeout", 60, "--suppress-health-check", "all"]
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=folder)
            if given.report:
                pathlib.Path(given.report).write_text(done.stdout + done.stderr)
            calls = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) generated", done.stdout))
            if done.returncode:
                print(done.stdout[-20000:] + done.stderr[-2000:])
            if khi.process.poll() is not None:
                print(f"the server ended with {khi.process.returncode}: {khi.tail()}")
                return 1
            print(f"{calls} calls; schemathesis ended with {done.returncode}")
            return 0 if done.returncode == 0 and calls >= given.least else 1
        finally:
            khi.kill()


if __name__ == "__main__":
    sys.exit(main())
