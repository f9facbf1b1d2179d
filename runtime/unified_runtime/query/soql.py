"""Literals of the Salesforce Object Query Language.

Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/ (quoted string escape sequences; date formats).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.query import literals
from unified_runtime.query.errors import UnwritableValue
from unified_runtime.sought import Operator, Sought, Value
from unified_runtime.suggest import shortened

_SIGNS: dict[Operator, str] = {"is": "=", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_WILDCARDS = str.maketrans({"%": "\\%", "_": "\\_"})


def text(value: str) -> str:
    """A string in single quotes.

    Raises:
        UnwritableValue: it holds a control character for which SOQL has no escape.
    """
    known = str(value)  # of a plan, what stands for an id that is not known yet
    literals.refuse_control(known, "SOQL", allowed="\n\r\t\b\f")
    return f"'{known.translate(_ESCAPES)}'"


def identifier(value: str) -> str:
    """The API name of an object or a field, as it is: letters, digits and underscores, a letter first.

    Raises:
        UnwritableValue: it is none, and could be more than a name.
    """
    known = str(value)
    if not _NAME.fullmatch(known):
        raise UnwritableValue(f"{shortened(known)} is no name of SOQL")
    return known


def like(value: str) -> str:
    """A string for `LIKE` that matches this text and nothing else.

    Raises:
        UnwritableValue: it holds a control character for which SOQL has no escape.
    """
    return text(value).translate(_WILDCARDS)


def contains(value: str) -> str:
    """A string for `LIKE` that matches whatever contains this text.

    Raises:
        UnwritableValue: it holds a control character for which SOQL has no escape.
    """
    return f"'%{like(value)[1:-1]}%'"


def among(values: Iterable[str]) -> str:
    """A list of strings, for `in`.

    Raises:
        UnwritableValue: as `text`.
    """
    return f"({', '.join(map(text, values))})"


def date(value: date_) -> str:
    """`YYYY-MM-DD`, without quotes."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """`YYYY-MM-DDThh:mm:ssZ`, without quotes; milliseconds where there are any.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.rfc3339(value, "SOQL")


def number(value: int | float | Decimal) -> str:
    """A number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "SOQL")


def boolean(value: bool) -> str:
    """`true` or `false`."""
    return literals.boolean(value, "SOQL")


def sought(conditions: Iterable[Sought]) -> list[str]:
    """Conditions on fields that an organization has added.

    Raises:
        UnwritableValue: as `identifier` and the writer of the value.
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
