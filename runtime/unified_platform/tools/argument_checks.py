"""Checks of a tool's arguments against its schema, with errors that explain to a model how to fix them.

Most frameworks pass on any arguments that a model writes. Rules that a schema cannot express (valid dates, the vendor's limits) are
checked by the call itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import fastjsonschema

from unified_platform.tools.argument_coercion import NO_OFFSET, is_local
from unified_platform.tools.value_suggestions import suggested_argument, suggested_value
from unified_runtime import InvalidInput
from unified_runtime.adapter_api import date_inputs
from unified_runtime.core.suggestions import did_you_mean, shortened

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS = {"date": " as YYYY-MM-DD", "date-time": " as 2026-01-31T12:00:00Z", "decimal": " such as 12.50"}


_NO_ARGUMENT = "is not an argument of this tool"
_KINDS: dict[str, type] = {"date": date, "date-time": datetime}
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?\Z", re.ASCII).match


class ArgumentChecker:
    """Checks the arguments of one tool. The schema is compiled on first use."""

    __slots__ = ("_check", "_operation", "_schema")

    def __init__(self, schema: Mapping[str, Any], operation: str) -> None:
        self._schema = schema
        self._operation = operation
        self._check: Any = None

    def check(self, arguments: object) -> dict[str, Any]:
        """Return the arguments unchanged.

        Raises:
            InvalidInput: an argument is not valid; the message names it, and the accepted values.
        """
        if not isinstance(arguments, Mapping):
            raise InvalidInput(f"the arguments are an object, not {_kind(arguments)}", operation=self._operation)
        wrong = {name: text for name in arguments if (text := self._unknown(name)) is not None}
        wrong |= {name: self._missing(name) for name in self._schema.get("required", ()) if name not in arguments}
        if self._check is None:
            self._check = fastjsonschema.compile(_closed(self._schema), use_formats=False, use_default=False)
        if not wrong:
            try:
                self._check(dict(arguments))
            except fastjsonschema.JsonSchemaValueException:
                pass
            else:
                return dict(arguments)
        for name in arguments:
            if name in wrong:
                continue
            if "time_zone" in self._schema["properties"] and is_local(arguments[name], self._schema["properties"][name]):
                if "time_zone" not in arguments:
                    wrong[name] = NO_OFFSET
            elif (found := self._wrong(name, arguments[name])) is not None:
                wrong[found[0]] = found[1]
        raise self._invalid(wrong)

    def _missing(self, name: str) -> str:
        choices = self._schema["properties"].get(name, {}).get("enum")
        return f"is required: one of {', '.join(map(str, choices))}" if choices else "is required"

    def _wrong(self, name: str, value: object) -> tuple[str, str] | None:
        """Return the location and the problem of one argument; None if it is valid."""
        schema = self._schema["properties"][name]
        one = {"type": "object", "properties": {name: schema}}
        try:
            fastjsonschema.compile(_closed(one), use_formats=False, use_default=False)({name: value})
        except fastjsonschema.JsonSchemaValueException as error:
            return _reason(error)
        problem = _wrong_format(value, schema)
        return None if problem is None else (name, problem)

    def _unknown(self, name: object) -> str | None:
        known = self._schema["properties"]
        if name in known:
            return None
        return f"{_NO_ARGUMENT}{suggested_argument(str(name), known)}"

    def _invalid(self, fields: dict[str, str]) -> InvalidInput:
        text = "; ".join(f"{name}: {data}" for name, data in fields.items())
        if _NO_ARGUMENT in fields.values():  # without a suggestion
            text += f" (there is {', '.join(self._schema['properties'])})"
        return InvalidInput(text, operation=self._operation, fields=fields)


def _wrong_format(value: object, schema: Mapping[str, Any]) -> str | None:
    """Return the problem of a date, date-time or decimal, which the call would report only after all others."""
    formats = {arm.get("format") for arm in schema.get("anyOf", (schema,))} - {None}
    if not isinstance(value, str) or not formats:
        return None
    if formats <= _KINDS.keys():
        return date_inputs.wrong(value, frozenset(_KINDS[one] for one in formats))
    return f"must be a number such as 12.50, not {shortened(value)}" if formats == {"decimal"} and not _DECIMAL(value) else None


def _closed(schema: Any) -> Any:
    """Return the schema with every object closed: a typo is an error, not an ignored argument."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {key: _closed(value) for key, value in schema.items() if key != "description" or not isinstance(value, str)}
    return {**made, "additionalProperties": False} if "object" in schema.get("type", ()) and "properties" in schema else made


def _reason(error: fastjsonschema.JsonSchemaValueException) -> tuple[str, str]:
    location = ".".join(str(part) for part in error.path[1:]) or "the arguments"
    definition: Mapping[str, Any] = error.definition if isinstance(error.definition, Mapping) else {}
    match error.rule:
        case "enum":
            choices = _choices(definition)
            return location, f"{shortened(error.value)} is not one of {', '.join(choices)}{suggested_value(str(error.value), choices)}"
        case "required":
            names = [name for name in definition["required"] if name not in error.value]
            return f"{location}.{names[0]}" if location != "the arguments" else names[0], "is required"
        case "additionalProperties":
            known = list(definition["properties"])
            names = [name for name in error.value if name not in known]
            return f"{location}.{names[0]}", f"there is no such field{did_you_mean(names[0], known)}; there is {', '.join(known)}"
    return location, f"must be {_wanted(definition)}, not {_kind(error.value)}"


def _wanted(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_wanted(arm) for arm in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(_choices(schema))}"
    types = schema.get("type", "object")
    names = [_TYPES[one] for one in ([types] if isinstance(types, str) else types)]
    return " or ".join(names) + _FORMATS.get(str(schema.get("format")), "")


def _choices(schema: Mapping[str, Any]) -> list[str]:
    return ["null" if value is None else str(value) for value in schema["enum"]]


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    return shortened(value) if isinstance(value, str) else f"{value!r}"
