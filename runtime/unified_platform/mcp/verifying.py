"""Which access tokens are good: those that an issuer signed for this server (RFC 9068), or says are active (RFC 7662)."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from mcp.server.auth.provider import AccessToken

from unified_platform.oauth import idtoken, lifecycle, servers
from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.errors import Untrusted
from unified_platform.oauth.http import get
from unified_runtime import AsyncClient, UnifiedError
from unified_runtime.credentials import Credential, Secret
from unified_runtime.driver import Flow

log = logging.getLogger("unified.mcp")

_KEPT = 3600.0
"""Seconds for which an issuer's keys are kept."""

_AGAIN = 30.0
"""Seconds to wait before they are read again for a token that none of them signed."""


class TokenVerifier:
    """Verifies access tokens for the SDK (its protocol of the same name). Whatever is not plainly right is refused.

    Args:
        issuer: the authorization server, whose metadata (RFC 8414) says where its keys are.
        resource: the URL of this server, which a token must be for (`aud`, RFC 8707).
        introspection: with which client to ask the issuer about tokens that are no JWTs, made by `unified.basic`; they are refused without.
        client: through which the issuer is asked.
    """

    def __init__(self, issuer: str, resource: str, *, introspection: Credential | None = None, client: AsyncClient | None = None) -> None:
        self._issuer = issuer
        self._resource = resource
        self._introspection = introspection
        self._client = client or AsyncClient()
        self._keys: Mapping[str, Any] = {}
        self._read_at = -_KEPT

    async def verify_token(self, token: str) -> AccessToken | None:
        """What a token says, or None if it is not good. Why not is logged, and the token is not."""
        secret = Secret(token)
        try:
            claims = await (self._signed(secret) if token.count(".") == 2 else self._introspected(secret))
            return self._accepted(token, claims)
        except UnifiedError as error:
            log.info("an access token was refused: %s", error.message)
            return None

    async def _signed(self, token: Secret) -> Mapping[str, Any]:
        what = f"access token of {self._issuer}"
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
        self._keys = await self._client.perform(_key_set(self._issuer))
        self._read_at = time.monotonic()

    async def _introspected(self, token: Secret) -> Mapping[str, Any]:
        if self._introspection is None:
            raise Untrusted("it is no signed token, and there is no client to ask the issuer with")
        claims = await self._client.perform(_introspection(self._issuer, token, self._introspection))
        if claims.get("active") is not True:
            raise Untrusted("the issuer says that it is not active")
        # The issuer said it: one that does not name itself is meant.
        return {"iss": self._issuer, **claims}

    def _accepted(self, token: str, claims: Mapping[str, Any]) -> AccessToken:
        now = time.time()
        audience = claims.get("aud")
        if claims.get("iss") != self._issuer:
            raise Untrusted("it is another issuer's")
        if self._resource not in (audience if isinstance(audience, list) else [audience]):
            raise Untrusted("it is for another resource")
        expires = claims.get("exp")
        if not isinstance(expires, int | float) or isinstance(expires, bool) or expires <= now:
            raise Untrusted("it has expired")
        begins = claims.get("nbf", 0)
        if not isinstance(begins, int | float) or begins > now + idtoken.SKEW:
            raise Untrusted("it is not valid yet")
        if "cnf" in claims:
            raise Untrusted("it is bound to a key, and was sent as a bearer token (RFC 9449, section 7.2)")
        client = claims.get("client_id", claims.get("azp"))
        subject = claims.get("sub")
        if not isinstance(client, str) or not isinstance(subject, str) or not subject:
            raise Untrusted("it names no client or no user")
        scopes = claims.get("scope", "")
        return AccessToken(
            token=token,
            client_id=client,
            scopes=scopes.split() if isinstance(scopes, str) else [str(scope) for scope in scopes],
            expires_at=int(expires),
            resource=self._resource,
            subject=subject,
            claims=dict(claims),
        )


def _key_set(issuer: str) -> Flow[Mapping[str, Any]]:
    server = yield from servers.discovered(issuer)
    keys = yield from get(server.endpoint("jwks_uri", "keys for access tokens"), "authorization server's key set")
    return keys.object()


def _introspection(issuer: str, token: Secret, client: Credential) -> Flow[Mapping[str, Any]]:
    server = yield from servers.discovered(issuer)
    known = OAuthClient(client.username or "", client.secrets["password"])
    return (yield from lifecycle.introspect(server, known, token, hint="access_token"))
