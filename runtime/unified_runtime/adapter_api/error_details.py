"""Helpers for the generated `failure` functions, which read error details from response bodies of any content.

None of them raises: an error response that does not match the vendor's document still has a status, which determines the error.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import Failure

__all__ = [
    "Failure",
    "at",
    "body",
    "composed",
    "each",
    "every",
    "kind",
    "mapping",
    "may_have",
    "named",
    "payload",
    "plain",
    "text",
    "texts",
]

LONGEST = 500
"""Maximum characters of a vendor's message."""


def body(response: Response) -> Any:
    """Return the parsed JSON body; None if it is not JSON."""
    try:
        return msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def may_have(response: Response, *names: bytes) -> bool:
    """Return false if the JSON body certainly has no property with one of these names, also not in JSON text inside it.

    It does not parse the body: a property's name is in the bytes as it is, unless its letters are escaped (`\\u0065rrors`).
    """
    content = response.body
    return any(name in content for name in names) or b"\\u00" in content


def at(value: Any, *path: str | int) -> Any:
    """Return the value at a path of names and indexes; None if the path does not exist."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def each(value: Any, path: tuple[str | int, ...]) -> list[Any]:
    """Return the value at a path of each element of a list that has it."""
    found = (at(element, *path) for element in value) if isinstance(value, list) else ()
    return [one for one in found if one is not None]


def every(value: Any, *paths: tuple[str | int, ...]) -> str | None:
    """Return the messages of all elements of a list, each at the first of the paths that holds a text, joined by `; `.

    None if there is none. A message that several elements have is written once.
    """
    elements = value if isinstance(value, list) else []
    found = (next((part for path in paths if (part := text(at(element, *path)))), None) for element in elements)
    return "; ".join(dict.fromkeys(part for part in found if part))[:LONGEST] or None


def payload(value: Any) -> Any:
    """Return the value of the only field of a GraphQL operation; None if the response has none. An object in JSON text is that object."""
    data = at(value, "data")
    found = next(iter(data.values()), None) if isinstance(data, dict) else None
    if isinstance(found, str) and found.startswith("{"):
        try:
            return msgspec.json.decode(found)
        except (msgspec.DecodeError, RecursionError):
            return found
    return found


def text(value: Any) -> str | None:
    """Return a message as one line of text: a string or number, the `message` or `description` of an object, or those of a list joined by
    `; `. None if there is none."""
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


def composed(pieces: tuple[str, ...], *values: Any) -> str | None:
    """Return a message of pieces and the values between them; None if one of these is not there."""
    parts = [text(value) for value in values]
    if any(part is None for part in parts):
        return None
    return text("".join(piece + (part or "") for piece, part in zip(pieces, (*parts, ""), strict=True)))


def texts(value: Any) -> tuple[str, ...]:
    """Return the messages of a list (or a single one)."""
    items = value if isinstance(value, list) else [value]
    return tuple(part for item in items if (part := text(item)))


def mapping(value: Any) -> dict[str, str]:
    """Return an object's messages by field name; a message without text becomes `is not accepted`."""
    if not isinstance(value, Mapping):
        return {}
    return {name: text(message) or "is not accepted" for name, message in value.items() if isinstance(name, str)}


def kind(code: str | None, kinds: Mapping[str, str]) -> str | None:
    """Return the error class name for a vendor's code: that of the code itself, else of the first matching pattern (`*` is anything)."""
    if code is None:
        return None
    found = (kind for pattern, kind in kinds.items() if "*" in pattern and fnmatchcase(code, pattern))
    return kinds.get(code) or next(found, None)


def named(value: Any, message: str | None) -> dict[str, str]:
    """Return a list of field names as a mapping, each with the only message of the response."""
    if not isinstance(value, list):
        return {}
    return {name: message or "is not accepted" for name in value if isinstance(name, str)}


def plain(response: Response) -> str | None:
    """Return the entire body as the message, for vendors that return errors as plain text; None if it is markup, JSON or binary."""
    start = response.body[: 4 * LONGEST].decode("utf-8", errors="replace")
    if start.lstrip()[:1] in {"<", "{", "["} or "\ufffd" in start[:LONGEST]:
        return None
    return text(start)
