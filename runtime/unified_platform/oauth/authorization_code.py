"""Authorization code flow: build the authorization URL, and verify the callback (OAuth 2.1, section 4.1).

PKCE with S256 is always used. `state` and `nonce` are made for one authorization and checked against it. The issuer is checked if it
is known (RFC 9207). With PAR, the request's parameters never pass through the browser (RFC 9126).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from unified_platform.oauth import id_tokens, pkce, rich_authorization, token_requests
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import InvalidCallback, UntrustedToken
from unified_platform.oauth.http import Headers, post, refused
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.tokens import Tokens, expired
from unified_platform.oauth.vendor_dialect import STANDARD, Dialect
from unified_runtime.core.credentials import Secret
from unified_runtime.execution.flows import Flow

LIFETIME = 600.0
"""Seconds within which the user must return."""

PUSHED = "pushed authorization request endpoint"
_SINGLE = ("code", "state", "iss", "error", "error_description", "error_uri", "response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """Parameters of a started authorization, against which its response is checked. Used once."""

    state: Secret
    verifier: Secret
    nonce: Secret | None
    redirect_uri: str
    issuer: str | None
    scopes: tuple[str, ...]
    resources: tuple[str, ...] = ()
    authorization_details: tuple[rich_authorization.Detail, ...] = ()
    prover: Prover | None = None
    expires_at: float


@dataclass(frozen=True, slots=True)
class GrantedTokens:
    """Tokens of a finished authorization, and the verified claims of its ID token, if there is one."""

    tokens: Tokens
    claims: Mapping[str, Any] | None


def begin(
    server: Server,
    client: OAuthClient,
    redirect_uri: str,
    *,
    scopes: Sequence[str] = (),
    resources: Sequence[str] = (),
    authorization_details: Sequence[rich_authorization.Detail] = (),
    prover: Prover | None = None,
    dialect: Dialect = STANDARD,
    pushed: bool | None = None,
    lifetime: float = LIFETIME,
) -> Flow[tuple[str, Authorization]]:
    """Return the URL to send the user to, and the authorization to save until the callback arrives.

    `pushed` turns PAR on or off. By default, it is used if the server requires it, and for `authorization_details` if the server offers it.

    Raises:
        InvalidInput: the authorization details cannot be sent as given.
        UntrustedToken: the server's metadata excludes S256 (RFC 9700, section 2.1.1), or an endpoint's URL is not valid.
        AuthorizationRefused, Unavailable, RateLimited, VendorProtocolError: the pushed request failed.
    """
    url = server.endpoint("authorization_endpoint", "authorization")
    methods = server.code_challenge_methods_supported
    if methods is not None and pkce.METHOD not in methods:
        raise UntrustedToken(f"the authorization server accepts code challenges by {', '.join(methods)[:80]} only, and not by S256")
    made = Authorization(
        state=Secret(secrets.token_urlsafe(32)),
        verifier=Secret(pkce.verifier()),
        nonce=Secret(secrets.token_urlsafe(24)) if "openid" in scopes else None,
        redirect_uri=redirect_uri,
        issuer=server.issuer,
        scopes=tuple(scopes),
        resources=tuple(resources),
        authorization_details=tuple(authorization_details),
        prover=prover,
        expires_at=time.time() + lifetime,
    )
    parameters = _parameters(made, client, dialect)
    offered = server.pushed is not None and bool(authorization_details)
    if server.require_pushed_authorization_requests or (offered if pushed is None else pushed):
        parameters = yield from _push(server, client, parameters, prover)
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(parameters, doseq=True)}", made


def _parameters(made: Authorization, client: OAuthClient, dialect: Dialect) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        **dialect.parameters,
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": made.redirect_uri,
        "state": made.state.reveal(),
        "code_challenge": pkce.challenge(made.verifier.reveal()),
        "code_challenge_method": pkce.METHOD,
    }
    if made.scopes:
        parameters[dialect.scope] = dialect.separator.join(made.scopes)
    if made.nonce is not None:
        parameters["nonce"] = made.nonce.reveal()
    if made.resources:
        parameters["resource"] = list(made.resources)
    if made.authorization_details:
        parameters["authorization_details"] = rich_authorization.encoded(made.authorization_details)
    if made.prover is not None:
        parameters["dpop_jkt"] = made.prover.thumbprint()  # RFC 9449, section 10: the code is bound to the key too
    return parameters


def _push(server: Server, client: OAuthClient, parameters: dict[str, Any], prover: Prover | None) -> Flow[dict[str, Any]]:
    """Send the parameters to the server directly, and return those for the browser: a reference to them (RFC 9126)."""
    url = server.endpoint("pushed", "pushed authorization requests")
    fields, headers = client.proof(server.issuer or url)

    def now() -> Headers:
        return headers if prover is None else headers | {"DPoP": prover.proof("POST", url)}

    response = yield from post(url, PUSHED, form=parameters | fields, headers=now)
    if prover is not None and prover.wants_nonce(response.response):
        response = yield from post(url, PUSHED, form=parameters | fields, headers=now)
    reference = response.granted().get("request_uri")
    if not isinstance(reference, str) or not reference:
        raise UntrustedToken(f"the response of the {PUSHED} has no request_uri")
    return {"client_id": client.id, "request_uri": reference}


def state_of(callback_url: str | Secret) -> Secret:
    """Return the state of a callback, by which its authorization is looked up.

    Raises:
        InvalidCallback: it has no state, or several.
    """
    return _only(_query(callback_url), "state", "no authorization of ours has no state: start connecting again")


def check_callback(callback_url: str | Secret, made: Authorization, server: Server) -> Secret:
    """Return the authorization code of a callback of this authorization.

    Raises:
        InvalidCallback: it is of another authorization (its state, address or issuer differs), or it is too late.
        AuthorizationRefused: the user or the server denied the request.
    """
    given = _query(callback_url)
    wanted = "start connecting again, and finish with the address the browser was sent to"
    if _only(given, "state", wanted) != made.state:
        raise InvalidCallback(f"the callback's state is not that of this authorization; {wanted}")
    if expired(made.expires_at):
        raise InvalidCallback("the authorization was started too long ago; start connecting again")
    if _parts(callback_url) != _parts(made.redirect_uri):
        raise InvalidCallback(f"the callback URL is {_shown(callback_url)}, not {_shown(made.redirect_uri)}; {wanted}")
    _check_issuer([issuer.reveal() for issuer in given.get("iss", ())], made.issuer, server)
    if "error" in given:
        # Only after the checks above: a forged refusal must not end an authorization either.
        data: dict[str, str] = {name: given[name][0].reveal() for name in ("error", "error_description") if name in given}
        raise refused(data, "authorization server", (made.state, *given.get("code", ())))
    return _only(given, "code", wanted)


def finish(
    callback_url: str | Secret, made: Authorization, server: Server, client: OAuthClient, *, dialect: Dialect = STANDARD
) -> Flow[GrantedTokens]:
    """Return the tokens of an authorization from its callback. Pass the callback as a `Secret`: it contains the code.

    Raises:
        InvalidCallback, AuthorizationRefused: see `check_callback`.
        InvalidGrant: the code was used or has expired.
        UntrustedToken: the ID token is not valid, or more was granted than requested.
        Unavailable, RateLimited, VendorProtocolError: the token endpoint failed.
    """
    code = check_callback(callback_url, made, server)
    granted = yield from token_requests.code(
        server,
        client,
        code,
        redirect_uri=made.redirect_uri,
        verifier=made.verifier,
        resources=made.resources,
        dialect=dialect,
        prover=made.prover,
    )
    if made.authorization_details:
        rich_authorization.check_granted(granted.details, made.authorization_details)
    claims = None
    if made.nonce is not None:
        if granted.id is None:
            raise UntrustedToken("an ID token was requested, and the response has none")
        claims = yield from id_tokens.validated(granted.id, server, client.id, nonce=made.nonce, access_token=granted.access)
    return GrantedTokens(granted, claims)


def _check_issuer(given: list[str], issuer: str | None, server: Server) -> None:
    """Check that the response is from the requested server (RFC 9207, section 2.4). If its issuer is not known, compare its host."""
    if len(given) > 1 or (given and not (given[0] == issuer if issuer is not None else _host_of(given[0], server))):
        requested = issuer or urlsplit(server.authorization_endpoint or "").netloc
        raise InvalidCallback(f"the callback is from another authorization server, {given[0][:100]!r} and not {requested}")
    if not given and server.authorization_response_iss_parameter_supported:
        raise InvalidCallback(f"the callback does not name its issuer, and responses from {issuer} always do")


def _host_of(issuer: str, server: Server) -> bool:
    """Return whether an issuer has the host and port of one of the server's endpoints, or of a domain above or below it."""
    try:
        named = urlsplit(issuer)
        known = [urlsplit(url) for url in (server.authorization_endpoint, server.token_endpoint) if url is not None]
        hosts = [(one.hostname or "", one.port) for one in (named, *known)]
    except ValueError:
        return False
    (host, port), *others = hosts
    return "." in host and any(
        port == at and (host == other or other.endswith(f".{host}") or host.endswith(f".{other}")) for other, at in others if "." in other
    )


def _query(callback_url: str | Secret) -> dict[str, list[Secret]]:
    found = _parsed(callback_url)
    if found is None:
        raise InvalidCallback("that is not an address to which a browser was redirected")
    for name in _SINGLE:  # RFC 6749, section 3.1: no parameter may be repeated
        if len(found.get(name, [])) > 1:
            raise InvalidCallback(f"the callback holds {name} more than once")
    if "response" in found:
        raise InvalidCallback("the callback is a signed response (JARM), which was not requested")
    return found


def _parsed(callback_url: str | Secret) -> dict[str, list[Secret]] | None:
    """Return the parameters of a callback; None if it cannot be parsed. No exception is raised while the code is in a variable."""
    try:
        pairs = parse_qsl(urlsplit(_revealed(callback_url)).query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    found: dict[str, list[Secret]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(Secret(value))
    return found


def _revealed(callback_url: str | Secret) -> str:
    return (callback_url.reveal() if isinstance(callback_url, Secret) else callback_url).strip()


def _only(given: Mapping[str, list[Secret]], name: str, help: str) -> Secret:
    values = given.get(name, [])
    if len(values) != 1 or not values[0].reveal():
        raise InvalidCallback(f"the callback has no {name}; {help}")
    return values[0]


def _parts(url: str | Secret) -> tuple[str, str, str]:
    parts = urlsplit(_revealed(url))
    return parts.scheme, parts.netloc, parts.path or "/"


def _shown(url: str | Secret) -> str:
    scheme, location, path = _parts(url)
    return repr(f"{scheme}://{location}{path}"[:120])
