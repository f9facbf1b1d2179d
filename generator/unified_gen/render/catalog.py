"""Catalog of a vendor: operations, effects, scopes, fields, unsupported entries; and the schema of `extra`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from unified_gen.language import ast
from unified_gen.lower.unsupported import input_names, lacking
from unified_gen.render.oauth import oauth_facts
from unified_gen.render.resources import batch_sizes, retry_class
from unified_gen.render.vendors import vendor_schemes
from unified_gen.resolve import aliases, passed, scopes
from unified_gen.resolve.inspection import takes_extra
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep, VendorUnit
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.patterns import linear
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.pointers import child, look_up

EFFECTS = {"create": "write", "update": "write", "delete": "destructive"}


def to_json(value: Any) -> str:
    """Return JSON as it is committed: readable, and the same on every machine."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def vendor_catalog(
    unit: VendorUnit, resources: list[ResolvedResource], used: Mapping[str, Mapping[str, frozenset[str]]], unchecked: Mapping[str, int]
) -> str:
    """Return the capability matrix of one vendor."""
    return to_json(
        {
            "vendor": unit.name,
            "title": unit.declaration.title,
            "documentation": unit.declaration.documentation,
            "connection": {
                value.name.value: {"summary": value.summary, "required": value.required} for value in unit.declaration.connection
            },
            "schemes": {name: kind for name, (kind, _) in vendor_schemes(unit, resources).items()},
            "events": [] if unit.declaration.webhooks is None else sorted({one.type.value for one in unit.declaration.webhooks.events}),
            "oauth": oauth_facts(unit.declaration.oauth, unit.declaration.connection),
            "resources": {
                resource.model.resource.value: {
                    **({} if resource.model.tools else {"tools": False}),
                    "operations": {
                        operation.name: _operation(resource, operation, used[resource.model.resource.value][operation.name])
                        for operation in resource.operations
                    },
                    "fields": {field.name: _field(resource, field.name, used[resource.model.resource.value]) for field in resource.fields},
                    **({"custom_fields": resource.custom_fields.pattern} if resource.custom_fields is not None else {}),
                    "unsupported": {name: reason.value for name, reason in resource.unsupported.items()},
                    "unchecked": unchecked.get(resource.model.resource.value, 0),
                }
                for resource in resources
            },
        }
    )


def _operation(resource: ResolvedResource, operation: ResolvedOperation, used: frozenset[str]) -> dict[str, Any]:
    return {
        "effect": effect(operation),
        **_scopes(resource, operation),
        "requires": sorted({reference.name for step in operation.steps for reference in step.requires}),
        "calls": [location for step in operation.steps for location in _locations(step)],
        "local": sorted({given.name.value for step in operation.steps for given in step.local_filters}),
        "inputs": [name for name in input_names(resource, operation) if name in used],
        "lacks": lacking(resource, operation, used),
        **({"proof": found} if (found := proof(operation)) is not None else {}),
        **({"batch": size} if (size := batch_sizes(resource).get(operation.name)) is not None else {}),
    }


def _locations(step: ResolvedStep) -> list[str]:
    """Return the endpoints that a step calls: its operation's, and those of the exchange that replaces it."""
    return [step.facts.endpoint, *(facts.endpoint for _, facts, _ in (step.exchange.operations if step.exchange is not None else ()))]


def effect(operation: ResolvedOperation) -> str:
    """Return read, write or destructive."""
    return EFFECTS.get(operation.kind, "read")


PROOFS = ("none", "exclusive", "mark", "key", "repeatable")
"""Proofs of a write whose response was lost, weakest first."""


def proof(operation: ResolvedOperation) -> str | None:
    """Return the proof that a write has at this vendor, of the request that has the least; None for an operation that reads.

    `repeatable`: every request can be sent again. `key`: the vendor accepts idempotency keys. `mark`: the record has an id of our making.
    `exclusive`: the record is found on connections that are declared exclusive. `none`: no proof exists.
    """
    if effect(operation) == "read":
        return None
    return min((_proof(operation, step) for step in operation.steps), key=PROOFS.index, default="repeatable")


def _proof(operation: ResolvedOperation, step: ResolvedStep) -> str:
    found = retry_class(operation, step)
    if found != "NEVER" and step.media is None:
        return "key" if found == "KEYED" else "repeatable"
    if step.reconcile is None:
        return "none"
    return (
        "mark"
        if step.reconcile.marked or step.reconcile.ast.conflict_on_duplicate
        else "exclusive"
        if step.reconcile.ast.by_account
        else "none"
    )


def _scopes(resource: ResolvedResource, operation: ResolvedOperation) -> dict[str, Any]:
    """Return the least OAuth scopes, by the vendor's document or, if it names none, by the vendor's file; and the alternatives that a
    client may have `instead` of one.
    """
    oauth = resource.unit.declaration.oauth
    prefer = oauth.preferred if oauth is not None else ()
    needed = tuple(scopes.requests(resource, operation, prefer))
    chosen = scopes.least(needed, prefer)
    if not chosen and oauth is not None:
        return {"scopes": [*oauth.scopes.get(effect(operation), ())]}
    others = scopes.instead(needed, chosen, prefer)
    return {"scopes": [*chosen], **({"instead": {name: [*found] for name, found in others.items()}} if others else {})}


def _field(resource: ResolvedResource, name: str, used: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    field = resource.field_of(name)
    assert field is not None
    reads = bool(field.read or field.columns or field.parts or field.by_type or field.slots or field.nested)
    writes = [o.name for o in resource.operations if o.model.takes(field.model) and name in used.get(o.name, ())]
    return {"read": reads, "write": writes}


# ------------------------------------------------------------------------------------------- extra
def extra_schemas(resources: list[ResolvedResource]) -> dict[str, Any]:
    """Return, by operation, the JSON Schema of the vendor's fields that a caller may pass through, without those the mapping writes."""
    found: dict[str, Any] = {}
    for resource in resources:
        for operation in resource.operations:
            if operation.kind in passed.KINDS:
                found |= _passed(resource, operation)
                continue
            step = takes_extra(operation)
            if step is not None:
                found[f"{resource.model.resource}.{operation.name}"] = _extra(resource, operation, step)
    return found


def _extra(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep) -> dict[str, Any]:
    paths = [
        (tuple(segment.name for segment in assignment.target.path.segments if isinstance(segment, Name)), assignment.origin == "default")
        for assignment in step.assignments
        if assignment.target.location == ("body" if step.body is not None else "query")
    ]
    taken = {path for path, is_default in paths if not is_default} - {path for path, is_default in paths if is_default}
    bundle = Bundle(resource.unit)
    if step.body is not None:
        schema = bundle.shape(step.body, taken, ())
        if resource.custom_fields is not None and resource.ast.custom_fields is not None and _in_record(resource.ast.custom_fields):
            schema["patternProperties"] = schema.get("patternProperties", {}) | {f"^(?:{resource.custom_fields.pattern})$": {}}
    else:
        parameters = [p for p in step.facts.parameters if p.location == "query" and (p.name,) not in taken]
        schema = {
            "type": "object",
            "properties": {p.name: bundle.schema(p.schema) for p in parameters},
            "additionalProperties": False,
        }
    schema = _with_custom_fields(schema, resource, operation)
    return {**schema, **({"definitions": bundle.definitions} if bundle.definitions else {}), **_aliases(resource, operation, step)}


def _passed(resource: ResolvedResource, operation: ResolvedOperation) -> dict[str, Any]:
    """Return the schema of what callers may add to a deletion or a list, by operation; none if nothing can be added.

    It has no `x-fields`: none of the names is a unified field, so that policies allow each by name, or not at all.
    """
    key, without = f"{resource.model.resource}.{operation.name}", resource.unsupported.get(f"{passed.PREFIX}.{operation.name}")
    if without is not None:
        return {key: {"x-unsupported": without.value}}
    bundle, adding = Bundle(resource.unit), passed.requests(resource, operation)
    accepted = passed.names(resource, operation)
    properties = {}
    for name in accepted:
        schema, *others = (bundle.schema(passed.inputs(resource, operation, step)[name]) for step in adding)
        others = [one for one in others if one != schema]
        properties[name] = {"allOf": [schema, *others]} if others else schema
    if not properties:
        return {}
    return {
        key: {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            **({"definitions": bundle.definitions} if bundle.definitions else {}),
            **({"x-excluded": excluded} if (excluded := passed.exceptions(resource, operation)) else {}),
        }
    }


def _with_custom_fields(schema: dict[str, Any], resource: ResolvedResource, operation: ResolvedOperation) -> dict[str, Any]:
    """Return the schema with the custom fields that other requests of the operation write."""
    declared = resource.ast.custom_fields
    written = declared.write if declared is not None else None
    if written is None or written.key is None or not any(step.ast.custom_fields is not None for step in operation.steps):
        return schema
    element = {"type": "object", "required": [written.key.value]}
    return {**schema, "properties": {**schema.get("properties", {}), written.path.path.names[0]: {"type": "array", "items": element}}}


def _in_record(custom: ast.CustomFields) -> bool:
    """Return true if custom fields are beside the vendor's own."""
    return custom.object is None and custom.items is None


def _aliases(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep) -> dict[str, Any]:
    """Return the unified fields that paths of `extra` write, for policies at run time. Validators ignore unknown keywords."""
    sets, custom = aliases.sets(resource, step), resource.ast.custom_fields
    written = custom.written_object if custom is not None else None
    below = "/".join(written.path.names) if written is not None else ""
    found = aliases.table(resource, operation, step)
    return {
        "x-fields": {"/".join(names): field if form == "part" else f"{field} {form}" for names, (field, form) in sorted(found.items())},
        **({"x-custom": {"names": custom.pattern.value, "below": below}} if custom is not None else {}),
        **({"x-sets": {"/".join(names): "/".join(target) for names, target in sets.items()}} if sets else {}),
    }


_DRAFT_07 = {
    "type", "enum", "const", "format", "required", "pattern", "uniqueItems", "multipleOf",
    "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "maxLength", "minLength",
    "maxItems", "minItems", "maxProperties", "minProperties",
}  # fmt: skip


def _checkable(pattern: str) -> str | None:
    """Return a pattern for the schema of extra fields. fastjsonschema must be able to compile it too, though it does not match with it."""
    found = linear(pattern)
    try:
        re.compile(found or "(")
    except re.error:
        return None
    return found


class Bundle:
    """Schemas of a vendor's document as self-contained JSON Schema (draft 07, which the runtime's validator reads)."""

    def __init__(self, unit: VendorUnit) -> None:
        self.unit = unit
        self.definitions: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def shape(self, shape: Shape, taken: set[tuple[str, ...]], path: tuple[str, ...]) -> dict[str, Any]:
        """Return an object's schema without the locations that the mapping already uses.

        It is closed, so that a slip is found, unless the vendor gives a schema for names that no one can list (Jira's `fields`).
        """
        names_anything = any(isinstance(self._at(origin).get("additionalProperties"), dict) for origin in shape.origins)
        properties: dict[str, Any] = {}
        for name, inner in shape.properties.items():
            here = (*path, name)
            if here in taken:
                if names_anything:
                    properties[name] = False
                continue
            deeper = any(other[: len(here)] == here for other in taken)
            properties[name] = self.shape(self.unit.schemas.shape(inner), taken, here) if deeper else self.schema(inner)
        rest = self.schema(shape.additional) if shape.additional is not None else names_anything
        found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": rest}
        if shape.patterns:
            found["patternProperties"] = {
                _checkable(pattern): self.schema(inner) for pattern, inner in shape.patterns if _checkable(pattern) is not None
            }
        return found

    def _at(self, pointer: str) -> dict[str, Any]:
        value = look_up(self.unit.document.root, pointer)
        return value if isinstance(value, dict) else {}

    def schema(self, pointer: str) -> dict[str, Any]:
        """Return a schema, its references turned into definitions of this bundle."""
        value = look_up(self.unit.document.root, pointer)
        return self._convert(value, pointer) if isinstance(value, dict) else {}

    def _convert(self, value: dict[str, Any], pointer: str) -> dict[str, Any]:
        if isinstance(value.get("$ref"), str):
            found: dict[str, Any] = {"$ref": self._reference(self.unit.schemas.target(pointer))}
            return _nullable(found) if value.get("nullable") is True else found
        found = {word: inner for word, inner in value.items() if word in _DRAFT_07}
        if isinstance(found.get("pattern"), str):
            found["pattern"] = _checkable(found["pattern"])
            if found["pattern"] is None:  # not enforced: see MAP221
                del found["pattern"]
        if found.get("format") in ("binary", "byte"):
            found.pop("format")
        for word in ("exclusiveMaximum", "exclusiveMinimum"):
            if isinstance(found.get(word), bool):  # OpenAPI 3.0 has it as a flag beside the bound
                limit = "maximum" if "Max" in word else "minimum"
                if found.pop(word) and limit in found:
                    found[word] = found.pop(limit)
        for word in ("properties", "patternProperties"):
            if isinstance(value.get(word), dict):
                names = {name: name if word == "properties" else _checkable(name) for name in value[word]}
                found[word] = {own: self.schema(child(pointer, word, name)) for name, own in names.items() if own is not None}
        for word in ("items", "additionalProperties", "not"):
            if isinstance(value.get(word), dict):
                found[word] = self.schema(child(pointer, word))
            elif isinstance(value.get(word), bool):
                found[word] = value[word]
        for word in ("allOf", "anyOf", "oneOf"):
            if isinstance(value.get(word), list):
                found[word] = [self.schema(child(pointer, word, index)) for index in range(len(value[word]))]
        return _nullable(found) if value.get("nullable") is True and "null" not in str(found.get("type")) else found

    def _reference(self, target: str) -> str:
        name = self._names.get(target)
        if name is None:
            name = self._names[target] = (
                target.rpartition("/")[2] if target.startswith("/components/schemas/") else f"schema{len(self._names)}"
            )
            self.definitions[name] = {}
            self.definitions[name] = self.schema(target)
        return f"#/definitions/{name}"


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
