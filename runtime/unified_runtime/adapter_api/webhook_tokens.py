"""JSON Web Tokens (RFC 7519) that prove that a vendor sent a delivery. A token does not cover the body of the delivery."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, Unauthorized

SKEW = 60.0
"""Tolerated difference of clocks in seconds, for times from which a token is valid."""


class Forged(Unauthorized):
    """The delivery has no valid proof of the vendor, or is too old."""


def expiry(token: str, secrets: Sequence[Secret], algorithm: str, claims: Mapping[str, str], now: float) -> str:
    """Verify a token and return the time at which it expires, in seconds since 1970.

    Args:
        secrets: the valid secrets, one of which signed it.
        algorithm: the only algorithm that is accepted.
        claims: values that its claims must have; that of a list (`aud`) is one of them.
        now: seconds since 1970.

    Raises:
        Forged: it is missing, not signed with one of the secrets, expired, or made for something else.
        InvalidInput: joserfc, the library that verifies it, is not installed.
    """
    found = next((read for secret in secrets if (read := _signed(token, secret, algorithm)) is not None), None)
    if found is None:
        raise Forged("the delivery has no token that the vendor signed")
    expires = found.get("exp")
    if not _is_time(expires) or expires <= now:
        raise Forged("the token of the delivery has expired, or a clock is wrong")
    if any(name in found and (not _is_time(found[name]) or found[name] - SKEW > now) for name in ("iat", "nbf")):
        raise Forged("the token of the delivery is not valid yet, or a clock is wrong")
    for name, wanted in claims.items():
        held = found.get(name)
        if wanted not in (held if isinstance(held, list) else [held]):
            raise Forged(f"the token of the delivery was made for something else: its claim `{name}` differs")
    return str(int(expires))


def _signed(token: str, secret: Secret, algorithm: str) -> Mapping[str, Any] | None:
    """Return the claims of a token that was signed with a secret by this algorithm; None otherwise."""
    jwt, jwk, errors = (_module(name) for name in ("jwt", "jwk", "errors"))
    try:
        found: Mapping[str, Any] = jwt.decode(token, jwk.OctKey.import_key(secret.reveal()), algorithms=[algorithm]).claims
    except (errors.JoseError, ValueError, TypeError):
        return None
    return found


def _module(name: str) -> Any:
    try:
        return importlib.import_module(f"joserfc.{name}")
    except ModuleNotFoundError:
        raise InvalidInput("tokens of webhooks need joserfc: install unified-apis[oauth]") from None


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
