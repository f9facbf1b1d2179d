"""Zendesk's search: words, and properties with values, of which one that is repeated matches either value. Limits must all hold.

Sources: https://support.zendesk.com/hc/en-us/articles/4408886879258-Zendesk-Support-search-reference and, for a range of dates,
https://support.zendesk.com/hc/en-us/community/posts/5436173658906-Request-API-search-by-range-date
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from unified_emulation.query_languages.records import QueryFault, Read, Record, compared, contains, has_value

_CLAUSE = re.compile(r'\s*(?:(?P<name>[a-z_]+)(?P<operator>:|>=|<=|>|<))?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))(?=\s|$)')
_PROPERTIES = {"due_date": "due_at", "requester": "requester_id", "ticket_type": "type"}
"""Properties of tickets that have another name in queries."""
Conditions = Mapping[str, Sequence[tuple[str, str]]]
"""Operators and values by property."""


def parsed(text: str) -> tuple[list[str], Conditions]:
    """Return the words, and the conditions by property.

    Raises:
        QueryFault: it cannot be read.
    """
    words: list[str] = []
    requested: dict[str, list[tuple[str, str]]] = {}
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _CLAUSE.match(text, at)
        if found is None:
            raise QueryFault(f"cannot be read at character {at}: {text[at : at + 20]!r}")
        at = found.end()
        value = found["quoted"] if found["quoted"] is not None else found["bare"]
        if found["name"] is None:
            words.append(value)
        else:
            requested.setdefault(found["name"], []).append((found["operator"], value))
    return words, requested


def predicate(text: str, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a query; `read` returns all texts of a record for the name ``.

    Raises:
        QueryFault: it cannot be read.
    """
    words, requested = parsed(text)

    def holds(record: Record) -> bool:
        if not all(contains(read(record, ""), word) for word in words):
            return False
        return all(_selects(record, _PROPERTIES.get(name, name), read, conditions) for name, conditions in requested.items())

    return holds


def _selects(record: Record, name: str, read: Read, conditions: Sequence[tuple[str, str]]) -> bool:
    """Return true if a property has one of the values that are requested, and is within all limits."""
    values = [value for operator, value in conditions if operator == ":"]
    if values and not any(_has(record, name, read, value) for value in values):
        return False
    limits = [(operator, value) for operator, value in conditions if operator != ":"]
    return all(any(compared(each, *limit) for each in read(record, name)) for limit in limits)


def _has(record: Record, name: str, read: Read, value: str) -> bool:
    """Return true if a property has a value: `none` selects records without one, and `*` those with any."""
    if value in ("none", "*"):
        return has_value(record, name, read) is (value == "*")
    return any(compared(each, "=", value) for each in read(record, name))
