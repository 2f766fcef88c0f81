"""Every number in a report, in whatever form it comes, and the numbers that it may say: those of its rows and what follows from them.

`check_numbers.py` compares the two. Numbers are found as people read them, without sign and without commas: “7,140 (89.7%)” has 7140 and 89.7.
"""
import csv, html.parser, io, json, pathlib, re, zipfile
import xml.etree.ElementTree as tree

import openpyxl, pypdf

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")

# What may be said whatever the figures are, and why. Nothing else that is not in the rows may stand in a report.
RULES = {
    "shares in words, and the scale of drawings": [*map(str, range(11)), *map(str, range(0, 101, 10)), "25", "75"],
    "first and last days of periods, and their years": ["1", "28", "29", "30", "31", *map(str, range(2018, 2031))],
    "the words that all reports share: levels of intervals, “nearly 9 in 10”": [ROOT / "src/domain/report/compose/words.json"],
    "questions, answers, titles and units, word for word": sorted((ROOT / "survey-definitions").rglob("*.json")),
}


def numbers(text):
    """The numbers of a text, as they are written."""
    return [found.replace(",", "") for found in NUMBER.findall(text)]


def strings(value):
    """Every string below a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def said_always():
    said = set()
    for rule in RULES.values():
        for one in rule:
            if isinstance(one, str):
                said.add(one)
            else:
                for text in strings(json.loads(one.read_text(encoding="utf-8"))):
                    said.update(numbers(text))
    return said


ALWAYS = said_always()


class Permitted:
    """What the report of these rows may say."""

    def __init__(self, report):
        self.values, self.written = [], set(ALWAYS)
        for fact in report["facts"]:
            self.written.update(numbers(fact["text"]))
        for deed in report["done"]:
            for text in deed.values():
                self.written.update(numbers(text or ""))
        self.written.update(numbers(report["title"] + " " + report["place"]["code"] + " " + report["place"]["name"]))
        release = report.get("release") or {"own": [], "around": []}
        rows = [*report["khi"], *report["over_time"], *release["own"], *release["around"]]
        for row in [*rows, *report["kpi"]]:
            self.add(row)
            spread = [count if isinstance(count, int) else count["count"] for count in (row.get("distribution") or {}).values()]
            # Every answer's share of all who answered, to one decimal, as shares are everywhere.
            self.values += [float(f"{count / sum(spread) * 100:.1f}") for count in spread if sum(spread)]
        own = release["own"] or report["khi"]
        for one in own:
            for wide in release["around"]:
                self.add_difference(one, wide)
        self.shown = [{f"{abs(value):.{places}f}" for value in self.values} for places in (1, 2, 3)]
        self.shown.insert(0, {str(abs(round(value))) for value in self.values if value == round(value)})

    def add(self, value, key=""):
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, (int, float)):
            self.values.append(float(value))
        elif isinstance(value, list):
            for one in value:
                self.add(one, key)
        elif isinstance(value, dict):
            for name, one in value.items():
                self.add(one, name)
        elif key in ("period", "periods", "price_year", "series", "code", "name"):
            self.written.update(numbers(value))

    def add_difference(self, own, wide):
        """The place against one around it, without its own people unless it is another span of time: Newcombe's interval of two shares."""
        if (own["indicator"], own["model"]) != (wide["indicator"], wide["model"]) or None in (own["positive"], own["n"], wide["positive"], wide["n"]):
            return
        (a, m), (b, n) = (own["positive"], own["n"]), (wide["positive"], wide["n"])
        if own["periods"] == wide["periods"]:
            b, n = b - a, n - m
        if m <= 0 or n <= 0 or not 0 <= b <= n:
            return
        (low, high), (other_low, other_high) = wilson(a, m), wilson(b, n)
        p, q = a / m, b / n
        below = ((p - low) ** 2 + (other_high - q) ** 2) ** 0.5
        above = ((high - p) ** 2 + (q - other_low) ** 2) ** 0.5
        self.values += [float(f"{100 * points:.1f}") for points in (p - q, p - q - below, p - q + above)]

    def holds(self, number):
        places = len(number.partition(".")[2])
        return number in self.written or places < len(self.shown) and number in self.shown[places]

    def holds_cell(self, value):
        """Whether a cell may hold this number: exactly, not only as it is shown."""
        return any(abs(abs(value) - abs(known)) < 1e-6 * max(1, abs(known)) for known in self.values) or f"{abs(value):g}" in self.written

    def strangers(self, texts):
        return [f"{number} in “{text.strip()[:90]}”" for text in texts for number in numbers(text) if not self.holds(number)]


def wilson(k, n, z=1.959963984540054):
    p = k / n
    middle, half = (p + z * z / (2 * n)), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


class Page(html.parser.HTMLParser):
    """What a reader of a page sees or hears. Rules of style and names of parts are not said."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in ("style", "script")
        self.texts += [value for name, value in attributes if name in ("alt", "title", "aria-label", "aria-description", "data-label") and value]

    def handle_endtag(self, tag):
        self.silent -= tag in ("style", "script")

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.texts.append(data)


def of_html(data, permitted):
    page = Page()
    page.feed(data.decode("utf-8"))
    return permitted.strangers(page.texts)


def of_pdf(data, permitted):
    """Words on the pages, alternative texts, bookmarks, what links say, and what the file says of itself."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages, titles = len(reader.pages), list(outline(reader.outline))
    texts = list(titles)
    for index, page in enumerate(reader.pages):
        text = page.extract_text()
        # The number of the page at its foot, and in the list of contents those that lead to sections, are the file's own.
        text = re.sub(rf"(?<!\d){index + 1} / {pages}(?!\d)", "\n", text)
        if index == 1:
            for title in titles:
                text = re.sub(rf"{re.escape(title)}\s+\d{{1,3}}\b", title, text)
        texts += text.splitlines()
        texts += [str(one.get_object().get("/Contents", "")) for one in page.get("/Annots") or []]
    texts += structure(reader.trailer["/Root"]["/StructTreeRoot"], set())
    texts += [str(value) for name, value in (reader.metadata or {}).items() if not name.endswith("Date") and name not in ("/Creator", "/Producer")]
    metadata = reader.trailer["/Root"].get("/Metadata")
    if metadata is not None:
        xmp = tree.fromstring(metadata.get_object().get_data())
        texts += [one.text or "" for one in xmp.iter() if one.tag.startswith("{http://purl.org/dc/elements/1.1/}") or one.tag.endswith("}li")]
    return permitted.strangers(texts)


def outline(entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield str(entry.title)


def structure(part, seen):
    """Alternative and actual texts of every part of the structure tree."""
    part = part.get_object() if hasattr(part, "get_object") else part
    if isinstance(part, list):
        for one in part:
            yield from structure(one, seen)
    elif isinstance(part, dict) and id(part) not in seen:
        seen.add(id(part))
        for name in ("/Alt", "/ActualText", "/T", "/E"):
            if name in part:
                yield str(part[name])
        yield from structure(part.get("/K", []), seen)


def of_xlsx(data, permitted):
    """Cells with their whole values, caches of charts, alternative texts, what stands in margins, names of sheets, and what the file says of itself."""
    wrong, texts = [], []
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        texts.append(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, bool) or cell.value is None:
                    continue
                if isinstance(cell.value, (int, float)):
                    value = cell.value * 100 if "%" in cell.number_format else cell.value
                    if not permitted.holds_cell(value):
                        wrong.append(f"{cell.value} in {sheet.title} {cell.coordinate}")
                else:
                    texts.append(str(cell.value))
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        for name in files.namelist():
            if not name.endswith(".xml"):
                continue
            part = tree.fromstring(files.read(name))
            for one in part.iter():
                texts += [value for attribute, value in one.attrib.items() if attribute in ("descr", "altText", "altTextSummary")]
                local = one.tag.rpartition("}")[2]
                if name.startswith("xl/charts/"):
                    if local == "numCache":
                        wrong += of_cache(one, name, permitted)
                    if local == "t":
                        texts.append(one.text or "")
                    if local == "strCache":
                        texts += [text.text or "" for text in one.iter() if text.tag.endswith("}v")]
                if name == "docProps/core.xml" and local not in ("created", "modified") and one.text:
                    texts.append(one.text)
                if local in ("oddHeader", "oddFooter", "evenHeader", "evenFooter") and one.text:
                    texts.append(re.sub(r"&\"[^\"]*\"|&\d+|&[A-Z]", " ", one.text))
    return wrong + permitted.strangers(texts)


def of_cache(cache, name, permitted):
    """Numbers that a chart keeps of its cells; of whiskers, how far they reach, which is the difference of two that are held."""
    for one in cache.iter():
        if one.tag.endswith("}v"):
            value = float(one.text)
            if not (permitted.holds_cell(value) or permitted.holds_cell(value * 100)):
                yield f"{one.text} kept in {name}"


def of_csv(data, permitted):
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    for row in rows:
        if row["value"] and re.fullmatch(r"-?\d+(\.\d+)?", row["value"]) and not permitted.holds_cell(float(row["value"])):
            yield f"{row['value']} as {row}"


def of_json(data, permitted):
    """The rows themselves: whatever number stands in them must be one of those that they were compared with."""
    def walk(value):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value not in known:
            yield f"{value} in the rows"
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from walk(one)
    known = set(permitted.values) | {10}
    report = json.loads(data)
    for part in ("khi", "over_time", "kpi"):
        yield from walk(report[part])


FORMS = {"html": of_html, "pdf": of_pdf, "xlsx": of_xlsx, "csv": of_csv, "json": of_json}


def strangers(form, data, permitted):
    """The numbers of a file that its rows do not permit."""
    return list(FORMS[form](data, permitted))
