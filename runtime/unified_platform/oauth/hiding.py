"""Secrets on their way to and from authorization servers: `Secret`s in this process, texts on the wire alone.

A request is given its secrets as `Secret`s, which are revealed where its bytes are made, and what an answer holds under a secret's name is
hidden where it is decoded. So no variable between the two holds one that a traceback could show.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, urlencode

import msgspec

from unified_runtime.credentials import Secret
from unified_runtime.messages import Applied
from unified_runtime.redaction import scrub

_ENDS = ("token", "_key")
_HOLDS = ("secret", "password", "assertion", "signature")
_NAMES = frozenset({"code", "device_code"})


def form_bytes(fields: Mapping[str, Any]) -> bytes:
    """A form's bytes. A value is a text, a `Secret`, or a sequence, which repeats its field."""
    return urlencode({name: _revealed(value) for name, value in fields.items()}, doseq=True).encode("ascii")


def json_bytes(value: Any) -> bytes:
    """JSON's bytes, in which a `Secret` is its text."""
    return msgspec.json.encode(value, enc_hook=_revealed)


def _revealed(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def applied(headers: Mapping[str, Secret]) -> Applied | None:
    """Secret headers, to be added where the request's bytes are made; None if one holds what no header can carry."""
    pairs = []
    for name, secret in headers.items():
        if not secret.reveal().isascii() or not secret.reveal().isprintable():
            return None
        pairs.append((name.encode("ascii"), secret.reveal().encode("ascii")))
    return Applied(tuple(pairs), secrets=tuple(headers.values()))


def within(values: Iterable[Any]) -> Iterator[Secret]:
    """The secrets among a request's values; of an `Authorization` header also what stands behind its scheme."""
    for value in values:
        if not isinstance(value, Secret):
            continue
        yield value
        scheme, space, rest = value.reveal().partition(" ")
        if not space:
            continue
        yield Secret(rest)
        if scheme == "Basic" and (password := _password(rest)) is not None:
            yield password


def _password(pair: str) -> Secret | None:
    try:
        return Secret(unquote_plus(base64.b64decode(pair, validate=True).decode("utf-8").partition(":")[2]))
    except (binascii.Error, UnicodeDecodeError):
        return None


def concealed(body: bytes, known: Iterable[Secret]) -> Any:
    """What an answer's JSON holds, None if it is none: secrets by their names, other texts without those and without the `known` ones."""
    value = _decoded(body)
    return _hidden(value, (*known, *_named(value)))


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith(_ENDS) or lowered in _NAMES or any(word in lowered for word in _HOLDS)


def _named(value: Any) -> Iterator[Secret]:
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str) and _is_secret(name):
                yield Secret(member)
            else:
                yield from _named(member)
    elif isinstance(value, list):
        for member in value:
            yield from _named(member)


def _hidden(value: Any, known: tuple[Secret, ...]) -> Any:
    if isinstance(value, str):
        return scrub(value, known)
    if isinstance(value, dict):
        return {
            scrub(name, known): Secret(member) if isinstance(member, str) and _is_secret(name) else _hidden(member, known)
            for name, member in value.items()
        }
    return [_hidden(member, known) for member in value] if isinstance(value, list) else value
