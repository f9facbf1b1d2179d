"""JSON Schemas (draft 2020-12) of the grammar, so that editors complete keys, show their meaning and mark errors.

The schemas accept a little more than the parser: a path is any text to them.
`python -m unified_gen.language.json_schema docs/reference/schemas` writes them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from unified_gen.language.kinds import Definitions, Kind
from unified_gen.language.models import MODEL
from unified_gen.language.resources import RESOURCE
from unified_gen.language.vendors import VENDOR
from unified_openapi.source.spans import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_for_models() -> dict[str, Json]:
    """Return the schema of `mappings/models/<resource>.yaml`."""
    return _schema(MODEL, "A unified resource", "The record of a resource and what can be done with it: mappings/models/<resource>.yaml.")


def schema_for_vendors() -> dict[str, Json]:
    """Return the schema of `mappings/vendors/<vendor>/vendor.yaml`."""
    return _schema(VENDOR, "A vendor", "How a vendor is reached: mappings/vendors/<vendor>/vendor.yaml.")


def schema_for_resources() -> dict[str, Json]:
    """Return the schema of `mappings/vendors/<vendor>/<resource>.yaml`."""
    return _schema(RESOURCE, "A mapping", "How a unified resource is at one vendor: mappings/vendors/<vendor>/<resource>.yaml.")


def files() -> dict[str, str]:
    """Return the schemas as they are committed: file name to text."""
    schemas = {"model.json": schema_for_models(), "vendor.json": schema_for_vendors(), "resource.json": schema_for_resources()}
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def _schema(grammar: Kind[Any], title: str, description: str) -> dict[str, Json]:
    definitions: Definitions = {}
    body = grammar.schema(definitions)
    named: dict[str, Json] = {name: definitions[name] for name in sorted(definitions)}
    return {"$schema": DIALECT, "title": title, "description": description, **body, **({"$defs": named} if named else {})}


def main(arguments: list[str]) -> int:
    """Write the schemas into the folder that is named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m unified_gen.language.json_schema FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
