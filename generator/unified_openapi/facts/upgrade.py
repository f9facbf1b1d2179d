"""Upgrade of OpenAPI 3.0 to 3.1, for vendors that publish documents of both versions.

Source: https://www.openapis.org/blog/2021/02/16/migrating-from-openapi-3-0-to-3-1-0.
"""

from __future__ import annotations

from typing import Any

from unified_openapi.documents.structure import walk


def upgrade(root: dict[str, Any]) -> dict[str, Any]:
    """Return the document as OpenAPI 3.1; one that is newer than 3.0 stays as it is. The tree is changed."""
    if not root["openapi"].startswith("3.0"):
        return root
    for endpoint in list(walk(root)):
        if endpoint.kind == "schema":
            _schema(endpoint.value)
    root["openapi"] = "3.1.0"
    return root


def _schema(schema: dict[str, Any]) -> None:
    if schema.pop("nullable", None) is True:
        _allow_null(schema)
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(flag), bool):
            excluded = schema.pop(flag)
            if excluded and bound in schema:
                schema[flag] = schema.pop(bound)


def _allow_null(schema: dict[str, Any]) -> None:
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    elif "$ref" in schema or "allOf" in schema or "oneOf" in schema:
        inner = dict(schema)
        schema.clear()
        schema["anyOf"] = [inner, {"type": "null"}]
    elif "anyOf" in schema:
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
