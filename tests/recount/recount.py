#!/usr/bin/env python3
"""An independent recount of Key Human Indicators from the stored responses.

Written from docs/design.md (sections 4 to 6) alone, sharing no code with the server. It downloads the stored
responses and the published definitions, counts the asked rows again, and compares them field by field with
GET /api/v1/khi. One line a row: OK or DIFF; exit 1 on any difference or EMPTY case (nothing was compared).

    recount.py --url http://127.0.0.1:8099 --email E --password P --standard
    recount.py --url U --token T --case "period=2026-27&level=uk&indicator=social-connection" [--case ...]
    recount.py --url U --email E --password P --outcomes 20       (KPIs as well, of GET /api/v1/outcomes: outcomes.py)
    recount.py --url U --email E --password P --release           (the newest release, its words and claims: releases.py)

Data indexes the countable responses by (questionnaire, series) and person; `judge` says whether a response is
valid for an indicator entry; `recount` adds each person's standing response to the Rows of its place and groups;
`Row.figures` makes what should be served. Sums, means and percentages are exact; only sd and intervals are floats.
"""
import argparse, collections, datetime, fractions, functools, json, math, operator, pathlib, re, statistics, sys
import urllib.error, urllib.parse, urllib.request
from dataclasses import dataclass

F, Z = fractions.Fraction, 1.959963984540054
LEFT_OUT = ("skipped", "dont-know", "prefer-not-to-say", "not-applicable", "unreadable", "not-asked",
            "proxy", "incomplete", "outside-base")
WHO = ("self", "helped", "helped_by_supporter", "proxy")
ANY = object()                                               # stands for a field that is not compared
Tol = collections.namedtuple("Tol", "value by or_null", defaults=[False])     # a served figure may miss value by `by`
order = operator.itemgetter("completed", "accepted", "id")
Period = collections.namedtuple("Period", "name start end")  # end is the first day after it

def period(name):
    m = re.fullmatch(r"(12m-)?(\d{4})-Q([1-4])|(3y-)?(\d{4})-(\d\d)", name)
    if m is None or m[5] and (int(m[5]) + 1) % 100 != int(m[6]):
        raise ValueError(f"not a period: {name}")
    end = int(m[2]) * 12 + int(m[3]) * 3 if m[3] else int(m[5]) * 12 + 15       # in months from year 0
    start = end - (36 if m[4] else 12 if m[1] or m[5] else 3)
    return Period(name, *(datetime.date(month // 12, month % 12 + 1, 1) for month in (start, end)))

def periods(text):
    """One period, or a range `2024-Q1..2026-Q3` counted period by period."""
    first, _, last = text.partition("..")
    head, years = re.match("12m-|3y-|", first)[0], range(2000, 2100)
    ladder = [f"{head}{y}-Q{q}" for y in years for q in (1, 2, 3, 4)] if "Q" in first else \
        [f"{head}{y}-{(y + 1) % 100:02}" for y in years]
    if first not in ladder or (last or first) not in ladder[ladder.index(first):]:
        raise ValueError(f"not a range: {text}")
    return [period(name) for name in ladder[ladder.index(first):ladder.index(last or first) + 1]]

def whole_months(a, b):
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)

class Version:
    """One published version: its items in order, and its indicator entries by (indicator, series)."""
    def __init__(self, doc):
        self.id, self.version, self.model = doc["id"], doc["version"], doc.get("model")
        self.items = {item["id"]: item for item in doc["items"]}
        text = {i for i, item in self.items.items() if item["type"] in ("text", "note")}     # not in the listing
        self.routed = [item for i, item in self.items.items() if i not in text and text.isdisjoint(
            re.findall(r'"item": "([^"]+)"', json.dumps(item.get("ask_if"))))]
        self.entries = {}
        for entry in doc.get("indicators", []):
            items = entry.get("items") or [entry["item"]]
            base = [str(c) for c in entry.get("base") or every_code(self.items[items[0]])] \
                if entry["rule"] in ("share", "bands") else []
            self.entries[entry["indicator"], entry.get("series") or self.series(items)] = \
                {"proxy": "exclude", "base_missing": [], **entry, "items": items, "base": base}

    def series(self, needed):
        froms = [re.match(r"([^/]+)/(\d+)\.", self.items[i].get("from") or "") for i in needed]
        lineages = {m and f"{m[1]}/{m[2]}" for m in froms}
        own = f"{self.id}/{self.version.split('.')[0]}"
        return lineages.pop() or own if len(lineages) == 1 else own

def codes_of(item, value):
    if not isinstance(value, (int, float)):
        return [value] if isinstance(value, str) else value
    bands = [b["code"] for b in item.get("bands") or [] if b.get("min", value) <= value <= b.get("max", value)]
    return bands or [str(value)]

def every_code(item):
    listed = item.get("options") or item.get("bands")
    return [x["code"] for x in listed] if listed else [str(v) for v in range(item["min"], item["max"] + 1)]

def scores(item):
    return {o["code"]: F(str(o["score"])) for o in item.get("options") or [] if o.get("score") is not None}

def score(item, value):
    """The number an answer stands for; None when it stands for none (an option without a score)."""
    return F(str(value)) if isinstance(value, (int, float)) else scores(item).get(str(value))

def turned(item, value):
    known = scores(item).values() or (F(str(item["min"])), F(str(item["max"])))
    return min(known) + max(known) - value

def about(response, breakdown):
    found = (response.get("about") or {}).get(breakdown)
    return [] if found is None else found if isinstance(found, list) else [found]

def who(response):
    supporter = response["completed_by"] == "helped" and (response.get("helper") or {}).get("gives_support") is True
    return "helped_by_supporter" if supporter else response["completed_by"]

def stored(version, response, item_id):
    """(value, None) or (None, missing reason); an absent answer is skipped if asked, else not-asked."""
    if (found := response["answers"].get(item_id)) is None:
        return None, "skipped" if holds(version.items[item_id].get("ask_if"), version, response) else "not-asked"
    return (None, found["missing"]) if isinstance(found, dict) else (found, None)

def holds(condition, version, response):
    """Whether an ask_if is met; a condition on an item without a real answer is false."""
    if condition is None:
        return True
    for word, combine in (("all", all), ("any", any)):
        if word in condition:
            return combine(holds(c, version, response) for c in condition[word])
    if "about" in condition:
        return not set(condition["any_of"]).isdisjoint(about(response, condition["about"]))
    item, (value, _) = version.items[condition["item"]], stored(version, response, condition["item"])
    if value is None or not holds(item.get("ask_if"), version, response):
        return False
    if "at_least" in condition:
        return (number := score(item, value)) is not None and number >= F(str(condition["at_least"]))
    return bool({*codes_of(item, value), str(value)} & {str(v) for v in condition["any_of"]})

def routing_faults(version, response):
    """The items whose stored not-asked mark disagrees with the questionnaire's ask_if."""
    for item in version.routed:
        asked, found = holds(item.get("ask_if"), version, response), response["answers"].get(item["id"])
        not_for_proxy = response["completed_by"] == "proxy" and item.get("proxy") == "not-allowed"
        if asked == (found == {"missing": "not-asked"}) and not (asked and not_for_proxy):
            yield f"{item['id']}: {'asked' if asked else 'not asked'} by ask_if, stored {found}"

@dataclass
class Verdict:
    left_out: str = None            # the reason, or None: valid
    codes: tuple = ()
    positive: bool = False
    value: F = None                 # what is averaged, and compared in change
    parts: tuple = (F(0), F(0))     # numerator, denominator of a ratio

def judge(version, entry, response):
    if response["completed_by"] == "proxy" and entry["proxy"] == "exclude":
        return Verdict("proxy")
    answers = [(version.items[i], *stored(version, response, i)) for i in entry["items"]]
    if entry["rule"] in ("share", "bands"):
        return judge_codes(entry, *answers[0])
    if entry["rule"] in ("mean", "sum"):
        return judge_scores(entry, answers)
    if any(reason for _, _, reason in answers):
        return Verdict("incomplete")
    return Verdict(parts=tuple(score(item, value) for item, value, _ in answers))

def judge_codes(entry, item, value, reason):
    if reason:
        return Verdict(None, (reason,)) if reason in entry["base_missing"] else Verdict(reason)
    codes = tuple(c for c in codes_of(item, value) if c in entry["base"])
    if not codes:
        return Verdict("outside-base")
    rank = F(every_code(item).index(codes[0])) if len(codes) == 1 else None
    positive = not {str(c) for c in entry.get("positive", [])}.isdisjoint(codes)
    return Verdict(None, codes, positive, rank if entry["rule"] == "bands" else score(item, value))

def judge_scores(entry, answers):
    got, missing = [], []
    for item, value, reason in answers:
        number = None if reason else score(item, value)
        if number is None:
            missing.append(reason or "outside-base")
        else:
            got.append(turned(item, number) if item["id"] in entry.get("reverse", []) else number)
    if "min_answered" in entry:
        if len(got) < max(1, entry["min_answered"]):
            return Verdict("incomplete")
    elif missing:
        return Verdict("incomplete" if len(answers) > 1 else missing[0])
    value = sum(got, F(0)) / len(got) * (len(answers) if entry["rule"] == "sum" else 1)
    cut = {name: F(str(at)) for name, at in (entry.get("cut") or {}).items()}
    met = cut.get("at_least", value) <= value <= cut.get("at_most", value)
    return Verdict(None, (), bool(cut) and met, value)

def change(history, days, standing, verdict, direction):
    """("improved" | "same" | "worse", months), ("lost", None) or None; history: (response, verdict), first to last."""
    usable = [(r, v) for r, v in history if v.value is not None]      # left out: no value
    if not usable or standing.get("via") == "open":
        return None
    first, before = next((pair for pair in usable if pair[0]["occasion"] == "baseline"), usable[0])
    if verdict.left_out:
        return ("lost", None) if first["completed"] < days.end else None
    if verdict.value is None or order(first) >= order(standing):
        return None
    gain = (verdict.value - before.value) * (-1 if direction == "L" else 1)
    return ("improved" if gain > 0 else "worse" if gain < 0 else "same",
            whole_months(first["completed"], standing["completed"]))

def percent(k, n):
    return (2000 * k + n) // (2 * n) / 10 if n else None

def interval(low, high, by, method):
    return {"low": Tol(low, by), "high": Tol(high, by), "level": 0.95, "method": method}

def wilson(k, n):
    if not n:
        return None
    p, zz = k / n, Z * Z
    middle, half = p + zz / (2 * n), Z * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return interval(*(100 * end / (1 + zz / n) for end in (middle - half, middle + half)), .051, "wilson")

@functools.cache
def t_quantile(df):
    """The two-sided 95% point of Student's t; Abramowitz and Stegun 26.7.3 to 26.7.5."""
    if df > 1000:
        return Z + (Z ** 3 + Z) / (4 * df) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * df * df)
    def within(t):                                           # P(|T| < t), a finite series
        angle, odd, total = math.atan(t / math.sqrt(df)), df % 2, 0.0
        term = math.cos(angle) ** odd
        for power in range(odd, df - 1, 2):
            total, term = total + term, term * (power + 1) / (power + 2) * math.cos(angle) ** 2
        return 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    low, high = 1.9, 13.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < 0.95 else (low, middle)
    return low

class Row:
    """The standing responses that one row is made of."""
    def __init__(self):
        self.people, self.valid, self.codes, self.months, self.moves = [], [], [], [], collections.Counter()
        self.rule, self.cut, self.has_change = None, False, False

    def add(self, entry, response, verdict, moved):
        self.people.append((response, verdict))
        self.valid += [] if verdict.left_out else [(response, verdict)]
        self.rule, self.cut = entry["rule"], bool(entry.get("cut"))
        self.codes += [c for c in entry["base"] + entry["base_missing"] if c not in self.codes]
        self.has_change |= bool(entry.get("change"))
        outcome, months = moved or (None, None)
        self.moves[outcome] += 1
        self.months += [] if months is None else [months]

    def figures(self, direction):
        """The row as the server should show it: None, plain values, Tol, or ANY."""
        valid, months = self.valid, self.months
        left_out = collections.Counter(v.left_out for _, v in self.people)
        helped = collections.Counter(who(r) for r, _ in valid)
        helped["proxy"] += left_out["proxy"]
        n, values, row = len(valid), [v.value for _, v in valid], dict.fromkeys(("positive", "percent", "mean", "sd", "interval", "distribution", "change"))
        row |= {"rule": self.rule, "n": n, "open": sum(r.get("via") == "open" for r, _ in self.people),
                "left_out": {k: left_out[k] for k in LEFT_OUT}, "completed_by": {k: helped[k] for k in WHO},
                "without_supporter": ANY}
        if self.rule == "share" or self.cut:
            row |= share(valid)
            row["without_supporter"] = share([p for p in valid if who(p[0]) != "helped_by_supporter"])
        if self.codes:
            counts = collections.Counter(code for _, v in valid for code in v.codes)
            row["distribution"] = {c: counts[c] if self.rule == "share" else
                                   {"count": counts[c], "percent": percent(counts[c], n), "interval": wilson(counts[c], n)}
                                   for c in self.codes}
        if self.rule == "ratio":
            top, bottom = (sum(v.parts[side] for _, v in valid) for side in (0, 1))
            row["mean"] = Tol(top / bottom, .0051) if bottom else None
            if bottom and n > 1:                             # linearised: Cochran, Sampling Techniques, 6.4
                ratio = top / bottom
                squares = sum((v.parts[0] - ratio * v.parts[1]) ** 2 for _, v in valid)
                half = t_quantile(n - 1) * math.sqrt(squares / (n - 1) / n) / float(bottom / n)
                row["interval"] = interval(ratio - half, ratio + half, .0051, "ratio-t")
        if self.rule in ("mean", "sum") and n:
            mean = sum(values) / n
            row["mean"] = Tol(mean, .0051, self.cut)
            if n > 1:
                sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
                half = t_quantile(n - 1) * sd / math.sqrt(n)
                row["sd"] = Tol(sd, .0051, self.cut)
                row["interval"] = row["interval"] or interval(mean - half, mean + half, .0051, "t")
        if self.has_change:
            row["change"] = ANY if self.rule == "ratio" else {
                "pairs": len(months), "lost": self.moves["lost"],
                "median_months": Tol(statistics.median(months), 1e-9) if months else None,
                **{k: ANY if direction == "C" else self.moves[k] for k in ("improved", "same", "worse")}}
        return row

def share(people):
    k, n = sum(v.positive for _, v in people), len(people)
    return {"n": n, "positive": k, "percent": percent(k, n), "interval": wilson(k, n)}

class Data:
    def __init__(self, versions, responses, areas, indicators, schemes=()):
        self.versions = {(v["id"], v["version"]): Version(v) for v in versions}
        self.asked = collections.defaultdict(dict)       # questionnaire: the newest entry of each indicator and series
        for version in sorted(self.versions.values(), key=lambda v: [int(part) for part in v.version.split(".")]):
            self.asked[version.id] |= version.entries
        self.areas = {a["code"]: a for a in areas}
        self.directions = {i["id"]: i.get("direction") for i in indicators}
        self.models = {s["id"]: s["model"] for s in schemes}
        self.faults, self.countable = [], []
        self.history = collections.defaultdict(lambda: collections.defaultdict(list))
        for response in responses:
            version = self.versions.get((response["questionnaire"], response["version"]))
            if version is None or response["council"] not in self.areas:
                self.faults.append(f"response {response['id']}: unknown version or council")
                continue
            self.faults += [f"response {response['id']}: routing: {f}" for f in routing_faults(version, response)]
            if response["consent"]["statistics"] is not True:
                continue
            response = {**response, "definition": version, "completed": datetime.date.fromisoformat(response["completed_on"]),
                        "accepted": datetime.datetime.fromisoformat(response["accepted_at"])}
            person = (response["scheme"], response["participant"] or ("own", response["id"]))
            self.countable.append(response)
            for series in {series for _, series in version.entries}:
                self.history[version.id, series][person].append(response)
        for mine in (mine for persons in self.history.values() for mine in persons.values()):
            mine.sort(key=order)

    def lineage(self, code):
        while code in self.areas:
            yield self.areas[code]
            code = self.areas[code].get("parent")

    def become(self, code, on):
        """The code of what an area is on a day: followed where it ended and one area came after it."""
        while (area := self.areas[code]).get("valid_to") and area["valid_to"] < str(on) and len(area["successors"]) == 1:
            code = area["successors"][0]
        return code

    def place(self, level, response, on):
        """The code of the place of this level that the response belongs to on a day, or None."""
        if level in ("scheme", "unit"):
            return response[level]
        return next((a["code"] for a in self.lineage(self.become(response["council"], on)) if a["level"] == level), None)

def boundaries(query, days):
    """The day whose areas the figures are of: the last one of the period, or today."""
    return datetime.date.today() if query.get("boundaries") == ["today"] else days.end - datetime.timedelta(1)

def recount(data, case):
    """{(period, place, model, indicator, series, group): Row}; group is None or (breakdown, value)."""
    query, rows = urllib.parse.parse_qs(case, strict_parsing=True), collections.defaultdict(Row)
    if unknown := set(query) - {"period", "level", "within", "scheme", "indicator", "model", "by", "boundaries"}:
        raise ValueError(f"{case}: cannot recount {sorted(unknown)}")
    level, by = query["level"][0], query.get("by", [None])[0]
    asked = lambda name, *values: name not in query or not set(query[name]).isdisjoint(values)
    standings = ((days, series, mine, inside[-1]) for text in query["period"] for days in periods(text)
                 for (_, series), persons in data.history.items() for mine in persons.values()
                 if (inside := [r for r in mine if days.start <= r["completed"] < days.end]))
    for days, series, mine, standing in standings:
        on = boundaries(query, days)
        version, place = standing["definition"], data.place(level, standing, on)
        model = version.model or data.models.get(standing["scheme"])
        within = asked("within", *(a["code"] for a in data.lineage(data.become(standing["council"], on))))
        if place is None or not (within and asked("model", model) and asked("scheme", standing["scheme"])):
            continue
        groups = [None] + [(by, value) for value in sorted(set(about(standing, by)))]
        for (indicator, of), newest in data.asked[version.id].items():
            if of != series or not asked("indicator", indicator):
                continue
            entry = version.entries.get((indicator, of))
            verdict, moved = judge(version, entry, standing) if entry else Verdict("not-asked"), None
            if entry and entry.get("change"):
                history = [(r, judge(r["definition"], e, r)) for r in mine if r.get("via") != "open"
                           and (e := r["definition"].entries.get((indicator, series)))]
                moved = change(history, days, standing, verdict, data.directions.get(indicator))
            for group in groups:
                rows[days.name, place, model, indicator, series, group].add(entry or newest, standing, verdict, moved)
    return rows

def differences(mine, served, at=""):
    if mine is ANY:
        return []
    if isinstance(mine, dict) and isinstance(served, dict):
        found = [d for k, v in mine.items() for d in
                 (differences(v, served[k], f"{at}/{k}") if k in served or v is ANY else [f"{at}/{k}: absent"])]
        extra = set(served) - set(mine) if at == "/distribution" else ()   # a code that I do not know must be empty
        return found + [f"{at}/{k}: recount has no such code, served {served[k]}" for k in extra
                        if (served[k]["count"] if isinstance(served[k], dict) else served[k])]
    number = isinstance(served, (int, float)) and not isinstance(served, bool)
    if isinstance(mine, Tol):
        same = mine.or_null if served is None else number and abs(float(mine.value) - served) <= mine.by
        return [] if same else [f"{at}: recount {float(mine.value):.4f}, served {served}"]
    same = abs(mine - served) < 1e-9 if isinstance(mine, (int, float)) and number else mine == served
    return [] if same else [f"{at}: recount {mine}, served {served}"]

def compare(data, case, served_rows):
    """[(row key, [differences])] for every row of either side."""
    expected, grouped, report, seen = recount(data, case), "by=" in case, [], set()
    for row in served_rows:
        group = next(iter((row.get("group") or {}).items()), None)
        key = (row["period"], row["place"]["code"], row["model"], row["indicator"], row["series"], group)
        found = [f"status {row.get('status')}: the figures are not shown"] if row.get("status") != "shown" else []
        found += ["served twice"] if key in seen else []
        seen.add(key)
        if key in expected:
            found += differences(expected[key].figures(data.directions.get(key[3])), row)
        elif row.get("n") or any((row.get("left_out") or {}).values()):
            found.append(f"recount has no such row, served n {row.get('n')}, left out {row.get('left_out')}")
        elif not found:
            continue                                         # an empty row for a place without answers
        report.append((key, found))
    return report + [(key, [f"not served, recount has {len(row.people)} people"]) for key, row in expected.items()
                     if key not in seen and not (grouped and key[5] is None)]

def standard(data, year="2026-27"):
    """Cases over every kind of figure, on the busiest places and indicators of the data."""
    social, uk = "indicator=social-connection", f"period={year}&level=uk"
    days = period(year)
    inside = [r for r in data.countable if days.start <= r["completed"] < days.end]
    places = {level: collections.Counter(place for r in inside if (place := data.place(level, r, boundaries({}, days))))
              for level in ("region", "local_authority", "scheme")}
    region, council, scheme = (statistics.mode([*counts.elements()] or ["none"]) for counts in places.values())
    last = max((r["completed"] for r in inside), default=period(year).start)
    yield from (f"{uk}&{social}", f"period={year}&level=region&within={region}&{social}",
                f"period={year}&level=local_authority&within={council}&{social}",
                f"period={year}&level=scheme&scheme={scheme}&{social}", f"{uk}&{social}&by=arrangement",
                f"period=12m-{last.year}-Q{(last.month + 2) // 3}&level=uk&{social}", f"period=3y-{year}&level=uk&{social}")
    size = {"change": lambda name, row: len(row.months) * (data.directions.get(name) != "C"),
            "mean": lambda name, row: len(row.valid) * (row.rule in ("mean", "sum") and not row.cut),
            "bands": lambda name, row: len(row.valid) * (row.rule == "bands")}
    rows = [(key[3], row) for key, row in recount(data, uk).items()]
    for kind, of in size.items():
        most, indicator = max(((of(*row), row[0]) for row in rows), default=(0, ""))
        yield f"{uk}&indicator={indicator}" if most else f"none: no {kind} figure in {year}"

class Server:
    def __init__(self, url, email=None, password=None, token=None):
        self.url, self.token = url.rstrip("/") + "/api/v1", token
        self.token = token or self.call("/sessions", {"email": email, "password": password})["token"]

    def call(self, path, body=None):
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(self.url + path, body and json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=300) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            sys.exit(f"{path}: HTTP {error.code}: {error.read(2000).decode(errors='replace')}")

    def all(self, path):
        """Every item of a list, page by page; a catalogue is one page, perhaps under its own name."""
        page, joined = self.call(path), path + ("&" if "?" in path else "?")
        found = page["items"] if "items" in page else page[path.strip("/")]
        while page.get("next"):
            page = self.call(f"{joined}cursor={urllib.parse.quote(page['next'], safe='')}")
            found += page["items"]
        return found

    def data(self, responses=None):
        versions = [self.call(f"/questionnaires/{q['id']}/versions/{v['version'] if isinstance(v, dict) else v}")
                    for q in self.all("/questionnaires") for v in q["versions"]]
        return Data(versions, self.all("/responses?limit=5000") if responses is None else responses,
                    self.all("/areas"), self.all("/indicators"), self.all("/schemes"))

def main(arguments=None):
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "email", "password", "token", "responses"):
        options.add_argument(f"--{name}", required=name == "url")
    options.add_argument("--case", action="append", default=[])
    options.add_argument("--standard", action="store_true")
    options.add_argument("--outcomes", type=int, default=0, metavar="CASES")
    options.add_argument("--release", action="store_true")
    given = options.parse_args(arguments)
    kept = json.loads(pathlib.Path(given.responses).read_text()) if given.responses else {"items": None}
    server = Server(given.url, given.email, given.password, given.token)
    data = server.data(kept["items"] if isinstance(kept, dict) else kept)
    print(f"{len(data.countable)} countable responses, {len(data.versions)} versions", *("\nDIFF " + f for f in data.faults))
    bad, rows = len(data.faults), 0
    for case in given.case + (list(standard(data)) if given.standard else []):
        report = [] if case.startswith("none: ") else compare(data, case, server.all("/khi?" + case))
        for key, found in sorted(report or [(("EMPTY",), ["no row on either side"])], key=lambda r: str(r[0])):
            rows, bad = rows + 1, bad + bool(found)
            print("DIFF" if found else "OK", case, "|", " ".join(map(str, key)), *("\n     " + f for f in found))
    if given.outcomes:
        import outcomes                                      # it builds upon this file
        more, worse = outcomes.run(server, data, given.outcomes)
        rows, bad = rows + more, bad + worse
    if given.release:
        import releases                                      # so does it
        more, worse = releases.run(server, data)
        rows, bad = rows + more, bad + worse
    print(f"{rows} rows compared, {bad} faults")
    return 1 if bad else 0

if __name__ == "__main__":
    sys.exit(main())
