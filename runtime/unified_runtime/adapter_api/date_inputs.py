"""Validation of dates and date-times in inputs: unambiguous values are accepted, errors state the valid format.

A date-time is RFC 3339 (section 5.6) with its offset, seconds optional; a date is `YYYY-MM-DD`. Other strings that pydantic would accept
(numbers as seconds since 1970, so that `20260131` would be a date in 1970) are rejected, and so are words such as *tomorrow*.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from unified_runtime.core.suggestions import shortened

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)", re.ASCII)
_OFFSET = re.compile(r"[Zz]|[+-]\d{2}:?\d{2}", re.ASCII)


@functools.cache
def time_fields(model: type[BaseModel]) -> Mapping[str, frozenset[type]]:
    """Return the date and date-time fields of a model, with the types (`date`, `datetime`) that each accepts."""
    found = {name: _kinds(field.annotation) for name, field in model.model_fields.items()}
    return {name: kinds for name, kinds in found.items() if kinds}


def _kinds(annotation: Any) -> frozenset[type]:
    if annotation in (date, datetime, AwareDatetime):
        return frozenset({date if annotation is date else datetime})
    if get_origin(annotation) not in (Union, UnionType, Annotated):
        return frozenset()
    found: frozenset[type] = frozenset()
    return found.union(*map(_kinds, get_args(annotation)))


def read(value: Any, kinds: frozenset[type]) -> Any:
    """Convert a string of a field that accepts both types to the one it is: midnight is a date-time, not a date."""
    if len(kinds) == 1 or not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value.upper())


def wrong(value: Any, kinds: frozenset[type]) -> str | None:
    """Return the problem of a value that must have one of these types; None if it is valid or None."""
    if value is None or isinstance(value, datetime):
        naive = isinstance(value, datetime) and value.utcoffset() is None
        return f"must be {_form(kinds)}: it has no UTC offset, so set tzinfo" if naive and datetime in kinds else None
    if isinstance(value, date):
        return None if date in kinds else f"must be {_form(kinds, value.isoformat())}, not only a date"
    if not isinstance(value, str):
        return f"must be {_form(kinds)}, not {shortened(value)}"
    if _DATE.fullmatch(value):
        return _impossible(value, kinds) if date in kinds else f"must be {_form(kinds, value)}, not only a date: {value!r}"
    local = _LOCAL.match(value)
    rest = value[local.end() :] if local is not None else None
    if local is not None and datetime not in kinds and set(local[2]) - set("0:."):
        return f"must be only a date, such as {local[1]}, not {value!r}"
    if local is not None and not rest:
        if datetime not in kinds:
            return None
        text = f"{local[1]}T{local[2]}"
        return f"{value!r} has no UTC offset: write {text}Z for UTC, or {text}+01:00"
    if rest is not None and _OFFSET.fullmatch(rest):
        return _impossible(value, kinds)
    return f"must be {_form(kinds)}, not {shortened(value)}"


def _impossible(value: str, kinds: frozenset[type]) -> str | None:
    """Return the problem of a string that has the right format but is not valid: a 13th month, a 25th hour."""
    try:
        datetime.fromisoformat(value.upper())
    except ValueError as error:
        return f"must be {_form(kinds)}, and {value!r} is none: {error}"
    return None


def _form(kinds: frozenset[type], day: str = "2026-01-31") -> str:
    """Return a description of the valid format, with the given date as an example."""
    example = f"a date-time with its offset, such as {day}T09:00:00Z or {day}T09:00:00+01:00"
    if datetime not in kinds:
        return f"a date, such as {day}"
    return example if date not in kinds else f"a date, such as {day}, or a date-time with its offset, such as {day}T09:00:00+01:00"
