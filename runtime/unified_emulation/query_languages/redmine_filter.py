"""Redmine's filters: an operator and values in a parameter that names the property (`updated_on=>=2030-01-01`).

Source: https://www.redmine.org/projects/redmine/wiki/Rest_Issues (filters), and the operators of Redmine's own list of issues.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from unified_emulation.query_languages.records import QueryFault, Read, Record, compared, contains

_FORM = re.compile(r"(?P<operator>><|>=|<=|!~|!\*|~|!|\*|=)?(?P<value>.*)", re.DOTALL)
TEXTS = frozenset({"any_searchable"})
"""Parameters that search all texts."""
_STATES = {"open": False, "o": False, "closed": True, "c": True}
"""Values that select by whether a status is closed."""


def predicate(query: Any, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a parameter's value. `read` returns the values of the property that the parameter names.

    Raises:
        QueryFault: it is not a filter.
    """
    found = _FORM.fullmatch(str(query))
    if found is None:
        raise QueryFault(f"{query!r} is not a filter")
    operator, value = found["operator"] or "=", found["value"]
    if operator == "=" and value in _STATES:
        return lambda record: any(each is _STATES[value] for each in read(record, ""))
    match operator:
        case "*" | "!*":
            return lambda record: bool(read(record, "")) is (operator == "*")
        case "~" | "!~":
            return lambda record: contains(read(record, ""), value) is (operator == "~")
        case ">=" | "<=":
            return lambda record: any(compared(each, operator, value) for each in read(record, ""))
        case "><":
            first, _, last = value.partition("|")
            return lambda record: any(compared(each, ">=", first) and compared(each, "<=", last) for each in read(record, ""))
    wanted = {each.casefold() for each in re.split(r"[|,]", value)}
    return lambda record: any(str(each).casefold() in wanted for each in read(record, "")) is (operator == "=")
