"""Access tokens that are shown to us: signed by their issuer for this server (RFC 9068)."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

from unified_platform.oauth import idtoken, servers
from unified_platform.oauth.errors import Untrusted
from unified_platform.oauth.http import get
from unified_runtime import AsyncClient
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow

_KEPT = 3600.0
"""Seconds for which an issuer's keys are kept."""

_AGAIN = 30.0
"""Seconds to wait before they are read again for a token that none of them signed."""


class IssuerKeys:
    """An issuer's keys, read when first needed, and again for a token that none of them signed.

    Args:
        issuer: whose metadata (RFC 8414) says where its keys are.
        client: through which it is asked.
        jwks_uri: where the keys are, if the issuer publishes no metadata.
    """

    def __init__(self, issuer: str, client: AsyncClient, *, jwks_uri: str | None = None) -> None:
        self.issuer = issuer
        self._client = client
        self._jwks_uri = jwks_uri
        self._keys: Mapping[str, Any] = {}
        self._read_at = -_KEPT

    async def signed(self, token: Secret) -> Mapping[str, Any]:
        """The claims of a token, after its signature was checked, and nothing else.

        Raises:
            Untrusted: none of the issuer's keys signed it.
            UnifiedError: the keys cannot be had.
        """
        what = f"access token of {self.issuer}"
        if time.monotonic() - self._read_at >= _KEPT:
            await self._read()
        try:
            return idtoken.signed(token, self._keys, idtoken.ALGORITHMS, what)[1]
        except Untrusted:
            if time.monotonic() - self._read_at < _AGAIN:
                raise
        await self._read()  # the issuer may have a new key
        return idtoken.signed(token, self._keys, idtoken.ALGORITHMS, what)[1]

    async def _read(self) -> None:
        self._keys = await self._client.perform(_key_set(self.issuer, self._jwks_uri))
        self._read_at = time.monotonic()


def check(claims: Mapping[str, Any], issuer: str, audiences: Collection[str]) -> None:
    """Check what a signature leaves open: issuer, audience, times, and that the token is one for bearers.

    Raises:
        Untrusted: one of these is not right; says which.
    """
    now = time.time()
    audience = claims.get("aud")
    if claims.get("iss") != issuer:
        raise Untrusted("it is another issuer's")
    if not {*audiences} & {one for one in (audience if isinstance(audience, list) else [audience]) if isinstance(one, str)}:
        raise Untrusted("it is for another resource")
    expires = claims.get("exp")
    if not _number(expires) or expires <= now:
        raise Untrusted("it has expired")
    for name in ("nbf", "iat"):
        if name in claims and (not _number(claims[name]) or claims[name] > now + idtoken.SKEW):
            raise Untrusted(f"it is not valid yet ({name})")
    if "cnf" in claims:
        raise Untrusted("it is bound to a key, and was sent as a bearer token (RFC 9449, section 7.2)")


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _key_set(issuer: str, jwks_uri: str | None) -> Flow[Mapping[str, Any]]:
    if jwks_uri is None:
        server = yield from servers.discovered(issuer)
        jwks_uri = server.endpoint("jwks_uri", "keys for access tokens")
    keys = yield from get(jwks_uri, "authorization server's key set")
    return keys.object()
