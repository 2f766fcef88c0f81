"""Hand-made cases for recount.py: every expected number here was worked out by hand from docs/design.md.

Run: python3 -m unittest discover -s tests/recount
"""
import contextlib, datetime, http.server, io, json, pathlib, sys, threading, unittest, urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import recount as rc

AREAS = [{"code": c, "name": c, "level": level, "parent": parent} for c, level, parent in [
    ("K02000001", "uk", None), ("E92000001", "nation", "K02000001"), ("W92000004", "nation", "K02000001"),
    ("E12000002", "region", "E92000001"), ("E08000003", "local_authority", "E12000002"),
    ("E08000004", "local_authority", "E12000002"), ("W06000015", "local_authority", "W92000004")]]
INDICATORS = [{"id": "social-connection", "direction": "H"}, {"id": "strain", "direction": "L"}]


def scale(name, **more):
    return {"id": name, "type": "scale", "min": 0, "max": 10, **more}


def single(name, codes, **more):
    return {"id": name, "type": "single", "options": [{"code": c} | ({"score": s} if s is not None else {})
                                                       for c, s in codes.items()], **more}


BETTER = {"better": 1, "same": 0, "worse": -1, "not-my-life": None}
SHARE = {"indicator": "social-connection", "rule": "share", "item": "connected", "positive": ["better"],
         "base": ["better", "same", "worse"], "proxy": "exclude", "change": True}
ITEMS = [
    single("connected", BETTER, **{"from": "connections/1.0.0#connected", "proxy": "not-allowed"}),
    single("choose", {"yes": 1, "no": 0}),
    {"id": "friends", "type": "count", "min": 0, "max": 50, "bands": [
        {"code": "none", "max": 0}, {"code": "few", "min": 1, "max": 3}, {"code": "many", "min": 4}]},
    {"id": "sorts", "type": "multiple", "options": [{"code": "a"}, {"code": "b"}],
     "ask_if": {"item": "friends", "at_least": 1}},
    scale("w1"), scale("w2"), scale("w3"),
    {"id": "hours", "type": "count", "min": 0, "max": 99}, {"id": "visits", "type": "count", "min": 0, "max": 99},
    single("home", {"yes": 1, "no": 0}, ask_if={"about": "arrangement", "any_of": ["live-in"]}),
    {"id": "words", "type": "text"}]
ENTRIES = [
    SHARE,
    {"indicator": "choice", "rule": "share", "item": "choose", "positive": ["yes"], "base": ["yes", "no"],
     "base_missing": ["dont-know"], "proxy": "include"},
    {"indicator": "network", "rule": "bands", "item": "friends", "proxy": "include"},
    {"indicator": "wellbeing", "rule": "mean", "items": ["w1", "w2"], "reverse": ["w2"], "proxy": "exclude"},
    {"indicator": "happy", "rule": "mean", "items": ["w1"], "proxy": "exclude"},
    {"indicator": "total", "rule": "sum", "items": ["w1", "w2", "w3"], "min_answered": 2, "proxy": "exclude"},
    {"indicator": "strain", "rule": "sum", "items": ["w1", "w2", "w3"], "min_answered": 2,
     "cut": {"at_least": 20}, "proxy": "exclude", "change": True},
    {"indicator": "intensity", "rule": "ratio", "items": ["hours", "visits"], "proxy": "include"},
    {"indicator": "at-home", "rule": "share", "item": "home", "positive": ["yes"], "base": ["yes", "no"],
     "proxy": "include"}]
V1 = {"id": "life", "version": "1.0.0", "model": "shared-lives", "items": ITEMS, "indicators": ENTRIES}
V11 = V1 | {"version": "1.1.0", "items": ITEMS + [single("new", {"yes": 1, "no": 0})], "indicators": ENTRIES + [
    {"indicator": "newer", "rule": "share", "item": "new", "positive": ["yes"], "base": ["yes", "no"],
     "proxy": "include"}]}
EMPTY = dict.fromkeys(rc.LEFT_OUT, 0)
counter = iter(range(10 ** 6))


def resp(person, on="2026-07-14", answers=None, helper=None, **more):
    answers = {"connected": "better"} if answers is None else answers
    given = more.get("about", {"arrangement": ["live-in"], "age_band": "25-34"})
    return {"id": f"r{next(counter):06}", "questionnaire": "life", "version": "1.0.0", "scheme": "leeds",
            "council": "E08000003", "unit": None, "participant": person, "occasion": "review", "completed_on": on,
            "accepted_at": f"{on}T09:00:00.000000Z", "completed_by": "helped" if helper is not None else "self",
            "helper": helper and {"role": "family", "help": ["read"], "gives_support": helper == "supporter"},
            "consent": {"version": "1", "statistics": True}, "via": None, "about": given,
            "answers": answers} | more


def proxy(person, **more):
    return resp(person, completed_by="proxy",
                helper={"role": "family", "help": ["wrote"], "gives_support": True}, **more)


def data(*responses, versions=(V1, V11), indicators=INDICATORS):
    return rc.Data(list(versions), list(responses), AREAS, indicators)


def figures(responses, indicator="social-connection", query="period=2026-27&level=uk", **more):
    """The one row of the case, as figures with Tol unwrapped."""
    held = data(*responses, **more)
    rows = rc.recount(held, f"{query}&indicator={indicator}")
    (key, row), = rows.items()
    return plain(row.figures(held.directions.get(key[3])))


def plain(x):
    return {k: plain(v) for k, v in x.items()} if isinstance(x, dict) else float(x.value) if isinstance(x, rc.Tol) else x


def left(**more):
    return EMPTY | {k.replace("_", "-"): v for k, v in more.items()}


class Periods(unittest.TestCase):
    def test_bounds(self):
        for name, start, end in [("2026-Q3", "2026-07-01", "2026-10-01"), ("2026-Q4", "2026-10-01", "2027-01-01"),
                                 ("2026-27", "2026-04-01", "2027-04-01"), ("2099-00", "2099-04-01", "2100-04-01"),
                                 ("12m-2026-Q3", "2025-10-01", "2026-10-01"), ("12m-2026-Q4", "2026-01-01", "2027-01-01"),
                                 ("3y-2026-27", "2024-04-01", "2027-04-01")]:
            found = rc.period(name)
            self.assertEqual((start, end), (str(found.start), str(found.end)), name)
        for name in ("2026-Q5", "2026-28", "6m-2026-Q3", "12m-2026-27", "3y-2026-Q1", "2026"):
            self.assertRaises(ValueError, rc.period, name)

    def test_ranges(self):
        names = lambda text: [p.name for p in rc.periods(text)]
        self.assertEqual(["2025-Q3", "2025-Q4", "2026-Q1"], names("2025-Q3..2026-Q1"))
        self.assertEqual(["12m-2025-Q4", "12m-2026-Q1"], names("12m-2025-Q4..12m-2026-Q1"))
        self.assertEqual(["2024-25", "2025-26"], names("2024-25..2025-26"))
        self.assertEqual(["2026-27"], names("2026-27"))
        self.assertRaises(ValueError, rc.periods, "2026-Q3..2025-Q1")
        self.assertRaises(ValueError, rc.periods, "2026-Q3..2026-27")

    def test_whole_months(self):
        months = lambda a, b: rc.whole_months(*map(datetime.date.fromisoformat, (a, b)))
        self.assertEqual(6, months("2026-01-14", "2026-07-14"))
        self.assertEqual(5, months("2026-01-15", "2026-07-14"))
        self.assertEqual(12, months("2025-12-31", "2026-12-31"))
        self.assertEqual(0, months("2026-01-31", "2026-02-28"))

    def test_a_12_month_window_reaches_back_but_a_quarter_does_not(self):
        rows = [resp("a", "2025-10-01"), resp("b", "2025-09-30"), resp("c", "2026-09-30"), resp("d", "2026-10-01")]
        self.assertEqual(2, figures(rows, query="period=12m-2026-Q3&level=uk")["n"])
        self.assertEqual(1, figures(rows, query="period=2026-Q3&level=uk")["n"])

    def test_each_period_chooses_its_own_standing_response(self):
        rows = [resp("a", "2026-05-01"), resp("a", "2026-08-01", {"connected": "worse"})]
        found = {q: figures(rows, query=f"period={q}&level=uk")["positive"] for q in ("2026-Q2", "2026-Q3", "2026-27")}
        self.assertEqual({"2026-Q2": 1, "2026-Q3": 0, "2026-27": 0}, found)


class Standing(unittest.TestCase):
    def test_the_greatest_completed_on_wins_whatever_the_order_of_arrival(self):
        late = resp("a", "2026-06-01", accepted_at="2026-09-01T00:00:00.000000Z")
        row = figures([resp("a", "2026-07-01", {"connected": "worse"}), late])
        self.assertEqual((1, 0), (row["n"], row["positive"]))

    def test_ties_fall_to_accepted_at_then_id(self):
        first = resp("a", accepted_at="2026-07-14T09:00:00.900000Z")
        second = resp("a", answers={"connected": "same"}, accepted_at="2026-07-14T10:00:00Z")
        self.assertEqual({"better": 0, "same": 1, "worse": 0}, figures([second, first])["distribution"])
        first["id"], second["accepted_at"] = "s", first["accepted_at"]
        self.assertEqual({"better": 1, "same": 0, "worse": 0}, figures([first, second])["distribution"])

    def test_an_invalid_standing_answer_does_not_fetch_an_earlier_one(self):
        row = figures([resp("a", "2026-06-01"), resp("a", "2026-07-01", {"connected": {"missing": "skipped"}})])
        self.assertEqual((0, left(skipped=1)), (row["n"], row["left_out"]))
        self.assertIsNone(row["percent"])

    def test_a_person_is_scheme_and_participant_and_the_nameless_stand_alone(self):
        row = figures([resp("a"), resp("a", scheme="york"), resp(None), resp(None), resp("a", "2026-08-01")])
        self.assertEqual(4, row["n"])

    def test_only_those_who_agreed_to_statistics_count(self):
        no = resp("a", "2026-08-01", {"connected": "worse"}, consent={"version": "1", "statistics": False})
        self.assertEqual(1, figures([resp("a"), no])["positive"])

    def test_council_about_and_helper_are_those_of_the_standing_response(self):
        old = resp("a", "2026-05-01", helper="supporter", council="W06000015")
        rows = [old, resp("a", "2026-08-01", about={"arrangement": ["day"]})]
        held = data(*rows)
        keys = {(k[1], k[5]) for k in rc.recount(held, "period=2026-27&level=nation&by=arrangement"
                                                       "&indicator=social-connection")}
        self.assertEqual({("E92000001", None), ("E92000001", ("arrangement", "day"))}, keys)
        self.assertEqual({"self": 1, "helped": 0, "helped_by_supporter": 0, "proxy": 0}, figures(rows)["completed_by"])

    def test_an_indicator_that_the_standing_version_lacks_was_not_asked(self):
        new = resp("a", "2026-06-01", {"new": "yes"}, version="1.1.0")
        self.assertEqual(1, figures([new], "newer")["n"])
        old = resp("a", "2026-07-01")
        left_out = EMPTY | {"not-asked": 1}
        self.assertEqual((0, left_out), (lambda r: (r["n"], r["left_out"]))(figures([new, old], "newer")))
        other = resp("b", "2026-07-01", {"new": "no"}, version="1.1.0")
        self.assertEqual((1, left_out), (lambda r: (r["n"], r["left_out"]))(figures([new, old, other], "newer")))


class Series(unittest.TestCase):
    def series(self, entry, items=ITEMS, version="2.3.4"):
        return [s for _, s in rc.Version(V1 | {"items": items, "version": version, "indicators": [entry]}).entries][0]

    def test_instrument_or_questionnaire_or_named(self):
        self.assertEqual("connections/1", self.series(SHARE))
        self.assertEqual("life/2", self.series(ENTRIES[1]))
        self.assertEqual("life/1", self.series(ENTRIES[1] | {"series": "life/1"}))

    def test_several_items_must_share_one_instrument_and_major(self):
        def of(*froms):
            items = [scale(f"i{n}") | ({"from": f} if f else {}) for n, f in enumerate(froms)]
            return self.series({"indicator": "x", "rule": "mean", "items": [i["id"] for i in items]}, items)
        self.assertEqual("ons4/3", of("ons4/3.0.0#a", "ons4/3.1.0#b"))
        self.assertEqual("life/2", of("ons4/3.0.0#a", None))
        self.assertEqual("life/2", of("ons4/3.0.0#a", "swemwbs/3.0.0#b"))
        self.assertEqual("life/2", of("ons4/3.0.0#a", "ons4/4.0.0#b"))

    def test_different_series_are_different_rows_and_each_has_its_own_standing_response(self):
        other = V1 | {"version": "2.0.0", "items": ITEMS[1:], "indicators": ENTRIES[1:2]}
        rows = [resp("a", "2026-05-01", {"connected": "better", "choose": "yes"}),
                resp("a", "2026-07-01", {"choose": "no"}, version="2.0.0")]
        found = rc.recount(data(*rows, versions=(V1, other)), "period=2026-27&level=uk")
        got = {(k[3], k[4]): (len(r.valid), r.figures("H")["positive"]) for k, r in found.items() if k[3] in ("social-connection", "choice")}
        self.assertEqual({("social-connection", "connections/1"): (1, 1), ("choice", "life/1"): (1, 1),
                          ("choice", "life/2"): (1, 0)}, got)

    def test_rows_of_one_series_pool_across_questionnaires(self):
        other = V1 | {"id": "short", "indicators": [SHARE]}
        rows = [resp("a"), resp("a", "2026-08-01", {"connected": "same"}, questionnaire="short")]
        self.assertEqual((2, 1), (lambda r: (r["n"], r["positive"]))(figures(rows, versions=(V1, other))))


class Shares(unittest.TestCase):
    def test_left_out_reasons_and_proxy_before_missing(self):
        missing = lambda reason: {"connected": {"missing": reason}}
        rows = [resp(r, answers=missing(r)) for r in rc.LEFT_OUT[:6]]
        rows += [proxy("p", answers=missing("dont-know")), resp("o", answers={"connected": "not-my-life"}), resp("v")]
        row = figures(rows)
        self.assertEqual(EMPTY | dict.fromkeys([*rc.LEFT_OUT[:6], "proxy", "outside-base"], 1), row["left_out"])
        self.assertEqual((1, 1, 100.0), (row["n"], row["positive"], row["percent"]))
        self.assertEqual({"self": 1, "helped": 0, "helped_by_supporter": 0, "proxy": 1}, row["completed_by"])

    def test_base_missing_counts_as_not_positive_and_other_missing_does_not(self):
        rows = [resp("a", answers={"choose": "yes"}), resp("b", answers={"choose": {"missing": "dont-know"}}),
                resp("c", answers={"choose": {"missing": "skipped"}})]
        row = figures(rows, "choice")
        self.assertEqual((2, 1, 50.0), (row["n"], row["positive"], row["percent"]))
        self.assertEqual({"yes": 1, "no": 0, "dont-know": 1}, row["distribution"])
        self.assertEqual(left(skipped=1), row["left_out"])
        self.assertIsNone(row["change"])

    def test_who_helped(self):
        rows = [resp("a"), resp("b", helper="friend", answers={"connected": "worse"}), resp("c", helper="supporter"),
                resp("d", helper="supporter", answers={"connected": "same"}), proxy("e")]
        row = figures(rows)
        self.assertEqual({"self": 1, "helped": 1, "helped_by_supporter": 2, "proxy": 1}, row["completed_by"])
        apart = row["without_supporter"]
        self.assertEqual((4, 2, 2, 1, 50.0), (row["n"], row["positive"], apart["n"], apart["positive"], apart["percent"]))
        self.assertAlmostEqual(9.45, apart["interval"]["low"], 2)

    def test_included_proxies_count_in_n_and_apart_from_supporters(self):
        answers = {"answers": {"choose": "yes"}}
        row = figures([proxy("a", **answers), resp("b", helper="supporter", **answers)], "choice")
        self.assertEqual((2, 0, 1), (row["n"], row["left_out"]["proxy"], row["without_supporter"]["n"]))
        self.assertEqual({"self": 0, "helped": 0, "helped_by_supporter": 1, "proxy": 1}, row["completed_by"])

    def test_everyone_left_out_or_apart_gives_no_percentage(self):
        row = figures([resp("a", helper="supporter")])
        self.assertEqual({"n": 0, "positive": 0, "percent": None, "interval": None}, row["without_supporter"])

    def test_open_links_count_in_n_and_are_shown_apart(self):
        row = figures([resp(None, via="open"), resp(None, via="open", answers={}), resp("a")])
        self.assertEqual((2, 2), (row["n"], row["open"]))

    def test_an_absent_answer_is_skipped_if_asked_else_not_asked(self):
        rows = [resp("a", answers={}), resp("b", answers={}, about={})]
        self.assertEqual(left(skipped=1, not_asked=1), figures(rows, "at-home")["left_out"])


class Numbers(unittest.TestCase):
    def test_percent_rounds_half_away_from_zero_from_integers(self):
        for k, n, expected in [(45, 50, 90.0), (1, 8, 12.5), (1, 16, 6.3), (1, 80, 1.3), (3, 80, 3.8), (2, 3, 66.7),
                               (0, 7, 0.0), (7, 7, 100.0), (1, 2000, 0.1), (0, 0, None)]:
            self.assertEqual(expected, rc.percent(k, n), (k, n))

    def test_wilson_of_the_contract(self):
        for k, n, low, high in [(45, 50, 78.6, 95.7), (33, 38, 72.7, 94.2), (32, 36, 74.69, 95.59)]:
            found = plain(rc.wilson(k, n))
            self.assertLess(max(abs(found["low"] - low), abs(found["high"] - high)), .051)
        self.assertAlmostEqual(0, plain(rc.wilson(0, 10))["low"])
        self.assertAlmostEqual(100, plain(rc.wilson(10, 10))["high"])

    def test_t_quantiles_of_the_tables(self):
        for df, t in [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (30, 2.0423), (100, 1.9840),
                      (999, 1.9623), (1000, 1.9623), (1001, 1.9623), (1000000, 1.95997)]:
            self.assertAlmostEqual(t, rc.t_quantile(df), 4, df)

    def test_mean_reverses_and_needs_every_item(self):
        rows = [resp("a", answers={"w1": 8, "w2": 2}),                                     # (8 + 8) / 2 = 8
                resp("b", answers={"w1": 5, "w2": 10}),                                    # (5 + 0) / 2 = 2.5
                resp("c", answers={"w1": 5, "w2": {"missing": "dont-know"}})]
        row = figures(rows, "wellbeing")
        self.assertEqual((2, 5.25, left(incomplete=1)), (row["n"], row["mean"], row["left_out"]))
        self.assertAlmostEqual(3.8891, row["sd"], 4)                                       # 5.5 / sqrt 2
        self.assertAlmostEqual(5.25 - 12.7062 * 2.75, row["interval"]["low"], 3)
        self.assertEqual(("t", None, None, None), (row["interval"]["method"], row["positive"], row["percent"],
                                                   row["distribution"]))

    def test_one_answer_has_no_sd_or_interval_and_none_has_no_mean(self):
        row = figures([resp("a", answers={"w1": 7})], "happy")
        self.assertEqual((1, 7.0, None, None), (row["n"], row["mean"], row["sd"], row["interval"]))
        row = figures([resp("a", answers={"w1": {"missing": "unreadable"}})], "happy")
        self.assertEqual((0, None, left(unreadable=1)), (row["n"], row["mean"], row["left_out"]))

    def test_min_answered_scales_to_all_items_exactly(self):
        row = figures([resp("a", answers={"w1": 3, "w2": 4}), resp("b", answers={"w1": 9})], "total")
        self.assertEqual((1, 10.5, left(incomplete=1)), (row["n"], row["mean"], row["left_out"]))
        held = data(resp("a", answers={"w1": 10, "w2": 3, "w3": {"missing": "skipped"}}))
        verdict = rc.judge(held.versions["life", "1.0.0"], ENTRIES[5], held.countable[0])
        self.assertEqual(rc.F(39, 2), verdict.value)

    def test_a_cut_makes_a_share_of_exact_scores(self):
        rows = [resp("a", answers={"w1": 7, "w2": 6, "w3": 7}),          # 20: meets
                resp("b", answers={"w1": 7, "w2": 6}),                   # 19.5: does not
                resp("c", answers={"w1": 7, "w2": 7}),                   # 21: meets
                resp("d", answers={"w1": 10}), resp("e", answers={"w1": 1, "w2": 1, "w3": 1})]
        row = figures(rows, "strain")
        self.assertEqual((4, 2, 50.0, left(incomplete=1)), (row["n"], row["positive"], row["percent"], row["left_out"]))
        self.assertEqual(("wilson", None), (row["interval"]["method"], row["distribution"]))

    def test_scored_options_and_reverse_of_options(self):
        entry = {"indicator": "x", "rule": "sum", "items": ["connected", "choose"], "reverse": ["connected", "choose"]}
        version = rc.Version(V1 | {"indicators": [entry]})
        judge = lambda **answers: rc.judge(version, version.entries["x", "life/1"], resp("a", answers=answers))
        self.assertEqual(0, judge(connected="better", choose="no").value)      # (-1 + 1 - 1) + (0 + 1 - 0)
        self.assertEqual(1, judge(connected="worse", choose="yes").value)      # (-1 + 1 + 1) + (0 + 1 - 1)
        self.assertEqual("incomplete", judge(connected="not-my-life", choose="no").left_out)

    def test_bands_of_a_count_show_every_band(self):
        rows = [resp(n, answers={"friends": n}) for n in (1, 3, 4, 50)] + [resp("x", answers={})]
        row = figures(rows, "network")
        self.assertEqual({"none": (0, 0.0), "few": (2, 50.0), "many": (2, 50.0)},
                         {k: (v["count"], v["percent"]) for k, v in row["distribution"].items()})
        self.assertEqual((4, None, None, None), (row["n"], row["positive"], row["percent"], row["interval"]))

    def test_bands_of_options(self):
        entry = [{"indicator": "y", "rule": "bands", "item": "sorts", "proxy": "include"}]
        row = figures([resp("a", answers={"friends": 1, "sorts": ["a", "b"]}), resp("b", answers={"friends": 1, "sorts": ["b"]})],
                      "y", versions=[V1 | {"indicators": entry}])
        self.assertEqual({"a": (1, 50.0), "b": (2, 100.0)},
                         {k: (v["count"], v["percent"]) for k, v in row["distribution"].items()})

    def test_ratio_is_sum_over_sum_and_a_zero_denominator_stays_in(self):
        rows = [resp("a", answers={"hours": 10, "visits": 4}), resp("b", answers={"hours": 5, "visits": 0}),
                resp("c", answers={"hours": 5})]
        row = figures(rows, "intensity")
        self.assertEqual((2, 3.75, left(incomplete=1)), (row["n"], row["mean"], row["left_out"]))


class Places(unittest.TestCase):
    def rows(self, query, *responses):
        return {k[1] if k[5] is None else (k[1], k[5][1]): len(r.valid)
                for k, r in rc.recount(data(*responses), f"period=2026-27&indicator=social-connection&{query}").items()}

    def setUp(self):
        self.all = [resp("a"), resp("b", council="E08000004", unit="north"), resp("c", council="W06000015", scheme="wales")]

    def test_levels(self):
        for level, expected in [("uk", {"K02000001": 3}), ("nation", {"E92000001": 2, "W92000004": 1}),
                                ("region", {"E12000002": 2}), ("scheme", {"leeds": 2, "wales": 1}),
                                ("local_authority", {"E08000003": 1, "E08000004": 1, "W06000015": 1}),
                                ("unit", {"north": 1})]:
            self.assertEqual(expected, self.rows(f"level={level}", *self.all), level)

    def test_within_itself_included_and_scheme_and_model(self):
        self.assertEqual({"leeds": 2}, self.rows("level=scheme&within=E12000002", *self.all))
        self.assertEqual({"E08000004": 1}, self.rows("level=local_authority&within=E08000004", *self.all))
        self.assertEqual({"K02000001": 1}, self.rows("level=uk&scheme=wales", *self.all))
        self.assertEqual({}, self.rows("level=uk&model=homeshare", *self.all))
        self.assertEqual({"K02000001": 3}, self.rows("level=uk&model=shared-lives", *self.all))
        self.assertRaises(ValueError, self.rows, "level=uk&status=shown", *self.all)

    def test_a_person_with_several_values_counts_in_each_group(self):
        two = resp("a", about={"arrangement": ["live-in", "day"], "age_band": "25-34"})
        none = resp("b", about={})
        self.assertEqual({"K02000001": 2, ("K02000001", "day"): 1, ("K02000001", "live-in"): 1},
                         self.rows("level=uk&by=arrangement", two, none))
        self.assertEqual({"K02000001": 2, ("K02000001", "25-34"): 1}, self.rows("level=uk&by=age_band", two, none))


class Change(unittest.TestCase):
    def change(self, *rows, indicator="social-connection", **more):
        return figures(rows, indicator, **more)["change"]

    def made(self, pairs=0, improved=0, same=0, worse=0, lost=0, median_months=None):
        return dict(pairs=pairs, improved=improved, same=same, worse=worse, lost=lost, median_months=median_months)

    def pair(self, person, before, after, first="2026-01-10", then="2026-07-14", **more):
        return [resp(person, first, {"connected": before}, occasion="baseline"), resp(person, then, {"connected": after}, **more)]

    def test_directions_and_median(self):
        rows = self.pair("a", "same", "better") + self.pair("b", "better", "worse", first="2026-01-20") + \
            self.pair("c", "same", "same", first="2025-12-01") + self.pair("d", "worse", "same", first="2025-07-14")
        self.assertEqual(self.made(4, 2, 1, 1, median_months=6.5), self.change(*rows))      # 6, 5, 7, 12 months

    def test_low_is_better_and_the_raw_score_is_compared_not_the_cut(self):
        rows = [resp("a", "2026-01-14", {"w1": 9, "w2": 9, "w3": 9}), resp("a", answers={"w1": 8, "w2": 8, "w3": 8}),
                resp("b", "2026-01-14", {"w1": 1, "w2": 2}), resp("b", answers={"w1": 2, "w2": 2}),
                resp("c", "2026-01-14", {"w1": 1, "w2": 2}), resp("c", answers={"w1": 1, "w2": 1})]
        self.assertEqual(self.made(3, improved=2, worse=1, median_months=6), self.change(*rows, indicator="strain"))

    def test_without_a_baseline_occasion_the_earliest_valid_one_serves(self):
        rows = [resp("a", "2025-01-14", {"connected": {"missing": "skipped"}}), proxy("a", on="2025-02-14"),
                resp("a", "2025-03-14", {"connected": "same"}), resp("a", "2025-06-14", {"connected": "worse"}), resp("a")]
        self.assertEqual(self.made(1, improved=1, median_months=16), self.change(*rows))

    def test_a_baseline_occasion_goes_before_an_earlier_review_and_the_earliest_of_several(self):
        rows = [resp("a", "2025-01-14", {"connected": "worse"}),
                resp("a", "2025-03-14", {"connected": "better"}, occasion="baseline"),
                resp("a", "2025-06-14", {"connected": "worse"}, occasion="baseline"), resp("a")]
        self.assertEqual(self.made(1, same=1, median_months=16), self.change(*rows))
        rows[1]["answers"] = rows[2]["answers"] = {"connected": {"missing": "dont-know"}}     # invalid: the earliest valid
        self.assertEqual(self.made(1, improved=1, median_months=18), self.change(*rows))

    def test_the_baseline_alone_is_no_pair_and_one_after_the_standing_response_neither(self):
        self.assertEqual(self.made(), self.change(resp("a", occasion="baseline")))
        rows = [resp("a"), resp("a", "2027-05-01", occasion="baseline")]
        self.assertEqual(self.made(), self.change(*rows))

    def test_lost_is_a_baseline_without_a_valid_standing_answer(self):
        rows = self.pair("a", "same", "better") + self.pair("b", "same", {"missing": "skipped"}) + \
            self.pair("c", "same", "not-my-life") + [resp("d", "2026-01-01", occasion="baseline"), proxy("d"),
            resp("e", answers={}), resp("f", answers={}), resp("f", "2027-04-01", occasion="baseline"),
            resp("g", "2026-01-01", occasion="baseline")]
        self.assertEqual(self.made(1, improved=1, lost=3, median_months=6), self.change(*rows))

    def test_open_links_are_neither_baseline_nor_pair_nor_lost(self):
        rows = self.pair("a", "same", "better", via="open") + self.pair("b", "same", {"missing": "skipped"}, via="open") + \
            [resp("c", "2026-01-01", via="open", occasion="baseline"), resp("c")]
        self.assertEqual(self.made(), self.change(*rows))

    def test_another_series_is_no_baseline(self):
        items = [single("connected", BETTER)]
        other = V1 | {"version": "2.0.0", "items": items, "indicators": [SHARE]}              # life/2, not connections/1
        row = resp("a", "2026-01-14", {"connected": "worse"}, version="2.0.0", occasion="baseline")
        self.assertEqual(self.made(), self.change(row, resp("a"), versions=(V1, other)))

    def test_without_a_better_direction_only_pairs_are_compared(self):
        found = self.change(*self.pair("a", "same", "better"), indicators=[{"id": "social-connection", "direction": "C"}])
        self.assertEqual((1, rc.ANY), (found["pairs"], found["improved"]))

    def test_a_pair_counts_in_the_groups_of_its_standing_response(self):
        held = data(*self.pair("a", "same", "better", about={"arrangement": ["day"]}))
        rows = rc.recount(held, "period=2026-27&level=uk&by=arrangement&indicator=social-connection")
        self.assertEqual({None: 1, ("arrangement", "day"): 1}, {k[5]: len(r.months) for k, r in rows.items()})


class Routing(unittest.TestCase):
    def test_marks_that_disagree_are_reported(self):
        right = resp("a", answers={"friends": 0, "sorts": {"missing": "not-asked"}, "home": "yes"})
        asked = right | {"answers": right["answers"] | {"home": {"missing": "not-asked"}}}
        unasked = right | {"answers": right["answers"] | {"sorts": {"missing": "skipped"}}}
        version = rc.Version(V1)
        self.assertEqual([], list(rc.routing_faults(version, right)))
        self.assertIn("home: asked", list(rc.routing_faults(version, asked))[0])
        self.assertIn("sorts: not asked", list(rc.routing_faults(version, unasked))[0])
        self.assertEqual(1, len(data(asked).faults))

    def test_an_item_that_a_proxy_may_not_answer_may_be_marked_either_way(self):
        for mark, person, faults in [("skipped", proxy("a"), 0), ("not-asked", proxy("a"), 0), ("not-asked", resp("a"), 1)]:
            row = person | {"answers": {"connected": {"missing": mark}, "friends": 0, "sorts": {"missing": "not-asked"}}}
            self.assertEqual(faults, len(list(rc.routing_faults(rc.Version(V1), row))), (mark, person["completed_by"]))

    def test_conditions(self):
        version = rc.Version(V1)
        row = resp("a", answers={"choose": "yes", "friends": 3, "w1": {"missing": "skipped"},
                                 "sorts": ["a", "b"]})
        for condition, expected in [
                ({"item": "choose", "any_of": ["yes"]}, True), ({"item": "choose", "any_of": ["no"]}, False),
                ({"item": "sorts", "any_of": ["b"]}, True), ({"item": "friends", "at_least": 3}, True),
                ({"item": "friends", "at_least": 4}, False), ({"item": "friends", "any_of": [3]}, True),
                ({"item": "w1", "at_least": 0}, False), ({"item": "w2", "any_of": [1]}, False),
                ({"about": "age_band", "any_of": ["25-34"]}, True), ({"about": "need", "any_of": ["x"]}, False),
                ({"all": [{"item": "choose", "any_of": ["yes"]}, {"item": "friends", "at_least": 4}]}, False),
                ({"any": [{"item": "choose", "any_of": ["yes"]}, {"item": "friends", "at_least": 4}]}, True)]:
            self.assertEqual(expected, rc.holds(condition, version, row), condition)

    def test_an_answer_to_an_item_that_was_not_asked_opens_nothing(self):
        row = resp("a", answers={"friends": 0, "sorts": ["a"]})
        self.assertFalse(rc.holds({"item": "sorts", "any_of": ["a"]}, rc.Version(V1), row))


class Comparing(unittest.TestCase):
    """End to end against a stand-in server whose one figure was written by hand."""

    SERVED = {
        "indicator": "social-connection", "series": "connections/1", "model": "shared-lives", "rule": "share",
        "period": "2026-27", "place": {"level": "uk", "code": "K02000001", "name": "United Kingdom"}, "group": None,
        "n": 2, "positive": 1, "percent": 50.0, "mean": None, "sd": None,
        "interval": {"low": 9.5, "high": 90.5, "level": 0.95, "method": "wilson"},
        "distribution": {"better": 1, "same": 1, "worse": 0}, "left_out": left(skipped=1), "open": 0,
        "completed_by": {"self": 1, "helped": 0, "helped_by_supporter": 1, "proxy": 0},
        "without_supporter": {"n": 1, "positive": 1, "percent": 100.0,
                              "interval": {"low": 20.7, "high": 100.0, "level": 0.95, "method": "wilson"}},
        "change": {"pairs": 0, "improved": 0, "same": 0, "worse": 0, "lost": 0, "median_months": None},
        "status": "shown"}
    ROUTED = {"sorts": {"missing": "not-asked"}}

    def run_against(self, change=None, case="period=2026-27&level=uk&indicator=social-connection", extra=()):
        rows = [resp("a", answers={"connected": "better"} | self.ROUTED),
                resp("b", answers={"connected": "same"} | self.ROUTED, helper="supporter"),
                resp("c", answers={"connected": {"missing": "skipped"}} | self.ROUTED)]
        served = json.loads(json.dumps(self.SERVED))
        (change or (lambda row: None))(served)
        served = [row for row in [served, *extra] if row.get("n") != "gone"]

        class Stub(http.server.BaseHTTPRequestHandler):
            def reply(self, body):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def do_POST(self):
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.reply({"token": "t0", "expires_at": ""} if sent == {"email": "e", "password": "p"} else {})

            def do_GET(self):
                at = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(at.query))
                if self.headers["Authorization"] != "Bearer t0":
                    return self.send_error(401)
                start = int(query.get("cursor", 0))
                items = {"responses": rows[start:start + 2], "areas": AREAS, "indicators": INDICATORS, "schemes": [],
                         "khi": served, "questionnaires": [{"id": "life", "versions": ["1.0.0"], "latest": "1.0.0"}]}
                name = at.path.removeprefix("/api/v1/")
                more = name == "responses" and start + 2 < len(rows)
                self.reply(V1 if name == "questionnaires/life/versions/1.0.0" else
                           {"items": items[name], "next": str(start + 2) if more else None})

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                code = rc.main(["--url", f"http://127.0.0.1:{server.server_port}", "--email", "e", "--password", "p",
                                *(["--standard"] if case == "standard" else ["--case", case])])
        finally:
            server.shutdown()
            server.server_close()
        return code, out.getvalue()

    def test_agreement(self):
        code, out = self.run_against()
        self.assertEqual(0, code, out)
        self.assertIn("OK period=2026-27&level=uk", out)

    def test_every_field_that_differs_is_found(self):
        def poke(*path, value):
            def change(row):
                for key in path[:-1]:
                    row = row[key]
                row[path[-1]] = value
            return change
        for change in [poke("n", value=3), poke("positive", value=0), poke("percent", value=50.1), poke("mean", value=1.0),
                       poke("sd", value=0.0), poke("interval", "low", value=9.6), poke("interval", "method", value="t"),
                       poke("distribution", "worse", value=1), poke("distribution", "odd", value=1),
                       poke("left_out", "skipped", value=0), poke("left_out", "proxy", value=1),
                       poke("completed_by", "helped", value=1), poke("without_supporter", "n", value=2),
                       poke("open", value=1), poke("change", "lost", value=1), poke("change", value=None),
                       poke("percent", value=None), poke("status", value="suppressed"), poke("series", value="life/1"),
                       poke("place", "code", value="E92000001"), poke("rule", value="bands"),
                       lambda row: row.pop("mean"), lambda row: row["distribution"].pop("worse")]:
            code, out = self.run_against(change)
            self.assertEqual((1, True), (code, "DIFF" in out), out)

    def test_an_empty_row_for_another_place_is_no_difference_and_a_full_one_is(self):
        empty = self.SERVED | {"place": {"code": "X"}, "n": 0, "positive": 0, "left_out": EMPTY}
        self.assertEqual(0, self.run_against(extra=[empty])[0])
        self.assertEqual(1, self.run_against(extra=[empty | {"left_out": left(skipped=1)}])[0])
        self.assertIn("served twice", self.run_against(extra=[self.SERVED])[1])

    def test_a_row_that_is_not_served_and_a_case_without_rows_fail(self):
        code, out = self.run_against(lambda row: row.update(n="gone"))
        self.assertEqual((1, True), (code, "not served" in out), out)
        code, out = self.run_against(lambda row: row.update(n="gone"), "period=2020-21&level=uk")
        self.assertEqual((1, True), (code, "EMPTY" in out), out)

    def test_standard_chooses_cases_from_the_data(self):
        rows = [resp("a", "2026-01-14", {"connected": "same", "w1": 5, "w2": 4}), resp("a"), resp("b", scheme="york"),
                resp("c", council="W06000015"), resp("d", answers={"friends": 2, "w1": 3}), resp("e", "2026-11-01")]
        cases = list(rc.standard(data(*rows)))
        self.assertEqual(10, len(cases))
        for part in ("level=region&within=E12000002", "level=local_authority&within=E08000003", "scheme=leeds",
                     "by=arrangement", "period=12m-2026-Q4", "period=3y-2026-27", "indicator=network"):
            self.assertTrue(any(part in c for c in cases), part)
        self.assertTrue(cases[7].endswith("indicator=social-connection") and cases[8].endswith("indicator=happy"), cases)
        undirected = data(*rows, indicators=[{"id": "social-connection", "direction": "C"}])
        self.assertIn("none: no change figure in 2026-27", list(rc.standard(undirected)))
        self.assertEqual(3, sum(c.startswith("none: ") for c in rc.standard(data(resp("a", "2020-01-01")))))


if __name__ == "__main__":
    unittest.main()
