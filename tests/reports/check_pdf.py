"""Holds PDFs against PDF/UA-1 with a program that is not ours, and shows that it would see what is wrong.

usage: check_pdf.py FILE...
Needs page-validation (tests/reports/run installs it). The first file is damaged in several ways, and each must fail.
"""

import sys

import page

# What is taken out of a sound file, by bytes of the same length so that every offset in it stays right, and what that breaks.
DAMAGES = [
    (b"/MarkInfo", b"/MarkInfx", "it says that it is tagged"),
    (b"/StructTreeRoot", b"/StructTreeRoox", "it has a structure tree"),
    (b"/Lang", b"/Lanx", "it has a language"),
    (b"/DisplayDocTitle", b"/DisplayDocTitlx", "its title is shown"),
    (b"pdfuaid:part", b"pdfuaid:parx", "it says which standard it keeps"),
    (b"/Alt", b"/Alx", "drawings have an alternative text"),
    (b"/Tabs", b"/Tabx", "links are reached in the order in which they are read"),
    (b"/ToUnicode", b"/ToUnicodx", "letters can be read aloud"),
    (b"/S/TR", b"/S/TX", "rows of tables are rows"),
]


def main() -> int:
    files = sys.argv[1:]
    if not files:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = []
    for file in files:
        with open(file, "rb") as opened:
            report = verdict(opened.read())
        print(f"{file}: {report.rules.passed} of {report.rules.total} rules kept")
        if not report.is_compliant:
            wrong.append(f"{file}: {[f'{failure.rule_id}: {failure.message}' for failure in report.failures][:5]}")
    with open(files[0], "rb") as opened:
        sound = opened.read()
    for whole, broken, rule in DAMAGES:
        spaced = whole.replace(b"/S/", b"/S /")
        damaged = sound.replace(whole, broken).replace(spaced, broken.replace(b"/S/", b"/S /"))
        if damaged == sound:
            wrong.append(f"{files[0]}: nothing to damage: {whole!r}")
        elif seems_sound(damaged):
            wrong.append(f"{files[0]}: the checker does not see that this was damaged: {rule}")
        else:
            print(f"damaged, and seen: {rule}")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def verdict(pdf: bytes):
    return page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)


def seems_sound(pdf: bytes) -> bool:
    try:
        return verdict(pdf).is_compliant
    except page.PageError:
        return False


if __name__ == "__main__":
    sys.exit(main())
