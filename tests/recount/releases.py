"""The newest release against a recount of the stored responses: every figure in it, its words, and its claims.

A hidden figure says nothing; every other one must be what the recount finds: exact ones to the last count, pooled
ones over the years that they name, words where the share is in them. Nothing else is printed of councils and schemes
but people and positive answers. Claims say the numbers of their figure. Used by recount.py (--release).
"""
import collections
import urllib.parse

import recount as base

LEVELS = ("uk", "nation", "region", "local_authority", "scheme")
GROUPS = (("uk", "arrangement"), ("nation", "arrangement"), ("region", "arrangement"), ("uk", "age"))
SHARE = ("n", "positive", "percent", "interval")
DETAILS = ("mean", "sd", "distribution", "completed_by", "without_supporter", "change")
SHOWN = ("shown", "pooled", "banded")

def key_of(row):
    group = next(iter((row["group"] or {}).items()), None)
    return row["place"]["code"], row["model"], row["indicator"], row["series"], group

def faults_of(row, mine, directions):
    """What is wrong with a printed row, of which `mine` is the recount."""
    if row["status"] in ("merged", "suppressed"):
        told = [name for name in (*SHARE, *DETAILS, "left_out", "invited", "responded", "open") if row[name] is not None]
        return [f"hidden, but {name} is printed" for name in told]
    if mine is None:
        return ["recount has no such row"]
    figures = mine.figures(directions.get(row["indicator"]))
    if row["status"] == "banded":
        n, k = len(mine.valid), figures["positive"]
        in_words = 100 * k >= 80 * n if row["band"] == "almost-all" else 100 * k <= 20 * n
        return ([] if in_words else [f"{row['band']}, recount {k} of {n}"]) + \
            [f"in words, but {name} is printed" for name in SHARE if row[name] is not None]
    wanted = [name for name in SHARE if name in figures]
    if row["place"]["level"] in ("uk", "nation") and not row["group"] and row["status"] == "shown":
        wanted += [name for name in DETAILS if name in figures and row[name] is not None]
        left = row["left_out"]
        if left is not None and "several-reasons" not in left:
            wanted.append("left_out")
        elif left is not None and sum(left.values()) != sum(figures["left_out"].values()):
            return [f"left out: {sum(left.values())}, recount {sum(figures['left_out'].values())}"]
    else:
        told = [name for name in (*DETAILS, "left_out") if row[name] is not None]
        if told:
            return [f"{', '.join(told)} printed of a {row['place']['level']}"]
    return [d for name in wanted for d in base.differences(figures[name], row[name], f"/{name}")]

def run(server, data):
    """(rows compared, rows that differ)."""
    release = next(r for r in server.all("/releases") if not r.get("withdrawn_at") and not r.get("withdrawn"))
    path, period = f"/releases/{release['id']}", release["period"]
    compared = bad = 0
    counted = {}                                             # (case) -> recount

    def mine(case):
        if case not in counted:
            counted[case] = {key[1:]: row for key, row in base.recount(data, case).items()}
        return counted[case]

    def tell(row, found):
        nonlocal compared, bad
        compared, bad = compared + 1, bad + bool(found)
        if found:
            print("DIFF release |", *map(str, key_of(row)), *("\n     " + f for f in found))

    statuses, schemes = collections.Counter(), collections.defaultdict(set)
    uk = {}
    for level in LEVELS:
        for row in server.all(f"{path}/cells?level={level}&limit=5000"):
            key = key_of(row)
            by = next(iter(row["group"] or {}), None)
            if row["group"] and (level, by) not in GROUPS and row["status"] in SHOWN:
                continue
            case = f"period={row['periods'][0] if row['periods'] else period}&level={level}" + (f"&by={by}" if by else "")
            tell(row, faults_of(row, mine(case).get(key) if row["status"] in SHOWN else None, data.directions))
            if not row["group"]:
                statuses[level, row["status"]] += 1
            if level == "scheme":
                schemes[key[0]].add(row["status"])
            if level == "uk" and not row["group"]:
                uk[key[:4]] = row
    for claim in server.all(f"{path}/claims"):
        passport = server.call(f"{path}/claims/{urllib.parse.quote(claim['id'])}")["passport"]
        row = mine(f"period={period}&level={passport['place']['level']}").get(
            (passport["place"]["code"], passport["model"], passport["indicator"], passport["series"], None))
        figures = row and row.figures(data.directions.get(passport["indicator"]))
        found = ["recount has no such row"] if row is None else [
            d for name, value in (("n", len(row.valid)), ("positive", figures.get("positive")))
            for d in base.differences(value, passport[name], f"/{name}") if passport.get(name) is not None]
        tell({"place": passport["place"], "model": passport["model"], "indicator": passport["indicator"],
              "series": passport["series"], "group": None}, found)
    told = sum(1 for marks in schemes.values() if marks & set(SHOWN))
    print("release", period, dict(sorted((" ".join(key), n) for key, n in statuses.items())))
    print(f"{told} of {len(schemes)} schemes have a shown, pooled or worded figure ({100 * told / max(1, len(schemes)):.0f}%)")
    if told * 100 < 60 * len(schemes):
        print("DIFF release | fewer than 60% of the schemes have a figure")
        bad += 1
    return compared, bad
