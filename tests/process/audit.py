#!/usr/bin/env python3
"""The audit log, tampered with in the database itself: `khi audit verify` finds each change, and says where.

    audit.py [--database sqlite|postgres]

A server makes a log of some chains; its heads are signed, at start, when it is stopped and by `khi audit sign`. Then on copies of that database: an
entry is edited (each column of it), deleted, inserted, two are swapped, the last n are cut off, the whole is written anew. Each is done
twice: as somebody would who only edits rows, and as somebody who knows how the chain is made and makes all hashes and the head anew.
How they are made is written here once more, from the documentation, in Python. The file of signed heads is tampered with as well.
"""
import argparse, contextlib, datetime, hashlib, re, shutil, signal, sqlite3, sys
import server
from server import Client, ResponseMaker, YESTERDAY, run_test, seeded

COLUMNS = ("scheme_number", "sequence", "at", "actor", "act", "target_kind", "target_id", "details", "hash")
EPOCH = datetime.datetime(1970, 1, 1)


def digest(previous, row):
    """SHA-256 of the hash before and of the entry: numbers in 8 bytes, texts after their length."""
    text = b"khi-audit-1"
    at = datetime.datetime.fromisoformat(row["at"])
    for number in (row["scheme_number"], row["sequence"], (at - EPOCH) // datetime.timedelta(microseconds=1)):
        text += number.to_bytes(8, "big", signed=True)
    for name in ("actor", "act", "target_kind", "target_id", "details"):
        value = row[name].encode()
        text += len(value).to_bytes(8, "big") + value
    return hashlib.sha256(previous + text).digest()


def forge(rows):
    """Numbers and hashes anew."""
    previous = bytes(32)
    for sequence, row in enumerate(rows, 1):
        row["sequence"] = sequence
        row["hash"] = previous = digest(previous, row)


class Sqlite:
    def __init__(self, folder, number):
        self.path = folder / f"copy-{number}.db"
        with contextlib.closing(sqlite3.connect(folder / "khi.db")) as original, contextlib.closing(sqlite3.connect(self.path)) as copy:
            original.backup(copy)
        self.url = f"sqlite://{self.path}"

    def rows(self, chain):
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            found = db.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_log WHERE scheme_number = ? ORDER BY sequence", (chain,)).fetchall()
        return [dict(zip(COLUMNS, row)) for row in found]

    def run(self, *statements):
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()

    def bytes(self, value):
        return f"X'{value.hex()}'"


class Postgres:
    def __init__(self, postgres, number):
        self.postgres, self.name = postgres, f"copy_{number}"
        postgres.sql("postgres", f"CREATE DATABASE {self.name} TEMPLATE khi")
        self.url = postgres.url.replace("/khi", f"/{self.name}")

    def rows(self, chain):
        columns = ", ".join("encode(hash, 'hex')" if c == "hash" else c for c in COLUMNS)
        text = self.postgres.sql(self.name, f"SELECT {columns} FROM audit_log WHERE scheme_number = {chain} ORDER BY sequence")
        rows = [dict(zip(COLUMNS, line.split("|"))) for line in text.splitlines()]
        return [{**row, "scheme_number": int(row["scheme_number"]), "sequence": int(row["sequence"]), "hash": bytes.fromhex(row["hash"])} for row in rows]

    def run(self, *statements):
        self.postgres.sql(self.name, "; ".join(statements))

    def bytes(self, value):
        return f"'\\x{value.hex()}'"


class Test(server.Test):
    def __init__(self, folder, database):
        super().__init__(folder, database, seed=1)
        self.folder, self.copies = folder, 0
        self.khi = self.servers[0]
        self.heads = folder / "khi.audit-heads.jsonl"

    def copy(self):
        self.copies += 1
        return Postgres(self.postgres, self.copies) if self.postgres else Sqlite(self.folder, self.copies)

    def begin(self):
        """A server that makes a log, and stops."""
        self.khi.add_user()
        self.khi.start()
        client = Client(self.khi.port)
        client.sign_in()
        schemes = server.make_schemes(client, 2)
        maker, chance = ResponseMaker(client), seeded("audit")
        for scheme, council in schemes:
            for number in range(4):
                person = {"council": council, "supported_from": "2024-01-01"}
                path = f"/api/v1/schemes/{scheme}/participants/by-ref/P-{number}"
                assert client.send("PUT", path, person).status == 201
                body = maker.make(chance, scheme, council, f"P-{number}", YESTERDAY)
                answer = client.send("POST", "/api/v1/responses", body, Idempotency_Key=f"audit-{scheme}-{number:08}")
                assert answer.status == 201, answer.body
                if number % 2:
                    assert client.send("DELETE", f"/api/v1/responses/{answer.json['id']}").status == 204
        client.get("/api/v1/responses", scheme=schemes[0][0])
        client.get("/api/v1/responses")
        self.check("heads are signed at the start", not self.heads.exists() and "there is no file")
        self.khi.process.send_signal(signal.SIGTERM)
        self.khi.process.wait(timeout=60)
        self.check("heads are signed when the server stops", len(self.heads.read_text().splitlines()) < 2 and self.heads.read_text()[:300])
        self.check("nobody else can read them", self.heads.stat().st_mode & 0o77 and oct(self.heads.stat().st_mode))
        self.whole("as it was written")
        listed = self.khi.run("audit", "list", "--scheme", schemes[0][0], "--since", "2024-01-01")
        self.check("khi audit list prints the log", (listed.returncode or "entered or changed a participant" not in listed.stdout) and listed.stdout + listed.stderr)
        signed = self.khi.run("audit", "sign")
        self.check("khi audit sign adds a line", "line 3 added" not in signed.stdout and signed.stdout + signed.stderr)
        self.whole("with a line more")

    def verify(self, url=None, heads=None):
        khi = server.Khi(self.folder, url or self.khi.database)
        return khi.run("audit", "verify", *(["--heads", str(heads)] if heads else []))

    def whole(self, name, **where):
        done = self.verify(**where)
        self.check(f"whole: {name}", (done.returncode or "the audit log is whole" not in done.stdout) and done.stdout + done.stderr)

    def broken(self, name, places, **where):
        """`places`: what must be among what is printed, each a pattern; none may be printed before the first."""
        done = self.verify(**where)
        missing = [place for place in places if not re.search(place, done.stdout)]
        self.check(f"found: {name}", (done.returncode == 0 or missing) and f"expected {places}, got {done.returncode}: {done.stdout}{done.stderr}")

    def tamper(self, name, chain, change, places, forged_places):
        """`change` gets the rows and gives the new ones, with their numbers; then once more with everything made anew."""
        copy = self.copy()
        before = copy.rows(chain)
        previous = bytes(32)
        for row in before:
            assert digest(previous, row) == row["hash"], ("the chain is not made as it is documented", row)
            previous = row["hash"]
        rows = change([dict(row) for row in before])
        self.write(copy, chain, rows)
        self.broken(name, places, url=copy.url)
        forge(rows)
        self.write(copy, chain, rows, head=True)
        self.broken(f"{name}, with all hashes and the head made anew", forged_places, url=copy.url)

    def write(self, copy, chain, rows, head=False):
        quoted = lambda text: "'" + text.replace("'", "''") + "'"
        statements = [f"DELETE FROM audit_log WHERE scheme_number = {chain}"]
        for row in rows:
            values = [copy.bytes(row[c]) if c == "hash" else str(row[c]) if c in ("scheme_number", "sequence") else quoted(row[c]) for c in COLUMNS]
            statements.append(f"INSERT INTO audit_log ({', '.join(COLUMNS)}) VALUES ({', '.join(values)})")
        if head:
            end = rows[-1] if rows else {"sequence": 0, "hash": bytes(32)}
            statements.append(f"UPDATE audit_heads SET sequence = {end['sequence']}, hash = {copy.bytes(end['hash'])} WHERE scheme_number = {chain}")
        copy.run(*statements)

    def chains(self):
        chain, length = 1, len(self.copy().rows(1))
        assert length >= 8, length
        entry = lambda sequence, code: rf"chain {chain}, entry {sequence}: {code}: .*\(scheme "
        signed = [rf"chain {chain}, entry \d+: (not-as-signed|cut-off-after-signing)"]

        def edit(row, **fields):
            def change(rows):
                rows[row].update(fields)
                return rows
            return change

        for column, value in (("at", "2025-01-01 00:00:00.000001"), ("actor", "account:somebody"), ("act", "signed-in"), ("target_kind", "nothing"),
                              ("target_id", "somebody-else"), ("details", '{"n":1}')):
            self.tamper(f"{column} edited", chain, edit(2, **{column: value}), [entry(3, "changed")], signed)

        def delete(rows):
            del rows[3]
            return rows

        def insert(rows):
            new = {**rows[3], "actor": "account:somebody"}
            rows.insert(3, new)
            for sequence, row in enumerate(rows, 1):
                row["sequence"] = sequence
            return rows

        def swap(rows):
            rows[1], rows[5] = {**rows[5], "sequence": 2}, {**rows[1], "sequence": 6}
            return rows

        self.tamper("one deleted", chain, delete, [entry(4, "missing")], signed)
        self.tamper("one inserted", chain, insert, [entry(4, "changed")], signed)
        self.tamper("two swapped", chain, swap, [entry(2, "changed"), entry(6, "changed")], signed)
        for cut in (1, 2, 5, length):
            first = length - cut + 1
            self.tamper(f"the last {cut} cut off", chain, lambda rows, cut=cut: rows[:-cut], [entry(first, "cut-off"), entry(first, "cut-off-after-signing")],
                        [entry(first, "cut-off-after-signing")])
        self.tamper("all written anew", chain, lambda rows: [{**row, "actor": "account:somebody"} for row in rows], [entry(1, "changed")], signed)
        copy = self.copy()
        copy.run("DELETE FROM audit_log", "DELETE FROM audit_heads")
        self.broken("everything deleted", [rf"chain {n}, entry 1: cut-off-after-signing" for n in (0, 1, 2)], url=copy.url)
        copy = self.copy()
        copy.run("UPDATE audit_log SET scheme_number = 9 WHERE scheme_number = 2")
        self.broken("a chain moved to another scheme", ["chain 2, entry 1: cut-off", "chain 9, entry 1: changed", "chain 9, entry \\d+: head-missing"], url=copy.url)

    def file(self):
        lines = self.heads.read_text().splitlines()
        assert len(lines) == 3, lines

        def broken(name, text, places):
            path = self.folder / "other-heads.jsonl"
            path.write_text(text)
            self.broken(f"heads: {name}", places, heads=path)

        join = lambda *kept: "\n".join(kept) + "\n"
        broken("a line edited", join(lines[0].replace('"number":1', '"number":2'), *lines[1:]), ["line 1: bad-signature"])
        broken("a line deleted", join(lines[0], lines[2]), ["line 2: out-of-order"])
        broken("two lines swapped", join(lines[0], lines[2], lines[1]), ["line 2: out-of-order"])
        broken("a line inserted", join(lines[0], lines[0], *lines[1:]), ["line 2: out-of-order"])
        broken("something else", "nothing\n", ["line 1: unreadable"])
        self.broken("heads: no file", ["no-heads"], heads=self.folder / "nowhere.jsonl")
        other = self.folder / "other"
        other.mkdir()
        copy = self.copy()  # a database knows its secret file: whoever holds a copy can make it forget that, and what was sealed is lost to them
        copy.run("DELETE FROM settings WHERE key = 'key-check'")
        copy.run("DELETE FROM data_keys")
        stranger = server.Khi(other, copy.url, "stranger")
        assert "line 1 added" in stranger.run("audit", "sign").stdout
        shutil.copy(other / "khi.audit-heads.jsonl", self.folder / "foreign.jsonl")
        self.broken("heads: signed with another secret file", ["line 1: bad-signature"], heads=self.folder / "foreign.jsonl")

    def alarm(self):
        """A server that starts on a log that no longer holds what was signed says so in its log."""
        copy = self.copy()
        self.write(copy, 1, copy.rows(1)[:-2])
        other = server.Khi(self.folder, copy.url, "alarmed")
        other.start()
        try:
            fault = "no longer holds what was signed" not in other.log.read_text() and "not in the log"
            for _ in range(50):
                if not fault:
                    break
                server.time.sleep(0.1)
                fault = "no longer holds what was signed" not in other.log.read_text() and "not in the log"
        finally:
            other.kill()
        self.check("a server says that its log was cut", fault)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()

    def run(test):
        test.begin()
        test.chains()
        test.file()
        test.alarm()

    return run_test(lambda folder: Test(folder, options.database), run)


if __name__ == "__main__":
    sys.exit(main())
