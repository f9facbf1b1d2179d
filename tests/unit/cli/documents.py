"""Small documents of invented vendors, as `gen new` gets them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]

TEXT: Json = {"type": "string"}
TIME: Json = {"type": "string", "format": "date-time"}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def some(**properties: Json) -> Json:
    """Return the schema of an object."""
    return {"type": "object", "properties": properties}


def many(item: Json) -> Json:
    return {"type": "array", "items": item}


def operation(name: str, returns: Json | None, accepts: Json | None = None, query: Mapping[str, Json] | None = None) -> Json:
    """Return an operation; `returns` None: a response without a schema."""
    content = {"application/json": {"schema": returns}} if returns is not None else {}
    parameters = [{"name": key, "in": "query", "schema": schema} for key, schema in (query or {}).items()]
    body = {"requestBody": {"required": True, "content": {"application/json": {"schema": accepts}}}} if accepts is not None else {}
    return {"operationId": name, "parameters": parameters, "responses": {"200": {"description": "", "content": content}}, **body}


def save(folder: Path, name: str, paths: Mapping[str, Mapping[str, Json]], server: str = "https://api.vendor.io", **schemas: Json) -> None:
    """Write a document; parameters of paths are declared as text."""
    for path, item in paths.items():
        found = [part.split("}")[0] for part in path.split("{")[1:]]
        item["parameters"] = [{"name": one, "in": "path", "required": True, "schema": TEXT} for one in found]  # type: ignore[index]
    document = {
        "openapi": "3.0.3",
        "info": {"title": name, "version": "1"},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    (folder / f"{name}.json").write_text(json.dumps(document))
