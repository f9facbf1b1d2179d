"""The part of Gmail's search that lists of messages need: words, phrases, and the operators below.

Source: https://support.google.com/mail/answer/7190 and https://developers.google.com/workspace/gmail/api/guides/filtering
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from unified_emulation.query_languages.records import QueryFault, Read, Record, UnknownName, contains

_TERM = re.compile(r'\s*(?:(?P<operator>[a-z]+):(?P<value>[^\s"]+)|"(?P<phrase>[^"]*)"|(?P<word>[^\s":]+))(?=\s|$)')
_STATES = {"unread": ("UNREAD", True), "read": ("UNREAD", False), "starred": ("STARRED", True)}
_PARTIES = ("from", "to", "cc", "subject")


def predicate(text: str, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a query; `read` returns all texts of a record for the name ``.

    Raises:
        QueryFault: it cannot be read.
        UnknownName: an operator is not known.
    """
    conditions: list[Callable[[Record], bool]] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            raise QueryFault(f"cannot be read at character {at}: {text[at : at + 20]!r}")
        at = found.end()
        if found["operator"] is not None:
            conditions.append(_operator(found["operator"], found["value"], read))
        elif found["phrase"] is not None:
            conditions.append(_phrase(found["phrase"].casefold(), read))
        else:
            conditions.append(_word(found["word"], read))
    return lambda record: all(condition(record) for condition in conditions)


def _phrase(phrase: str, read: Read) -> Callable[[Record], bool]:
    return lambda record: any(phrase in " ".join(str(text).casefold().split()) for text in read(record, ""))


def _word(word: str, read: Read) -> Callable[[Record], bool]:
    return lambda record: contains(read(record, ""), word)


def _operator(name: str, value: str, read: Read) -> Callable[[Record], bool]:
    if name in _PARTIES:
        return lambda record: contains(read(record, name), value)
    if name == "is" and value in _STATES:
        label, has = _STATES[value]
        return lambda record: (label in read(record, "label")) is has
    if name in ("in", "label"):
        return lambda record: value.upper() in map(str.upper, map(str, read(record, "label")))
    if name in ("after", "before"):
        if not value.isdigit():
            raise QueryFault(f"{value!r} is not a number of seconds")
        limit = int(value)
        return lambda record: any((int(each) // 1000 >= limit) is (name == "after") for each in read(record, "internalDate"))
    raise UnknownName(name)


def values(record: Record, name: str) -> tuple[Any, ...]:
    """Return the values that a message has for an operator; for the name ``, its texts."""
    payload = record.get("payload")
    payload = payload if isinstance(payload, Mapping) else {}
    headers = [each for each in payload.get("headers") or () if isinstance(each, Mapping)]
    match name:
        case "label":
            return tuple(record.get("labelIds") or ())
        case "internalDate":
            return (record["internalDate"],) if record.get("internalDate") else ()
        case "":
            subject = (str(each.get("value")) for each in headers if str(each.get("name")).lower() == "subject")
            return (*subject, *_texts(payload))
    return tuple(str(each.get("value")) for each in headers if str(each.get("name")).lower() == name)


def _texts(part: Mapping[str, Any]) -> Iterator[str]:
    body = part.get("body")
    if str(part.get("mimeType")).startswith("text/") and isinstance(body, Mapping) and isinstance(body.get("data"), str):
        data = body["data"]
        yield urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode("utf-8", "replace")
    for each in part.get("parts") or ():
        yield from _texts(each)
