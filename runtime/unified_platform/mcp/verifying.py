"""Which access tokens are good: those that an issuer signed for this server (RFC 9068), or says are active (RFC 7662)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from mcp.server.auth.provider import AccessToken

from unified_platform.oauth import lifecycle, servers
from unified_platform.oauth.accesstokens import IssuerKeys, check
from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.errors import Untrusted
from unified_runtime import AsyncClient, UnifiedError
from unified_runtime.credentials import Credential, Secret
from unified_runtime.driving.driver import Flow

log = logging.getLogger("unified.mcp")


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
        self._keys = IssuerKeys(issuer, self._client)

    async def verify_token(self, token: str) -> AccessToken | None:
        """What a token says, or None if it is not good. Why not is logged, and the token is not."""
        secret = Secret(token)
        try:
            claims = await (self._keys.signed(secret) if token.count(".") == 2 else self._introspected(secret))
            return self._accepted(token, claims)
        except UnifiedError as error:
            log.info("an access token was refused: %s", error.message)
            return None

    async def _introspected(self, token: Secret) -> Mapping[str, Any]:
        if self._introspection is None:
            raise Untrusted("it is no signed token, and there is no client to ask the issuer with")
        claims = await self._client.perform(_introspection(self._issuer, token, self._introspection))
        if claims.get("active") is not True:
            raise Untrusted("the issuer says that it is not active")
        # The issuer said it: one that does not name itself is meant.
        return {"iss": self._issuer, **claims}

    def _accepted(self, token: str, claims: Mapping[str, Any]) -> AccessToken:
        check(claims, self._issuer, (self._resource,))
        client = claims.get("client_id", claims.get("azp"))
        subject = claims.get("sub")
        if not isinstance(client, str) or not isinstance(subject, str) or not subject:
            raise Untrusted("it names no client or no user")
        scopes = claims.get("scope", "")
        return AccessToken(
            token=token,
            client_id=client,
            scopes=scopes.split() if isinstance(scopes, str) else [str(scope) for scope in scopes],
            expires_at=int(claims["exp"]),
            resource=self._resource,
            subject=subject,
            claims=dict(claims),
        )


def _introspection(issuer: str, token: Secret, client: Credential) -> Flow[Mapping[str, Any]]:
    server = yield from servers.discovered(issuer)
    known = OAuthClient(client.username or "", client.secrets["password"])
    return (yield from lifecycle.introspect(server, known, token, hint="access_token"))
