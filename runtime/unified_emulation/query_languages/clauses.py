"""OData filters, Drive queries and Google's filters: comparisons joined by `and`.

Sources: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html (5.1.1),
https://developers.google.com/workspace/drive/api/guides/ref-search-terms and https://google.aip.dev/160
"""

from __future__ import annotations

import re
from collections.abc import Callable

from unified_emulation.query_languages.records import QueryFault, Read, Record, compared, contains

Condition = Callable[[Record], bool]

_ODATA_TEXT, _DRIVE_TEXT = r"'(?P<text>(?:[^']|'')*)'", r"'(?P<text>(?:[^'\\]|\\.)*)'"
_BARE = r"(?P<bare>[^\s'()]+)"
_ODATA = (
    re.compile(rf"(?P<name>[\w/]+) (?P<operator>eq|ne|gt|ge|lt|le) (?:{_ODATA_TEXT}|{_BARE})"),
    re.compile(rf"(?P<operator>contains|startswith|endswith)\((?P<name>[\w/]+),\s*{_ODATA_TEXT}\)"),
)
_DRIVE = (
    re.compile(rf"(?P<name>\w+) ?(?P<operator>!=|<=|>=|=|<|>|contains) ?(?:{_DRIVE_TEXT}|{_BARE})"),
    re.compile(rf"{_DRIVE_TEXT} (?P<operator>in) (?P<name>\w+)"),
)
_GOOGLE = (
    re.compile(r'(?P<name>\w+(?:\.\w+)*) ?(?P<operator>!=|<=|>=|=|<|>) ?(?:"(?P<text>[^"\\*]*)"|(?P<bare>[^\s"\\*()]+))'),
    re.compile(r'(?P<name>)(?P<operator>)"(?P<text>[^"\\*]+)"'),
)
_OPERATORS = {"eq": "=", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def odata(text: str, read: Read) -> Condition:
    """Return the condition of an OData `$filter`.

    Raises:
        QueryFault: it is not OData, or not of the part known here.
    """
    return _joined(text, read, _ODATA, lambda literal: literal.replace("''", "'"))


def drive(text: str, read: Read) -> Condition:
    """Return the condition of a Drive query.

    Raises:
        QueryFault: it is not a query of Drive, or not of the part known here.
    """
    return _joined(text, read, _DRIVE, lambda literal: re.sub(r"\\(.)", r"\1", literal))


def google(text: str, read: Read) -> Condition:
    """Return the condition of a Google filter: comparisons, and phrases that one of a record's texts has.

    Raises:
        QueryFault: it is not such a filter, or not of the part known here.
    """
    return _joined(text, read, _GOOGLE, lambda literal: literal, " AND ")


def _joined(
    text: str, read: Read, forms: tuple[re.Pattern[str], ...], unescaped: Callable[[str], str], separator: str = " and "
) -> Condition:
    conditions: list[Condition] = []
    at = 0
    while True:
        found = next((found for form in forms if (found := form.match(text, at))), None)
        if found is None:
            raise QueryFault(f"cannot be read at character {at}: {text[at : at + 30]!r}")
        value = unescaped(found["text"]) if found["text"] is not None else found.groupdict().get("bare") or ""
        operator = found["operator"]
        conditions.append(_condition(found["name"], _OPERATORS.get(operator, operator), value, read))
        at = found.end()
        if at == len(text):
            return lambda record: all(condition(record) for condition in conditions)
        if not text.startswith(separator, at):
            raise QueryFault(f"`{separator.strip()}` is expected at character {at}: {text[at : at + 30]!r}")
        at += len(separator)


def _condition(name: str, operator: str, value: str, read: Read) -> Condition:
    name = name.replace(".", "/")
    match operator:
        case "":
            return lambda record: any(value.casefold() in str(each).casefold() for each in read(record, ""))
        case "contains":
            return lambda record: contains(read(record, name), value)
        case "startswith":
            return lambda record: any(str(each).casefold().startswith(value.casefold()) for each in read(record, name))
        case "endswith":
            return lambda record: any(str(each).casefold().endswith(value.casefold()) for each in read(record, name))
        case "in":
            return lambda record: value in map(str, read(record, name))
        case "!=":
            return lambda record: not any(compared(each, "=", value) for each in read(record, name))
    return lambda record: any(compared(each, operator, value) for each in read(record, name))
