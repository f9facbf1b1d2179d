"""Repairs that need the slice in one piece: defaults that their schemas refuse, names required or declared for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import SchemaError, UnknownType  # type: ignore[import-untyped]
from openapi_schema_validator import OAS30Validator, OAS31Validator, oas30_format_checker, oas31_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from unified_gen.diagnostics.model import Diagnostic
from unified_gen.documents.codes import REPAIRED, finding
from unified_gen.documents.conversion import mapping, sequence
from unified_gen.documents.load import Document
from unified_gen.documents.structure import walk
from unified_gen.documents.tidy import IN_PATH, resolved

_BASE = "urn:slice"


def mend_assembled(root: dict[str, Any], document: Document) -> list[Diagnostic]:
    """Mend a slice, which is changed, and say what was mended."""
    said = [*_strangers(root), *_defaults(root), *_required(root)]
    return [finding(REPAIRED, document.span(pointer), message) for pointer, message in said]


def _strangers(root: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A path parameter that the path does not have can be sent nowhere."""
    for path, item in root["paths"].items():
        names = set(IN_PATH.findall(path))
        for place in walk(item, "path item", ((None, "paths"), path)):
            if place.kind not in ("path item", "operation"):
                continue
            for parameter in list(place.value.get("parameters", ())):
                found = resolved(root, parameter) or {}
                if found.get("in") == "path" and found.get("name") not in names:
                    place.value["parameters"].remove(parameter)
                    yield place.pointer, f"the path parameter `{found.get('name')}` is no part of the path and was left out"


def _defaults(root: dict[str, Any]) -> Iterator[tuple[str, str]]:
    places = [place for place in walk(root) if place.kind == "schema" and "default" in place.value]
    if not places:
        return
    old = root["openapi"].startswith("3.0")
    registry: Registry[Any] = Registry().with_resource(_BASE, DRAFT202012.create_resource(root))
    validator: Any = OAS30Validator if old else OAS31Validator
    checker = oas30_format_checker if old else oas31_format_checker
    for place in places:
        schema = place.value
        judge = validator({"$ref": f"{_BASE}#{place.pointer}"}, registry=registry, format_checker=checker)
        written = schema["default"]
        if written is None and schema.get("nullable") is True:
            continue
        if isinstance(written, dict) and "$ref" in written:
            del schema["default"]
            yield place.pointer, "a default that looks like a reference was left out"
            continue
        if _accepts(judge, written):
            continue
        meant = next((value for value in _readings(written, schema) if _accepts(judge, value)), None)
        if meant is None:
            del schema["default"]
            yield place.pointer, f"the default {written!r} is none of this schema's values and was left out"
        else:
            schema["default"] = meant
            yield place.pointer, f"the default {written!r} is written {meant!r}"


def _accepts(judge: Any, value: Any) -> bool:
    try:
        return bool(judge.is_valid(value))
    except (SchemaError, UnknownType, ValueError):
        return False


def _readings(written: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """What a default may have been meant to be."""
    if isinstance(written, str):
        if written in ("true", "false"):
            yield written == "true"
        for number in (int, float):
            try:
                yield number(written)
            except ValueError:
                continue
        if schema.get("type") == "array":
            yield [word.strip() for word in written.split(",")]
    if isinstance(written, int | float) and not isinstance(written, bool):
        yield str(written)
    if schema.get("type") == "array" and not isinstance(written, list):
        yield [written]


def _required(root: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The validator refuses required names beside `allOf` that neither the schema nor its parts declare."""
    for place in walk(root):
        schema = place.value
        if place.kind != "schema" or "allOf" not in schema or not schema.get("required"):
            continue
        known = {*mapping(schema.get("properties"))}
        for arm in schema["allOf"]:
            known |= _declared(root, arm, 0)
        names = [name for name in schema["required"] if name in known]
        if len(names) != len(schema["required"]):
            gone = ", ".join(f"`{name}`" for name in schema["required"] if name not in known)
            yield place.pointer, f"{gone} is required but declared nowhere, and was left out"
            schema["required"] = names
            if not names:
                del schema["required"]


def _declared(root: dict[str, Any], schema: Any, depth: int) -> set[str]:
    schema = resolved(root, schema)
    if schema is None or depth > 20:
        return set()
    found = {*mapping(schema.get("properties"))}
    for key in ("allOf", "anyOf", "oneOf"):
        for arm in sequence(schema.get(key)):
            found |= _declared(root, arm, depth + 1)
    for key in ("items", "not"):
        if key in schema:
            found |= _declared(root, schema[key], depth + 1)
    return found
