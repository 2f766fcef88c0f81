#!/usr/bin/env python3
"""Imports a made-up ASCOF file of 100,000 rows by the command line and measures it; and one with 30 planted faults, which names all 30 and changes nothing.

    tests/process/comparators.py --database sqlite [--rows 100000] [--seconds 10]

The bar takes in the whole command: opening the database, reading, checking and writing durably. With two cores a debug build takes 1.6 s on SQLite
and 2.4 s on PostgreSQL.
"""
import argparse, csv, datetime, itertools, random, sqlite3, sys, time

import server

YEAR = "2024-25"
HEADINGS = ["Geographical code", "Geographical description", "Geographical level", "ONS code", "ASCOF measure code", "Disaggregation level",
            "Measure type", "Measure value"]
LEVELS = {"nation": "England", "region": "Region", "local_authority": "Council"}


def places():
    """(ONS code, name, level) of England, its regions and its councils at the end of the year."""
    last = datetime.date(2025, 3, 31).isoformat()
    with open(server.ROOT / "survey-definitions/areas.csv", encoding="utf-8") as file:
        for area in csv.DictReader(file):
            there = (area["valid_from"] or "0") <= last <= (area["valid_to"] or "9")
            if area["code"].startswith("E") and there and area["level"] in LEVELS:
                yield area["code"], area["name"], LEVELS[area["level"]]


def rows(count, chance):
    """Rows of figures, three each, until there are `count`."""
    made = 0
    groups = ["Total", "Male", "Female", "18-64", "65 and over"] + [f"Group {n}" for n in range(1, 40)]
    measures = [f"{number}{letter}" for number in range(1, 7) for letter in "ABCDE"]
    for group, measure, (code, name, level) in itertools.product(groups, measures, list(places())):
        below = chance.randrange(50, 5000)
        above = chance.randrange(0, below)
        numbers = [("Numerator", above), ("Denominator", below), ("Outcome", f"{100 * above / below:.1f}")]
        if chance.random() < 0.05:
            numbers = [(kind, chance.choice(["[x]", "[c]", "[z]"])) for kind, _ in numbers]
        for kind, value in numbers:
            yield [str(made % 900), name, level, code, measure, group, kind, str(value)]
            made += 1
            if made == count:
                return
    raise SystemExit(f"only {made} rows can be made")


def planted(path):
    """A file with 30 faults of different rules; gives (row, column, rule) of each."""
    lines, wanted = [[h for h in HEADINGS if h != "Disaggregation level"] + ["Comment"]], [(1, "Disaggregation level", "missing-column")]
    level, ons, measure, kind, value = HEADINGS[2], HEADINGS[3], HEADINGS[4], HEADINGS[6], HEADINGS[7]

    def plant(cells, *faults):
        lines.append(cells)
        wanted.extend((len(lines), column, rule) for column, rule in faults)

    def row(at_level="Council", code="E08000035", of="1A", which="Outcome", says="50", encoding="utf-8"):
        return [c.encode(encoding) for c in ("1", "A place", at_level, code, of, which, says, "")]

    plant(row())
    plant(row(), (kind, "repeated"))
    plant(row(at_level="Ward", of="1B"), (level, "unknown-level"))
    plant(row(at_level="Region", of="1B"), (level, "wrong-level"))
    plant(row(code="E12000003", of="1B"), (level, "wrong-level"))
    plant(row(at_level="", of="1C"), (level, "required"))
    plant(row(code="Leeds", of="1B"), (ons, "bad-area-code"))
    plant(row(code="E08999999", of="1B"), (ons, "unknown-area"))
    plant(row(code="W06000015", of="1B"), (ons, "wrong-nation"))
    plant(row(code="E08000038", of="1B"), (ons, "area-not-in-force"))
    plant(row(code="E10000006", of="1B"), (ons, "area-not-in-force"))
    plant(row(code="", of="1D"), (ons, "required"))
    plant(row(of="joy"), (measure, "bad-measure-code"))
    plant(row(of=""), (measure, "required"))
    plant(row(which="Average", of="1B"), (kind, "unknown-measure-type"))
    plant(row(which="", of="1B"), (kind, "required"))
    plant(row(says="some", of="1B"), (value, "not-a-number"))
    plant(row(says='"1,23"', of="1E"), (value, "not-a-number"))
    plant(row(says="45%", of="1E"), (value, "percentage"))
    plant(row(says="-3", of="1E"), (value, "negative"))
    plant(row(says="9999999999999", of="1E"), (value, "too-large"))
    plant(row(says="[q]", of="1E"), (value, "unknown-shorthand"))
    plant(row(says="", of="1E"), (value, "required"))
    plant(row(says="5\u00a35", of="1E", encoding="latin-1"), (value, "not-utf-8"))
    plant(row(of="1E")[:6], (None, "wrong-number-of-columns"))
    plant(row(of="1E") + [b"", b""], (None, "wrong-number-of-columns"))
    plant(row(of="2A", which="Numerator", says="60"), (value, "numerator-above-denominator"))
    plant(row(of="2A", which="Denominator", says="50"))
    plant(row(of="2A", says="83"))
    plant(row(of="2B", which="Numerator", says="0"))
    plant(row(of="2B", which="Denominator", says="0"), (value, "zero-denominator"))
    plant(row(of="2B", says="0"))
    plant(row(of="2C", at_level="x" * 250), (level, "too-long"))
    plant(row(of="2C", says="a\tb"), (value, "control-character"))
    with open(path, "wb") as file:
        for cells in lines:
            file.write(b",".join(c if isinstance(c, bytes) else c.encode() for c in cells) + b"\r\n")
    return wanted


def stored(test):
    """(files, those that stand, figures) in the database."""
    sql = "SELECT (SELECT count(*) FROM comparator_files), (SELECT count(*) FROM comparator_files WHERE superseded_at IS NULL), (SELECT count(*) FROM comparators)"
    if test.postgres:
        return tuple(map(int, test.postgres.sql("khi", sql).split("|")))
    with sqlite3.connect(test.servers[0].database.removeprefix("sqlite://")) as connection:
        return connection.execute(sql).fetchone()


def run(test, count, seconds):
    khi = test.servers[0]

    def said(name, wanted, got):
        test.check(name, None if wanted == got else f"wanted {wanted}, got {got}")

    khi.add_user()
    bad, good, later = (khi.folder / name for name in ("planted.csv", "ascof.csv", "ascof-again.csv"))
    wanted = planted(bad)
    done = khi.run("comparators", "import", str(bad), "--year", YEAR)
    told = []
    for line in done.stdout.splitlines():
        place, rule, _ = line.split(": ", 2)
        row, _, column = place.removeprefix("row ").partition(", ")
        told.append((int(row), column or None, rule))
    said("thirty faults are planted", 30, len(wanted))
    said("every planted fault is named by row, column and rule, and nothing else", sorted(map(str, wanted)), sorted(map(str, told)))
    test.check("the command fails", None if done.returncode == 1 and "30 things are not right" in done.stderr else done.stderr[-500:])
    said("nothing was written", (0, 0, 0), stored(test))

    chance = random.Random(20261127)
    for path, rows_of_file in ((good, count), (later, count // 10)):
        with open(path, "w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(rows(rows_of_file, chance))
    dry = khi.run("comparators", "import", str(good), "--year", YEAR, "--dry-run")
    test.check("a dry run says what would be", None if dry.returncode == 0 and "would be imported" in dry.stdout else dry.stdout + dry.stderr[-500:])
    said("a dry run writes nothing", (0, 0, 0), stored(test))
    began = time.monotonic()
    done = khi.run("comparators", "import", str(good), "--year", YEAR)
    took = time.monotonic() - began
    print(f"{count} rows on {'PostgreSQL' if test.postgres else 'SQLite'}: {took:.2f} s", flush=True)
    test.check("it is imported", None if done.returncode == 0 and f"{count} rows" in done.stdout else done.stdout + done.stderr[-500:])
    test.check(f"{count} rows take less than {seconds} s", None if took < seconds else f"{took:.2f} s")
    figures = -(-count // 3)
    said("three rows are one figure", (1, 1, figures), stored(test))
    again = khi.run("comparators", "import", str(good), "--year", YEAR)
    test.check("the same file again changes nothing", None if "stands already" in again.stdout and stored(test) == (1, 1, figures) else again.stdout)
    done = khi.run("comparators", "import", str(later), "--year", YEAR)
    test.check("a later file takes its place", None if "in place of ascof.csv" in done.stdout else done.stdout + done.stderr[-500:])
    said("what it replaces is kept, and does not stand", (2, 1, figures + -(-(count // 10) // 3)), stored(test))
    khi.start()
    client = server.Client(khi.port)
    client.sign_in()
    beside = client.get("/api/v1/outcomes", period=YEAR, level="local_authority", within="E08000035")["items"]
    found = [c for item in beside for c in item["comparators"]]
    test.check("figures of the later file stand beside the live ones of a council",
               None if found and all(c["source"]["file"] == "ascof-again.csv" and c["area"]["code"] == "E08000035" for c in found) else str(found[:2]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10, help="the longest that it may take")
    chosen = parser.parse_args()
    sys.exit(server.run_test(lambda folder: server.Test(folder, chosen.database, 0), lambda test: run(test, chosen.rows, chosen.seconds)))
