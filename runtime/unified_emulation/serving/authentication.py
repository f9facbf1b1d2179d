"""Authentication of requests to an emulated vendor: credentials where the vendor's security schemes have them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from unified_runtime.core.vendors import Scheme


@dataclass(frozen=True, slots=True)
class Presented:
    """Credential of a request: its secrets, and the query without them."""

    secrets: tuple[str, ...]
    query: str


def presented(schemes: Mapping[str, Scheme], headers: Mapping[str, str], query: str) -> Presented | None:
    """Return the credential of a request with one of the schemes; None if it has none. Header names are in lower case."""
    pairs = parse_qsl(query, keep_blank_values=True)
    for scheme in schemes.values():
        found = _secrets(scheme, headers, pairs)
        if found is not None:
            names = {key.name for key in scheme.keys if key.location == "query"}
            return Presented(found, query if not names else urlencode([pair for pair in pairs if pair[0] not in names]))
    return None


def _secrets(scheme: Scheme, headers: Mapping[str, str], query: Sequence[tuple[str, str]]) -> tuple[str, ...] | None:
    kind, _, text = headers.get("authorization", "").partition(" ")
    if scheme.kind == "bearer":
        return (text,) if kind.lower() in ("bearer", "token", "dpop") and text else None
    if scheme.kind == "basic":
        return tuple(_basic(text)) or None if kind.lower() == "basic" else None
    found = []
    for key in scheme.keys:
        values = [headers.get(key.name.lower(), "")] if key.location == "header" else [value for name, value in query if name == key.name]
        value = next((one for one in values if one), "")
        if not value.startswith(key.prefix) or not value.removeprefix(key.prefix):
            return None
        found.append(value.removeprefix(key.prefix))
    return tuple(found) or None


def _basic(text: str) -> Iterator[str]:
    """Yield the password of `user:password` in base64 (RFC 7617); the user, if the password is empty or a constant, holds the key."""
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return
    if colon and (user or password):
        yield password
        yield user
