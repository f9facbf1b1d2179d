"""Helpers for the generated `failure` functions: reading error bodies that may hold anything.

None of them raises: an error answer that is not what the vendor documents still has a status, and that decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from unified_runtime.messages import Response
from unified_runtime.vendors import Failure

__all__ = ["Failure", "at", "body", "kind", "mapping", "named", "plain", "text", "texts"]

LONGEST = 500
"""Characters of a vendor's message that are kept."""


def body(response: Response) -> Any:
    """The parsed JSON body; None where it is none."""
    try:
        return msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def at(value: Any, *path: str | int) -> Any:
    """The value below, by names and positions; None where the way ends."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def text(value: Any) -> str | None:
    """A message as one line of text: strings and numbers, an object's `message` or `description`, a list's joined by `; `. None where
    there is none."""
    if isinstance(value, dict):
        value = value.get("message") or value.get("description")
    if isinstance(value, list):
        parts = [part for item in value if (part := text(item))]
        return "; ".join(parts)[:LONGEST] or None
    if isinstance(value, str):
        return " ".join(value.split())[:LONGEST] or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def texts(value: Any) -> tuple[str, ...]:
    """The messages of a list (or a single one)."""
    items = value if isinstance(value, list) else [value]
    return tuple(part for item in items if (part := text(item)))


def mapping(value: Any) -> dict[str, str]:
    """An object of messages by field name; a message that is no text becomes `is not accepted`."""
    if not isinstance(value, Mapping):
        return {}
    return {name: text(message) or "is not accepted" for name, message in value.items() if isinstance(name, str)}


def kind(code: str | None, kinds: Mapping[str, str]) -> str | None:
    """The error that a vendor's code means: that of the code itself, or else of the first pattern that fits (`*` is anything)."""
    if code is None:
        return None
    found = (kind for pattern, kind in kinds.items() if "*" in pattern and fnmatchcase(code, pattern))
    return kinds.get(code) or next(found, None)


def named(value: Any, message: str | None) -> dict[str, str]:
    """A list of field names, each with the answer's one message."""
    if not isinstance(value, list):
        return {}
    return {name: message or "is not accepted" for name in value if isinstance(name, str)}


def plain(response: Response) -> str | None:
    """The whole body as the message, for vendors that answer errors in plain text; None if it is markup or binary."""
    start = response.body[: 4 * LONGEST].decode("utf-8", errors="replace")
    if start.lstrip()[:1] in {"<", "{", "["} or "\ufffd" in start[:LONGEST]:
        return None
    return text(start)
