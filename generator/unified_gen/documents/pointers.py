"""JSON pointers (RFC 6901) as plain text: `/paths/~1tasks/get`. The empty pointer is the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

_INDEX = re.compile("0|[1-9][0-9]*")


def escape(name: str) -> str:
    """One reference token."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


def child(pointer: str, *names: str | int) -> str:
    """The pointer to a place below another."""
    return "".join([pointer, *("/" + escape(str(name)) for name in names)])


def tokens(pointer: str) -> list[str]:
    """The names on the way to a place."""
    return [unescape(token) for token in pointer.split("/")[1:]]


def parent(pointer: str) -> str:
    """The place around; the whole document lies in itself."""
    return pointer.rpartition("/")[0]


def ancestors(pointer: str) -> Iterator[str]:
    """The place itself, then the places around it, the whole document last."""
    while pointer:
        yield pointer
        pointer = parent(pointer)
    yield ""


def index(token: str) -> int | None:
    """The list index a token stands for: no sign, no leading zero."""
    return int(token) if _INDEX.fullmatch(token) and len(token) < 10 else None


def look_up(root: Any, pointer: str) -> Any:
    """The value at a pointer.

    Raises:
        KeyError: nothing stands there.
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
    """The pointer in a `$ref` into its own document (percent-encoding undone, RFC 6901 section 6); None for any other."""
    if reference == "#":
        return ""
    return unquote(reference[1:]) if reference.startswith("#/") else None
