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

__all__ = ["Failure", "at", "body", "composed", "kind", "mapping", "named", "plain", "text", "texts"]

LONGEST = 500
"""Maximum characters of a vendor's message."""


def body(response: Response) -> Any:
    """Return the parsed JSON body; None if it is not JSON."""
    try:
        return msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


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
