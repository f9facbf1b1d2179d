"""A started authorization as the vault keeps it until the callback comes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from unified_platform.oauth import keeping
from unified_platform.oauth.asking import Asked
from unified_platform.oauth.authorizing import Authorization
from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.declared import Declaration
from unified_platform.oauth.dpop import Prover
from unified_platform.vault.records import Pending

_RESOURCES, _DETAILS, _SERVER, _ONCE = "resources", "authorization_details", "server", "once"


def kept(asked: Asked, declaration: Declaration, made: Authorization, client: OAuthClient, values: Mapping[str, str]) -> Pending:
    """What the callback will be checked against, and what the connection will be made of."""
    details = {
        **keeping.client_details(client),
        _RESOURCES: msgspec.json.encode(made.resources).decode(),
        _DETAILS: msgspec.json.encode(made.authorization_details).decode(),
        **({_ONCE: "yes"} if asked.once else {}),
        **({_SERVER: asked.server} if asked.server is not None else {}),
    }
    secrets = {} if made.prover is None else {keeping.DPOP_KEY: made.prover.secret()}
    if client.secret is not None:
        secrets[keeping.CLIENT_SECRET] = client.secret
    return Pending(
        state=made.state,
        place=asked.place,
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
    """The authorization again, in whichever process the callback has reached."""
    assert pending.verifier is not None
    key = pending.secrets.get(keeping.DPOP_KEY)
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
