"""The authorization code flow: the address the user is sent to, and what must be true of the answer (OAuth 2.1, section 4.1).

PKCE with S256 always; `state` and `nonce` are made for one authorization and checked against it; the issuer is checked where one
is known (RFC 9207); with PAR, what is asked for never passes through the browser (RFC 9126).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from unified_platform.oauth import details, grants, idtoken, pkce
from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.dialect import STANDARD, Dialect
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import Untrusted, WrongCallback
from unified_platform.oauth.http import Headers, post, refused
from unified_platform.oauth.servers import Server
from unified_platform.oauth.tokens import Tokens, expired
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow

LIFETIME = 600.0
"""Seconds a user has to come back."""

PUSHED = "pushed authorization request endpoint"
_SINGLE = ("code", "state", "iss", "error", "error_description", "error_uri", "response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What one authorization was started with, and its answer is checked against. Used once."""

    state: Secret
    verifier: Secret
    nonce: Secret | None
    redirect_uri: str
    issuer: str | None
    scopes: tuple[str, ...]
    resources: tuple[str, ...] = ()
    authorization_details: tuple[details.Detail, ...] = ()
    prover: Prover | None = None
    expires_at: float


@dataclass(frozen=True, slots=True)
class Granted:
    """The tokens of a finished authorization, and the verified claims of its ID token, where there is one."""

    tokens: Tokens
    claims: Mapping[str, Any] | None


def begin(
    server: Server,
    client: OAuthClient,
    redirect_uri: str,
    *,
    scopes: Sequence[str] = (),
    resources: Sequence[str] = (),
    authorization_details: Sequence[details.Detail] = (),
    prover: Prover | None = None,
    dialect: Dialect = STANDARD,
    pushed: bool | None = None,
    lifetime: float = LIFETIME,
) -> Flow[tuple[str, Authorization]]:
    """The address to send the user to, and what to keep until the answer comes.

    `pushed` asks for PAR, or not; by default it is used where the server requires it, and for `authorization_details` where it offers it.

    Raises:
        InvalidInput: a right cannot be asked for as it is.
        Untrusted: the server says that it takes no S256 (RFC 9700, section 2.1.1), or an address is none.
        Refused, Unavailable, RateLimited, VendorProtocolError: the pushed request failed.
    """
    url = server.endpoint("authorization_endpoint", "authorization")
    methods = server.code_challenge_methods_supported
    if methods is not None and pkce.METHOD not in methods:
        raise Untrusted(f"the authorization server takes code challenges by {', '.join(methods)[:80]} only, and not by S256")
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
        parameters["authorization_details"] = details.encoded(made.authorization_details)
    if made.prover is not None:
        parameters["dpop_jkt"] = made.prover.thumbprint()  # RFC 9449, section 10: the code is bound to the key too
    return parameters


def _push(server: Server, client: OAuthClient, parameters: dict[str, Any], prover: Prover | None) -> Flow[dict[str, Any]]:
    """RFC 9126: the parameters go to the server directly, and a reference to them through the browser."""
    url = server.endpoint("pushed", "pushed authorization requests")
    fields, headers = client.proof(server.issuer or url)

    def now() -> Headers:
        return headers if prover is None else headers | {"DPoP": prover.proof("POST", url)}

    answer = yield from post(url, PUSHED, form=parameters | fields, headers=now)
    if prover is not None and prover.wants_nonce(answer.response):
        answer = yield from post(url, PUSHED, form=parameters | fields, headers=now)
    reference = answer.granted().get("request_uri")
    if not isinstance(reference, str) or not reference:
        raise Untrusted(f"the {PUSHED} answers no request_uri")
    return {"client_id": client.id, "request_uri": reference}


def state_of(callback_url: str | Secret) -> Secret:
    """The state of a callback, by which its authorization is looked up.

    Raises:
        WrongCallback: it has none, or several.
    """
    return _only(_query(callback_url), "state", "no authorization of ours has no state: start connecting again")


def check_callback(callback_url: str | Secret, made: Authorization, server: Server) -> Secret:
    """The authorization code of a callback that answers this authorization.

    Raises:
        WrongCallback: it answers another one: its state, address or issuer differs, or its time has passed.
        Refused: the user or the server said no.
    """
    given = _query(callback_url)
    wanted = "start connecting again, and finish with the address the browser was sent to"
    if _only(given, "state", wanted) != made.state:
        raise WrongCallback(f"the callback's state is not that of this authorization; {wanted}")
    if expired(made.expires_at):
        raise WrongCallback("the authorization was started too long ago; start connecting again")
    if _place(callback_url) != _place(made.redirect_uri):
        raise WrongCallback(f"the callback came to {_shown(callback_url)}, and was to come to {_shown(made.redirect_uri)}; {wanted}")
    _check_issuer([issuer.reveal() for issuer in given.get("iss", ())], made.issuer, server)
    if "error" in given:
        # Only after the checks above: a forged refusal must not end an authorization either.
        told: dict[str, str] = {name: given[name][0].reveal() for name in ("error", "error_description") if name in given}
        raise refused(told, "authorization server", (made.state, *given.get("code", ())))
    return _only(given, "code", wanted)


def finish(
    callback_url: str | Secret, made: Authorization, server: Server, client: OAuthClient, *, dialect: Dialect = STANDARD
) -> Flow[Granted]:
    """The tokens of an authorization that was answered. The callback holds the code: as a `Secret`, no traceback shows it.

    Raises:
        WrongCallback, Refused: see `check_callback`.
        InvalidGrant: the code was used or has expired.
        Untrusted: the ID token is not valid, or more was granted than asked for.
        Unavailable, RateLimited, VendorProtocolError: the token endpoint failed.
    """
    code = check_callback(callback_url, made, server)
    granted = yield from grants.code(
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
        details.check_granted(granted.details, made.authorization_details)
    claims = None
    if made.nonce is not None:
        if granted.id is None:
            raise Untrusted("an ID token was asked for, and none came")
        claims = yield from idtoken.validated(granted.id, server, client.id, nonce=made.nonce, access_token=granted.access)
    return Granted(granted, claims)


def _check_issuer(given: list[str], issuer: str | None, server: Server) -> None:
    """RFC 9207, section 2.4: the answer must come from the server that was asked."""
    if len(given) > 1 or (given and issuer is not None and given[0] != issuer):
        raise WrongCallback(f"the callback is from another authorization server, {given[0][:100]!r} and not {issuer}")
    if not given and server.authorization_response_iss_parameter_supported:
        raise WrongCallback(f"the callback does not say that it is from {issuer}, and that server always does")


def _query(callback_url: str | Secret) -> dict[str, list[Secret]]:
    found = _parsed(callback_url)
    if found is None:
        raise WrongCallback("that is no address a browser was sent to")
    for name in _SINGLE:  # RFC 6749, section 3.1: a parameter stands once
        if len(found.get(name, [])) > 1:
            raise WrongCallback(f"the callback holds {name} more than once")
    if "response" in found:
        raise WrongCallback("the callback is a signed response (JARM), which was not asked for")
    return found


def _parsed(callback_url: str | Secret) -> dict[str, list[Secret]] | None:
    """Its parameters; None where there are none to be had. Nothing is raised while the code stands in a variable."""
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
        raise WrongCallback(f"the callback has no {name}; {help}")
    return values[0]


def _place(url: str | Secret) -> tuple[str, str, str]:
    parts = urlsplit(_revealed(url))
    return parts.scheme, parts.netloc, parts.path or "/"


def _shown(url: str | Secret) -> str:
    scheme, place, path = _place(url)
    return repr(f"{scheme}://{place}{path}"[:120])
