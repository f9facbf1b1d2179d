"""Token revocation (RFC 7009) and introspection (RFC 7662)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.errors import AuthorizationRefused
from unified_platform.oauth.http import Fields, Headers, post
from unified_platform.oauth.server_metadata import Server
from unified_runtime.core.credentials import Secret
from unified_runtime.execution.flows import Flow

REVOCATION = "revocation endpoint"
INTROSPECTION = "introspection endpoint"


def revoke(server: Server, client: OAuthClient, token: Secret, *, hint: str | None = None) -> Flow[bool]:
    """Revoke a token; with a refresh token, the complete grant. A token unknown to the server counts as revoked (RFC 7009, section 2.2).

    Return whether it is revoked: some servers cannot revoke access tokens, which stay valid until they expire (section 2.2.1).

    `hint` is `access_token` or `refresh_token`.

    Raises:
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: it was not revoked.
    """
    url = server.endpoint("revocation_endpoint", "revocation")
    form, headers = _form(token, hint, client, server, url)
    response = yield from post(url, REVOCATION, form=form, headers=lambda: headers)
    if 200 <= response.status < 300:
        return True
    try:
        response.granted()
    except AuthorizationRefused as error:
        if error.code != "unsupported_token_type":
            raise
    return False


def introspect(server: Server, client: OAuthClient, token: Secret, *, hint: str | None = None) -> Flow[Mapping[str, Any]]:
    """Return the server's information about a token; `active` is False if it is not valid for any reason.

    Raises:
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: the request failed.
    """
    url = server.endpoint("introspection_endpoint", "introspection")
    form, headers = _form(token, hint, client, server, url)
    return (yield from post(url, INTROSPECTION, form=form, headers=lambda: headers)).granted()


def _form(token: Secret, hint: str | None, client: OAuthClient, server: Server, url: str) -> tuple[Fields, Headers]:
    fields, headers = client.proof(server.issuer or url)
    return {"token": token, **({"token_type_hint": hint} if hint else {}), **fields}, headers
