"""Parameters and form fields by style (OpenAPI 3.1.1, section 4.8.12.3 "Style Values"; RFC 6570 for what it leaves open)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct

from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.scalars import json_bytes, text


class Style(Struct, frozen=True):
    """Format of a parameter or form field: written by `style`, or as the `media_type` if there is one.

    For a form field, None instead of a style is the default of a document without `encoding`: an item of a list repeats the name, and
    an object is JSON.
    """

    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    media_type: str | None = None


COMMAS = Style(explode=False)
"""`id=1,2`"""

PIPES = Style("pipeDelimited", explode=False)
"""`id=1%7C2`"""

SPACES = Style("spaceDelimited", explode=False)
"""`id=1%202`"""

DEEP_OBJECT = Style("deepObject")
"""`filter[status]=open`, and `items[0][price]=1` for what is nested: OpenAPI leaves nesting open, and servers read it like this."""

JSON = Style(media_type="application/json")
"""`filter={"status":"open"}`"""

_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
Encode = Callable[[str], str]


class Styles(Protocol):
    """Styles of parameters by name; parameters that are not listed have the default style."""

    def get(self, name: str, /) -> Style | None: ...


def expand(name: str, value: Any, style: Style | None, encode: Encode) -> Iterator[tuple[str, str]]:
    """Yield the pairs of name and encoded value that a query or form contains for a value; none for None. Names are not encoded.

    Raises:
        RequestFault: an item of a list contains the style's separator.
    """
    if value is None:
        return
    listed = isinstance(value, (list, tuple))
    if style is None:
        for item in value if listed else (value,):
            yield name, encode(text(item))
    elif style.media_type is not None:
        yield name, encode(_as_media(value, style.media_type))
    elif style.style == "deepObject":
        yield from _brackets(name, value, encode)
    elif isinstance(value, Mapping) and style.explode:
        for key, item in value.items():
            if item is not None:
                yield str(key), encode(text(item))
    elif listed and style.explode:
        for item in value:
            yield name, encode(text(item))
    elif listed or isinstance(value, Mapping):
        if parts := _parts(value):
            yield name, _joined(name, parts, style, encode)
    else:
        yield name, encode(text(value))


def _as_media(value: Any, media_type: str) -> str:
    return json_bytes(value).decode("utf-8") if "json" in media_type else text(value)


def _brackets(name: str, value: Any, encode: Encode) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _brackets(f"{name}[{key}]", item, encode)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _brackets(f"{name}[{number}]", item, encode)
    elif value is not None:
        yield name, encode(text(value))


def _parts(value: Any) -> list[str]:
    """Return the items of a list, or the keys and values of an object in turn."""
    if isinstance(value, Mapping):
        return [text(part) for pair in value.items() if pair[1] is not None for part in pair]
    return [text(item) for item in value if item is not None]


def _joined(name: str, parts: list[str], style: Style, encode: Encode) -> str:
    separator = _SEPARATORS.get(style.style)
    if separator is None:
        return ",".join(encode(part).replace(",", "%2C") if encode is not _plain else part for part in parts)
    for part in parts:
        if separator in part:  # encoded, it would be equal to the separator, which is encoded too
            raise RequestFault(f"{name} cannot contain {part[:60]!r}: {separator!r} separates its values", name)
    return encode(separator).join(map(encode, parts))


def _plain(value: str) -> str:
    return value


def shown(name: str, value: Any, style: Style | None) -> list[tuple[str, str]]:
    """Return the pairs without encoding."""
    return list(expand(name, value, style, _plain))


def header(name: str, value: Any, style: Style | None) -> str:
    """Return the value of a header (style `simple`), which has no encoding.

    Raises:
        RequestFault: it cannot be sent: the header would be another one.
    """
    if style is not None and style.media_type is not None:
        made = _as_media(value, style.media_type)
    elif isinstance(value, Mapping) and style is not None and style.explode:
        made = ",".join(f"{key}={text(item)}" for key, item in value.items() if item is not None)
    elif isinstance(value, (Mapping, list, tuple)):
        made = ",".join(_parts(value))
    else:
        made = text(value)
    wrong = next((character for character in made if not " " <= character <= "~"), None)
    if wrong is not None:
        raise RequestFault(f"{made[:60]!r} cannot be sent in the header {name}: it contains {wrong!r}", name)
    return made


def segment(name: str, value: Any, style: Style | None, encode: Encode) -> str:
    """Return the text of a path parameter: `simple`, `label` or `matrix`."""
    kind = style.style if style is not None else "simple"
    explode = style is not None and style.explode
    if style is not None and style.media_type is not None:
        return encode(_as_media(value, style.media_type))
    if not isinstance(value, (Mapping, list, tuple)):
        made = encode(text(value))
        return {"label": f".{made}", "matrix": f";{encode(name)}={made}"}.get(kind, made)
    if not explode:
        made = ",".join(map(encode, _parts(value)))
        return {"label": f".{made}", "matrix": f";{encode(name)}={made}"}.get(kind, made)
    if isinstance(value, Mapping):
        items = [f"{encode(str(key))}={encode(text(item))}" for key, item in value.items() if item is not None]
    else:
        items = [encode(text(item)) for item in value if item is not None]
        items = [f"{encode(name)}={item}" for item in items] if kind == "matrix" else items
    return {"label": f".{'.'.join(items)}", "matrix": f";{';'.join(items)}"}.get(kind, ",".join(items))
