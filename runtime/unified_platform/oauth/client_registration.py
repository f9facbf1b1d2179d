"""Dynamic client registration (RFC 7591): register a new OAuth client at an authorization server."""

from __future__ import annotations

from collections.abc import Sequence

from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.errors import UntrustedToken
from unified_platform.oauth.http import post
from unified_platform.oauth.server_metadata import Server
from unified_runtime.core.credentials import Secret
from unified_runtime.execution.flows import Flow

REGISTRATION = "registration endpoint"


def register(
    server: Server,
    *,
    name: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str] = (),
    grants: Sequence[str] = ("authorization_code", "refresh_token"),
    method: str = "none",
    native: bool = True,
    token: Secret | None = None,
) -> Flow[OAuthClient]:
    """Register and return a client with these redirect URIs; by default a public native client (RFC 8252, section 8.4).

    `token` is the initial access token, for servers with restricted registration (section 3).

    Raises:
        AuthorizationRefused: the server refuses the registration.
        UntrustedToken: the registered client differs from the requested one.
        Unavailable, RateLimited, VendorProtocolError: see `http`.
    """
    url = server.endpoint("registration_endpoint", "registration of clients")
    wanted = {
        "client_name": name,
        "redirect_uris": list(redirect_uris),
        "grant_types": list(grants),
        "response_types": ["code"],
        "token_endpoint_auth_method": method,
        "application_type": "native" if native else "web",
    }
    if scopes:
        wanted["scope"] = " ".join(scopes)
    headers = {} if token is None else {"Authorization": Secret(f"Bearer {token.reveal()}")}
    found = (yield from post(url, REGISTRATION, json=wanted, headers=lambda: headers)).granted()
    identity, secret = found.get("client_id"), found.get("client_secret")
    if not isinstance(identity, str) or not identity:
        raise UntrustedToken(f"the response of the {REGISTRATION} has no client_id")
    if set(found.get("redirect_uris") or redirect_uris) != set(redirect_uris):
        raise UntrustedToken(f"the {REGISTRATION} registered other redirect addresses than were requested")
    chosen = found.get("token_endpoint_auth_method", method)  # section 3.2.1: the server may choose another
    return OAuthClient(identity, secret if isinstance(secret, Secret) and chosen != "none" else None, str(chosen))
