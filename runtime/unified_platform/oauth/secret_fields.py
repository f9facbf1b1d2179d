"""Encoding and decoding of secrets in messages with authorization servers, as `Secret` values.

A request's secrets are revealed only when its bytes are encoded, and a response's fields with secret names are wrapped when it is
decoded. So no variable in between holds a secret that a traceback could show.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, urlencode

import msgspec

from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.credentials import Secret
from unified_runtime.core.redaction import redact

_ENDS = ("token", "_key")
_HOLDS = ("secret", "password", "assertion", "signature")
_NAMES = frozenset({"code", "device_code"})


def form_bytes(fields: Mapping[str, Any]) -> bytes:
    """Encode a form. A value is a string, a `Secret`, or a sequence, which repeats its field."""
    return urlencode({name: _revealed(value) for name, value in fields.items()}, doseq=True).encode("ascii")


def json_bytes(value: Any) -> bytes:
    """Encode JSON, with a `Secret` as its text."""
    return msgspec.json.encode(value, enc_hook=_revealed)


def _revealed(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def applied(headers: Mapping[str, Secret]) -> AppliedCredential | None:
    """Return secret headers that are added when the request's bytes are made; None if one is not a valid header value."""
    pairs = []
    for name, secret in headers.items():
        if not secret.reveal().isascii() or not secret.reveal().isprintable():
            return None
        pairs.append((name.encode("ascii"), secret.reveal().encode("ascii")))
    return AppliedCredential(tuple(pairs), secrets=tuple(headers.values()))


def within(values: Iterable[Any]) -> Iterator[Secret]:
    """Yield the secrets among a request's values; of an `Authorization` header also the part after its scheme."""
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
    """Decode a JSON response, None if it is not JSON. Fields with secret names become `Secret`s; `known` ones are redacted elsewhere."""
    value = _decoded(body)
    return _hidden(value, (*known, *_named(value)))


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith(_ENDS) or lowered in _NAMES or any(part in lowered for part in _HOLDS)


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
        return redact(value, known)
    if isinstance(value, dict):
        return {
            redact(name, known): Secret(member) if isinstance(member, str) and _is_secret(name) else _hidden(member, known)
            for name, member in value.items()
        }
    return [_hidden(member, known) for member in value] if isinstance(value, list) else value
