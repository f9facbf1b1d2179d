"""Percent-encoding of queries, forms, cookies and paths (RFC 3986), and path templates that contain a query or a fragment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from msgspec import Struct

from unified_openapi.requests import styles
from unified_openapi.requests.faults import MissingValue, RequestFault
from unified_openapi.requests.scalars import text
from unified_openapi.requests.styles import Style, Styles

_QUERY_SAFE = ",:/@"
_NAME, _VALUE = ([quote(chr(code), safe=safe) for code in range(128)] for safe in ("", _QUERY_SAFE))
"""Percent-encoded ASCII for names and values of a query: tables for `translate`, which is several times as fast as `quote`."""
_RESERVED = ":/?@!$'()*,;"
"""Reserved characters that `allowReserved` leaves as they are. Others would end the value (`&`, `#`), change it (`+`), or are not
valid in a query (`[`, `]`)."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


def query_text(query: Mapping[str, Any], declared: Styles | None = None) -> str:
    """Return a query or form as text. Parameters without a declared style: None is omitted, lists are repeated, objects are JSON.

    Raises:
        RequestFault: a value cannot be sent as declared.
    """
    parts = []
    for name, value in query.items():
        if declared is not None and (style := declared.get(name)) is not None:
            encode = _reserved if style.allow_reserved else _value
            try:
                parts += [f"{_name(key)}={item}" for key, item in styles.expand(name, value, style, encode)]
            except UnicodeEncodeError:
                raise _not_unicode(name, text(value)) from None
        elif value is None:
            continue
        elif type(value) is str:
            parts.append(_pair(name, value))
        elif isinstance(value, (list, tuple)):
            parts += [_pair(name, text(item)) for item in value]
        else:
            parts.append(_pair(name, text(value)))
    return "&".join(parts)


def _name(name: str) -> str:
    return name.translate(_NAME) if name.isascii() else quote(name, safe="")


def _value(value: str) -> str:
    return value.translate(_VALUE) if value.isascii() else quote(value, safe=_QUERY_SAFE)


def _reserved(value: str) -> str:
    return quote(value, safe=_RESERVED)


def _pair(name: str, value: str) -> str:
    quoted = name.translate(_NAME) if name.isascii() else quote(name, safe="")
    if value.isascii():
        return f"{quoted}={value.translate(_VALUE)}"
    try:
        return f"{quoted}={quote(value, safe=_QUERY_SAFE)}"
    except UnicodeEncodeError:
        raise _not_unicode(name, value) from None


def _not_unicode(name: str, value: str) -> RequestFault:
    return RequestFault(f"{name} is not valid Unicode: {value[:60]!r}", name)


def cookie_text(cookies: Mapping[str, Any], declared: Styles | None = None) -> str:
    """Return the value of the header Cookie (RFC 6265, section 4.2.1). Values are percent-encoded, as style `form` has it."""
    found = [
        f"{_name(key)}={item}"
        for name, value in cookies.items()
        for key, item in styles.expand(name, value, declared.get(name) if declared is not None else None, _name)
    ]
    return "; ".join(found)


# ------------------------------------------------------------------------------------------------------------ paths
class PathTemplate(Struct, frozen=True):
    """Path of an operation in pieces: `texts` around the parameters `names`.

    Some documents distinguish operations of one path by a query or a fragment (`/files/{id}#share`, `/messages?beta=true`): the query is
    sent with each request, and a fragment is not part of a request (RFC 9110, section 7.1).
    """

    texts: tuple[str, ...]
    names: tuple[str, ...]


def path_template(path: str) -> PathTemplate:
    """Return the template of a path in a document, with its query and without its fragment.

    `/#name`, the path of a GraphQL field, is the server's own address.
    """
    text, _, fragment = path.partition("#")
    parts = re.split(r"\{([^{}]+)\}", "" if text == "/" and fragment.isidentifier() else text.removesuffix("?"))
    return PathTemplate(tuple(parts[0::2]), tuple(parts[1::2]))


def path_text(template: PathTemplate, values: Mapping[str, Any], declared: Styles | None, where: str) -> str:
    """Return the path with its parameters filled in, and with the query of the template.

    Raises:
        MissingValue: a parameter has no value.
        RequestFault: a value is empty, has a control character, or would leave its segment on a server that decodes it first.
    """
    made = template.texts[0]
    for number, name in enumerate(template.names, 1):
        made += path_value(name, values.get(name), declared.get(name) if declared is not None else None, where) + template.texts[number]
    return made


def path_value(name: str, value: Any, style: Style | None, where: str) -> str:
    """Return a path parameter, percent-encoded so that it cannot leave its segment. `where` is the operation, for messages.

    Raises:
        MissingValue: it is None.
        RequestFault: it is empty, has a control character, or would leave its segment on a server that decodes it first.
    """
    if value is None:
        raise MissingValue(f"{where} needs a value for {name}", name)
    simple = style is None and type(value) is str
    plain = value if simple else styles.segment(name, value, style, str)
    if not plain or _CONTROL(plain) or _climbs(plain) or (not simple and isinstance(value, (Mapping, list, tuple)) and not value):
        raise RequestFault(f"{plain!r} cannot be the {name} of {where}", name)
    try:
        return quote(value, safe="") if simple else styles.segment(name, value, style, _segment)
    except UnicodeEncodeError:
        raise RequestFault(f"the {name} of {where} is not valid Unicode: {plain!r}", name) from None


def _segment(value: str) -> str:
    return quote(value, safe="")


def _climbs(text: str) -> bool:
    """Return true if a segment leads to a parent (`..`) on a server or proxy that decodes it before resolving the path.

    Encoded, `..%2Fx` is one segment (RFC 3986, section 2.2), but some servers decode it first, and some twice.
    """
    for _ in range(3):
        steps = text.replace("\\", "/").split("/")
        if any(step.partition(";")[0] in {".", ".."} for step in steps):
            return True
        decoded = unquote(text)
        if decoded == text:
            return False
        text = decoded
    return True  # encoded several times, unlike any valid id


def joined_query(fixed: str, query: str, names: Iterable[str]) -> str:
    """Return the query of a path template with that of a request, whose parameters replace those of the same name."""
    if not fixed:
        return query
    given = set(names)
    left = [pair for pair in fixed.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in given]
    return "&".join([*left, query] if query else left)
