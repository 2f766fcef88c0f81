#!/usr/bin/env python3
"""kill -9 at random moments under load: nothing acknowledged is lost, nothing is counted twice, a retry gets the same receipt.

    crash.py --database sqlite|postgres --rounds N --seed S

Clients send, correct and withdraw while figures are read (so that folding is under way). Each round the server is killed at a
random moment, sometimes again while it starts, and on PostgreSQL sometimes the database too; then it starts on the same
database and every client repeats what was not acknowledged, with the same key. One line a round; at the end everything that
was acknowledged is looked for, sent again and counted again.
"""
import argparse, collections, http.client, sys, threading, time
import server
from server import Client, ResponseMaker, YESTERDAY, financial_year, in_threads, random_day, run_test, seeded

CLIENTS, SCHEMES = 10, 6
PERIOD, FIRST_DAY, _ = financial_year(YESTERDAY)
CHANGED = ("better", "same", "worse")


class Sent:
    """A response and all its client knows of it."""

    def __init__(self, key, body):
        self.key, self.body, self.now = key, body, body
        self.id = self.receipt = None
        self.revision, self.withdrawn = 1, False

    @property
    def person(self):
        return self.now["scheme"], self.now["participant"]


class Test(server.Test):
    def __init__(self, folder, database, seed):
        super().__init__(folder, database, seed)
        self.khi = self.servers[0]
        self.stop, self.token = threading.Event(), None
        self.acknowledged = [[] for _ in range(CLIENTS)]  # each list is written by its own client only
        self.repeated, self.reads = collections.Counter(), 0

    def begin(self):
        self.khi.start()
        self.khi.add_user()
        first = self.sign_in()
        self.schemes = server.make_schemes(first, SCHEMES)
        self.maker = ResponseMaker(first)
        self.threads = [threading.Thread(target=self.client, args=(number,), daemon=True) for number in range(CLIENTS)]
        self.threads.append(threading.Thread(target=self.reader, daemon=True))
        for thread in self.threads:
            thread.start()

    def sign_in(self):
        client = Client(self.khi.port)
        self.token = client.sign_in()
        return client

    # What runs beside the killing

    def until_answered(self, client, kind, *request, **headers):
        """Repeats a request until the server answers it, whatever happens to the server meanwhile."""
        while True:
            client.token = self.token
            try:
                answer = client.send(*request, **headers)
                if answer.status not in (401, 503):
                    return answer
            except (OSError, http.client.HTTPException):
                pass
            self.repeated[kind] += 1
            time.sleep(0.02)

    def client(self, number):
        """One client: its participants are its own, so it knows what each of its responses must be."""
        chance, client = seeded(self.seed, "client", number), Client(self.khi.port)
        mine, people = self.acknowledged[number], []
        while not self.stop.is_set():
            act = chance.random()
            live = [sent for sent in mine[-30:] if not sent.withdrawn]
            try:
                if act < 0.75 or not live:
                    self.send(client, chance, number, mine, people)
                elif act < 0.9:
                    self.correct(client, chance, chance.choice(live))
                else:
                    self.withdraw(client, chance.choice(live))
            except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
                self.check(f"client {number}", repr(error))
                return
            time.sleep(chance.random() * 0.01)

    def send(self, client, chance, number, mine, people):
        if not people or chance.random() < 0.7:
            people.append((*chance.choice(self.schemes), f"C{number}-P{len(people)}"))
        body = self.maker.make(chance, *chance.choice(people[-40:]), random_day(chance, FIRST_DAY, YESTERDAY))
        sent = Sent(f"{self.seed}-client-{number:03}-{len(mine):08}", body)
        answer = self.until_answered(client, "sent", "POST", "/api/v1/responses", body, Idempotency_Key=sent.key)
        expect(answer, 201)
        sent.id, sent.receipt = answer.json["id"], answer.json["receipt"]
        mine.append(sent)

    def correct(self, client, chance, sent):
        answers = {**sent.now["answers"], "connected": chance.choice(CHANGED)}
        patch = {"answers": {"connected": answers["connected"]}, "completed_on": str(random_day(chance, FIRST_DAY, YESTERDAY))}
        before = self.repeated["corrected"]
        answer = self.until_answered(client, "corrected", "PATCH", f"/api/v1/responses/{sent.id}", patch, If_Match=f'"{sent.revision}"')
        # 412 after a repeat: the first try was written, and only this client writes here. The listing proves it at the end.
        if answer.status != 412 or self.repeated["corrected"] == before:
            expect(answer, 200)
        sent.revision += 1
        sent.now = {**sent.now, **patch, "answers": answers}

    def withdraw(self, client, sent):
        expect(self.until_answered(client, "withdrawn", "DELETE", f"/api/v1/responses/{sent.id}"), 204)
        sent.withdrawn = True

    def reader(self):
        client = Client(self.khi.port)
        while not self.stop.is_set():
            answer = self.until_answered(client, "read", "GET", f"/api/v1/khi?period={PERIOD}&level=scheme&indicator=social-connection")
            if answer.status != 200:
                return self.check("reader", f"{answer.status} {answer.body[:300]!r}")
            self.reads += 1
            time.sleep(0.005)

    # One round

    def round(self, number, chance):
        time.sleep(chance.uniform(0.2, 2.0))
        database_too = self.postgres and chance.random() < 0.2
        if database_too:
            self.postgres.crash()
            self.khi.wait_ready(30)  # it finds its way back by itself
            self.check(f"round {number}: figures are read after the database came back", self.unread(10))
            time.sleep(chance.uniform(0.2, 1.0))
        self.check(f"round {number}: figures are read under load", self.unread(10))
        before = dict(self.repeated)
        sent_before = sum(map(len, self.acknowledged))
        self.khi.kill()
        starts_killed = 0
        while chance.random() < 0.35:
            self.khi.launch()
            time.sleep(chance.uniform(0, 0.4))
            self.khi.kill()
            starts_killed += 1
        started = time.monotonic()
        self.khi.start()
        seconds = time.monotonic() - started
        client = self.sign_in()
        latest = [sent for mine in self.acknowledged for sent in mine[-20:]]
        self.check(f"round {number}: the latest acknowledged are sent again", next(filter(None, (self.replay(client, sent) for sent in latest)), None))
        repeats = ", ".join(f"{kind} {count - before.get(kind, 0)}" for kind, count in sorted(self.repeated.items()))
        extra = (f", {starts_killed} killed while starting" if starts_killed else "") + (", database crashed too" if database_too else "")
        print(f"round {number}: killed after {sent_before} acknowledged, ready again in {seconds:.2f} s{extra}; {len(latest)} sent again: same receipts; "
              f"repeated: {repeats}", flush=True)

    def unread(self, seconds):
        """Waits for the reader to get figures; says so if it does not."""
        reads, end = self.reads, time.monotonic() + seconds
        while self.reads == reads:
            if time.monotonic() > end:
                return f"no answer in {seconds} s"
            time.sleep(0.01)
        return None

    @staticmethod
    def replay(client, sent):
        answer = client.send("POST", "/api/v1/responses", sent.body, Idempotency_Key=sent.key)
        if answer.status != 201 or answer.headers.get("Idempotency-Replayed") != "true":
            return f"{sent.id} was not known again: {answer.status} {answer.body[:300]!r}"
        if (answer.json["id"], answer.json["receipt"]) != (sent.id, sent.receipt):
            return f"{sent.id} came back as {answer.json['id']}, or with another receipt"
        return None

    # The end

    def end(self):
        self.stop.set()
        super().end()

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        client = self.sign_in()
        everything = [sent for mine in self.acknowledged for sent in mine]
        listed = client.all_responses()
        by_id = {item["id"]: item for item in listed}
        standing = {sent.id: sent for sent in everything if not sent.withdrawn}
        self.check("each response is listed once", len(listed) != len(by_id) and f"{len(listed)} lines, {len(by_id)} ids")
        lost, unknown = standing.keys() - by_id.keys(), by_id.keys() - standing.keys()
        self.check("0 acknowledged responses lost", lost and f"{len(lost)} lost, such as {sorted(lost)[:5]}")
        self.check("nothing is listed that nobody sent or that was withdrawn", unknown and f"{len(unknown)}, such as {sorted(unknown)[:5]}")
        wrong = [i for i in standing.keys() & by_id.keys() if not same(standing[i].now, by_id[i])]
        self.check("each says what its last acknowledged correction made it say", wrong and f"{len(wrong)}, such as {wrong[:5]}")

        def replay_all(mine):
            own = Client(self.khi.port, self.token)
            self.check(f"{len(mine)} sent again: same receipts", next(filter(None, (self.replay(own, sent) for sent in mine)), None))

        in_threads(replay_all, self.acknowledged)
        self.check("sending again added nothing", len(client.all_responses()) != len(listed) and "the list has grown")
        self.count(client, standing, by_id)
        self.khi.kill()
        self.check("khi tallies verify", self.khi.verify())
        withdrawn = len(everything) - len(standing)
        print(f"{len(everything)} acknowledged, {withdrawn} of them withdrawn, {sum(s.revision > 1 for s in everything)} corrected, {self.reads} figures read meanwhile; "
              f"{len(lost)} lost")

    def count(self, client, standing, by_id):
        """The UK row against a count of our own: one standing response a person."""
        last = {}
        for sent in standing.values():
            place = (sent.now["completed_on"], by_id.get(sent.id, {}).get("accepted_at", ""), sent.id)
            last[sent.person] = max(last.get(sent.person, (("",), None)), (place, sent), key=lambda pair: pair[0])
        own = collections.Counter()
        for _, sent in last.values():
            connected = sent.now["answers"].get("connected")
            valid = isinstance(connected, str) and sent.now["completed_by"] != "proxy"
            own.update(people=1, n=valid, positive=valid and connected == "better")
        rows = client.get("/api/v1/khi", period=PERIOD, level="uk", indicator="social-connection", model="shared-lives")["items"]
        served = collections.Counter()
        for row in rows:
            served.update(people=row["n"] + sum(row["left_out"].values()), n=row["n"], positive=row["positive"])
        self.check("0 counted twice: UK row equals a count of distinct people", served != own and f"served {dict(served)}, own {dict(own)}")


def same(now, item):
    return (item["completed_on"], item["answers"].get("connected"), item["scheme"], item["council"]) == \
        (now["completed_on"], now["answers"].get("connected", {"missing": "skipped"}), now["scheme"], now["council"])


def expect(answer, status):
    if answer.status != status:
        raise AssertionError(f"expected {status}, got {answer.status}: {answer.body[:300]!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def run(test):
        test.begin()
        chance = seeded(options.seed, "rounds")
        for number in range(1, options.rounds + 1):
            test.round(number, chance)
        test.finish()

    return run_test(lambda folder: Test(folder, options.database, options.seed), run)


if __name__ == "__main__":
    sys.exit(main())
