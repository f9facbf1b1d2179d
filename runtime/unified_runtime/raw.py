"""The vendor's own answer behind a unified value, kept as bytes and parsed when asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from unified_runtime.encoding import json_bytes
from unified_runtime.messages import Response

_UNPARSED: Any = object()
_exact = msgspec.json.Decoder(float_hook=Decimal)

Where: TypeAlias = tuple[tuple[str, ...], Any]
"""The first element of a list that holds a value at a place."""


class Document:
    """An answer's body and its parsed form, shared by every record read from it."""

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
        """As `parsed`, with fractions as `Decimal`, to the last digit."""
        if self._exact is _UNPARSED:
            self._exact = _exact.decode(self.body)
        return self._exact


class Raw:
    """A place in a vendor's answer: `raw.at("issues", 3).value` is the fourth issue as the vendor sent it.

    `value` holds parsed JSON (dict, list, str, int, float, bool or None), and None where the place does not exist.
    """

    __slots__ = ("_document", "_path")

    def __init__(self, document: Document, path: tuple[str | int | Where, ...] = ()) -> None:
        self._document = document
        self._path = path

    def at(self, *path: str | int | Where) -> Raw:
        """The place below this one: by name, by number, or by what an element of a list holds."""
        return Raw(self._document, self._path + path)

    @property
    def value(self) -> Any:
        return self._in(self._document.parsed)

    @property
    def exact(self) -> Any:
        """As `value`, with fractions as `Decimal`, to the last digit."""
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

    def alone(self) -> Raw:
        """The same, in a document of its own: nothing else of the answer can be reached from it."""
        body, response = json_bytes(self.exact), self._document.response
        if response is not None:
            response = Response(response.status, response.pairs, body, response.url)
        return Raw(Document(body, response))

    @property
    def document(self) -> Document:
        """The answer this place belongs to, one object for all places in it."""
        return self._document

    @property
    def path(self) -> tuple[str | int | Where, ...]:
        """The place in the answer."""
        return self._path

    @property
    def body(self) -> bytes:
        """The whole answer this place belongs to."""
        return self._document.body

    @property
    def response(self) -> Response | None:
        """The answer with its status and headers; None after unpickling, which keeps the body alone."""
        return self._document.response

    def __repr__(self) -> str:
        return f"Raw({'.'.join(map(str, self._path)) or '@'})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Headers stay behind: a record that is stored shall not carry a session cookie along.
        return _restore, (self._document.body, self._path)


def _at(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _restore(body: bytes, path: tuple[str | int | Where, ...]) -> Raw:
    return Raw(Document(body), path)
