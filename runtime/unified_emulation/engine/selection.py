"""Selection of the records of a list by a request's parameters: a parameter filters the property of its name.

What a parameter means that names no property (a query language, an order) is not in the document: it is reported, and has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unified_emulation.engine.tables import Record, Table, scalars
from unified_emulation.engine.times import time_of
from unified_openapi.documents.words import identifies, referenced, words
from unified_openapi.schemas.shapes import Schemas, Shape

_OPERATOR = re.compile(r"[<>=~!*|]")
"""Beginning of a value in a syntax of its own, such as `>=2030-01-01`."""
_SEARCHES = frozenset({"query", "search", "term", "text", "q", "search_term", "search_text", "keyword"})
_PLAIN = re.compile(r"[\w@. -]+")
"""Words to search all texts for; anything else is in a query language."""
_BOUNDS = {
    "since": frozenset({"since", "from", "gte", "min", "start"}),
    "after": frozenset({"after", "gt"}),
    "until": frozenset({"until", "to", "lte", "max"}),
    "before": frozenset({"before", "lt"}),
}
"""Words that make a parameter the limit of a time, with the limit itself or without."""
ORDERS = frozenset({"sort", "sorts", "order", "orderby", "$orderby", "sort_by", "sort_direction", "sort_order", "direction"})
_CHANGED = frozenset({"updated", "modified", "changed", "update", "modification"})
_SELECTS = frozenset({"fields", "opt_fields", "select", "properties", "readmask", "personfields"})
_RESOURCE_NAME = "resourceName"
"""Property with the path of a record, which masks of Google APIs need not name."""
_ANY = frozenset({"any", "in", "is", "eq", "equals", "ids", "id"})
EVERYTHING = ("all", "any", "*")
"""Values of a parameter that select records with any value of the property that it filters by."""
NOTHING = "none"
"""Value of a parameter that selects records without a value of the property that it filters by."""
NEUTRAL = frozenset({
    "fields", "opt_fields", "select", "$select", "expand", "$expand", "include", "sort", "sorts", "order", "orderby", "$orderby", "sort_by",
    "sort_direction", "sort_order", "direction", "pretty", "opt_pretty", "properties", "associations", "maxresults", "format", "alt",
    "prettyprint",
    "include_all_metadata", "include_locale", "include_fields", "timezone", "supportsalldrives", "includeitemsfromalldrives", "spaces",
    "corpora", "archived", "idonly", "singleevents", "customfields", "custom_item_ids", "subtasks", "include_markdown_description",
    "exclude_archived", "types", "filter", "verbose", "include_closed", "markupsyntax", "readmask", "personfields", "sources",
})  # fmt: skip
"""Parameters, in small letters, that select properties, an order or a format, not records. Some have a default that includes fewer."""


_EVERYTHING = frozenset({"all", "any", "*"})


def is_neutral(name: str) -> bool:
    """Return true if a parameter selects properties, an order or a format."""
    return name.lower() in NEUTRAL or name.lower().lstrip("$@") in NEUTRAL


def is_everything(value: Any) -> bool:
    """Return true if the value of a filter selects all records: `state=all`, `status_id=*`."""
    return isinstance(value, str) and value.lower() in _EVERYTHING


def applies(schemas: Schemas, table: Table, name: str, shape: Shape, value: Any) -> tuple[str, str] | None:
    """Return the comparison and the property that a parameter filters by; None if the document states neither.

    Comparisons are `is`, `contains` (of any text of the record), `since` and `until`, and `after` and `before` without the limit itself.
    """
    if is_neutral(name) or (isinstance(value, str) and _OPERATOR.match(value)):
        return None
    plain = words(name)
    if "_".join(plain) in _SEARCHES and isinstance(value, str) and _PLAIN.fullmatch(value):
        return "contains", ""
    by_words = {"_".join(words(each)): each for each in table.properties}
    joined = "_".join(plain)
    if {joined, f"{joined}s"} <= by_words.keys():  # the first, and all: `assignee` and `assignees`
        return "is", by_words[f"{joined}s"]
    for key in (joined, _singular(joined), f"{joined}s"):
        if key in by_words:
            return "is", by_words[key]
    if plain and plain[-1] in _ANY and "_".join(plain[:-1]) in by_words:
        return "is", by_words["_".join(plain[:-1])]
    target = referenced(name)
    for each in (target, f"{target}s", f"{joined}_id") if target is not None else ():
        if each in by_words:
            return "is", by_words[each]
    for kind, names in _BOUNDS.items():
        if not names.isdisjoint(plain):
            found = _time_of(by_words, [word for word in plain if word not in names])
            if found is not None:
                return kind, found
    return None


def change_members(record: Record, table: Table, query: Mapping[str, Any]) -> None:
    """Add and remove members of a record's lists, as parameters such as `addParents` and `removeParents` state."""
    by_words = {words(each): each for each in table.properties}
    for name, value in query.items():
        how, *rest = words(name) or ("",)
        listed = by_words.get(tuple(rest))
        found = record.values.get(listed) if listed is not None else None
        if how not in ("add", "remove") or not isinstance(found, list):
            continue
        given = [part for each in (value if isinstance(value, list) else [value]) for part in str(each).split(",")]
        left = [each for each in found if str(each) not in given]
        record.values[listed or ""] = left if how == "remove" else [*left, *given]


def chosen(values: dict[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of a record that a parameter such as `fields` or `$select` names, and those that identify it.


    If the record holds its properties in an object of the parameter's name, or in `attributes`, those of the object are selected.
    """
    for name, value in query.items():
        if name.lower().lstrip("$@") not in _SELECTS or not isinstance(value, str | list):
            continue
        texts = [part.strip() for each in (value if isinstance(value, list) else [value]) for part in str(each).split(",")]
        wanted = {text.partition(".")[0].partition("/")[0] for text in texts}
        around = next((each for each in (name, "attributes") if isinstance(values.get(each), dict)), None)
        if around is not None:
            values = {**values, around: {each: found for each, found in values[around].items() if each in wanted}}
        elif wanted & values.keys() and not any(mark in text for text in texts for mark in "*(-"):
            wanted |= {each for each, given in query.items() if given is True}  # a parameter that adds the property of its name
            wanted.add(_RESOURCE_NAME)
            values = {each: found for each, found in values.items() if each in wanted or identifies(each, strictly=True)}
    return values


def _time_of(by_words: Mapping[str, str], rest: list[str]) -> str | None:
    """Return the time that a name such as `modified_since`, `dateUpdatedGt` or `since` compares."""
    joined = "_".join(rest)
    for key in (joined, f"{joined}_at", f"{joined}_on", f"{joined}_time", f"{'_'.join(reversed(rest))}"):
        if rest and key in by_words:
            return by_words[key]
    wanted = set(rest) & _CHANGED or (_CHANGED if not rest else set())
    if wanted:
        times = [key for key in by_words if (not _CHANGED.isdisjoint(key.split("_"))) and not {"by", "user", "url"} & set(key.split("_"))]
        if len(times) == 1:
            return by_words[times[0]]
    return None


def matches(record: Record, kind: str, name: str, value: Any) -> bool:
    """Return true if a record is selected."""
    if kind == "contains":
        return any(isinstance(each, str) and value.casefold() in each.casefold() for each in scalars(record.values))
    found = list(scalars(record.values.get(name)))
    if kind == "is" and value == [NOTHING] and not found:
        return True
    if kind == "is":
        wanted = {_comparable(each) for each in (value if isinstance(value, list) else [value])}
        return any(_comparable(each) in wanted for each in found)
    bound = time_of(value)
    times = [time for each in found if (time := time_of(each)) is not None]
    if bound is None or not times:
        return False
    comparisons = {"since": times[0] >= bound, "after": times[0] > bound, "until": times[0] <= bound, "before": times[0] < bound}
    return comparisons[kind]


def listed(name: str, value: Any) -> list[Any]:
    """Return the values of a parameter: several ids in one text are separated by commas."""
    if isinstance(value, str) and words(name)[-1:] == ("ids",):
        return value.split(",")
    return value if isinstance(value, list) else [value]


def known_values(shape: Shape, values: list[Any]) -> list[Any]:
    """Return the values that the record's property can have. Others of a parameter's own (`all`) select everything."""
    allowed = shape.enum_values
    return values if allowed is None else [value for value in values if value in allowed]


def _comparable(value: Any) -> str:
    return str(value).lower()


def _singular(name: str) -> str:
    return name.removesuffix("s")
