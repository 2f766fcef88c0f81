"""Validates a data package, and makes sure that the validators would notice what is wrong with it.

    check.py PACKAGE.zip FOLDER_OF_TOOLS

The package as it is must pass `frictionless validate` and `csvwvalidate`. A smaller one cut out of it must pass both too; that is broken in one way after the other,
its sums put right again (but where the sums are what is broken), and each time one of the two must fail, frictionless with the fault that is meant.
"""
import concurrent.futures, csv, hashlib, io, json, pathlib, shutil, subprocess, sys, tempfile, zipfile

CELLS = 400


def read(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]


def write(folder, table, names, rows):
    """Rows are mappings, or lists where a row is to be of another length."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([row[name] for name in names] if isinstance(row, dict) else row for row in rows)
    (folder / f"{table}.csv").write_bytes(text.getvalue().encode())


def put_sums_right(folder):
    path = folder / "datapackage.json"
    described = json.loads(path.read_text())
    for resource in described["resources"]:
        file = folder / resource["path"]
        if file.exists():
            content = file.read_bytes()
            resource["bytes"], resource["hash"] = len(content), f"sha256:{hashlib.sha256(content).hexdigest()}"
    path.write_text(json.dumps(described))


def cut(folder):
    """Leaves the first cells, with all that refers to them. Everything else is so small that it may stay."""
    names, rows = read(folder, "khi")
    # Some of every status and level.
    kept = rows[:CELLS // 2] + rows[CELLS // 2::max(1, len(rows) // (CELLS // 2))]
    cells = {row["cell"] for row in kept}
    write(folder, "khi", names, kept)
    for table in ("answers", "ascof"):
        names, rows = read(folder, table)
        write(folder, table, names, [row for row in rows if row["cell"] in cells])
    put_sums_right(folder)


def changed(table, change, sums=True):
    """A way to break a table: `change` is handed the names of its columns and its rows."""

    def apply(folder):
        names, rows = read(folder, table)
        write(folder, table, names, change(names, rows) or rows)
        if sums:
            put_sums_right(folder)

    return apply


def cell(name, value, where=lambda row: True):
    """Puts a value into a column of the first row that fits."""

    def change(_, rows):
        next(row for row in rows if where(row))[name] = value

    return change


def shorter(names, rows):
    rows[3] = [rows[3][name] for name in names[:-3]]


def renamed(folder):
    path = folder / "khi.csv"
    path.write_bytes(path.read_bytes().replace(b"positive,percent", b"positive,per_cent", 1))
    put_sums_right(folder)


def another_digit(names, rows):
    row = next(row for row in rows if row["n"] and row["n"][-1] != "7")
    row["n"] = row["n"][:-1] + "7"


def broken_off(folder):
    path = folder / "questions.csv"
    path.write_bytes(path.read_bytes()[:-200])


def is_area(row):
    return row["area"]


def is_scheme(row):
    return row["scheme"]


# Name, what it does, and the faults of which frictionless must find one.
WAYS = [
    ("a number was changed, and the sum was not", changed("khi", another_digit, sums=False), {"hash-count"}),
    ("a file broke off", broken_off, {"byte-count", "hash-count"}),
    ("a file is missing", lambda folder: (folder / "schemes.csv").unlink(), {"scheme-error", "source-error"}),
    ("a column has another name", renamed, {"incorrect-label"}),
    ("a row has too few cells", changed("khi", shorter), {"missing-cell"}),
    ("words stand in place of a number", changed("khi", cell("n", "many")), {"type-error"}),
    ("a code is none of an area", changed("areas", cell("code", "E0800003")), {"constraint-error"}),
    ("a figure is of an area that is not there", changed("khi", cell("area", "E99999999", is_area)), {"foreign-key"}),
    ("a figure in the long form is of an area that is not there", changed("ascof", cell("ons_code", "E99999999")), {"foreign-key"}),
    ("a figure is of a scheme that is not there", changed("khi", cell("scheme", "no-such-scheme", is_scheme)), {"foreign-key"}),
    ("a row stands there twice", changed("khi", lambda _, rows: rows + rows[:1]), {"primary-key"}),
    ("a status is none of those that there are", changed("khi", cell("status", "guessed")), {"constraint-error"}),
    ("the status is not said", changed("ascof", cell("status", "")), {"constraint-error"}),
    ("a percentage is above 100", changed("khi", cell("percent", "100.1")), {"constraint-error"}),
    ("answers are of a figure that is not there", changed("answers", cell("cell", "99999999")), {"foreign-key"}),
]


class Tools:
    def __init__(self, folder):
        self.frictionless, self.csvw = folder / "frictionless", folder / "csvwvalidate"

    def faults(self, package):
        """The faults that frictionless finds; it says itself whether there are any, and must not fall over."""
        done = subprocess.run([self.frictionless, "validate", "datapackage.json", "--json"], cwd=package, capture_output=True, text=True)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            sys.exit(f"frictionless failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        found = [error for task in report["tasks"] for error in task["errors"]] + report["errors"]
        if report["valid"] != (done.returncode == 0) or report["valid"] != (not found):
            sys.exit(f"frictionless does not agree with itself: {done.returncode}, {report['valid']}, {found[:3]}")
        return found

    def is_csvw(self, package):
        done = subprocess.run([self.csvw, "csv-metadata.json"], cwd=package, capture_output=True, text=True)
        said = done.stdout + done.stderr
        if done.returncode not in (0, 1, 2) or ("OK" in said) != (done.returncode == 0):
            sys.exit(f"csvwvalidate failed: {done.returncode} {said[-2000:]}")
        return done.returncode == 0, said


def whole(tools, package, what):
    faults, (passes, said) = tools.faults(package), tools.is_csvw(package)
    if faults:
        sys.exit(f"{what}: frictionless finds {len(faults)} faults, the first: {json.dumps(faults[0])[:600]}")
    if not passes:
        sys.exit(f"{what}: csvwvalidate says: {said[-1500:]}")
    print(f"{what}: both pass", flush=True)


def main(archive, tools):
    tools = Tools(tools)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        package, small = folder / "package", folder / "small"
        with zipfile.ZipFile(archive) as files:
            files.extractall(package)
        rows = {table: len(read(package, table)[1]) for table in ("khi", "kpi", "answers", "ascof", "areas", "schemes", "questions", "codebook")}
        if not all(rows.values()):
            sys.exit(f"a table has no rows, and nothing would be looked at: {rows}")
        whole(tools, package, "the package " + ", ".join(f"{table} {count}" for table, count in rows.items()))
        shutil.copytree(package, small)
        cut(small)
        whole(tools, small, "a part of it")

        def attempt(number):
            name, spoil, expected = WAYS[number]
            broken = folder / f"broken-{number}"
            shutil.copytree(small, broken)
            spoil(broken)
            faults, (passes, _) = tools.faults(broken), tools.is_csvw(broken)
            return name, {fault["type"] for fault in faults}, expected, passes

        missed = 0
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for name, found, expected, passes in pool.map(attempt, range(len(WAYS))):
                noticed = bool(found & expected)
                missed += not noticed
                print(f"{'noticed' if noticed else 'NOT NOTICED'}: {name}: frictionless: {', '.join(sorted(found)) or 'nothing'}; csvwvalidate: {'passes' if passes else 'fails'}", flush=True)
        if missed:
            sys.exit(f"{missed} of {len(WAYS)} ways to break a package went unnoticed")
        print(f"data package: valid, and broken in {len(WAYS)} ways each of which is noticed")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
