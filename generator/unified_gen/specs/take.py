"""Extraction of the facts of operations as an OpenAPI document that validators accept.

Some repairs need the complete document: defaults that their schemas reject, and names that are required but not declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import SchemaError, UnknownType  # type: ignore[import-untyped]
from msgspec.structs import replace
from openapi_schema_validator import OAS30Validator, OAS31Validator, oas30_format_checker, oas31_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from unified_openapi.diagnostics.codes import REPAIRED
from unified_openapi.diagnostics.model import finding
from unified_openapi.documents.conversion import mapping, sequence
from unified_openapi.documents.document import Document
from unified_openapi.documents.normalization import resolved
from unified_openapi.documents.structure import walk
from unified_openapi.facts.extraction import Facts, extract, extract_all
from unified_openapi.schemas.patterns import in_python

_BASE = "urn:slice"


def take(document: Document, names: Iterable[str], keep: Mapping[str, Iterable[str]] | None = None, title: str | None = None) -> Facts:
    """Extract facts as `extract` does, and repair what a validator of OpenAPI rejects."""
    return _repaired(document, extract(document, names, keep, title))


def take_all(document: Document, title: str | None = None) -> Facts:
    """Extract the facts of a complete document as `extract_all` does, and repair what a validator of OpenAPI rejects."""
    return _repaired(document, extract_all(document, title))


def _repaired(document: Document, facts: Facts) -> Facts:
    repairs = [*_defaults(facts.root), *_required(facts.root)]
    return replace(facts, repairs=(*facts.repairs, *(finding(REPAIRED, message, document.span(pointer)) for pointer, message in repairs)))


def _defaults(root: dict[str, Any]) -> Iterator[tuple[str, str]]:
    locations = [location for location in walk(root) if location.kind == "schema" and "default" in location.value]
    if not locations:
        return
    old = root["openapi"].startswith("3.0")
    registry: Registry[Any] = Registry().with_resource(_BASE, DRAFT202012.create_resource(in_python(root)))
    validator: Any = OAS30Validator if old else OAS31Validator
    checker = oas30_format_checker if old else oas31_format_checker
    for location in locations:
        schema = location.value
        judge = validator({"$ref": f"{_BASE}#{location.pointer}"}, registry=registry, format_checker=checker)
        written = schema["default"]
        if written is None and schema.get("nullable") is True:
            continue
        if isinstance(written, dict) and "$ref" in written:
            del schema["default"]
            yield location.pointer, "a default that looks like a reference was left out"
            continue
        if _accepts(judge, written):
            continue
        meant = next((value for value in _readings(written, schema) if _accepts(judge, value)), None)
        if meant is None:
            del schema["default"]
            yield location.pointer, f"the default {written!r} is not one of this schema's values and was left out"
        else:
            schema["default"] = meant
            yield location.pointer, f"the default {written!r} is written {meant!r}"


def _accepts(judge: Any, value: Any) -> bool:
    try:
        return bool(judge.is_valid(value))
    except (SchemaError, UnknownType, ValueError):
        return False
    except re.error:  # a name of `patternProperties`: what it matches is unknown
        return True


def _readings(written: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """Yield values that a default was possibly intended to be."""
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
    """Yield required names beside `allOf` that neither the schema nor its parts declare: the validator refuses them."""
    for location in walk(root):
        schema = location.value
        if location.kind != "schema" or "allOf" not in schema or not schema.get("required"):
            continue
        known = {*mapping(schema.get("properties"))}
        for arm in schema["allOf"]:
            known |= _declared(root, arm, 0)
        names = [name for name in schema["required"] if name in known]
        if len(names) != len(schema["required"]):
            gone = ", ".join(f"`{name}`" for name in schema["required"] if name not in known)
            yield location.pointer, f"{gone} is required but declared nowhere, and was left out"
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
