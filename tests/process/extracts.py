"""Extracts of responses and twenty readers who take nothing: what everybody else waits meanwhile, what the readers hold, and what stays when they hang up.

    extracts.py [--database sqlite|postgres] [--readers 20] [--rounds 3]

Submits are timed in turn without and with the readers, so that both are measured while the machine does the same. While they stand still the database must say that nobody
is in a transaction, and the server must use no processor. Then some hang up, and their threads must end; the others read on, slowly, and must get everything.
"""
import argparse, json, pathlib, socket, sqlite3, statistics, sys, time

import server
from server import Client, ResponseMaker, YESTERDAY, seeded

STOCK, COPIES, SUBMITS = 500, 50, 120
ACCOUNTS = 4


class Reader:
    """Asks for an extract over a connection that holds as little as can be, and reads only when it is told to."""

    def __init__(self, port, token):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(60)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(f"GET /api/v1/exports/responses.csv?questionnaire=shared-lives HTTP/1.1\r\nHost: khi\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self.socket.recv(1)

    def status(self):
        return int(self.head.split(b" ", 2)[1])

    def rest(self):
        """The body, to the end of the last chunk."""
        got = bytearray()
        while not got.endswith(b"0\r\n\r\n"):
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise RuntimeError("the connection was cut")
            got += piece
        body, at = bytearray(), 0
        while True:
            end = got.index(b"\r\n", at)
            length = int(got[at:end], 16)
            if not length:
                return bytes(body)
            body += got[end + 2:end + 2 + length]
            at = end + 4 + length


def fill(test):
    """A stock of responses that the server has checked, and copies of each, made in the database."""
    khi = test.servers[0]
    client = Client(khi.port, timeout=300)
    client.sign_in()
    chance, maker = seeded(20261127), ResponseMaker(client)
    schemes = server.make_schemes(client, 5)
    batch = []
    for number in range(STOCK):
        scheme, council = schemes[number % len(schemes)]
        batch.append({"idempotency_key": f"extract-stock-{number:06}", **maker.make(chance, scheme, council, f"P-{number:05}", YESTERDAY)})
    answer = client.send("POST", "/api/v1/responses/batch", batch)
    if answer.status != 200 or answer.json["recorded"] != STOCK:
        raise RuntimeError(f"the stock was refused: {answer.body[:500]!r}")
    columns = "scheme_number, person, questionnaire, completed_on, accepted_at, revision, withdrawn_at, receipt_hash, body"
    copies = (f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES}) "
              f"INSERT INTO responses (id, {columns}) SELECT substr(id, 1, 23) || (100 + i), {columns} FROM responses, n ON CONFLICT DO NOTHING")
    count = "SELECT COUNT(*) FROM responses"
    if test.postgres:
        test.postgres.sql("khi", copies)
        return client, maker, schemes, int(test.postgres.sql("khi", count))
    base = sqlite3.connect(khi.folder / "khi.db", timeout=60)
    # One that stands after a comma and before ON would be read as a join.
    base.execute(copies.replace("FROM responses, n ON", "FROM responses, n WHERE true ON"))
    base.commit()
    (rows,) = base.execute(count).fetchone()
    base.close()
    return client, maker, schemes, rows


def submits(client, maker, schemes, chance, sent):
    """Milliseconds of each of some submits, one after the other, until it is acknowledged."""
    times = []
    for _ in range(SUBMITS):
        sent[0] += 1
        scheme, council = schemes[sent[0] % len(schemes)]
        body = json.dumps(maker.make(chance, scheme, council, f"Q-{sent[0]:05}", YESTERDAY)).encode()
        began = time.perf_counter()
        answer = client.send("POST", "/api/v1/responses", body, Idempotency_Key=f"extract-key-{sent[0]:08}")
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 201:
            raise RuntimeError(f"a submit: {answer.status} {answer.body[:300]!r}")
    return times


def in_transaction(test):
    """How many are in the middle of a transaction, as the database says; those who serve everybody else are there only for a moment."""
    if test.postgres:
        return int(test.postgres.sql("khi", "SELECT count(*) FROM pg_stat_activity WHERE datname = 'khi' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"))
    base = sqlite3.connect(test.servers[0].folder / "khi.db", timeout=10)
    busy, _, _ = base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    base.close()
    return busy


def threads(pid):
    names = [path.read_text().strip() for path in pathlib.Path(f"/proc/{pid}/task").glob("*/comm")]
    return names.count("extract")


def processor(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def wait_for(what, seconds=30):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def stalled_readers(khi, tokens, number):
    readers = [Reader(khi.port, tokens[at % len(tokens)]) for at in range(number)]
    if refused := [reader.status() for reader in readers if reader.status() != 200]:
        raise RuntimeError(f"readers were refused: {refused}")
    # They stand still once the server does nothing for them any more.
    used = [processor(khi.process.pid)]

    def still():
        time.sleep(0.3)
        used.append(processor(khi.process.pid))
        return used[-1] - used[-2] <= 0.02

    if not wait_for(still, 60):
        raise RuntimeError("the readers never stood still")
    return readers


def run(options):
    def steps(test):
        khi = test.servers[0]
        khi.start()
        khi.add_user()
        client, maker, schemes, rows = fill(test)
        tokens = []
        for number in range(ACCOUNTS):
            khi.add_user(f"analyst-{number}@test.example", "analyst")
            tokens.append(Client(khi.port).sign_in(f"analyst-{number}@test.example"))
        chance, sent = seeded(7), [0]
        submits(client, maker, schemes, chance, sent)  # warm
        alone, beside = [], []
        for number in range(options.rounds):
            alone += submits(client, maker, schemes, chance, sent)
            readers = stalled_readers(khi, tokens, options.readers)
            test.check("as many threads as readers", None if threads(khi.process.pid) == options.readers else f"{threads(khi.process.pid)} threads")
            beside += submits(client, maker, schemes, chance, sent)
            if number + 1 < options.rounds:
                for reader in readers:
                    reader.socket.close()
                ended = wait_for(lambda: threads(khi.process.pid) == 0)
                test.check("whoever hangs up ends their thread", None if ended else f"{threads(khi.process.pid)} threads after 30 s")
        middle, slow = statistics.median(alone), statistics.median(beside)
        tail, slow_tail = (sorted(times)[len(times) * 95 // 100] for times in (alone, beside))
        said = f"{options.readers} readers who take nothing of {rows} rows: a submit is acknowledged in {middle:.2f} ms without and {slow:.2f} ms beside them (p50; p95 {tail:.2f} and {slow_tail:.2f})"
        print(said, flush=True)
        test.check("submits are acknowledged as quickly", None if slow <= middle * 1.5 + 2 else said)
        test.check("nobody is in a transaction", None if wait_for(lambda: in_transaction(test) == 0, 10) else f"{in_transaction(test)} are")
        used = processor(khi.process.pid)
        time.sleep(1)
        used = processor(khi.process.pid) - used
        test.check("whoever waits uses no processor", None if used < 0.1 else f"{used:.2f} s of a second")
        # Half hang up, one reads on.
        for reader in readers[1::2]:
            reader.socket.close()
        left = len(readers[0::2])
        test.check("those who hung up are gone", None if wait_for(lambda: threads(khi.process.pid) == left) else f"{threads(khi.process.pid)} threads, {left} readers")
        body = readers[0].rest()
        lines = body.count(b"\r\n") - 1
        # Each reader's set is fixed when it asks: all there was, with what was sent until then.
        least = rows
        test.check("who reads slowly gets everything", None if least <= lines <= least + sent[0] else f"{lines} rows of {rows} and up to {sent[0]} more")
        for reader in readers[0::2]:
            reader.socket.close()
        test.check("the last are gone", None if wait_for(lambda: threads(khi.process.pid) == 0) else f"{threads(khi.process.pid)} threads")

    return steps


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    return server.run_test(lambda folder: server.Test(folder, options.database, 7), run(options))


if __name__ == "__main__":
    sys.exit(main())
