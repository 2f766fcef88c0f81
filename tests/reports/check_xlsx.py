"""Opens workbooks with openpyxl and holds their cells against the documents they were made from.

usage: check_xlsx.py FOLDER (of documents.json and the workbooks)
"""

import json
import re
import sys
import zipfile
from pathlib import Path

import openpyxl

FORMATS = {"count": "#,##0", "percent": "0.0%", "pounds": "£#,##0.00"}


def main() -> int:
    folder = Path(sys.argv[1])
    documents = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    wrong = []
    for name, document in documents.items():
        path = folder / f"{name}.xlsx"
        book = openpyxl.load_workbook(path)
        found = check(book, document, path)
        wrong += [f"{name}.xlsx: {what}" for what in found]
        charts = sum(len(sheet._charts) for sheet in book.worksheets)
        print(f"{name}.xlsx: {len(book.sheetnames)} sheets, {charts} drawings, {'as it should be' if not found else 'WRONG'}")
        # The same workbook with one number moved, and with one number as text, must be seen.
        if any(tables(document)):
            for change in (moved, as_text):
                changed = openpyxl.load_workbook(folder / f"{name}.xlsx")
                if change(changed) and not check(changed, document, path):
                    wrong.append(f"{name}.xlsx: {change.__name__} is not seen")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def tables(document):
    for section in document["sections"]:
        for block in section["blocks"]:
            if block["block"] == "table":
                yield section, block
            elif block["block"] == "chart":
                yield section, block["table"]


def silent_drawings(path):
    """Parts with a chart that nothing is said of: what writes the file leaves out texts that are too long."""
    with zipfile.ZipFile(path) as files:
        for name in files.namelist():
            if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
                frames = re.findall(r"<xdr:graphicFrame.*?</xdr:graphicFrame>", files.read(name).decode("utf-8"), re.DOTALL)
                if not all(re.search(r'<xdr:cNvPr [^>]*descr="[^"]+"', frame) for frame in frames):
                    yield name


def check(book, document, path):
    if book.properties.title != document["title"]:
        return [f"the title is {book.properties.title!r}"]
    wrong = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            wrong += [f"{sheet.title} {cell.coordinate} is a formula" for cell in row if cell.data_type == "f"]
        if int(sheet.page_setup.paperSize or 0) != 9:
            wrong.append(f"{sheet.title} is not for A4")
        if not sheet.freeze_panes:
            wrong.append(f"{sheet.title}: nothing stays in sight")
    wrong += [f"a drawing of {name} has no alternative text" for name in silent_drawings(path)]
    below = {}
    for section, table in tables(document):
        sheet = next((s for s in book.worksheets if s["A1"].value == section["title"]), None)
        if sheet is None:
            wrong.append(f"no sheet for {section['title']}")
            continue
        # Tables of one sheet may have the same caption: they stand in the order of the document.
        after = below.get(sheet.title, 1)
        at = next((c.row for c in sheet["A"] if c.row > after and c.value == table["caption"]), None)
        if at is None:
            wrong.append(f"{sheet.title}: no table {table['caption']!r}")
            continue
        below[sheet.title] = at
        heads = [sheet.cell(at + 1, column + 1).value for column in range(len(table["columns"]))]
        if heads != [column["title"] for column in table["columns"]]:
            wrong.append(f"{sheet.title}: headings {heads}")
        for offset, row in enumerate(table["rows"], start=2):
            wrong += [f"{sheet.title}: {what}" for what in check_row(sheet, at + offset, row)]
    return wrong


def check_row(sheet, number, row):
    if sheet.cell(number, 1).value != row["head"]:
        yield f"row {number} is of {sheet.cell(number, 1).value!r}, not {row['head']!r}"
    for column, value in enumerate(row["cells"], start=2):
        cell = sheet.cell(number, column)
        kind = value["kind"] if isinstance(value["kind"], str) else "number"
        if kind in ("text", "absent") or value["number"] is None:
            if cell.value != value["text"]:
                yield f"{cell.coordinate}: {cell.value!r}, not {value['text']!r}"
            continue
        wanted = value["number"] / 100 if kind == "percent" else value["number"]
        if cell.data_type != "n" or cell.value is None or abs(cell.value - wanted) > 1e-9:
            yield f"{cell.coordinate}: {cell.value!r}, not {wanted}"
        if kind in FORMATS and cell.number_format != FORMATS[kind]:
            yield f"{cell.coordinate}: format {cell.number_format}"


def first_number(book):
    for sheet in book.worksheets[1:-1]:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "n" and cell.value is not None:
                    return cell
    return None


def moved(book):
    cell = first_number(book)
    if cell is not None:
        cell.value += 0.001
    return cell is not None


def as_text(book):
    cell = first_number(book)
    if cell is not None:
        cell.value = f"{cell.value}"
    return cell is not None


if __name__ == "__main__":
    sys.exit(main())
