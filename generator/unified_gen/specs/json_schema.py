"""JSON Schemas (draft 2020-12) of files in `specs/<vendor>`.

In `facts.json.gz`, a document has the facts of each kind of object, and nothing else. The schema of `behaviour.yaml` is that of its types.
"""

from __future__ import annotations

from typing import Any

import msgspec

from unified_openapi.behaviour.load import BehaviourFile
from unified_openapi.behaviour.verified import VerifiedFile
from unified_openapi.documents.structure import KINDS, PartKind
from unified_openapi.facts.entries import FORMAT
from unified_openapi.facts.toolkit_exceptions import Exceptions

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": "string"}


def schema_for_facts() -> dict[str, Any]:
    """Return the schema."""
    entry = {
        "type": "object",
        "required": ["name", "version", "sha256", "format", "document"],
        "additionalProperties": False,
        "properties": {
            "name": {**_TEXT, "description": "The document's name below the folder of vendor documents, as in lock.json; or a product."},
            "version": {**_TEXT, "description": "info.version of the document."},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of the vendor's file; of the slice of a product."},
            "format": {**_TEXT, "description": "What the vendor published: Swagger 2.0 JSON."},
            "document": {"$ref": "#/$defs/document", "description": "An OpenAPI 3 document without prose."},
        },
    }
    return {
        "$schema": _DIALECT,
        "title": "Facts of complete documents",
        "description": "Facts of all operations of a vendor: specs/<vendor>/facts.json.gz, uncompressed.",
        "type": "object",
        "required": ["facts", "documents"],
        "additionalProperties": False,
        "properties": {"facts": {"const": FORMAT}, "documents": {"type": "array", "items": entry}},
        "$defs": {_name(kind): _definition(kind) for kind in KINDS.values() if kind.name != "callback"},
    }


def schema_for_behaviour() -> dict[str, Any]:
    """Return the schema of `specs/<vendor>/behaviour.yaml`."""
    schema = msgspec.json.schema(BehaviourFile)
    return {"$schema": _DIALECT, "title": "Behaviour of a vendor", **schema}


def schema_for_verified() -> dict[str, Any]:
    """Return the schema of `specs/<vendor>/verified.yaml`."""
    schema = msgspec.json.schema(VerifiedFile)
    return {"$schema": _DIALECT, "title": "Runs of the behaviour suite", **schema}


def schema_for_toolkit() -> dict[str, Any]:
    """Return the schema of `toolkit.yaml`, a shipped vendor's or a user's."""
    schema = msgspec.json.schema(Exceptions)
    return {"$schema": _DIALECT, "title": "Corrections of a toolkit", **schema}


def _name(kind: PartKind) -> str:
    return kind.name.replace(" ", "_")


def _definition(kind: PartKind) -> dict[str, Any]:
    members: dict[str, Any] = dict.fromkeys(kind.facts, True)
    for key, (inner, holds) in kind.parts.items():
        reference = {"$ref": f"#/$defs/{_name(KINDS[inner])}"}
        one = {"type": "array", "items": reference}, {"type": "object", "additionalProperties": reference}
        members[key] = reference if holds == "one" else one[0] if holds == "list" else one[1]
    members |= _MEMBERS.get(kind.name, {})
    found: dict[str, Any] = {"type": "object", "properties": dict(sorted(members.items())), "additionalProperties": False}
    if kind.name == "schema":  # JSON Schema 2020-12 has `true` and `false` as schemas
        found["type"] = ["object", "boolean"]
    if kind.name == "document":
        found["required"] = ["openapi", "info", "servers", "paths"]
    return found


_REFERENCE = {"$ref": _TEXT}
_MEMBERS: dict[str, dict[str, Any]] = {
    "document": {"openapi": {"type": "string", "pattern": r"^3\.[012]\."}},
    "operation": {"tags": {"type": "array", "items": _TEXT}},
    "response": {"description": {"const": ""}, **_REFERENCE},
    "flow": {"scopes": {"type": "object", "additionalProperties": {"const": ""}}},
    **dict.fromkeys(("schema", "parameter", "header", "request body", "security scheme"), _REFERENCE),
}
"""Members with a form of their own. OpenAPI requires the description of a response and of a scope: they are empty."""
