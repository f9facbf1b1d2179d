"""Literals of the Salesforce Object Query Language.

Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/ (quoted string escape sequences; date formats).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue
from unified_runtime.core.field_filters import FieldFilter, Operator, Value
from unified_runtime.core.suggestions import shortened

_SIGNS: dict[Operator, str] = {"is": "=", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_WILDCARDS = str.maketrans({"%": "\\%", "_": "\\_"})


def text(value: str) -> str:
    """Return a string in single quotes.

    Raises:
        UnwritableValue: it has a control character for which SOQL has no escape.
    """
    known = str(value)  # in a plan, the placeholder of an id that is not known yet
    literals.refuse_control(known, "SOQL", allowed="\n\r\t\b\f")
    return f"'{known.translate(_ESCAPES)}'"


def identifier(value: str) -> str:
    """Return the API name of an object or a field unchanged: letters, digits and underscores, a letter first.

    Raises:
        UnwritableValue: it is not a name, and could inject another clause.
    """
    known = str(value)
    if not _NAME.fullmatch(known):
        raise UnwritableValue(f"{shortened(known)} is not a valid SOQL name")
    return known


def like(value: str) -> str:
    """Return a string for `LIKE` that matches only this text.

    Raises:
        UnwritableValue: it has a control character for which SOQL has no escape.
    """
    return text(value).translate(_WILDCARDS)


def contains(value: str) -> str:
    """Return a string for `LIKE` that matches all values that contain this text.

    Raises:
        UnwritableValue: it has a control character for which SOQL has no escape.
    """
    return f"'%{like(value)[1:-1]}%'"


def among(values: Iterable[str]) -> str:
    """Return a list of strings, for `in`.

    Raises:
        UnwritableValue: like `text`.
    """
    return f"({', '.join(map(text, values))})"


def date(value: date_) -> str:
    """Return `YYYY-MM-DD`, without quotes."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """Return `YYYY-MM-DDThh:mm:ssZ`, without quotes, with milliseconds if they are not 0.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.rfc3339(value, "SOQL")


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "SOQL")


def boolean(value: bool) -> str:
    """Return `true` or `false`."""
    return literals.boolean(value, "SOQL")


def custom_field_conditions(conditions: Iterable[FieldFilter]) -> list[str]:
    """Return conditions on custom fields (fields that an organization has added).

    Raises:
        UnwritableValue: like `identifier` and the writer of the value.
    """
    return [f"{identifier(one.name)} {_SIGNS[one.operator]} {_literal(one.value)}" for one in conditions]


def _literal(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, datetime):
        return date_time(value)
    if isinstance(value, date_):
        return date(value)
    return number(value) if isinstance(value, int | Decimal) else text(value)
