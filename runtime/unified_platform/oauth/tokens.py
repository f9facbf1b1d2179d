"""What a token endpoint grants (RFC 6749, section 5.1)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unified_platform.oauth.dialect import STANDARD, Dialect
from unified_platform.oauth.errors import Untrusted
from unified_runtime.credentials import Secret
from unified_runtime.errors import VendorProtocolError

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
    """Tokens, and what was granted with them.

    Args:
        expires_at: seconds since 1970 at which the access token is no longer valid; None if it never expires.
        type: `Bearer` or `DPoP`.
        scopes: what was granted; None where the server does not say, which means what was asked for.
        details: the granted `authorization_details` (RFC 9396, section 7); None where the server does not say.
        extra: the answer's other values, those that may be secrets left out.
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


def read(found: Mapping[str, Any], asked_at: float, *, dialect: Dialect = STANDARD, bound: bool = False) -> Tokens:
    """The tokens of an answer, whose secrets are `Secret`s already (`http.Answer`).

    `asked_at` is when its request was sent, so that no token is taken to live longer than it does.

    `bound` says that tokens bound to a key were asked for (DPoP).

    Raises:
        VendorProtocolError: there is no usable token in it.
        Untrusted: a token bound to a key was asked for, and a plain one given.
    """
    inner: Any = found
    for name in dialect.at:
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    if inner is None:
        inner = found  # Slack answers a refresh with the token at the top
    if not isinstance(inner, Mapping) or not _usable(inner.get("access_token")):
        raise VendorProtocolError("the token endpoint's answer holds no access token")
    return Tokens(
        access=_secret(inner["access_token"]),
        refresh=_optional(inner, "refresh_token"),
        id=_optional(inner, "id_token"),
        expires_at=_expiry(inner, asked_at, dialect),
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
        raise VendorProtocolError("the token endpoint's answer holds a token that no header can carry")
    return value


def _optional(found: Mapping[str, Any], name: str) -> Secret | None:
    return _secret(found[name]) if _usable(found.get(name)) else None


def _expiry(found: Mapping[str, Any], asked_at: float, dialect: Dialect) -> float | None:
    seconds = found.get("expires_in", dialect.lifetime)
    if "expires_in" not in found and isinstance(found.get("expires_in_ms"), int):  # Matrix
        seconds = found["expires_in_ms"] / 1000
    if seconds is None:
        return None
    if isinstance(seconds, str) and seconds.strip().isdigit():  # Facebook, older Microsoft endpoints
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise VendorProtocolError("the token endpoint's answer says no number of seconds in `expires_in`")
    # Servers count whole seconds, from one that had begun already: a token may end a second before its lifetime is over.
    return asked_at + seconds - min(1.0, seconds / 2)


def _type(found: Mapping[str, Any], bound: bool, dialect: Dialect) -> str:
    kind = str(found.get("token_type", "bearer"))
    if kind.lower() == "dpop":
        return "DPoP"
    if bound:
        raise Untrusted(f"a token bound to a key was asked for, and one of type {kind[:40]!r} given, which a thief could use")
    if kind.lower() != "bearer" and kind not in dialect.types:
        # RFC 6749, section 7.1: a token of a type one does not understand must not be used.
        raise VendorProtocolError(f"the token endpoint grants a token of the unknown type {kind[:40]!r}")
    return "Bearer"


def _scopes(found: Mapping[str, Any], dialect: Dialect) -> tuple[str, ...] | None:
    scope = found.get("scope")
    if isinstance(scope, str):
        # The RFC separates by spaces in answers too; vendors that want commas answer with either.
        return tuple(dict.fromkeys(scope.replace(dialect.separator, " ").split()))
    if isinstance(scope, list) and all(isinstance(one, str) for one in scope):
        return tuple(dict.fromkeys(scope))
    return None


def _details(found: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...] | None:
    details = found.get("authorization_details")
    if details is None:
        return None
    if not isinstance(details, list) or not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in details):
        raise VendorProtocolError("the token endpoint's answer holds `authorization_details` that are none (RFC 9396, section 2)")
    return tuple(details)


def _harmless(value: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without what may be secret, at any depth: what remains is kept beside the connection, and may be shown."""
    return {name: _inner(item) for name, item in value.items() if not any(word in name.lower() for word in _SECRET)}


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _harmless(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_inner(one) for one in value]
    return value


def expired(expires_at: float | None, ahead: float = 0.0) -> bool:
    """Whether a token is no longer valid, or will not be in `ahead` seconds."""
    return expires_at is not None and time.time() + ahead >= expires_at
