#!/usr/bin/env python3
"""What khi is made of: a CycloneDX list of parts (SBOM), Debian's copyright file, and the texts of all licences.

    parts.py TARGET FOLDER      writes khi.cdx.json, copyright and licences.txt for the target triple

Everything comes from `cargo metadata`, Cargo.lock and the sources of the crates; only what goes into the program is listed.
"""
import datetime, glob, json, os, pathlib, re, subprocess, sys, tomllib, uuid

ROOT = pathlib.Path(__file__).resolve().parents[1]
TEXTS = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def metadata(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def used(found):
    """The packages that go into the program, and what each needs; without what is used for tests or while building only."""
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    root, needs, waiting = found["resolve"]["root"], {}, [found["resolve"]["root"]]
    while waiting:
        package = waiting.pop()
        if package not in needs:
            needs[package] = sorted(d["pkg"] for d in nodes[package]["deps"] if any(kind["kind"] is None for kind in d["dep_kinds"]))
            waiting += needs[package]
    packages = {package["id"]: package for package in found["packages"]}
    return packages[root], {name: packages[name] for name in needs if name != root}, needs


def sqlite(packages):
    """SQLite itself, whose source is inside a crate."""
    crate = next(p for p in packages.values() if p["name"] == "libsqlite3-sys")
    header = pathlib.Path(crate["manifest_path"]).parent / "sqlite3/sqlite3.h"
    version = re.search(r'#define SQLITE_VERSION\s+"([^"]+)"', header.read_text()).group(1)
    return crate["id"], {"type": "library", "bom-ref": f"sqlite@{version}", "name": "SQLite", "version": version, "cpe": f"cpe:2.3:a:sqlite:sqlite:{version}:*:*:*:*:*:*:*",
                         "licenses": [{"license": {"name": "Public domain"}}]}


def licence(package):
    return (package["license"] or "").replace("/", " OR ") or None


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def bill(root, packages, needs):
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    sums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    components = []
    for package in sorted(packages.values(), key=reference):
        part = {"type": "library", "bom-ref": reference(package), "name": package["name"], "version": package["version"], "purl": reference(package), "scope": "required"}
        if licence(package):
            part["licenses"] = [{"expression": licence(package)}]
        if checksum := sums.get((package["name"], package["version"])):
            part["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        components.append(part)
    everything = {**packages, root["id"]: root}
    edges = {reference(everything[name]): [reference(everything[d]) for d in below] for name, below in needs.items()}
    holder, engine = sqlite(packages)
    components.append(engine)
    edges[reference(packages[holder])].append(engine["bom-ref"])
    edges[engine["bom-ref"]] = []
    at = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    main = {"type": "application", "bom-ref": reference(root), "name": root["name"], "version": root["version"], "purl": reference(root),
            "licenses": [{"expression": root["license"]}]}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components, sort_keys=True))}",
        "metadata": {"timestamp": datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "component": main},
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": sorted(below)} for name, below in sorted(edges.items())],
    }


def texts(packages):
    """Every licence text that comes with a crate, once, with the crates that it comes with."""
    found = {}
    for package in sorted(packages.values(), key=reference):
        folder = pathlib.Path(package["manifest_path"]).parent
        for path in sorted(glob.glob(f"{folder}/*")):
            if TEXTS.match(os.path.basename(path)) and os.path.isfile(path):
                text = pathlib.Path(path).read_text(errors="replace").strip()
                names = found.setdefault(re.sub(r"\s+", " ", text), (text, []))[1]
                if package["name"] not in names:
                    names.append(package["name"])
    font = pathlib.Path(__file__).parents[1] / "assets/fonts/AtkinsonHyperlegibleNext-OFL.txt"
    found["font"] = (font.read_text().strip(), ["the typeface of letters, Atkinson Hyperlegible Next"])
    return "\n\n".join(f"{'=' * 78}\n{', '.join(names)}\n{'=' * 78}\n\n{text}" for text, names in found.values()) + "\n"


def copyright_file(root, packages):
    lines = ["Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/", "Upstream-Name: khi", "", "Files: *",
             "Copyright: the authors of khi", f"License: {root['license']}", "Comment:",
             " Each questionnaire and instrument carries its own licence in its file (khi check names it). Contains ONS data and items, Crown copyright,",
             " under the Open Government Licence v3.0. The typeface of letters is Atkinson Hyperlegible Next, copyright 2020-2024 its project authors, OFL-1.1.", " .",
             " The program contains these libraries, each under its own licence; the texts are in licences.txt.gz beside this file:"]
    for package in sorted(packages.values(), key=reference):
        lines.append(f" {package['name']} {package['version']}: {licence(package) or 'see its text'}")
    lines += [f" SQLite {sqlite(packages)[1]['version']}: public domain", "", f"License: {root['license']}",
              " On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.", ""]
    return "\n".join(lines)


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    root, packages, needs = used(metadata(target))
    (folder / "khi.cdx.json").write_text(json.dumps(bill(root, packages, needs), indent=1) + "\n")
    (folder / "copyright").write_text(copyright_file(root, packages))
    (folder / "licences.txt").write_text(texts(packages))


if __name__ == "__main__":
    main()
