"""No number stands in a report that its rows do not permit, in any form or language, and no row in a public one that its release does not hold.

usage: check_numbers.py FOLDER (with the demo's database, khi-demo.db and khi.secret)
Serves the demo, takes the public reports of the United Kingdom, an area and a scheme, and has `khi report` write those of schemes of several sizes, and their posters, into
its folder `reports`. Then
plants a number in each form, in each place where one could hide, and each must be found. Needs openpyxl and pypdf (tests/reports/run installs them).
"""
import contextlib, io, json, pathlib, re, sys, zipfile

import pypdf
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))
from report_numbers import FORMS, Permitted, strangers
from server import Client, Khi

LANGUAGES = ("en", "cy")
PLANTED = "31337.7"
# Pages of the fullest scheme of the demo today: whoever makes it longer must mean to.
LONGEST = 16


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    khi = Khi(folder, f"sqlite://{folder}/khi-demo.db")
    wrong, largest = [], {}
    khi.start()
    try:
        client = Client(khi.port)
        release = client.get("/api/v1/releases/latest")
        release = client.get(f"/api/v1/releases/{release['id']}")
        held = {text(cell) for cell in release["cells"]}
        sizes = scheme_sizes(release)
        for place in ("K02000001", area(release), sizes[0]):
            for language in LANGUAGES:
                files = {form: public(client, release["id"], place, form, language) for form in FORMS}
                wrong += [f"{place}.{language}.json: a row is not in the release: {row}" for row in of_release(files["json"]) if row not in held]
                wrong += check(f"{place}.{language}", files, largest)
    finally:
        khi.kill()
    for scheme in (sizes[0], sizes[len(sizes) // 2], sizes[-1]):
        for language in LANGUAGES:
            files = written(khi, folder, scheme, language)
            wrong += check(f"{scheme}.{language}", files, largest)
            if (pages := len(pypdf.PdfReader(io.BytesIO(files["pdf"])).pages)) > LONGEST:
                wrong.append(f"{scheme}.{language}.pdf has {pages} pages; at most {LONGEST}")
    wrong += unseen(largest)
    print("\n".join(wrong[:50]), file=sys.stderr)
    return 1 if wrong else 0


def text(row):
    return json.dumps(row, sort_keys=True)


def of_release(report):
    """The rows of a public report: each must be a figure of the release."""
    report = json.loads(report)
    beside = report["release"] or {"own": [], "around": []}
    return [text(row) for row in [*report["khi"], *beside["own"], *beside["around"]]]


def area(release):
    """The area below a nation with most figures that are shown."""
    shown = [cell["place"]["code"] for cell in release["cells"] if cell["place"]["level"] == "region" and cell["percent"] is not None]
    return max(set(shown), key=lambda code: (shown.count(code), code))


def scheme_sizes(release):
    """Schemes of the release, those with most figures that are shown first."""
    places = sorted({cell["place"]["code"] for cell in release["cells"] if cell["place"]["level"] == "scheme"})
    shown = [cell["place"]["code"] for cell in release["cells"] if cell["place"]["level"] == "scheme" and cell["percent"] is not None]
    return sorted(places, key=lambda code: -shown.count(code))


def public(client, release, place, form, language):
    answer = client.send("GET", f"/releases/{release}/report/{place}.{form}?language={language}")
    if answer.status != 200:
        raise RuntimeError(f"{place}.{form}: {answer.status}")
    if form == "html":
        # The report, without the page around it, which is the site's.
        page = answer.body.decode("utf-8")
        return page[page.index("<article") : page.index("</article>")].encode("utf-8")
    return answer.body


def written(khi, folder, scheme, language):
    out = folder / "reports"
    done = khi.run("report", scheme, "--out", str(out), "--language", language, *[part for form in FORMS for part in ("--format", form)])
    if done.returncode:
        raise RuntimeError(f"khi report {scheme}: {done.stderr}")
    done = khi.run("report", scheme, "--out", str(out), "--language", language, "--part", "poster", "--format", "pdf")
    if done.returncode:
        raise RuntimeError(f"khi report {scheme} --part poster: {done.stderr}")
    return {form: next(out.glob(f"{scheme}-????-??.{language}.{form}")).read_bytes() for form in FORMS}


def check(name, files, largest):
    """What is wrong in the files of one report. The largest file of each form is kept, for planting."""
    permitted = Permitted(json.loads(files["json"]))
    found = [f"{name}.{form}: {stranger}" for form, data in files.items() for stranger in strangers(form, data, permitted)]
    for form, data in files.items():
        if len(data) > len(largest.get(form, (b"",))[0]):
            largest[form] = (data, permitted)
    sizes = ", ".join(f"{form} {len(data) // 1024} KiB" for form, data in files.items())
    print(f"{name}: {sizes}: {'every number is permitted' if not found else 'WRONG'}", flush=True)
    return found


def unseen(largest):
    """Plants a number wherever one could hide, and says where it was not seen."""
    for form, plants in PLANTS.items():
        data, permitted = largest[form]
        for where, plant in plants.items():
            planted = plant(data)
            seen = planted != data and any(PLANTED in one for one in strangers(form, planted, permitted))
            print(f"planted in {form}, {where}: {'seen' if seen else 'NOT SEEN'}")
            if not seen:
                yield f"a number planted in {form}, {where}, is not seen"


def replaced(old, new):
    return lambda data: data.replace(old.encode(), new.encode(), 1)


def row_moved(data):
    """The first count of the rows is another."""
    report = json.loads(data)
    next(row for row in report["khi"] if row["n"] is not None)["n"] = float(PLANTED)
    return json.dumps(report).encode()


def csv_moved(data):
    lines = data.decode().splitlines()
    last = next(index for index in range(len(lines) - 1, 0, -1) if re.search(r",\d+(\.\d+)?$", lines[index]))
    lines[last] = lines[last].rpartition(",")[0] + "," + PLANTED
    return "\n".join(lines).encode()


def in_pdf(change):
    """A PDF of which something is another."""
    def planted(data):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    return planted


def words_of_page(writer):
    page = writer.pages[-1]
    page["/Resources"].get_object().setdefault(NameObject("/Font"), DictionaryObject()).get_object()[NameObject("/Plant")] = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"), NameObject("/BaseFont"): NameObject("/Helvetica")})
    more = DecodedStreamObject()
    more.set_data(f"BT /Plant 10 Tf 100 300 Td ({PLANTED}) Tj ET".encode())
    old = page["/Contents"]
    page[NameObject("/Contents")] = ArrayObject([*(old.get_object() if isinstance(old.get_object(), ArrayObject) else [page.raw_get("/Contents")]), writer._add_object(more)])


def alternative_text(writer):
    figure = next(one for one in writer._objects if isinstance(one, DictionaryObject) and one.get("/S") == "/Figure")
    figure[NameObject("/Alt")] = TextStringObject(f"{figure['/Alt']} {PLANTED}")


def in_xlsx(name, old, new):
    """A workbook with something replaced in the first part of such a name that has it."""
    def planted(data):
        out = io.BytesIO()
        done = False
        with zipfile.ZipFile(io.BytesIO(data)) as files, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for part in files.namelist():
                content = files.read(part)
                if not done and re.fullmatch(name, part):
                    changed = re.sub(old, new, content.decode("utf-8"), count=1)
                    done, content = changed.encode("utf-8") != content, changed.encode("utf-8")
                copy.writestr(part, content)
        return out.getvalue() if done else data
    return planted


PLANTS = {
    "html": {"the text": replaced("</p>", f" {PLANTED}</p>"), "an alternative text": replaced('aria-label="', f'aria-label="{PLANTED} '),
             "a drawing": replaced("</text>", f"{PLANTED}</text>")},
    "pdf": {"the text of a page": in_pdf(words_of_page), "an alternative text": in_pdf(alternative_text),
            "a bookmark": in_pdf(lambda writer: writer.add_outline_item(title=f"Part {PLANTED}", page_number=0)),
            "the title of the file": in_pdf(lambda writer: writer.add_metadata({"/Title": f"Report {PLANTED}"}))},
    "xlsx": {"a cell": in_xlsx(r"xl/worksheets/sheet2\.xml", r"(<c r=\"[A-Z]+\d+\" s=\"\d+\"><v>)[\d.]+", rf"\g<1>{PLANTED}"),
             "words of a cell": in_xlsx(r"xl/sharedStrings\.xml", "</t>", f" {PLANTED}</t>"),
             "what a chart keeps": in_xlsx(r"xl/charts/chart\d+\.xml", r"(<c:numCache>.*?<c:v>)[\d.]+", rf"\g<1>{PLANTED}"),
             "an alternative text": in_xlsx(r"xl/drawings/drawing\d+\.xml", 'descr="', f'descr="{PLANTED} '),
             "the foot of a printed page": in_xlsx(r"xl/worksheets/sheet\d+\.xml", "</oddFooter>", f" {PLANTED}</oddFooter>"),
             "the title of the file": in_xlsx(r"docProps/core\.xml", "</dc:title>", f" {PLANTED}</dc:title>")},
    "csv": {"a value": csv_moved},
    "json": {"a row": row_moved},
}


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
