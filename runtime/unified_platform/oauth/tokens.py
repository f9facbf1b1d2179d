"""Tokens of a token response, and their decoding (RFC 6749, section 5.1)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unified_platform.oauth.errors import UntrustedToken
from unified_platform.oauth.vendor_dialect import STANDARD, Dialect
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import VendorProtocolError

_OWN = frozenset(
    {
        "access_token",
        "refresh_token",
        "id_token",
        "token_type",
        "expires_in",
        "expires_in_ms",
        "scope",
        "authorization_details",
        "issued_token_type",
    }
)
_SECRET = ("token", "secret", "key", "password", "signature", "assertion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens, and the rights granted with them.

    Args:
        expires_at: time of expiry of the access token, in seconds since 1970; None if it never expires.
        type: `Bearer` or `DPoP`.
        scopes: granted scopes; None if the server does not return them, which means those requested.
        details: granted `authorization_details` (RFC 9396, section 7); None if the server does not return them.
        extra: other values of the response, except possible secrets.
    """

    access: Secret
    refresh: Secret | None = None
    id: Secret | None = None
    expires_at: float | None = None
    type: str = "Bearer"
    scopes: tuple[str, ...] | None = None
    details: tuple[Mapping[str, Any], ...] | None = None
    issued_type: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return tuple(secret for secret in (self.access, self.refresh, self.id) if secret is not None)


def read(found: Mapping[str, Any], requested_at: float, *, dialect: Dialect = STANDARD, bound: bool = False) -> Tokens:
    """Return the tokens of a response, whose secrets are already `Secret`s (`http.ServerResponse`).

    `requested_at` is the time when the request was sent, so that a token's lifetime is never overestimated.

    `bound` is true if tokens bound to a key were requested (DPoP).

    Raises:
        VendorProtocolError: it contains no usable token.
        UntrustedToken: a token bound to a key was requested, and a plain one granted.
    """
    inner: Any = found
    for name in dialect.at:
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    if inner is None:
        inner = found  # Slack's response to a refresh has the token at the top level
    if not isinstance(inner, Mapping) or not _usable(inner.get("access_token")):
        raise VendorProtocolError("the token endpoint's response has no access token")
    return Tokens(
        access=_secret(inner["access_token"]),
        refresh=_optional(inner, "refresh_token"),
        id=_optional(inner, "id_token"),
        expires_at=_expiry(inner, requested_at, dialect),
        type=_type(inner, bound, dialect),
        scopes=_scopes(inner, dialect),
        details=_details(inner),
        issued_type=inner["issued_token_type"] if isinstance(inner.get("issued_token_type"), str) else None,
        extra={name: value for name, value in _harmless(found).items() if name not in _OWN},
    )


def _usable(value: object) -> bool:
    return isinstance(value, Secret) and value.reveal() != ""


def _secret(value: Secret) -> Secret:
    if not value.reveal().isascii() or not value.reveal().isprintable():
        raise VendorProtocolError("the token endpoint's response has a token that no header can carry")
    return value


def _optional(found: Mapping[str, Any], name: str) -> Secret | None:
    return _secret(found[name]) if _usable(found.get(name)) else None


def _expiry(found: Mapping[str, Any], requested_at: float, dialect: Dialect) -> float | None:
    seconds = found.get("expires_in", dialect.lifetime)
    if "expires_in" not in found and isinstance(found.get("expires_in_ms"), int):  # Matrix
        seconds = found["expires_in_ms"] / 1000
    if seconds is None:
        return None
    if isinstance(seconds, str) and seconds.strip().isdigit():  # Facebook, older Microsoft endpoints
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise VendorProtocolError("the token endpoint's response has no number of seconds in `expires_in`")
    # Servers count whole seconds, from one that had already begun: a token may expire up to a second early.
    return requested_at + seconds - min(1.0, seconds / 2)


def _type(found: Mapping[str, Any], bound: bool, dialect: Dialect) -> str:
    kind = str(found.get("token_type", "bearer"))
    if kind.lower() == "dpop":
        return "DPoP"
    if bound:
        raise UntrustedToken(f"a token bound to a key was requested, and one of type {kind[:40]!r} given, which a thief could use")
    if kind.lower() != "bearer" and kind not in dialect.types:
        # RFC 6749, section 7.1: a token of an unknown type must not be used.
        raise VendorProtocolError(f"the token endpoint grants a token of the unknown type {kind[:40]!r}")
    return "Bearer"


def _scopes(found: Mapping[str, Any], dialect: Dialect) -> tuple[str, ...] | None:
    scope = found.get("scope")
    if isinstance(scope, str):
        # The RFC separates by spaces in responses too; vendors that want commas respond with either.
        return tuple(dict.fromkeys(scope.replace(dialect.separator, " ").split()))
    if isinstance(scope, list) and all(isinstance(one, str) for one in scope):
        return tuple(dict.fromkeys(scope))
    return None


def _details(found: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...] | None:
    details = found.get("authorization_details")
    if details is None:
        return None
    if not isinstance(details, list) or not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in details):
        raise VendorProtocolError("the token endpoint's response has `authorization_details` that are not valid (RFC 9396, section 2)")
    return tuple(details)


def _harmless(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a response without possible secrets, at any depth. The rest is stored with the connection, and may be shown."""
    return {name: _inner(item) for name, item in value.items() if not any(part in name.lower() for part in _SECRET)}


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _harmless(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_inner(one) for one in value]
    return value


def expired(expires_at: float | None, ahead: float = 0.0) -> bool:
    """Return whether a token has expired, or will have in `ahead` seconds."""
    return expires_at is not None and time.time() + ahead >= expires_at
