#!/usr/bin/env python3
"""Two `khi serve` processes on one PostgreSQL, hammering the same 20 people: tallies stay equal to a recount.

    hammer.py --rounds N --operations M --seed S [--database sqlite]

Threads on both processes send, correct, withdraw (with and without an account), erase, enrol, invite, and read figures, all of the
same 20 people of one scheme (and a few of others); some send one key to both processes at once. No answer may be a 5xx. After each
round of M operations: both processes give the same figures, the list holds what it must, and `khi tallies verify` and `khi audit verify` pass.
With --database sqlite one process is hammered.
"""
import argparse, collections, sys, threading, time
import server
from server import Client, ResponseMaker, YESTERDAY, financial_year, in_threads, random_day, run_test, seeded

THREADS, PEOPLE, SCHEMES = 16, 20, 4
FIRST_DAY = financial_year(YESTERDAY)[1].replace(month=4, day=1) - server.datetime.timedelta(days=365)
PERIODS = sorted({financial_year(d)[0] for d in (FIRST_DAY, YESTERDAY)})
ACTS = {"send": 40, "race": 4, "correct": 18, "withdraw": 8, "receipt": 4, "erase": 6, "enrol": 6, "invite": 4, "read": 10}
# What may be answered: others may have changed, withdrawn or erased the same response a moment before.
ALLOWED = {"send": {201}, "correct": {200, 404, 410, 412}, "withdraw": {204, 404}, "receipt": {204, 404}, "erase": {204, 404},
           "enrol": {201, 204}, "invite": {201, 422}, "read": {200}}  # 422: enrolled for a later day meanwhile


class Known:
    """What all threads know of the responses, under one lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.revisions, self.receipts = {}, {}
        self.gone = set()
        self.refusing = set()  # whose latest revision says: do not count me

    def add(self, answer):
        with self.lock:
            self.revisions[answer["id"]] = 1
            self.receipts[answer["id"]] = answer["receipt"]

    def one(self, chance):
        with self.lock:
            # Mostly recent ones, so that threads meet; the others stay as they are, and people grow old with the test.
            return chance.choice(list(self.revisions)[-60:]) if self.revisions else None


class Test(server.Test):
    def __init__(self, folder, database, seed):
        super().__init__(folder, database, seed, servers=2 if database == "postgres" else 1)
        self.known, self.outcomes = Known(), collections.Counter()

    def begin(self):
        for khi in self.servers:
            khi.start()
        self.servers[0].add_user()
        first = Client(self.servers[0].port)
        self.token = first.sign_in()
        schemes = server.make_schemes(first, SCHEMES)
        self.maker = ResponseMaker(first)
        # The same 20 people: all in one scheme; five of those references also stand in each of the others, where they are other people.
        self.people = [(*schemes[0], f"P-{n:02}") for n in range(PEOPLE)] * 3 + [(*scheme, f"P-{n:02}") for scheme in schemes[1:] for n in range(5)]
        for khi in self.servers:  # until the other process has noticed the account and the schemes
            self.wait_until(lambda: len(Client(khi.port, self.token).get("/api/v1/schemes")["items"]) == SCHEMES)

    @staticmethod
    def wait_until(holds, seconds=10):
        end = time.monotonic() + seconds
        while True:
            try:
                if holds():
                    return
            except RuntimeError:
                pass
            if time.monotonic() > end:
                raise RuntimeError("a process did not notice what another one wrote")
            time.sleep(0.1)

    def round(self, number, operations):
        started = time.monotonic()
        in_threads(lambda thread: self.hammer(thread, seeded(self.seed, number, thread), number, operations // THREADS), range(THREADS))
        seconds = time.monotonic() - started
        clients = [Client(khi.port, self.token) for khi in self.servers]
        figures = [self.figures(client) for client in clients]
        self.check(f"round {number}: both processes give the same figures", any(f != figures[0] for f in figures) and "they differ")
        listed = [item["id"] for item in clients[0].all_responses()]
        expected = self.known.revisions.keys() - self.known.gone - self.known.refusing
        wrong = set(listed) ^ expected
        self.check(f"round {number}: listed is what was sent, may be counted, and was not taken back",
                   (wrong or len(listed) != len(set(listed))) and f"{len(listed)} listed, {len(expected)} expected, such as {sorted(wrong)[:5]}")
        self.check(f"round {number}: khi tallies verify", self.servers[0].verify())
        self.servers[0].run("audit", "sign")
        audited = self.servers[0].run("audit", "verify")
        self.check(f"round {number}: khi audit verify", audited.returncode and audited.stdout[-2000:] + audited.stderr[-2000:])
        print(f"round {number}: {operations // THREADS * THREADS} operations in {seconds:.1f} s, {len(listed)} responses stand; "
              + ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items())), flush=True)
        self.outcomes.clear()

    def hammer(self, thread, chance, number, operations):
        clients = [Client(khi.port, self.token) for khi in self.servers]
        for step in range(operations):
            act = chance.choices(list(ACTS), list(ACTS.values()))[0]
            client, person = chance.choice(clients), chance.choice(self.people)
            key = f"{self.seed}-{number:04}-{thread:04}-{step:06}"
            chosen = None if act in ("send", "race", "enrol", "invite", "read") else self.known.one(chance)
            if chosen is None and act in ("correct", "withdraw", "receipt", "erase"):
                act = "send"
            if act == "race":
                self.race(chance, person, key)
                continue
            answer = getattr(self, act)(client, chance, chosen if chosen else person, key)
            with self.known.lock:
                self.outcomes[f"{act} {answer.status}"] += 1
            if answer.status not in ALLOWED[act]:
                self.check(f"{act} answered {answer.status}", answer.body[:300])

    # The acts

    def body(self, chance, person):
        return self.maker.make(chance, *person, random_day(chance, FIRST_DAY, YESTERDAY))

    def send(self, client, chance, person, key):
        answer = client.send("POST", "/api/v1/responses", self.body(chance, person), Idempotency_Key=key)
        if answer.status == 201:
            self.known.add(answer.json)
        return answer

    def race(self, chance, person, key):
        """One key to all processes at once: the same body is stored once, another body is refused."""
        same, body = chance.random() < 0.7, self.body(chance, person)
        bodies = [body, body if same else self.body(chance, person)]
        ports = [self.servers[0].port, self.servers[-1].port]
        answers = [None, None]

        def one(place):
            answers[place] = Client(ports[place], self.token).send("POST", "/api/v1/responses", bodies[place], Idempotency_Key=key)

        in_threads(one, (0, 1))
        statuses = sorted(a.status for a in answers)
        stored = {a.json["id"]: a.json for a in answers if a.status == 201}
        first = sum(a.status == 201 and "Idempotency-Replayed" not in a.headers for a in answers)
        fault = statuses != ([201, 201] if same else [201, 422]) or len(stored) != 1 or first != 1
        self.check("one key to both processes is stored once", fault and f"{statuses}, {len(stored)} ids, {first} not replayed")
        for answer in stored.values():
            self.known.add(answer)

    def correct(self, client, chance, chosen, _):
        with self.known.lock:
            revision = self.known.revisions[chosen]
        patch = {"answers": {"connected": chance.choice(("better", "same", "worse", {"missing": "dont-know"})), "friends": chance.randint(0, 12)},
                 "completed_on": str(random_day(chance, FIRST_DAY, YESTERDAY)), "about": {"gender": chance.choice(("woman", "man"))},
                 "consent": {"statistics": chance.random() < 0.9}}
        answer = client.send("PATCH", f"/api/v1/responses/{chosen}", patch, If_Match=f'"{revision}"')
        if answer.status == 200:
            with self.known.lock:
                if answer.json["revision"] > self.known.revisions[chosen]:
                    self.known.revisions[chosen] = answer.json["revision"]
                    (self.known.refusing.discard if patch["consent"]["statistics"] else self.known.refusing.add)(chosen)
        return answer

    def take_back(self, chosen, answer):
        if answer.status == 204:
            with self.known.lock:
                self.known.gone.add(chosen)
        return answer

    def withdraw(self, client, _, chosen, __):
        return self.take_back(chosen, client.send("DELETE", f"/api/v1/responses/{chosen}"))

    def erase(self, client, _, chosen, __):
        return self.take_back(chosen, client.send("DELETE", f"/api/v1/responses/{chosen}?erase=true"))

    def receipt(self, client, _, chosen, __):
        return self.take_back(chosen, client.send("POST", "/api/v1/withdraw", {"receipt": self.known.receipts[chosen]}))

    def enrol(self, client, chance, person, _):
        scheme, council, reference = person
        body = {"council": council, "supported_from": str(random_day(chance, FIRST_DAY, YESTERDAY)), "supported_to": None, "not_asked": None}
        return client.send("PUT", f"/api/v1/schemes/{scheme}/participants/by-ref/{reference}", body)

    def invite(self, client, chance, person, _):
        scheme, council, reference = person
        body = {"council": council, "supported_from": str(FIRST_DAY), "supported_to": None, "not_asked": None}
        client.send("PUT", f"/api/v1/schemes/{scheme}/participants/by-ref/{reference}", body)
        due = str(random_day(chance, FIRST_DAY, YESTERDAY))
        return client.send("POST", f"/api/v1/schemes/{scheme}/invitations", {"participant": reference, "questionnaire": "shared-lives", "due_on": due})

    def read(self, client, chance, *_):
        return client.send("GET", f"/api/v1/khi?period={chance.choice(PERIODS)}&level=scheme&by=gender")

    @staticmethod
    def figures(client):
        """Everything that can be read of the two years, without the time it was read."""
        rows = []
        for period in PERIODS:
            for query in ({"level": "uk"}, {"level": "scheme"}, {"level": "scheme", "by": "need"}, {"level": "uk", "by": "gender"}):
                for row in client.get("/api/v1/khi", period=period, **query)["items"]:
                    row.pop("as_of", None)
                    rows.append(row)
        return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--operations", type=int, default=1008)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def run(test):
        test.begin()
        for number in range(1, options.rounds + 1):
            test.round(number, options.operations)

    return run_test(lambda folder: Test(folder, options.database, options.seed), run)


if __name__ == "__main__":
    sys.exit(main())
