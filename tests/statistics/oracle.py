"""Writes what other people's programs make of seeded random cases: a CSV file for each function of src/domain/statistics.

    oracle.py FOLDER [--cases 10000]

scipy and statsmodels answer where they can; where neither knows a method, it is written here anew from its source, by another road than the
program's (brute force over windows, exact fractions, one large whole number instead of a table). Numbers have 17 significant digits, so that
reading them gives the very same floats. A list is one cell, its numbers apart by blanks. The first cases are the same however many there are.
tests/spec/statistics/oracle.rs reads the files; tests/spec/fixtures/oracle holds the first 200 cases of each.
"""
import argparse
import decimal
import itertools
import math
import pathlib
import random
import warnings
from fractions import Fraction

import numpy
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

Z95 = float(stats.norm.ppf(0.975))
Z998 = float(stats.norm.ppf(0.999))


def share(draw, most):
    """k of n, ends more often than by chance, small groups more often than large ones."""
    n = max(1, round(10 ** draw.uniform(0, math.log10(most))))
    k = draw.choice([0, n, min(1, n), n - 1]) if draw.random() < 0.15 else draw.randint(0, n)
    return k, n


def wilson(draw):
    k, n = share(draw, 10**7)
    low, high = proportion_confint(k, n, alpha=0.05, method="wilson")
    low998, high998 = proportion_confint(k, n, alpha=0.002, method="wilson")
    return [k, n, low, high, low998, high998]


def percent(draw):
    k, n = share(draw, draw.choice([100, 2000, 10**9]))
    with decimal.localcontext() as context:
        context.prec = 60
        exact = decimal.Decimal(100 * k) / decimal.Decimal(n)
    return [k, n, float(exact.quantize(decimal.Decimal("0.1"), rounding=decimal.ROUND_HALF_UP))]


def newcombe(draw):
    (k1, n1), (k2, n2) = share(draw, 10**5), share(draw, 10**5)
    low, high = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff", alpha=0.05)
    low998, high998 = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff", alpha=0.002)
    return [k1, n1, k2, n2, float(Fraction(k1, n1) - Fraction(k2, n2)), low, high, low998, high998]


def newcombe_paired(draw):
    """Newcombe 1998b, method 10, as a quadratic form of the two margins' half widths."""
    most = draw.choice([1, 5, 30, 300])
    a, b, c, d = [0 if draw.random() < 0.15 else draw.randint(0, most) for _ in range(4)]
    if a + b + c + d == 0:
        a = 1
    n = a + b + c + d
    low1, high1 = proportion_confint(a + b, n, alpha=0.05, method="wilson")
    low2, high2 = proportion_confint(a + c, n, alpha=0.05, method="wilson")
    p1, p2 = (a + b) / n, (a + c) / n
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    cross = Fraction(a * d - b * c)
    if cross > 0:
        cross = max(cross - Fraction(n, 2), Fraction(0))
    phi = float(cross) / math.sqrt(margins) if margins else 0.0
    form = numpy.array([[1.0, -phi], [-phi, 1.0]])

    def length(*sides):
        return math.sqrt(max(0.0, float(numpy.array(sides) @ form @ numpy.array(sides))))

    value = float(Fraction(c - b, n))
    low = max(-1.0, value - length(p2 - low2, high1 - p1))
    high = min(1.0, value + length(high2 - p2, p1 - low1))
    return [a, b, c, d, value, low, high]


def means_difference(draw):
    """With even intervals this is the normal interval of a difference; with uneven ones each end is a length of its own."""
    mean1, mean2 = draw.uniform(-10, 10), draw.uniform(-10, 10)
    if draw.random() < 0.5:
        error1, error2 = draw.uniform(0, 3), draw.uniform(0, 3)
        first = [mean1, mean1 - Z95 * error1, mean1 + Z95 * error1]
        second = [mean2, mean2 - Z95 * error2, mean2 + Z95 * error2]
        half = Z95 * math.sqrt(error1**2 + error2**2)
        return first + second + [mean1 - mean2, mean1 - mean2 - half, mean1 - mean2 + half]
    below1, above1, below2, above2 = [draw.uniform(0, 3) for _ in range(4)]
    first = [mean1, mean1 - below1, mean1 + above1]
    second = [mean2, mean2 - below2, mean2 + above2]
    low, high = mean1 - mean2 - math.hypot(below1, above2), mean1 - mean2 + math.hypot(above1, below2)
    return first + second + [mean1 - mean2, low, high]


def mcnemar(draw):
    most = draw.choice([3, 10, 59, 62, 130, 2000])
    b, c = draw.randint(0, most), draw.randint(0, most)
    if draw.random() < 0.05:
        c = b
    if b + c == 0:
        return [0, 0, 0, 1, 0, 1, 1, 1]
    table = [[0, b], [c, 0]]
    plain = statsmodels_mcnemar(table, exact=False, correction=False)
    corrected = statsmodels_mcnemar(table, exact=False, correction=True)
    exact = statsmodels_mcnemar(table, exact=True).pvalue
    at = stats.binom.pmf(b, b + c, 0.5)
    mid = 1 - at / 2 if b == c else exact - at
    return [b, c, plain.statistic, plain.pvalue, corrected.statistic, corrected.pvalue, exact, mid]


def sign(draw):
    most = draw.choice([3, 10, 60, 130, 3000])
    up, down = draw.randint(0, most), draw.randint(0, most)
    if up + down == 0:
        up = 1
    return [up, down, stats.binomtest(up, up + down, 0.5).pvalue]


def wilcoxon(draw):
    n = draw.choice([1, 2, 5, 9, 20, 49, 50, 51, 52, draw.randint(1, 120)])
    if draw.random() < 0.4:
        values = [size * draw.choice([-1, 1]) for size in draw.sample(range(1, 1000), n)]  # no ties
    else:
        most = draw.choice([1, 3, 10])
        values = [draw.randint(-most, most + draw.choice([0, 0, 1])) for _ in range(n)]
    kept = [value for value in values if value]
    if not kept:
        kept = values = [draw.choice([-1, 1])]
    ranks = stats.rankdata(numpy.abs(kept))
    plus = float(sum(rank for rank, value in zip(ranks, kept) if value > 0))
    minus = float(sum(ranks)) - plus
    if len(kept) > 50:
        p = stats.wilcoxon(kept, method="approx", correction=False).pvalue
    elif len(set(map(abs, kept))) == len(kept):
        p = stats.wilcoxon(kept, method="exact").pvalue
    else:
        p = signed_ranks([round(2 * rank) for rank in ranks], round(2 * min(plus, minus)))
    return [values, len(kept), plus, minus, p, int(len(kept) <= 50)]


def signed_ranks(doubled, least):
    """How many of all subsets have at most that sum: the product of 1 + x^rank, where x is 2^64."""
    product = 1
    for rank in doubled:
        product += product << (64 * rank)
    below = product & ((1 << (64 * (least + 1))) - 1)
    ways = sum((below >> (64 * power)) & (2**64 - 1) for power in range(least + 1))
    return min(1.0, float(Fraction(2 * ways, 2 ** len(doubled))))


def finite(draw):
    k, n = share(draw, 3000)
    population = n + draw.choice([0, 1, draw.randint(0, 20), draw.randint(0, 10 * n)])
    p = draw.choice([0.5, draw.random()])
    margin = Z95 * math.sqrt(p * (1 - p) / n) * math.sqrt((population - n) / (population - 1)) if population > 1 else 0.0
    if population == n:
        low = high = k / n
    else:
        size = n * (population - 1) / (population - n)
        low, high = proportion_confint(k / n * size, size, alpha=0.05, method="wilson")
    return [k, n, population, p, margin, low, high]


def sample_size(draw):
    base, population = draw.randint(1, 2000), max(1, round(10 ** draw.uniform(0, 6)))
    size = Fraction(base) / (1 + Fraction(base - 1, population))
    return [base, population, float(size), math.ceil(size)]


def response_rate(draw):
    counts = [0 if draw.random() < 0.2 else draw.randint(0, draw.choice([5, 100, 5000])) for _ in range(7)]
    if not any(counts):
        counts[0] = 1
    complete, partial, *others = counts
    first = Fraction(complete, complete + partial + sum(others))
    second = first + Fraction(partial, sum(counts))
    return counts + [float(first), float(second)]


def limits(draw):
    p0, n = draw.choice([0.0, 1.0, draw.random(), draw.random(), draw.random()]), max(1, round(10 ** draw.uniform(0, 5)))
    error = numpy.sqrt(p0 * (1 - p0) / n)
    ends = numpy.clip([p0 - Z95 * error, p0 + Z95 * error, p0 - Z998 * error, p0 + Z998 * error], 0, 1)
    return [p0, n, *ends]


def funnel(draw):
    schemes, spread = draw.randint(1, 40), draw.choice([0.0, 0.0, 0.05, 0.2])
    centre = draw.uniform(0.05, 0.95)
    n = numpy.array([max(1, round(10 ** draw.uniform(0, 3.5))) for _ in range(schemes)], dtype=float)
    shares = [min(1.0, max(0.0, draw.gauss(centre, spread))) for _ in range(schemes)]
    k = numpy.array([sum(draw.random() < p for _ in range(int(m))) for p, m in zip(shares, n)], dtype=float)
    p0 = k.sum() / n.sum()
    s = numpy.sqrt(p0 * (1 - p0) / n)
    phi, tau2 = 0.0, 0.0
    if 0 < p0 < 1:
        z = (k / n - p0) / s
        z = numpy.clip(z, numpy.quantile(z, 0.1), numpy.quantile(z, 0.9))
        phi = float(numpy.mean(z**2))
        w = s**-2
        if schemes * phi > schemes - 1:
            tau2 = float((schemes * phi - (schemes - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    wide = numpy.hypot(s, math.sqrt(tau2))
    ends = [numpy.clip(p0 + sign * z * wide, 0, 1) for z in (Z95, Z998) for sign in (-1, 1)]
    standing = numpy.where(k / n > ends[3], 1, numpy.where(k / n < ends[2], -1, 0))
    # The limits of two are enough to see the formula, and keep the files small.
    return [k.astype(int), n.astype(int), phi, tau2, *(end[:2] for end in ends), standing]


def xmr(draw):
    """The NHS rules by brute force: each window of each rule is looked at for itself."""
    length = draw.choice([2, 3, 7, 11, 12, draw.randint(2, 60), draw.randint(12, 60)])
    shape = draw.choice(["flat", "drift", "steps", "whole", "decimal"])
    level, values = 0.0, []
    for at in range(length):
        if shape == "drift":
            level += draw.uniform(-0.2, 0.6)
        if shape == "steps" and draw.random() < 0.1:
            level = draw.uniform(-4, 4)
        value = draw.gauss(level, 1)
        values.append(draw.randint(0, 4) if shape == "whole" else round(value, 1 if shape == "decimal" else 4))
    trend, screen = draw.choice([7, 7, 5, 6]), draw.randint(0, 1)
    centre = math.fsum(values) / length
    ranges = [abs(after - before) for before, after in itertools.pairwise(values)]
    average = math.fsum(ranges) / len(ranges)
    if screen and average > 0:
        kept = [one for one in ranges if not one >= 3.267 * average]
        average = math.fsum(kept) / len(kept)
    upper, lower = centre + 2.66 * average, centre - 2.66 * average
    near_upper, near_lower = centre + (2 * (2.66 / 3)) * average, centre - (2 * (2.66 / 3)) * average
    labels = ["c"] * length

    def windows(size):
        return (range(at, at + size) for at in range(length - size + 1))

    for window in windows(7):
        if all(values[i] > centre for i in window):
            labels = ["S" if i in window else label for i, label in enumerate(labels)]
        if all(values[i] < centre for i in window):
            labels = ["s" if i in window else label for i, label in enumerate(labels)]
    for window in windows(3):
        for letter, side, near in (
            ("N", lambda x: x > centre, lambda x: near_upper < x <= upper),
            ("n", lambda x: x < centre, lambda x: lower <= x < near_lower),
        ):
            close = [i for i in window if near(values[i])]
            if all(side(values[i]) for i in window) and len(close) >= 2:
                labels = [letter if i in close else label for i, label in enumerate(labels)]
    for window in windows(trend):
        pairs = list(itertools.pairwise(values[i] for i in window))
        if all(after > before for before, after in pairs):
            labels = ["T" if i in window else label for i, label in enumerate(labels)]
        if all(after < before for before, after in pairs):
            labels = ["t" if i in window else label for i, label in enumerate(labels)]
    for at, value in enumerate(values):
        labels[at] = "O" if value > upper else "o" if value < lower else labels[at]
    # A target on a limit, between them, or outside.
    target = draw.choice([upper, lower, centre, centre + draw.uniform(-6, 6) * (average + 0.1)])
    more = 1 if target > upper else -1 if target < lower else 0
    trial = int(length < 12)
    return [values, trend, screen, centre, upper, lower, near_upper, near_lower, average, trial, "".join(labels), target, more]


def pool(draw):
    periods = [share(draw, 60) for _ in range(draw.randint(0, 8))]
    minimum = draw.choice([0, 1, 5, 10, 30, 100])
    sums = itertools.accumulate(periods, lambda a, b: (a[0] + b[0], a[1] + b[1]))
    found = next(((count, k, n) for count, (k, n) in enumerate(sums, 1) if n >= minimum), (0, 0, 0))
    return [[k for k, _ in periods], [n for _, n in periods], minimum, *found]


def t975(degrees):
    """From the F distribution, of which t squared is a case: scipy 1.10's own quantiles of t are off in the tenth digit."""
    return math.sqrt(stats.f.ppf(0.95, 1, degrees))


def means(draw):
    scale = draw.choice([1, 1, 2, 3, 7, 60, 210])
    n = draw.choice([2, 3, 4, 5, 10, 38, draw.randint(2, 1_500)])
    top = draw.choice([2, 10, 99, 1_000])
    scaled = [draw.randint(0, top * scale) for _ in range(n)]
    if len(set(scaled)) == 1:
        scaled[0] += 1
    values = numpy.array(scaled) / scale
    mean, sd = float(Fraction(sum(scaled), scale * n)), float(numpy.std(values, ddof=1))
    half = t975(n - 1) * sd / math.sqrt(n)
    return [n, sum(scaled), sum(one * one for one in scaled), scale, mean, sd, mean - half, mean + half]


def ratio(draw):
    """Cochran 6.4 from the residuals themselves, not from sums of squares."""
    n = draw.choice([2, 3, 5, 12, draw.randint(2, 300)])
    below = [draw.randint(0, 12) for _ in range(n)]
    below[0] += 1
    above = [draw.randint(0, one) for one in below]
    top, bottom = numpy.array(above, dtype=float), numpy.array(below, dtype=float)
    value = top.sum() / bottom.sum()
    error = numpy.std(top - value * bottom, ddof=1) / math.sqrt(n) / bottom.mean()
    half = t975(n - 1) * error
    return [above, below, value, value - half, value + half]


def median(draw):
    values = [draw.randint(-9, 9) for _ in range(draw.randint(1, 12))]
    return [values, float(numpy.median(values))]


FUNCTIONS = [
    wilson, percent, newcombe, newcombe_paired, means_difference, mcnemar, sign, wilcoxon, finite, sample_size, response_rate, limits,
    funnel, xmr, pool, means, ratio, median,
]


def cell(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (list, numpy.ndarray)):
        return " ".join(map(cell, value))
    return str(int(value)) if isinstance(value, (int, numpy.integer)) else f"{float(value):.17g}"


def main():
    asked = argparse.ArgumentParser(description="Writes the oracle's answers.")
    asked.add_argument("folder", type=pathlib.Path)
    asked.add_argument("--cases", type=int, default=10_000)
    asked = asked.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")  # statsmodels on shares of 0 and 1, scipy on few differences
    for function in FUNCTIONS:
        draw = random.Random(function.__name__)
        with open(asked.folder / f"{function.__name__}.csv", "w") as file:
            for _ in range(asked.cases):
                file.write(",".join(map(cell, function(draw))) + "\n")
    # Every share of up to 200 people.
    if asked.cases >= 10_000:
        k, n = numpy.array([(k, n) for n in range(1, 201) for k in range(n + 1)]).T
        ends = [end for alpha in (0.05, 0.002) for end in proportion_confint(k, n, alpha=alpha, method="wilson")]
        with open(asked.folder / "wilson_all.csv", "w") as file:
            for row in zip(k, n, *ends):
                file.write(",".join(map(cell, row)) + "\n")


main()
