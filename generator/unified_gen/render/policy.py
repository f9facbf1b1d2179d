"""Cedar schema of the unified models: the names a policy may use, so that its mistakes are found before it is used.

Actions are operations (`Action::"tasks.create"`), in groups by effect and resource; records are entities; inputs are in the context.
The format is Cedar's JSON schema: docs.cedarpolicy.com/schema/json-schema.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from unified_gen.language import ast
from unified_gen.lower.signatures import finds_custom, input_class
from unified_gen.render.catalog import EFFECTS

PRINCIPAL = "Agent"

_TYPES: dict[str, dict[str, Any]] = {
    "boolean": {"type": "Boolean"},
    "integer": {"type": "Long"},
    "decimal": {"type": "Extension", "name": "decimal"},
    "date": {"type": "Extension", "name": "datetime"},
    "datetime": {"type": "Extension", "name": "datetime"},
    "bytes": {"type": "Long"},
}
"""Cedar's types by unified types; types that are not listed are text. Of bytes a policy sees only the number."""

_TEXT = {"type": "String"}


def cedar_schema(models: Iterable[ast.Model]) -> dict[str, Any]:
    """Return the schema of these models and their operations."""
    entities: dict[str, Any] = {PRINCIPAL: {}}
    groups: dict[str, Any] = {"read": {}, "write": {}, "destructive": {"memberOf": [{"id": "write"}]}}
    actions: dict[str, Any] = {}
    for model in models:
        entities[model.record.value] = {"shape": _record(_fields(model.fields))}
        groups[model.resource.value] = {}
        for operation in model.operations:
            writes = operation.kind in ("create", "update") and any(operation.takes(field) for field in model.fields)
            has_custom = writes or finds_custom(model, operation)
            written = {"custom_fields": _needed(_FIELDS)} if has_custom else {}
            actions[f"{model.resource}.{operation.name}"] = {
                "memberOf": [{"id": EFFECTS.get(operation.kind, "read")}, {"id": model.resource.value}],
                "appliesTo": {
                    "principalTypes": [PRINCIPAL],
                    "resourceTypes": [model.record.value],
                    "context": _record({**_CONTEXT, **written, "input": _needed(_record(_inputs(model, operation)))}),
                },
            }
    added = {"Fields": {"tags": _VALUE}} if any("custom_fields" in _attributes(action) for action in actions.values()) else {}
    own = {"commonTypes": _COMMON, "entityTypes": added, "actions": {}}
    return {"": {"entityTypes": entities, "actions": groups | actions}, _OWN: own}


def _attributes(action: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = action["appliesTo"]["context"]["attributes"]
    return found


def _inputs(model: ast.Model, operation: ast.ModelOperation) -> dict[str, Any]:
    """Return the inputs of a call: ids, and the fields of its input model."""
    found = {given.name.value: kind for given in operation.inputs if (kind := _type(given.type)) is not None}
    if input_class(model, operation) is not None and operation.kind in ("create", "update"):
        found |= _fields((field for field in model.fields if not field.read_only), labels=False)
    return found


def _fields(fields: Iterable[ast.ModelField], *, labels: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        kind = _type(field.type)
        if kind is not None:
            found[field.name.value] = kind
        if field.label and labels:
            found[f"{field.name}_label"] = dict(_TEXT)
    return found


def _type(type: ast.Type) -> dict[str, Any] | None:
    """Return the type in Cedar; None for a union of several, which Cedar has no type for."""
    if type.arms:
        arms = [_type(arm) for arm in type.arms]
        return arms[0] if all(arm == arms[0] for arm in arms) else None
    one = _record(_fields(type.fields)) if type.kind == "object" else dict(_TYPES.get(type.kind, _TEXT))
    return {"type": "Set", "element": one} if type.many else one


def _record(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose attributes are optional, unless they are declared as required."""
    return {"type": "Record", "attributes": {name: {"required": False, **kind} for name, kind in attributes.items()}}


def _needed(kind: dict[str, Any]) -> dict[str, Any]:
    return {**kind, "required": True}


_OWN = "Policy"
"""Namespace of the types that are not records, so that no record's name can collide with one."""

_COMMON = {
    "Clock": {
        "type": "Record",
        "attributes": {
            "date": {"type": "Extension", "name": "datetime"},
            "hour": {"type": "Long"},
            "minute": {"type": "Long"},
            "weekday": {"type": "Long"},
        },
    },
    "Request": {"type": "Record", "attributes": {name: dict(_TEXT) for name in ("method", "host", "path", "endpoint")}},
}
"""`Clock` is the time in the policy's time zone; `weekday` counts from 1, Monday, as ISO 8601 does. `Request` is one to be sent."""

_FIELDS = {"type": "Entity", "name": f"{_OWN}::Fields"}
_VALUE = _record(
    {
        "text": _TEXT,
        "texts": {"type": "Set", "element": _TEXT},
        "number": {"type": "Extension", "name": "decimal"},
        "truth": {"type": "Boolean"},
        "time": {"type": "Extension", "name": "datetime"},
    }
)
"""Fields that an account has added, which no schema can name: an entity whose tags are their values, each in the attribute of its type."""

_CONTEXT = {
    "now": _needed({"type": "Extension", "name": "datetime"}),
    "local": _needed({"type": "EntityOrCommon", "name": f"{_OWN}::Clock"}),
    "vendor": _needed(dict(_TEXT)),
    "host": _needed(dict(_TEXT)),
    "tenant": _needed(dict(_TEXT)),
    "connection": dict(_TEXT),
    "user": dict(_TEXT),
    "on_behalf_of": dict(_TEXT),
    "account_id": dict(_TEXT),
    "cleared": _needed({"type": "Set", "element": dict(_TEXT)}),
    "extra": _needed({"type": "Set", "element": dict(_TEXT)}),
    "extra_fields": {"type": "Set", "element": dict(_TEXT)},
    "request": {"type": "EntityOrCommon", "name": f"{_OWN}::Request"},
}
"""Context of every policy request, in addition to its input."""
