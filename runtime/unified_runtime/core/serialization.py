"""Serialization of requests: query strings, forms and JSON bodies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.json_limits import digits

_QUERY_SAFE = ",:/@"
_NAME, _VALUE = ([quote(chr(code), safe=safe) for code in range(128)] for safe in ("", _QUERY_SAFE))
"""Percent-encoded ASCII for names and values of a query: tables for `translate`, which is several times as fast as `quote`."""


def query_text(query: Mapping[str, Any]) -> str:
    """Return the query (or form) as text: None is omitted, sequences are repeated, booleans are `true` and `false`, objects are JSON."""
    parts = []
    for name, value in query.items():
        if value is None:
            continue
        if type(value) is str:
            parts.append(_pair(name, value))
        elif isinstance(value, (list, tuple)):
            parts += [_pair(name, query_value(item)) for item in value]
        else:
            parts.append(_pair(name, query_value(value)))
    return "&".join(parts)


def query_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return json_bytes(value).decode("utf-8")
    if isinstance(value, (Decimal, int)):
        return digits(value)
    return str(value)


def _pair(name: str, value: str) -> str:
    quoted = name.translate(_NAME) if name.isascii() else quote(name, safe="")
    if value.isascii():
        return f"{quoted}={value.translate(_VALUE)}"
    try:
        return f"{quoted}={quote(value, safe=_QUERY_SAFE)}"
    except UnicodeEncodeError:
        raise InvalidInput(f"{name} is not valid Unicode: {value[:60]!r}") from None


_JSON_ENCODER = msgspec.json.Encoder(decimal_format="number")
"""Writes a decimal number with all its digits: conversion to a double would change some amounts of money."""


def json_bytes(value: Any) -> bytes:
    """Return the value as JSON.

    Raises:
        InvalidInput: it contains a value that JSON cannot represent.
    """
    try:
        return _JSON_ENCODER.encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    raise InvalidInput(f"the request's body cannot be written as JSON: {reason}")
