"""The vendor's response that a unified record was read from, stored as bytes and parsed on access."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from unified_runtime.core.responses import Response

_UNPARSED: Any = object()
_exact = msgspec.json.Decoder(float_hook=Decimal)

Where: TypeAlias = tuple[tuple[str, ...], Any]
"""Step of a path to an element of a list: the first one with this value at this path, given as (names, value)."""


class Document:
    """Body of a response and its parsed form, shared by all records read from it."""

    __slots__ = ("_exact", "_parsed", "body", "response")

    def __init__(self, body: bytes, response: Response | None = None) -> None:
        self.body = body
        self.response = response
        self._parsed: Any = _UNPARSED
        self._exact: Any = _UNPARSED

    @property
    def parsed(self) -> Any:
        if self._parsed is _UNPARSED:
            self._parsed = msgspec.json.decode(self.body)
        return self._parsed

    @property
    def exact(self) -> Any:
        """Like `parsed`, with fractions as `Decimal`, to the last digit."""
        if self._exact is _UNPARSED:
            self._exact = _exact.decode(self.body)
        return self._exact


class Raw:
    """Path into a vendor's response: `raw.at("issues", 3).value` is the fourth issue as the vendor sent it.

    `value` is parsed JSON (dict, list, str, int, float, bool or None), and None if the path does not exist.
    """

    __slots__ = ("_document", "_path")

    def __init__(self, document: Document, path: tuple[str | int | Where, ...] = ()) -> None:
        self._document = document
        self._path = path

    def at(self, *path: str | int | Where) -> Raw:
        """Return the path below this one: by name, by index, or by a value that an element of a list has."""
        return Raw(self._document, self._path + path)

    @property
    def value(self) -> Any:
        return self._in(self._document.parsed)

    @property
    def exact(self) -> Any:
        """Like `value`, with fractions as `Decimal`, to the last digit."""
        return self._in(self._document.exact)

    def _in(self, value: Any) -> Any:
        for key in self._path:
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
                value = value[key]
            elif isinstance(value, list) and isinstance(key, tuple):
                value = next((element for element in value if _at(element, key[0]) == key[1]), None)
            else:
                return None
        return value

    @property
    def document(self) -> Document:
        """The document this path belongs to; one object for all paths in it."""
        return self._document

    @property
    def path(self) -> tuple[str | int | Where, ...]:
        """The path, from the top of the response."""
        return self._path

    @property
    def body(self) -> bytes:
        """The complete body of the response."""
        return self._document.body

    @property
    def response(self) -> Response | None:
        """The response with its status and headers; None after unpickling, which restores only the body."""
        return self._document.response

    def __repr__(self) -> str:
        return f"Raw({'.'.join(map(str, self._path)) or '@'})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Without headers: a stored record must not contain a session cookie.
        return _restore, (self._document.body, self._path)


def _at(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _restore(body: bytes, path: tuple[str | int | Where, ...]) -> Raw:
    return Raw(Document(body), path)
