"""JSON pointers (RFC 6901) as plain text: `/paths/~1tasks/get`. The empty pointer is the entire document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

_INDEX = re.compile("0|[1-9][0-9]*")


def escape(name: str) -> str:
    """Return one reference token."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


def child(pointer: str, *names: str | int) -> str:
    """Return the pointer to a location below another."""
    return "".join([pointer, *("/" + escape(str(name)) for name in names)])


def tokens(pointer: str) -> list[str]:
    """Return the names on the way to a location."""
    found = pointer.split("/")[1:]
    return found if "~" not in pointer else [unescape(token) if "~" in token else token for token in found]


def parent(pointer: str) -> str:
    """Return the enclosing location; the entire document is its own parent."""
    return pointer.rpartition("/")[0]


def ancestors(pointer: str) -> Iterator[str]:
    """Yield the location itself, then the locations around it, the entire document last."""
    while pointer:
        yield pointer
        pointer = parent(pointer)
    yield ""


def index(token: str) -> int | None:
    """Return the list index a token represents: no sign, no leading zero."""
    return int(token) if _INDEX.fullmatch(token) and len(token) < 10 else None


def look_up(root: Any, pointer: str) -> Any:
    """Return the value at a pointer.

    Raises:
        KeyError: nothing is there.
    """
    value = root
    for name in tokens(pointer):
        if isinstance(value, dict) and name in value:
            value = value[name]
            continue
        number = index(name) if isinstance(value, list) else None
        if number is None or number >= len(value):
            raise KeyError(pointer)
        value = value[number]
    return value


def of_reference(reference: str) -> str | None:
    """Return the pointer in a `$ref` into its own document (percent-encoding undone, RFC 6901 section 6); None for any other."""
    if reference == "#":
        return ""
    return unquote(reference[1:]) if reference.startswith("#/") else None
