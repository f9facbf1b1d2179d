"""A tool narrowed to the vendors that an agent has: what none of them takes is not shown, and so never tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_platform.catalog import Operation
from unified_platform.tools.definitions import Definition

_ALWAYS = ("cursor", "custom_fields", "limit")


def parameters(definition: Definition, offers: Mapping[str, Operation]) -> dict[str, Any]:
    """The JSON Schema of the tool's arguments for these vendors.

    A property stays if one of them takes it, a value of an enumeration if one of them has it. With a single vendor there is no `via` to
    choose, and what that vendor needs is required.
    """
    schema = definition.parameters
    inputs = {name for offer in offers.values() for name in offer.inputs}
    writes = definition.like in ("create", "update", "list", "changes")
    ids = [name for name in schema.get("required", ()) if name not in inputs]
    kept = {
        name: _values(name, one, offers)
        for name, one in schema["properties"].items()
        if name in inputs or name in _ALWAYS or name in ids or (not writes and name != "via")
    }
    if len(offers) > 1:
        kept["via"] = {"type": "string", "enum": sorted(offers)}
    required = [name for name in schema.get("required", ()) if name in kept]
    if len(offers) > 1:
        required.append("via")
    else:
        (offer,) = offers.values()
        required += [name for name in offer.requires if name in kept and name not in required]
    made: dict[str, Any] = {"type": "object", "properties": kept}
    if required:
        made["required"] = required
    return made


def _values(name: str, schema: Mapping[str, Any], offers: Mapping[str, Operation]) -> Mapping[str, Any]:
    if "enum" in schema:
        lacking = [set(offer.lacks.get(name, ())) for offer in offers.values() if name in offer.inputs]
        missing = set.intersection(*lacking) if lacking else set()
        return {**schema, "enum": [value for value in schema["enum"] if value not in missing]} if missing else schema
    return schema
