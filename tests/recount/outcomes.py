"""An independent recount of GET /api/v1/outcomes: KHI rows from the stored responses, KPI rows from the returns and the areas.

Written from docs/design.md (6.6) and docs/kpis.md alone, sharing no code with the server. Run by recount.py --outcomes N: N cases, seeded,
on places of every level, and always among them a council that got another code, one that came of a split, a Scottish and a Northern Irish
one, and a scheme of three councils.
"""
import collections, datetime, functools, random, urllib.parse
from dataclasses import dataclass, field
from fractions import Fraction

import recount as rc

UK = "K02000001"
# A council with another code since 2025, under both; one that came of a split; Edinburgh; Belfast.
RECODED, NEW, SCOTTISH, NORTHERN_IRISH = ("E08000016", "E08000038"), "E06000063", "S12000036", "NIHSCT-belfast"
Due = collections.namedtuple("Due", "sender council step model")     # sender: (kind, ids...)

def exact(number):
    return None if number is None else Fraction(str(number))

def date(text):
    return None if text is None else datetime.date.fromisoformat(text)

def last_day(days):
    return days.end - datetime.timedelta(1)

def before(days):
    """The quarter or year before."""
    day = days.start - datetime.timedelta(1)
    if "-Q" in days.name:
        return rc.period(f"{day.year}-Q{(day.month + 2) // 3}")
    return rc.period(f"{day.year - 1}-{day.year % 100:02}")

def quarters(days):
    month = days.start.year * 12 + days.start.month - 1
    while (first := datetime.date(month // 12, month % 12 + 1, 1)) < days.end:
        yield rc.period(f"{first.year}-Q{(first.month + 2) // 3}")
        month += 3

def years(days):
    kind = days.name[:2]
    if "-Q" in days.name:
        return []
    start = days.start.year
    return [rc.period(f"{y}-{(y + 1) % 100:02}") for y in range(start, start + (3 if kind == "3y" else 1))]

def steps(kpi, days):
    """The returned periods that make up a period; of what is so on a day, only the last."""
    all_of = list(quarters(days) if kpi["period"] == "quarter" else years(days))
    return all_of[-1:] if kpi["over_time"] == "stock" else all_of

def per(kpi):
    return {"share": 100}.get(kpi["kind"], kpi.get("per") or 1)

@dataclass
class Sums:
    top: Fraction = None
    bottom: Fraction = None
    returned: int = 0
    expected: int = 0
    organisations: set = field(default_factory=set)

    def add(self, figure, organisation):
        self.expected += 1
        if figure is None:
            return
        self.returned += 1
        self.organisations.add(organisation)
        top, bottom = figure
        self.top = (self.top or 0) + top
        if bottom is not None:
            self.bottom = (self.bottom or 0) + bottom

    def value(self, kpi):
        if self.top is None or kpi["denominator"] and not self.bottom:
            return None
        return self.top / self.bottom * per(kpi) if kpi["denominator"] else self.top

@dataclass
class Row:
    sums: Sums
    value: Fraction = None
    inputs: list = field(default_factory=list)

class Returns:
    """What was sent in, asked for return by return."""
    def __init__(self, server):
        self.server = server

    @functools.cache
    def of(self, sender, step):
        """{(kpi, council): (numerator, denominator)} of a sender for a returned period."""
        path = {"scheme": "/schemes/{}", "unit": "/schemes/{}/units/{}", "area": "/areas/{}"}[sender[0]].format(*sender[1:])
        found = self.server.call(f"{path}/returns/{step}")
        return {(v["kpi"], v["council"]): (exact(v["numerator"]), exact(v["denominator"])) for v in found["values"]}

class Counts:
    def __init__(self, data, returns, kpis, schemes):
        self.data, self.returns, self.kpis = data, returns, {k["id"]: k for k in kpis}
        self.schemes = {s["id"]: s for s in schemes}

    def nation(self, code):
        return next((a["code"] for a in self.data.lineage(code) if a["kind"] == "nation"), None)

    def applies(self, kpi, code):
        nation = self.nation(code)
        return nation is not None and (not kpi["nations"] or nation in kpi["nations"])

    def councils(self, scheme, days):
        """The councils a scheme worked for in a period, as what they are on its last day."""
        there = [a["code"] for a in scheme["areas"] if date(a["from"]) < days.end and (a["to"] is None or date(a["to"]) >= days.start)]
        return sorted({self.data.become(code, last_day(days)) for code in there})

    @functools.cache
    def dues(self, kpi_id, days):
        """Everybody who should send a KPI in for the steps of a period."""
        kpi, found = self.kpis[kpi_id], []
        own = kpi["models"][0] if len(kpi["models"]) == 1 else None
        for step in steps(kpi, days):
            if kpi["by"] == "national":
                found.append(Due(("area", UK), UK, step.name, own))
            elif kpi["by"] == "area":
                on = str(last_day(step))
                found += [Due(("area", a["code"]), a["code"], step.name, own) for a in self.data.areas.values()
                          if a["level"] == "local_authority" and (a["valid_from"] or "") <= on <= (a["valid_to"] or "9")
                          and self.applies(kpi, a["code"])]
            else:
                found += self.of_schemes(kpi, step)
        return found

    def of_schemes(self, kpi, step):
        for scheme in self.schemes.values():
            if kpi["models"] and scheme["model"] not in kpi["models"]:
                continue
            councils = [c for c in self.councils(scheme, step) if self.applies(kpi, c)]
            if kpi["by"] == "scheme":
                yield from (Due(("scheme", scheme["id"]), c, step.name, scheme["model"]) for c in councils)
                continue
            for unit in scheme["units"]:
                if date(unit["from"]) < step.end and (unit["to"] is None or date(unit["to"]) >= step.start) and councils:
                    # A unit is in one council: that for which it has sent its figure, else the first.
                    sender = ("unit", scheme["id"], unit["id"])
                    sent = [c for c in councils if (kpi["id"], c) in self.returns.of(sender, step.name)]
                    yield Due(sender, (sent or councils[:1])[-1], step.name, scheme["model"])

    def figure(self, kpi_id, due):
        return self.returns.of(due.sender, due.step).get((kpi_id, due.council))

    def spot(self, query, due, on):
        """(model, code of the place) where what is due counts, or None."""
        code = self.data.become(due.council, on)
        scheme = due.sender[1] if due.sender[0] != "area" else None
        level = query["level"][0]
        if "model" in query and due.model not in query["model"] or "scheme" in query and scheme not in query["scheme"]:
            return None
        if "within" in query and not any(a["code"] in query["within"] for a in self.data.lineage(code)):
            return None
        if level in ("scheme", "unit"):
            kind = ("scheme", "unit") if level == "scheme" else ("unit",)
            place = None if due.sender[0] not in kind else scheme if level == "scheme" else "/".join(due.sender[1:])
        else:
            place = next((a["code"] for a in self.data.lineage(code) if a["level"] == level), None)
        return place and (due.model, place)

    def sums(self, query, kpi_id, days, on, only=None):
        found = collections.defaultdict(Sums)
        for due in self.dues(kpi_id, days):
            if (only is None or due.sender in only) and (spot := self.spot(query, due, on)):
                found[spot].add(self.figure(kpi_id, due), due.sender[:2])
        return found

    def complete(self, kpi_id, days):
        """Those who have sent everything that is due from them."""
        dues = self.dues(kpi_id, days)
        return {d.sender for d in dues} - {d.sender for d in dues if self.figure(kpi_id, d) is None}

    def rows(self, query, kpi_id, days):
        """{(model, place): Row} of a KPI for a period."""
        kpi, on = self.kpis[kpi_id], rc.boundaries(query, days)
        make = {"growth": self.growth, "derived": self.derived}.get(kpi["kind"])
        if make:
            return make(query, kpi, days, on) if days in years(days) else {}
        return {spot: Row(sums, sums.value(kpi)) for spot, sums in self.sums(query, kpi_id, days, on).items()}

    def growth(self, query, kpi, days, on):
        base, then = kpi["of"], before(days)
        both = self.complete(base, days) & self.complete(base, then)
        new, old = self.sums(query, base, days, on, both), self.sums(query, base, then, on, both)
        found = {}
        for spot, due in self.sums(query, base, days, on).items():
            used, a, b = new.get(spot, Sums()), *(s.get(spot, Sums()).value(self.kpis[base]) for s in (new, old))
            value = (a / b - 1) * 100 if a is not None and b else None
            found[spot] = Row(Sums(None, None, used.returned, due.expected, used.organisations), value, [a, b])
        return found

    def derived(self, query, kpi, days, on):
        of = kpi.get("of", [])
        return {"saving": self.saving, "reach": self.reach, "reach-saving": self.reach_saving}.get(
            kpi["method"], lambda *_: {})(query, of, days, on)

    def saving(self, query, of, days, on):
        comparator, own = of
        both = self.complete(comparator, days) & self.complete(own, days)
        other, here = (self.sums(query, k, days, on, both) for k in of)
        found = {}
        for spot, due in self.sums(query, own, days, on).items():
            a, b = (s.get(spot, Sums()).value(self.kpis[k]) for k, s in ((comparator, other), (own, here)))
            used = here.get(spot, Sums())
            value = a - b if a is not None and b is not None else None
            found[spot] = Row(Sums(None, used.bottom, used.returned, due.expected, used.organisations), value, [a, b])
        return found

    def best(self, rate, days):
        """The highest rate of a council of the United Kingdom."""
        figures = (self.figure(rate, due) for due in self.dues(rate, days))
        return max((top / bottom for top, bottom in filter(None, figures)), default=None)

    def reach(self, query, of, days, on):
        rate, best, found = of[0], self.best(of[0], days), {}
        for spot, sums in self.sums(query, rate, days, on).items():
            value = None if best is None or sums.bottom is None else best * sums.bottom
            best_shown = [] if best is None else [best * per(self.kpis[rate])]
            found[spot] = Row(sums, value, best_shown + [sums.value(self.kpis[rate])])
        return found

    def reach_saving(self, query, of, days, on):
        rate, *savings = of
        best, found = self.best(rate, days), {}
        made = [self.saving(query, self.kpis[s]["of"], days, on) for s in savings]
        for spot, sums in self.sums(query, rate, days, on).items():
            of_spot = [m.get(spot, Row(Sums())) for m in made]
            weights = [(row.value, row.sums.bottom or 0) for row in of_spot if row.value is not None]
            weight = sum(days_of for _, days_of in weights)
            value = None
            if best is not None and sums.bottom is not None and weight:
                value = (best * sums.bottom - sums.top) * sum(v * w for v, w in weights) / weight
            best_shown = [] if best is None else [best * per(self.kpis[rate])]
            found[spot] = Row(sums, value, best_shown + [sums.value(self.kpis[rate])] + [row.value for row in of_spot])
        return found

    def recount(self, case):
        """{(period, place, model, kpi): Row} of everything that a case asks for."""
        query, found = urllib.parse.parse_qs(case, strict_parsing=True), {}
        for text in query["period"]:
            for days in rc.periods(text):
                for kpi in self.kpis.values():
                    if "model" in query and kpi["models"] and not set(kpi["models"]) & set(query["model"]):
                        continue
                    for (model, place), row in self.rows(query, kpi["id"], days).items():
                        found[days.name, place, model, kpi["id"]] = row
        return found

def near(value, by=.0051):
    return None if value is None else rc.Tol(value, by)

def served_as(kpi, row):
    """The row as the server should show it."""
    worked_out = kpi["kind"] in ("growth", "derived")
    sums = row.sums
    status = "not-worked-out" if worked_out and row.value is None else "missing" if not sums.returned else \
        "partial" if sums.returned < sums.expected else "shown"
    number = lambda n: None if n is None or worked_out else rc.Tol(n, 1e-9)
    return {"numerator": number(sums.top), "denominator": number(sums.bottom), "value": near(row.value), "unit": kpi["unit"],
            "direction": kpi["direction"], "returned": sums.returned, "expected": sums.expected, "senders": len(sums.organisations), "status": status}

def differences(kpi, row, served):
    found = rc.differences(served_as(kpi, row), served)
    inputs = [i["value"] for i in served["inputs"] or []]
    if len(inputs) != len(row.inputs):
        return found + [f"/inputs: recount has {len(row.inputs)}, served {len(inputs)}"]
    return found + [d for i, (mine, theirs) in enumerate(zip(row.inputs, inputs)) for d in rc.differences(near(mine), theirs, f"/inputs/{i}")]

def compare(counts, case, items):
    """[(row key, [differences])] of the KPI rows of a case, of either side."""
    expected, report, seen = counts.recount(case), [], set()
    for item in items:
        for served in item["kpi"]:
            key = (served["period"], served["place"]["code"], served["model"], served["kpi"])
            found = ["served twice"] if key in seen else []
            if (item["period"], item["place"]["code"]) != key[:2]:
                found.append(f"stands with {item['place']['code']} in {item['period']}")
            seen.add(key)
            row = expected.get(key)
            found += ["recount has no such row"] if row is None else differences(counts.kpis[key[3]], row, served)
            report.append((key, found))
    return report + [(key, ["not served"]) for key in expected if key not in seen]

def cases(counts, number, seed=5):
    """The named places first, then others at random."""
    chance = random.Random(seed)
    three = [s["id"] for s in counts.schemes.values() if len({counts.data.become(a["code"], "2026-09-30") for a in s["areas"]}) == 3]
    council = "level=local_authority&within="
    named = [f"period=2024-25&{council}{RECODED[0]}", f"period=2025-26&{council}{RECODED[1]}",
             f"period=2024-25..2025-26&{council}{RECODED[1]}&boundaries=today", f"period=2025-Q1..2025-Q2&level=region&within=E12000003",
             f"period=2025-26&{council}{NEW}", f"period=12m-2026-Q2&{council}{SCOTTISH}", f"period=2025-Q4&{council}{NORTHERN_IRISH}",
             *(f"period=2025-26&level=scheme&scheme={chance.choice(three)}" for _ in three[:2]),
             *(f"period=2024-Q3&level=local_authority&scheme={chance.choice(three)}" for _ in three[:1])]
    yield from named
    last_years = ["2023-24", "2024-25", "2025-26"]
    last_quarters = [f"{y}-Q{q}" for y in (2024, 2025, 2026) for q in (1, 2, 3, 4)][:11]
    councils = sorted({counts.data.become(a["code"], "2026-09-30") for s in counts.schemes.values() for a in s["areas"]})
    outer = sorted(a["code"] for a in counts.data.areas.values() if a["level"] in ("nation", "region"))
    for _ in range(number - len(named)):
        period = chance.choice([chance.choice(last_years), chance.choice(last_quarters), f"12m-{chance.choice(last_quarters)}",
                                "3y-2025-26"])
        kind = chance.random()
        if kind < .5:
            yield f"period={period}&{council}{chance.choice(councils)}"
        elif kind < .75:
            yield f"period={period}&level=scheme&scheme={chance.choice(sorted(counts.schemes))}"
        elif kind < .95:
            code = chance.choice(outer)
            yield f"period={period}&level={counts.data.areas[code]['level']}&within={code}"
        else:
            yield f"period={period}&level=uk"

MODELS = {"shared-lives", "homeshare", "community-enterprise", "local-area-coordination", "community-circles", "wellbeing-teams",
          "community-led-support", "small-supports"}

def lacking(items):
    """Models of which a place has no people's answers, or nothing that was counted."""
    khi = {row["model"] for item in items for row in item["khi"] if row["n"]}
    kpi = {row["model"] for item in items for row in item["kpi"] if row["returned"]}
    return sorted(MODELS - khi), sorted(MODELS - kpi)

def run(server, data, number):
    """Compares and prints; (rows, faults)."""
    counts = Counts(data, Returns(server), server.all("/kpis"), server.all("/schemes"))
    rows = bad = 0
    kinds = collections.Counter()
    for case in cases(counts, number):
        items = server.all("/outcomes?" + case)
        report = rc.compare(data, case, [row for item in items for row in item["khi"]])
        kpi_report = compare(counts, case, items)
        kinds.update(row["status"] for item in items for row in item["kpi"])
        faults = [(key, found) for key, found in report + kpi_report if found]
        empty = [] if report and kpi_report else [(("EMPTY",), [f"{len(report)} KHI rows, {len(kpi_report)} KPI rows"])]
        rows, bad = rows + len(report) + len(kpi_report), bad + len(faults) + len(empty)
        print("DIFF" if faults or empty else "OK", "outcomes", case, f"| {len(report)} KHI rows, {len(kpi_report)} KPI rows")
        for key, found in faults + empty:
            print("    ", *key, *("\n         " + f for f in found))
    no_khi, no_kpi = lacking(server.all("/outcomes?period=2025-26&level=local_authority&within=E08000035"))
    if no_khi or no_kpi:
        bad += 1
        print("EMPTY outcomes of Leeds in 2025-26: no KHI of", no_khi, "and no KPI of", no_kpi)
    print("KPI rows:", ", ".join(f"{n} {status}" for status, n in sorted(kinds.items())))
    return rows, bad
