"""Hand-made cases for outcomes.py: every expected number here was worked out by hand from docs/design.md, 6.6.

Run: python3 -m unittest discover -s tests/recount
"""
import pathlib, sys, unittest
from fractions import Fraction as F

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import outcomes as oc
import recount as rc


def area(code, level, parent, kind=None, to=None, successors=(), since=None):
    return {"code": code, "name": code, "level": level, "kind": kind or level, "parent": parent, "valid_from": since, "valid_to": to,
            "successors": list(successors)}


AREAS = [area("K02000001", "uk", None), area("E92000001", "nation", "K02000001"), area("W92000004", "nation", "K02000001"),
         area("E12000003", "region", "E92000001"), area("E08000035", "local_authority", "E12000003"),
         area("E08000016", "local_authority", "E12000003", to="2025-03-31", successors=["E08000038"]),
         area("E08000038", "local_authority", "E12000003", since="2025-04-01"),
         area("W06000015", "local_authority", "W92000004")]


def kpi(name, kind="count", by="scheme", period="quarter", over_time="flow", denominator=None, **more):
    return {"id": name, "kind": kind, "models": ["shared-lives"], "by": by, "period": period, "over_time": over_time, "nations": [],
            "unit": "people", "direction": "C", "denominator": denominator} | more


KPIS = [kpi("people", over_time="stock"), kpi("visits", "rate", denominator={"en": "days"}, per=365),
        kpi("good", "share", denominator={"en": "services"}, nations=["E92000001"]), kpi("growth", "growth", of="people"),
        kpi("hours", by="unit"), kpi("spend", by="area", models=[])]
SCHEMES = [{"id": "two", "model": "shared-lives", "units": [{"id": "garden", "from": "2024-01-01", "to": None}],
            "areas": [{"code": "E08000035", "from": "2020-04-01", "to": None}, {"code": "E08000016", "from": "2020-04-01", "to": "2025-03-31"},
                      {"code": "E08000038", "from": "2025-04-01", "to": None}]},
           {"id": "wales", "model": "shared-lives", "units": [], "areas": [{"code": "W06000015", "from": "2020-04-01", "to": None}]}]


class Sent:
    """Stands in for what was sent in."""
    def __init__(self, *figures):
        self.figures = {}
        for sender, step, name, council, top, bottom in figures:
            self.figures.setdefault((sender, step), {})[name, council] = (F(top), None if bottom is None else F(bottom))

    def of(self, sender, step):
        return self.figures.get((sender, step), {})


TWO, GARDEN, WALES = ("scheme", "two"), ("unit", "two", "garden"), ("scheme", "wales")


class Outcomes(unittest.TestCase):
    def counts(self, *figures):
        return oc.Counts(rc.Data([], [], AREAS, []), Sent(*figures), KPIS, SCHEMES)

    def row(self, case, key, *figures):
        row = self.counts(*figures).recount(case).get(key)
        return row and (row.sums.returned, row.sums.expected, row.value)

    def test_periods(self):
        self.assertEqual(["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"], [q.name for q in oc.quarters(rc.period("2026-27"))])
        self.assertEqual(["2024-25", "2025-26", "2026-27"], [y.name for y in oc.years(rc.period("3y-2026-27"))])
        self.assertEqual([], oc.years(rc.period("12m-2026-Q1")))
        self.assertEqual(["2025-Q4", "2024-25"], [oc.before(rc.period(p)).name for p in ("2026-Q1", "2025-26")])
        self.assertEqual(["2026-Q1"], [s.name for s in oc.steps(KPIS[0], rc.period("2025-26"))])

    def test_what_happens_is_summed_and_what_is_so_is_that_of_the_last_day(self):
        sent = [(TWO, "2025-Q2", "visits", "E08000035", 3, 900), (TWO, "2025-Q4", "visits", "E08000035", 1, 1000),
                (TWO, "2025-Q4", "people", "E08000035", 40, None), (TWO, "2026-Q1", "people", "E08000035", 44, None)]
        case, place = "period=2025-26&level=local_authority&within=E08000035", ("2025-26", "E08000035", "shared-lives")
        self.assertEqual((2, 4, F(4, 1900) * 365), self.row(case, (*place, "visits"), *sent))
        self.assertEqual((1, 1, 44), self.row(case, (*place, "people"), *sent))
        self.assertEqual((0, 1, None), self.row(case, (*place, "people"), *sent[:3]), "no earlier one stands in")

    def test_a_council_counts_as_what_it_is_at_the_end_of_the_period_or_today(self):
        sent = [(TWO, "2025-Q1", "people", "E08000016", 7, None), (TWO, "2025-Q2", "people", "E08000038", 8, None)]
        key = lambda period, code: (period, code, "shared-lives", "people")
        self.assertEqual((1, 1, 7), self.row("period=2025-Q1&level=local_authority&within=E08000016", key("2025-Q1", "E08000016"), *sent))
        self.assertIsNone(self.row("period=2025-Q1&level=local_authority&within=E08000038", key("2025-Q1", "E08000038"), *sent))
        self.assertEqual((1, 1, 8), self.row("period=2025-Q2&level=local_authority&within=E08000038", key("2025-Q2", "E08000038"), *sent))
        today = "period=2025-Q1&level=local_authority&within=E08000038&boundaries=today"
        self.assertEqual((1, 1, 7), self.row(today, key("2025-Q1", "E08000038"), *sent))
        self.assertEqual((1, 3, 7), self.row("period=2025-Q1&level=uk", key("2025-Q1", "K02000001"), *sent))

    def test_nations_units_and_areas(self):
        sent = [(GARDEN, "2025-Q2", "hours", "E08000038", 9, None), (("area", "E08000035"), "2025-Q2", "spend", "E08000035", 5, None)]
        rows = self.counts(*sent).recount("period=2025-Q2&level=nation")
        self.assertNotIn(("2025-Q2", "W92000004", "shared-lives", "good"), rows)
        self.assertEqual(2, rows["2025-Q2", "E92000001", "shared-lives", "good"].sums.expected)
        self.assertEqual((1, 1), (lambda s: (s.returned, s.expected))(rows["2025-Q2", "E92000001", "shared-lives", "hours"].sums))
        self.assertEqual((1, 2, 5), (lambda s: (s.returned, s.expected, s.top))(rows["2025-Q2", "E92000001", None, "spend"].sums))

    def test_growth_is_of_those_who_sent_all_of_both_years(self):
        sent = [(WALES, "2025-Q1", "people", "W06000015", 10, None), (WALES, "2026-Q1", "people", "W06000015", 12, None),
                (TWO, "2026-Q1", "people", "E08000035", 50, None), (TWO, "2026-Q1", "people", "E08000038", 50, None)]
        self.assertEqual((1, 3, F(20)), self.row("period=2025-26&level=uk", ("2025-26", "K02000001", "shared-lives", "growth"), *sent))
        self.assertIsNone(self.row("period=2025-Q2&level=uk", ("2025-Q2", "K02000001", "shared-lives", "growth"), *sent))

    def test_every_field_that_differs_is_found(self):
        row = self.counts((TWO, "2025-Q2", "people", "E08000035", 40, None)).recount("period=2025-Q2&level=uk")[
            "2025-Q2", "K02000001", "shared-lives", "people"]
        served = {"numerator": 40, "denominator": None, "value": 40.0, "unit": "people", "direction": "C", "returned": 1, "expected": 3, "senders": 1,
                  "status": "partial", "inputs": None}
        self.assertEqual([], oc.differences(KPIS[0], row, served))
        for field, wrong in [("numerator", 41), ("denominator", 1), ("value", 40.02), ("returned", 2), ("expected", 2), ("senders", 2),
                             ("status", "shown"), ("unit", "hours"), ("direction", "H"), ("value", None)]:
            self.assertTrue(oc.differences(KPIS[0], row, served | {field: wrong}), field)


if __name__ == "__main__":
    unittest.main()
