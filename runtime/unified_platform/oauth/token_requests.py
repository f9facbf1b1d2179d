"""Token requests, one function per grant type. Each is a flow that returns `Tokens`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from unified_platform.oauth import client_authentication, rich_authorization, tokens
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import AuthorizationRefused, InvalidGrant, UntrustedToken
from unified_platform.oauth.http import Headers, ServerResponse, post
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.tokens import Tokens
from unified_platform.oauth.vendor_dialect import STANDARD, Dialect
from unified_runtime.core.credentials import Secret
from unified_runtime.execution.flows import Flow

TOKEN_ENDPOINT = "token endpoint"  # noqa: S105 - a name for messages
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - RFC 8693, section 3
_ASSERTION_SECONDS = 600


def code(
    server: Server,
    client: OAuthClient,
    code: Secret,
    *,
    redirect_uri: str,
    verifier: Secret,
    resources: Sequence[str] = (),
    dialect: Dialect = STANDARD,
    prover: Prover | None = None,
) -> Flow[Tokens]:
    """Request tokens for an authorization code (RFC 6749, section 4.1.3; RFC 7636, section 4.5).

    Raises:
        InvalidGrant: the code was used, has expired, or belongs to another request.
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: see `http` and `tokens`.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    return (yield from request(server, client, form, resources=resources, dialect=dialect, prover=prover))


def refresh(
    server: Server,
    client: OAuthClient,
    token: Secret,
    *,
    scopes: Sequence[str] | None = None,
    resources: Sequence[str] = (),
    authorization_details: Sequence[rich_authorization.Detail] = (),
    dialect: Dialect = STANDARD,
    prover: Prover | None = None,
) -> Flow[Tokens]:
    """Request new tokens for a refresh token (RFC 6749, section 6); `scopes` and `authorization_details` request fewer rights.

    Raises:
        InvalidGrant: the refresh token is no longer valid: the user has to connect again.
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: see `http` and `tokens`.
    """
    if dialect.renewal is not None:
        return (yield from renewal(dialect.renewal, token, dialect))
    form: dict[str, Any] = {"grant_type": "refresh_token", "refresh_token": token}
    try:
        return (
            yield from request(
                server,
                client,
                form,
                scopes=scopes,
                resources=resources,
                authorization_details=authorization_details,
                dialect=dialect,
                prover=prover,
            )
        )
    except AuthorizationRefused as error:
        invalid = _invalid(error, dialect)
    raise invalid


def _invalid(error: AuthorizationRefused, dialect: Dialect) -> AuthorizationRefused:
    """Return the refusal as `InvalidGrant` if the vendor has its own code for that (GitHub: `bad_refresh_token`)."""
    if error.code not in dialect.invalid:
        return error
    return InvalidGrant(error.message, code=error.code, status=error.status, request_id=error.request_id)


def renewal(url: str, token: Secret, dialect: Dialect) -> Flow[Tokens]:
    """Request new tokens from a server that accepts only the refresh token (Matrix: POST /_matrix/client/v3/refresh)."""
    requested_at = time.time()
    response = yield from post(url, TOKEN_ENDPOINT, json={"refresh_token": token})
    try:
        return tokens.read(response.granted(), requested_at, dialect=dialect)
    except AuthorizationRefused as error:
        invalid = _invalid(error, dialect)
    raise invalid


def client_credentials(
    server: Server,
    client: OAuthClient,
    *,
    scopes: Sequence[str] | None = None,
    resources: Sequence[str] = (),
    authorization_details: Sequence[rich_authorization.Detail] = (),
    dialect: Dialect = STANDARD,
    prover: Prover | None = None,
) -> Flow[Tokens]:
    """Request a token for the client itself (RFC 6749, section 4.4).

    Raises:
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: see `http` and `tokens`.
    """
    form = {"grant_type": "client_credentials"}
    return (
        yield from request(
            server,
            client,
            form,
            scopes=scopes,
            resources=resources,
            authorization_details=authorization_details,
            dialect=dialect,
            prover=prover,
        )
    )


def exchange(
    server: Server,
    client: OAuthClient,
    subject: Secret,
    *,
    subject_type: str = ACCESS_TOKEN_TYPE,
    actor: Secret | None = None,
    actor_type: str = ACCESS_TOKEN_TYPE,
    audience: str | None = None,
    resources: Sequence[str] = (),
    scopes: Sequence[str] | None = None,
    authorization_details: Sequence[rich_authorization.Detail] = (),
    wanted_type: str = ACCESS_TOKEN_TYPE,
    prover: Prover | None = None,
) -> Flow[Tokens]:
    """Exchange a token to act on behalf of the subject (RFC 8693); with `actor`, as that actor for the subject.

    Raises:
        UntrustedToken: the token is of another type than requested, or has more scopes.
        AuthorizationRefused, Unavailable, RateLimited, VendorProtocolError: see `http` and `tokens`.
    """
    form: dict[str, Any] = {
        "grant_type": EXCHANGE,
        "subject_token": subject,
        "subject_token_type": subject_type,
        "requested_token_type": wanted_type,
    }
    if actor is not None:
        form |= {"actor_token": actor, "actor_token_type": actor_type}
    if audience is not None:
        form["audience"] = audience
    granted = yield from request(
        server, client, form, scopes=scopes, resources=resources, authorization_details=authorization_details, prover=prover
    )
    if granted.issued_type != wanted_type:  # REQUIRED in the response, section 2.2.1
        raise UntrustedToken(f"a token of type {wanted_type} was requested, and one of type {str(granted.issued_type)[:100]!r} issued")
    return granted


def jwt_bearer(
    server: Server,
    key: Secret,
    *,
    issuer: str,
    key_id: str | None = None,
    subject: str | None = None,
    audience: str | None = None,
    scopes: Sequence[str] = (),
    client: OAuthClient | None = None,
) -> Flow[Tokens]:
    """Request a token by a signed assertion (RFC 7523, section 2.1), as Google's service accounts do.

    `issuer` is the service account, `subject` the user that it acts for (domain-wide delegation), by default itself; `audience` is by
    default the token endpoint. The scopes are in the assertion, as Google requires, and in the request.

    Raises:
        InvalidInput: the key cannot be read.
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: see `http` and `tokens`.
    """
    url = server.endpoint("token_endpoint", "tokens")
    now = int(time.time())
    claims = {"iss": issuer, "sub": subject or issuer, "aud": audience or url, "iat": now, "exp": now + _ASSERTION_SECONDS}
    if scopes:
        claims["scope"] = " ".join(scopes)
    assertion = client_authentication.sign(claims, key, key_id)
    form = {"grant_type": JWT_BEARER, "assertion": assertion}
    return (yield from request(server, client, form, scopes=scopes or None))


def request(
    server: Server,
    client: OAuthClient | None,
    fields: Mapping[str, Any],
    *,
    scopes: Sequence[str] | None = None,
    resources: Sequence[str] = (),
    authorization_details: Sequence[rich_authorization.Detail] = (),
    dialect: Dialect = STANDARD,
    prover: Prover | None = None,
) -> Flow[Tokens]:
    """Send one token request with client authentication, rights, resources and DPoP; return the tokens, checked against the request."""
    url = server.endpoint("token_endpoint", "tokens")
    form = dict(fields)
    if scopes is not None:
        form[dialect.scope] = dialect.separator.join(scopes)
    if resources:
        form["resource"] = list(resources)
    if authorization_details:
        form["authorization_details"] = rich_authorization.encoded(authorization_details)
    requested_at = time.time()
    response = yield from _sent(url, server, client, form, dialect, prover)
    if prover is not None and prover.wants_nonce(response.response):
        response = yield from _sent(url, server, client, form, dialect, prover)
        prover.wants_nonce(response.response)
    granted = tokens.read(response.granted(), requested_at, dialect=dialect, bound=prover is not None)
    if scopes is not None:
        check_scopes(granted.scopes, scopes)
    if authorization_details:
        rich_authorization.check_granted(granted.details, authorization_details)
    return granted


def check_scopes(granted: Sequence[str] | None, requested: Sequence[str]) -> None:
    """Reject a token with more scopes than requested.

    Raises:
        UntrustedToken: there are more; the message names them.
    """
    beyond = [scope for scope in granted or () if scope not in requested]
    if beyond:
        raise UntrustedToken(f"the authorization server grants scopes that were not requested: {', '.join(beyond)[:200]}")


def _sent(
    url: str,
    server: Server,
    client: OAuthClient | None,
    form: dict[str, Any],
    dialect: Dialect,
    prover: Prover | None,
) -> Flow[ServerResponse]:
    fields, headers = client.proof(server.issuer or url) if client is not None else ({}, {})

    def now() -> Headers:
        return headers if prover is None else headers | {"DPoP": prover.proof("POST", url)}

    body = form | fields
    if dialect.send == "json":
        return (yield from post(url, TOKEN_ENDPOINT, json=body, headers=now))
    return (yield from post(url, TOKEN_ENDPOINT, form=body, headers=now))
