"""Sample files of these tests: mappings of ten vendors, and the parser of each kind of file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from unified_gen.language.json_schema import schema_for_models, schema_for_resources, schema_for_vendors
from unified_gen.language.parse import parse_model, parse_resource, parse_vendor
from unified_openapi.diagnostics import Diagnostic

FOLDER = Path(__file__).parent / "samples"
FILES = sorted(FOLDER.rglob("*.yaml"))
KINDS = ("model", "vendor", "resource")


def kind_of(file: Path) -> str:
    if file.parent.name == "models":
        return "model"
    return "vendor" if file.name == "vendor.yaml" else "resource"


def parse(kind: str, text: str, file: str = "mappings/vendors/acme/tasks.yaml") -> tuple[Any, tuple[Diagnostic, ...]]:
    match kind:
        case "model":
            return parse_model(text, file)
        case "vendor":
            return parse_vendor(text, file)
    return parse_resource(text, file, "acme")


_FENCE = re.compile(r"^```yaml (model|vendor|mapping)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REST = {
    "model": {
        "resource": "resource: samples",
        "record": "record: Sample",
        "summary": "summary: A sample",
        "fields": "fields: {id: {type: id, read_only: true, summary: What identifies it}}",
        "operations": "operations: {get: {summary: Read one}}",
    },
    "vendor": {"name": "name: Sample"},
    "mapping": {
        "resource": "resource: samples",
        "schema": "schema: Sample",
        "fields": "fields: {id: {read: id}}",
        "operations": "operations: {get: {operation: getSample, params: id}}",
    },
}


def fragments(markdown: str) -> list[tuple[str, str]]:
    """Yield the fenced examples of a text that name their kind of file, each completed to an entire file."""
    found = []
    for kind, text in _FENCE.findall(markdown):
        rest = [line for key, line in _REST[kind].items() if re.search(rf"^{key}:", text, re.MULTILINE) is None]
        found.append(("resource" if kind == "mapping" else kind, text + "\n".join(rest) + "\n"))
    return found


def schema(kind: str) -> dict[str, Any]:
    return {"model": schema_for_models, "vendor": schema_for_vendors, "resource": schema_for_resources}[kind]()
