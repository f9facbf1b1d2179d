"""Narrowing of a tool's schema to an agent's vendors, without arguments and values that none of them accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from unified_platform.catalog.capabilities import Operation
from unified_platform.tools.definitions import Definition
from unified_runtime.adapter_api.extra_fields import schema_of
from unified_runtime.core.vendors import load
from unified_runtime.policy.written_fields import EVERY

_ALWAYS = ("cursor", "custom_fields", "limit")


def parameters(definition: Definition, offers: Mapping[str, Operation], extra: Sequence[str] = ()) -> dict[str, Any]:
    """Return the JSON Schema of the tool's arguments for these vendors.

    `extra` are the paths of vendors' own fields that the agent's toolset names: without any, the tool has no `extra`.

    A property stays if one of the vendors accepts it, an enum value if one of them has it. With a single vendor there is no `via`, and the
    properties that this vendor requires are required.
    """
    schema = definition.parameters
    inputs = {name for offer in offers.values() for name in offer.inputs}
    writes = definition.like in ("create", "update", "list", "changes")
    ids = [name for name in schema.get("required", ()) if name not in inputs]
    saved = {
        name: _values(name, one, offers)
        for name, one in schema["properties"].items()
        if name in inputs or name in _ALWAYS or name in ids or (not writes and name != "via")
    }
    if extra and (own := _extra(definition.operation, offers, extra)):
        saved["extra"] = own
    if len(offers) > 1:
        saved["via"] = {"type": "string", "enum": sorted(offers)}
    required = [name for name in schema.get("required", ()) if name in saved]
    if len(offers) > 1:
        required.append("via")
    else:
        (offer,) = offers.values()
        required += [name for name in offer.requires if name in saved and name not in required]
    made: dict[str, Any] = {"type": "object", "properties": saved}
    if required:
        made["required"] = required
    return made


def _extra(operation: str, vendors: Iterable[str], named: Sequence[str]) -> dict[str, Any] | None:
    """Return the schema of the vendors' own fields that a toolset names, by vendor; None if no vendor accepts any."""
    found: dict[str, Any] = {}
    for vendor in vendors:
        schema = schema_of(load(vendor), operation)
        own = [name.removeprefix(vendor).removeprefix(".") for name in named if name == EVERY or name.partition(".")[0] == vendor]
        own = [name for name in own if schema and _may_hold(schema, name)]
        if own:
            data = "any of its own fields" if {"", EVERY} & {*own} else f"of its own fields {', '.join(own)}"
            found[vendor] = {"type": "object", "additionalProperties": True, "description": f"As {vendor} writes them, {data}."}
    if not found:
        return None
    return {"type": "object", "properties": found, "description": "Fields that only one vendor has, by vendor."}


def _may_hold(schema: Mapping[str, Any], path: str) -> bool:
    """Return true if the vendor's own fields can begin with the first name of a path; also for every path."""
    first = path.partition(".")[0]
    is_open = schema.get("additionalProperties", True) is not False or "patternProperties" in schema
    return path in ("", EVERY) or first in schema.get("properties", {}) or is_open


def _values(name: str, schema: Mapping[str, Any], offers: Mapping[str, Operation]) -> Mapping[str, Any]:
    if "enum" in schema:
        lacking = [set(offer.lacks.get(name, ())) for offer in offers.values() if name in offer.inputs]
        missing = set.intersection(*lacking) if lacking else set()
        return {**schema, "enum": [value for value in schema["enum"] if value not in missing]} if missing else schema
    return schema
