"""Conversion of a started authorization to and from the record that the vault stores until the callback."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from unified_platform.connections.records import Pending
from unified_platform.oauth import token_storage
from unified_platform.oauth.authorization_code import Authorization
from unified_platform.oauth.authorization_request import ConnectRequest
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.dpop import Prover

_RESOURCES, _DETAILS, _SERVER, _ONCE, _RENEWS = "resources", "authorization_details", "server", "once", "renews"
_EXCLUSIVE, _YES, _NO = "exclusive", "yes", "no"


def stored(
    request: ConnectRequest, declaration: Declaration, made: Authorization, client: OAuthClient, values: Mapping[str, str]
) -> Pending:
    """Return the record of a started authorization: data to check the callback against, and to make the connection of."""
    details = {
        **token_storage.client_details(client),
        _RESOURCES: msgspec.json.encode(made.resources).decode(),
        _DETAILS: msgspec.json.encode(made.authorization_details).decode(),
        **({_ONCE: _YES} if request.once else {}),
        **({_SERVER: request.server} if request.server is not None else {}),
        **({_EXCLUSIVE: _YES if request.exclusive else _NO} if request.exclusive is not None else {}),
        **({_RENEWS: request.renews} if request.renews is not None else {}),
    }
    secrets = {} if made.prover is None else {token_storage.DPOP_KEY: made.prover.secret()}
    if client.secret is not None:
        secrets[token_storage.CLIENT_SECRET] = client.secret
    return Pending(
        state=made.state,
        key=request.key,
        scheme=declaration.scheme,
        redirect_uri=made.redirect_uri,
        issuer=made.issuer,
        verifier=made.verifier,
        nonce=made.nonce,
        scopes=made.scopes,
        values=values,
        details=details,
        secrets=secrets,
        expires_at=made.expires_at,
    )


def authorization(pending: Pending) -> Authorization:
    """Return the authorization of a record, in the process that received the callback."""
    assert pending.verifier is not None
    key = pending.secrets.get(token_storage.DPOP_KEY)
    return Authorization(
        state=pending.state,
        verifier=pending.verifier,
        nonce=pending.nonce,
        redirect_uri=pending.redirect_uri,
        issuer=pending.issuer,
        scopes=pending.scopes,
        resources=tuple(msgspec.json.decode(pending.details[_RESOURCES])),
        authorization_details=tuple(msgspec.json.decode(pending.details[_DETAILS])),
        prover=None if key is None else Prover(key),
        expires_at=pending.expires_at,
    )


def is_for_once(pending: Pending) -> bool:
    return _ONCE in pending.details


def server_of(pending: Pending) -> str | None:
    return pending.details.get(_SERVER)


def renewed_of(pending: Pending) -> str | None:
    """Return the id of the connection to reconnect; None for a new one."""
    return pending.details.get(_RENEWS)


def exclusive_of(pending: Pending) -> bool | None:
    """Return the value of `exclusive` given at the start; None if not given."""
    return pending.details[_EXCLUSIVE] == _YES if _EXCLUSIVE in pending.details else None
