"""Filters of GraphQL lists: objects with the names of fields, down to comparators such as `eq` and `gte`.

Source: https://linear.app/developers/filtering
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unified_emulation.query_languages.records import QueryFault, Read, Record, compared

_ORDERED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda found, wanted: wanted in found,
    "startsWith": lambda found, wanted: found.startswith(wanted),
    "endsWith": lambda found, wanted: found.endswith(wanted),
}
_SEARCHED = "searchableContent"
"""Name of all texts of a record."""


def predicate(given: Any, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a filter.

    Raises:
        QueryFault: it is not an object, or a comparator is not known.
    """
    if not isinstance(given, Mapping):
        raise QueryFault("a filter is an object")
    return lambda record: _holds(record, given, read)


def _holds(record: Record, given: Mapping[str, Any], read: Read) -> bool:
    for name, inner in given.items():
        if name in ("and", "or"):
            results = [_holds(record, each, read) for each in inner]
            if not (all(results) if name == "and" else any(results)):
                return False
        elif inner is not None and not _field(record, name, inner, read):
            return False
    return True


def _field(record: Record, name: str, inner: Mapping[str, Any], read: Read) -> bool:
    values = _texts(record) if name == _SEARCHED else read(record, name)
    if "null" in inner and bool(values) is inner["null"]:
        return False
    rest = {each: wanted for each, wanted in inner.items() if each != "null" and wanted is not None}
    if "some" in rest:
        return any(_holds(each, rest["some"], read) for each in values if isinstance(each, Mapping))
    if "every" in rest:
        return all(_holds(each, rest["every"], read) for each in values if isinstance(each, Mapping))
    if any(isinstance(wanted, Mapping) for wanted in rest.values()):
        return any(_holds(each, rest, read) for each in values if isinstance(each, Mapping))
    return all(_compared(values, comparator, wanted) for comparator, wanted in rest.items())


def _texts(record: Record) -> tuple[str, ...]:
    return tuple(value for value in record.values() if isinstance(value, str))


def _compared(values: tuple[Any, ...], comparator: str, wanted: Any) -> bool:
    if comparator in ("in", "nin"):
        return any(_equal(each, one) for each in values for one in wanted) is (comparator == "in")
    if comparator in ("eq", "neq"):
        return any(_equal(each, wanted) for each in values) is (comparator == "eq")
    if comparator in ("eqIgnoreCase", "neqIgnoreCase"):
        return any(str(each).casefold() == str(wanted).casefold() for each in values) is (comparator == "eqIgnoreCase")
    if comparator in _ORDERED:
        return any(compared(each, _ORDERED[comparator], str(wanted)) for each in values)
    plain = comparator.removesuffix("AndAccent").removesuffix("IgnoreCase")
    negated = plain.startswith("not")
    test = _TEXTS.get(plain[3:4].lower() + plain[4:] if negated else plain)
    if test is None:
        raise QueryFault(f"the comparator {comparator!r} is not known")
    ignores = comparator != plain or comparator == "contains"
    pairs = [(str(each).casefold(), str(wanted).casefold()) if ignores else (str(each), str(wanted)) for each in values]
    return any(test(*pair) for pair in pairs) is not negated


def _equal(found: Any, wanted: Any) -> bool:
    return found == wanted or compared(found, "=", str(wanted))
