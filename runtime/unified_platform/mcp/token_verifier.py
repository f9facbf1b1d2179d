"""Verification of access tokens: JWTs signed by an issuer for this server (RFC 9068), or introspection (RFC 7662)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

from mcp.server.auth.provider import AccessToken

from unified_platform.oauth import server_metadata, token_revocation
from unified_platform.oauth.access_tokens import IssuerKeys, check
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.errors import UntrustedToken
from unified_runtime import AsyncClient, UnifiedError
from unified_runtime.core.credentials import Credential, Secret
from unified_runtime.execution.flows import Flow

log = logging.getLogger("unified.mcp")


class TokenVerifier:
    """Verifies access tokens for the SDK (its protocol of the same name). It fails closed: a token that is not clearly valid is rejected.

    Args:
        issuer: authorization server, whose metadata (RFC 8414) has the location of its keys.
        resource: the URL of this server, which a token must be for (`aud`, RFC 8707).
        introspection: credential of the client that introspects tokens that are not JWTs, made by `unified.basic`; without it, they are
            rejected.
        client: client for requests to the issuer.
        access_token_claims: for an issuer whose access tokens have the type `JWT` and not `at+jwt`: claims of which one is in each of its
            access tokens, and in none of its ID tokens.

    Raises:
        InvalidInput: ID tokens can have one of `access_token_claims` too.
    """

    def __init__(
        self,
        issuer: str,
        resource: str,
        *,
        introspection: Credential | None = None,
        client: AsyncClient | None = None,
        access_token_claims: Collection[str] = (),
    ) -> None:
        self._issuer = issuer
        self._resource = resource
        self._introspection = introspection
        self._client = client or AsyncClient()
        self._keys = IssuerKeys(issuer, self._client, evidence=access_token_claims)

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the contents of a token, or None if it is not valid. The reason is logged, the token is not."""
        secret = Secret(token)
        try:
            claims = await (self._keys.signed(secret) if token.count(".") == 2 else self._introspected(secret))
            return self._accepted(token, claims)
        except UnifiedError as error:
            log.info("an access token was refused: %s", error.message)
            return None

    async def _introspected(self, token: Secret) -> Mapping[str, Any]:
        if self._introspection is None:
            raise UntrustedToken("it is not a signed token, and there is no client to introspect it with")
        claims = await self._client.perform(_introspection(self._issuer, token, self._introspection))
        if claims.get("active") is not True:
            raise UntrustedToken("the issuer reports it as not active")
        kind = claims.get("token_type", "Bearer")
        if not isinstance(kind, str) or kind.lower() != "bearer":
            raise UntrustedToken(f"the issuer reports it as of type {str(kind)[:40]!r} and not a bearer token")
        # This is the issuer's own response: one without `iss` means the issuer itself.
        return {"iss": self._issuer, **claims}

    def _accepted(self, token: str, claims: Mapping[str, Any]) -> AccessToken:
        check(claims, self._issuer, (self._resource,))
        client = claims.get("client_id", claims.get("azp"))
        subject = claims.get("sub")
        if not isinstance(client, str) or not isinstance(subject, str) or not subject:
            raise UntrustedToken("it names no client or no user")
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
    server = yield from server_metadata.discovered(issuer)
    known = OAuthClient(client.username or "", client.secrets["password"])
    return (yield from token_revocation.introspect(server, known, token, hint="access_token"))
