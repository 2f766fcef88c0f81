#!/usr/bin/env python3
"""Validates every example of the API's description against its schema (JSON Schema 2020-12).

    pip install jsonschema && tests/openapi/check_examples.py [openapi.json]

Exits with 1 and one line per fault if an example does not fit, is missing from a body, or a schema is not one.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DESCRIPTION = Path(__file__).parents[2] / "src/web/api/openapi.json"
BASE = "urn:khi:openapi"


def main(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    registry = Registry().with_resource(BASE, DRAFT202012.create_resource(document))
    faults, checked = [], 0

    def validate(pointer, schema_pointer, value):
        nonlocal checked
        checked += 1
        schema = {"$ref": f"{BASE}#{schema_pointer}"}
        validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
        for error in validator.iter_errors(value):
            place = "/".join(map(str, error.absolute_path))
            faults.append(f"{pointer}: at “{place}”: {error.message[:200]}")

    def look(node, pointer):
        """Finds every place that has a schema beside it, which is where OpenAPI puts examples."""
        if isinstance(node, list):
            for index, element in enumerate(node):
                look(element, f"{pointer}/{index}")
        if not isinstance(node, dict):
            return
        if "schema" in node and not pointer.endswith("/properties"):
            schema = f"{pointer}/schema"
            try:
                Draft202012Validator.check_schema(node["schema"])
            except SchemaError as error:
                faults.append(f"{schema}: {error.message}")
            for value in examples(node, document):
                validate(pointer, schema, value)
            if "/content/" in pointer and not any(True for _ in examples(node, document)):
                faults.append(f"{pointer}: a body without an example")
        for key, value in node.items():
            if key not in ("example", "examples", "schema", "schemas"):
                look(value, f"{pointer}/{escape(key)}")

    look(document, "")
    for name, schema in document["components"]["schemas"].items():
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            faults.append(f"/components/schemas/{name}: {error.message}")
    for fault in faults:
        print(fault)
    print(f"{checked} examples, {len(faults)} faults")
    return 1 if faults or not checked else 0


def examples(node, document):
    if "example" in node:
        yield node["example"]
    for example in node.get("examples", {}).values():
        while "$ref" in example:
            target = document
            for step in example["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            example = target
        yield example["value"]


def escape(key):
    # A pointer inside a URI fragment: JSON pointer's escapes, then percent-encoding of what a fragment may not hold.
    escaped = key.replace("~", "~0").replace("/", "~1")
    return escaped.replace("%", "%25").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DESCRIPTION))
