"""Validation of values by a document's schemas, and the values of texts in a path, query or header."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from tests.support.judges.schemas import Closed
from tests.support.routes import resolved

_INTEGER = re.compile(r"-?(0|[1-9]\d*)")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")


class Values:
    """Validator of the values of one document: those of requests or, with `answers`, those of responses."""

    def __init__(self, document: Mapping[str, Any], *, responses: bool = False) -> None:
        self._document = document
        self._schemas = Closed(document, responses=responses)
        self._formats = not responses  # Jira's date-times, for example, do not have the format `date-time`
        # By the id of the schema's node, with a reference to the node, so that its id is not reused.
        self._validators: dict[int, tuple[Any, jsonschema_rs.Draft202012Validator]] = {}

    def check(self, schema: Any, value: Any, label: str) -> list[str]:
        """Return the reason that the value does not match the schema; None if it does."""
        if id(schema) not in self._validators:
            validator = jsonschema_rs.Draft202012Validator(self._schemas.schema(schema), validate_formats=self._formats)
            self._validators[id(schema)] = (schema, validator)
        errors = self._validators[id(schema)][1].iter_errors(value)
        return [f"{label}{''.join(f'.{step}' for step in error.instance_path)}: {error.message}"[:300] for error in errors]

    def reasons(self, parameter: Mapping[str, Any], texts: list[str]) -> list[str]:
        """Return the reason that these texts, all values of the parameter, are not valid; None if they are."""
        return self._read(parameter, texts)[1]

    def decoded(self, parameter: Mapping[str, Any], texts: list[str]) -> Any:
        """Return the value of the texts.

        Raises:
            ValueError: they are not valid.
        """
        value, reasons = self._read(parameter, texts)
        if reasons:
            raise ValueError("; ".join(reasons))
        return value

    def _read(self, parameter: Mapping[str, Any], texts: list[str]) -> tuple[Any, list[str]]:
        label = f"{parameter['in']} parameter {parameter['name']}"
        if "content" in parameter:
            ((_, media),) = parameter["content"].items()
            try:
                value = json.loads(texts[0])
            except ValueError as error:
                return texts[0], [f"{label} is not JSON: {error}"]
            return value, self.check(media["schema"], value, label)
        schema = parameter.get("schema") or {}
        if _is_array(self._document, schema):
            items = self._items(parameter, schema, texts)
            return items, self.check(schema, items, label)
        if len(texts) > 1:
            return texts, [f"{label} is given {len(texts)} times and is not a list"]
        reasons: list[str] = []
        for value in readings(texts[0]):
            if not (reasons := self.check(schema, value, label)):
                return value, []
        return texts[0], reasons

    def _items(self, parameter: Mapping[str, Any], schema: Any, texts: list[str]) -> list[Any]:
        style = parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple")
        separator = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style, ",")
        explode = parameter.get("explode", style == "form") and parameter["in"] == "query"
        parts = texts if explode else [part for text in texts if text for part in text.split(separator)]
        items = resolved(self._document, schema).get("items") or {}
        return [next((value for value in readings(part) if not self.check(items, value, "")), part) for part in parts]


def readings(text: str) -> list[Any]:
    """Yield the possible values of a text, the text itself last. The schema decides between them."""
    found: list[Any] = []
    if text in ("true", "false"):
        found.append(text == "true")
    if text == "null":
        found.append(None)
    if _INTEGER.fullmatch(text):
        found.append(int(text))
    elif _NUMBER.fullmatch(text):
        found.append(float(text))
    return [*found, text]


def _is_array(document: Mapping[str, Any], schema: Any) -> bool:
    schema = resolved(document, schema)
    return schema.get("type") == "array" or any(_is_array(document, part) for part in schema.get("allOf") or ())
