"""Conversion of a model's arguments to the types of a schema, if no information is lost: `"10"` to 10, `"High"` to `high`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from unified_runtime import InvalidInput
from unified_runtime.core.suggestions import shortened

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_NAMING = ("email", "address", "number", "id")
"""Field of an object that a plain text is the value of: the first that the object has."""

_WITHOUT_AT = ("number", "id")
"""Those of these fields that are not e-mail addresses."""

NO_OFFSET = "has no UTC offset: pass time_zone, or write an offset such as -05:00"
"""Problem of a date-time without an offset, of a tool with an argument `time_zone`."""

_NOTHING: Any = object()


def coerced(given: object, schema: Mapping[str, Any], vendors: tuple[str, ...] = ()) -> object:
    """Return the arguments of a tool with lossless conversions. Others stay as they are, for the checks to report.

    Null for an argument that cannot be null is left out, and so is `via` with the only vendor of the tool. Arguments within one object
    (`{"arguments": {…}}`) are unwrapped. A name with other case or separators (`dueDate`) is the argument's.
    """
    if isinstance(given, str):
        given = _parsed(given, dict)
    if not isinstance(given, Mapping):
        return given
    made = {}
    for name, value in _renamed(_unwrapped(given, schema["properties"]), schema["properties"]).items():
        declared = schema["properties"].get(name)
        if declared is None:
            redundant = name == "via" and len(vendors) == 1 and isinstance(value, str) and value.lower() == vendors[0]
            converted = _NOTHING if redundant else value
        elif value is None and not _allows_null(declared) and name not in schema.get("required", ()):
            converted = _NOTHING
        else:
            converted = _coerced(value, declared)
        if converted is not _NOTHING:
            made[name] = converted
    return made


def _unwrapped(given: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments that are the fields of the only argument, if that is not an argument of the tool."""
    if len(given) != 1 or known.keys() & given.keys():
        return given
    (value,) = given.values()
    inner = _parsed(value, dict) if isinstance(value, str) else value
    return inner if isinstance(inner, Mapping) and inner and _renamed(inner, known).keys() <= known.keys() else given


def _renamed(given: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments by the declared names that have the same letters, unless a call has an argument twice."""
    declared = {_letters(name): name for name in known}
    names = [name if name in known else declared.get(_letters(str(name)), name) for name in given]
    return dict(zip(names, given.values(), strict=True)) if len(set(names)) == len(names) else given


def _letters(name: str) -> str:
    return re.sub(r"[_\s-]", "", name).lower()


def localized(given: dict[str, Any], schema: Mapping[str, Any], operation: str) -> dict[str, Any]:
    """Return the arguments with the UTC offset of the argument `time_zone` in those date-times that have none.

    Raises:
        InvalidInput: a date-time has no offset, and `time_zone` is missing or not valid.
    """
    properties = schema["properties"]
    if "time_zone" not in properties:
        return given
    local = {name: value for name, value in given.items() if is_local(value, properties.get(name, {}))}
    if not local:
        return given
    zone = given.get("time_zone")
    if zone is None:
        fields = dict.fromkeys(local, NO_OFFSET)
        raise InvalidInput("; ".join(f"{name}: {text}" for name, text in fields.items()), operation=operation, fields=fields)
    try:
        offsets = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        text = f"{shortened(zone)} is not a time zone such as America/New_York"
        raise InvalidInput(f"time_zone: {text}", operation=operation, fields={"time_zone": text}) from None
    try:
        return given | {name: datetime.fromisoformat(value).replace(tzinfo=offsets).isoformat() for name, value in local.items()}
    except ValueError:
        return given  # the call reports the wrong value


def is_local(value: object, schema: Mapping[str, Any]) -> bool:
    """Return true if a value is a date-time without an offset, for an argument that is a date-time."""
    return isinstance(value, str) and _is_time(schema) and _LOCAL.fullmatch(value) is not None


def _is_time(schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "date-time" or any(map(_is_time, schema.get("anyOf", ())))


def _coerced(value: Any, schema: Mapping[str, Any]) -> Any:
    if "anyOf" in schema:
        return _of_alternatives(value, schema["anyOf"])
    if "enum" in schema:
        return _choice(value, schema["enum"])
    types = schema.get("type", ())
    for kind in [types] if isinstance(types, str) else types:
        converted = _of_type(value, kind, schema)
        if converted is not _NOTHING:
            return converted
    return value


def _of_alternatives(value: Any, arms: list[Mapping[str, Any]]) -> Any:
    """Return the value as converted by the only alternative that changes it, if none accepts it as it is."""
    if value is None or (isinstance(value, str) and any(arm.get("type") == "string" for arm in arms)):
        return value
    changed = [made for arm in arms if (made := _coerced(value, arm)) is not value and made != value]
    return changed[0] if len(changed) == 1 else value


def _choice(value: Any, choices: list[Any]) -> Any:
    """Return the enum value that differs in case, spaces or hyphens only."""
    if value in choices or not isinstance(value, str):
        return value
    plain = value.strip().lower()
    found = [
        one for one in choices if isinstance(one, str) and one.lower() in {plain, re.sub(r"[ -]+", "_", plain), plain.replace(" ", "-")}
    ]
    return found[0] if len(found) == 1 else value


def _of_type(value: Any, kind: str, schema: Mapping[str, Any]) -> Any:
    """Return the value as one of a type; `_NOTHING` if it is not one and cannot be converted."""
    match kind:
        case "string":
            if isinstance(value, str):
                return value
            number = isinstance(value, int) or (isinstance(value, float) and schema.get("format") == "decimal")
            dated = schema.get("format") in {"date", "date-time"}
            return str(value) if number and not isinstance(value, bool) and not dated else _NOTHING
        case "integer" | "number":
            if isinstance(value, str):
                return int(value) if _INTEGER.fullmatch(value) else _NOTHING
            return int(value) if kind == "integer" and isinstance(value, float) and value.is_integer() else value
        case "boolean":
            return _BOOLEANS.get(value.lower(), _NOTHING) if isinstance(value, str) else value
        case "array":
            return _list(value, schema)
        case "object":
            return _object(value, schema)
    return value if value is None else _NOTHING


def _list(value: Any, schema: Mapping[str, Any]) -> Any:
    items = schema.get("items", {})
    if isinstance(value, str):
        # A text with a comma may be one or several: the model has to decide.
        parsed = _parsed(value, list)
        value = parsed if isinstance(parsed, list) else [value] if value and "," not in value else value
    elif (isinstance(value, Mapping) and items.get("type") == "object") or (
        isinstance(value, int) and not isinstance(value, bool) and items.get("type") == "string"
    ):
        value = [value]
    return [_coerced(one, items) for one in value] if isinstance(value, list) else _NOTHING


def _object(value: Any, schema: Mapping[str, Any]) -> Any:
    properties = schema.get("properties", {})
    if isinstance(value, str):
        parsed = _parsed(value, dict)
        naming = next((name for name in _NAMING if name in properties), None)
        if isinstance(parsed, dict):
            value = parsed
        elif naming is not None and value and (naming in _WITHOUT_AT or "@" in value):
            value = {naming: value}
    if not isinstance(value, Mapping):
        return _NOTHING
    return {name: _coerced(one, properties[name]) if name in properties else one for name, one in value.items()}


def _parsed(text: str, kind: type) -> Any:
    """Return the JSON value in a text if it is of a type, otherwise the text."""
    if text.lstrip()[:1] not in {"{", "["}:
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, kind) else text


def _allows_null(schema: Mapping[str, Any]) -> bool:
    if "anyOf" in schema:
        return any(map(_allows_null, schema["anyOf"]))
    return None in schema["enum"] if "enum" in schema else "null" in schema.get("type", ())
