"""What else a client may ask of an authorization server about tokens: revocation (RFC 7009) and introspection (RFC 7662)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.errors import Refused
from unified_platform.oauth.http import Fields, Headers, post
from unified_platform.oauth.servers import Server
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow

REVOCATION = "revocation endpoint"
INTROSPECTION = "introspection endpoint"


def revoke(server: Server, client: OAuthClient, token: Secret, *, hint: str | None = None) -> Flow[bool]:
    """End a token; with a refresh token, the whole grant. One that the server does not know is ended already (RFC 7009, section 2.2).

    Whether it is ended: some servers cannot end access tokens, which their resources trust until they expire (section 2.2.1).

    `hint` is `access_token` or `refresh_token`.

    Raises:
        Refused, Untrusted, Unavailable, RateLimited, VendorProtocolError: it was not revoked.
    """
    url = server.endpoint("revocation_endpoint", "revocation")
    form, headers = _form(token, hint, client, server, url)
    answer = yield from post(url, REVOCATION, form=form, headers=lambda: headers)
    if 200 <= answer.status < 300:
        return True
    try:
        answer.granted()
    except Refused as error:
        if error.code != "unsupported_token_type":
            raise
    return False


def introspect(server: Server, client: OAuthClient, token: Secret, *, hint: str | None = None) -> Flow[Mapping[str, Any]]:
    """What a token is good for; `active` is False for one that is not valid, whatever the reason.

    Raises:
        Refused, Untrusted, Unavailable, RateLimited, VendorProtocolError: the server does not say.
    """
    url = server.endpoint("introspection_endpoint", "introspection")
    form, headers = _form(token, hint, client, server, url)
    return (yield from post(url, INTROSPECTION, form=form, headers=lambda: headers)).granted()


def _form(token: Secret, hint: str | None, client: OAuthClient, server: Server, url: str) -> tuple[Fields, Headers]:
    fields, headers = client.proof(server.issuer or url)
    return {"token": token, **({"token_type_hint": hint} if hint else {}), **fields}, headers
