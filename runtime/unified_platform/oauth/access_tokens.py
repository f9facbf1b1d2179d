"""Verification of access tokens that callers present: JWTs that an issuer signed for this server (RFC 9068)."""

from __future__ import annotations

import base64
import time
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec

from unified_platform.oauth import id_tokens, server_metadata
from unified_platform.oauth.errors import UntrustedToken
from unified_platform.oauth.http import get
from unified_platform.oauth.shared_fetch import SharedFetch
from unified_runtime import AsyncClient
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.execution.flows import Flow

LONGEST = 31 * 86400.0
"""Seconds from now to the latest `exp` that is accepted. Providers allow at most 30 days (Auth0)."""

_MOST_KEYS = 100

IN_ID_TOKENS = frozenset(
    {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "sid"}
    | {"email", "email_verified", "phone_number", "phone_number_verified", "name", "given_name", "family_name", "middle_name", "nickname"}
    | {"preferred_username", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "address", "updated_at"}
    | {"oid", "tid", "ver", "groups", "roles", "upn", "unique_name", "idp"}
)
"""Claims that ID tokens can have (OpenID Connect Core 1.0, sections 2, 3.3.2.11 and 5.1; Microsoft Entra)."""

_CLIENT_CLAIMS = ("azp", "client_id", "cid", "appid")
_ID_TOKEN_ONLY = ("nonce", "at_hash", "c_hash", "s_hash")
_LOGOUT = ("events",)


P = TypeVar("P")


class _Header(msgspec.Struct):
    typ: Any = None


class _Claims(msgspec.Struct):
    iss: Any = None


class IssuerKeys:
    """Signing keys of one issuer, fetched when first needed and again for a token that none of them signed; see `SharedFetch`.

    Args:
        issuer: issuer identifier; its metadata (RFC 8414) names the key set.
        client: HTTP client for the fetches.
        jwks_uri: address of the key set, for an issuer that publishes no metadata.
        evidence: see `check_type`.
    """

    def __init__(self, issuer: str, client: AsyncClient, *, jwks_uri: str | None = None, evidence: Collection[str] = ()) -> None:
        self.issuer = issuer
        self._evidence = checked_evidence(evidence)
        self._keys = SharedFetch(client, lambda: _key_set(issuer, jwks_uri), f"the signing keys of {issuer}")

    async def signed(self, token: Secret) -> Mapping[str, Any]:
        """Return the claims of an access token after checking its type and signature, but not the claims (see `check`).

        Raises:
            UntrustedToken: the token is of another type, or none of the issuer's keys signed it.
            Unavailable: the keys cannot be fetched.
        """
        # Reject a wrong type before anything is fetched. The header is read again below, with the signature checked.
        check_type({"typ": _part(token.reveal(), 0, _Header).typ}, None, self._evidence)
        try:
            return self._verified(token, await self._keys.current())
        except UntrustedToken:
            if not await self._keys.again():  # the issuer may have a new key
                raise
        return self._verified(token, await self._keys.current())

    def _verified(self, token: Secret, keys: Any) -> Mapping[str, Any]:
        header, claims = id_tokens.verified(token, keys, id_tokens.ALGORITHMS, f"access token of {self.issuer}")
        check_type(header, claims, self._evidence)
        return claims


def issuer_of(token: str) -> str | None:
    """Return the issuer that a JWT names, before anything is verified; None if it is not a JWT or names none."""
    try:
        named = _part(token, 1, _Claims).iss
    except UntrustedToken:
        return None
    return named if isinstance(named, str) else None


def checked_evidence(evidence: Collection[str]) -> tuple[str, ...]:
    """Return the names of claims that distinguish an access token of type `JWT` from an ID token.

    Raises:
        InvalidInput: one is not a claim name, or is a claim that ID tokens have as well.
    """
    for name in evidence:
        if not name or not name.isprintable():
            raise InvalidInput(f"access_token_claims: {name!r} is not the name of a claim")
        if name in IN_ID_TOKENS:
            raise InvalidInput(
                f"access_token_claims: ID tokens can have {name!r} too. Name claims that only the provider's access tokens have, "
                "such as scp (Okta; Microsoft Entra for users), azpacr (Microsoft Entra) or scope (Auth0)"
            )
    return tuple(evidence)


def check_type(header: Mapping[str, Any], claims: Mapping[str, Any] | None, evidence: Collection[str] = ()) -> None:
    """Check that a JWT is an access token (RFC 9068, section 4; RFC 8725, section 3.11).

    Its `typ` must be `at+jwt` or `application/at+jwt`, in any case. If `evidence` is given, `JWT` or no type is accepted too. Then the
    token must have one of these claims, and nothing that makes it an ID token or a logout token.

    Args:
        header: JOSE header.
        claims: claims; None if only the header is to be checked.
        evidence: claims that the issuer's access tokens have and its ID tokens do not have.

    Raises:
        UntrustedToken: it is not an access token.
    """
    kind = header.get("typ")
    plain = kind is None or (isinstance(kind, str) and kind.lower() in {"jwt", "application/jwt"})
    if isinstance(kind, str) and kind.lower() in {"at+jwt", "application/at+jwt"}:
        return
    if not plain or not evidence:
        hint = "" if evidence or not plain else "; if the provider's access tokens have no other type, set access_token_claims"
        raise UntrustedToken(f"its type is {str(kind)[:40]!r} and not 'at+jwt' (RFC 9068){hint}")
    if claims is None:
        return
    for name in (*_ID_TOKEN_ONLY, *_LOGOUT):
        if name in claims:
            raise UntrustedToken(f"it is not an access token: it has the claim {name}")
    clients = {claims[name] for name in _CLIENT_CLAIMS if isinstance(claims.get(name), str)}
    if clients & {*_audiences(claims)}:
        raise UntrustedToken("it is not an access token: its audience is the client that it was issued to")
    if not any(_telling(claims.get(name)) for name in evidence):
        raise UntrustedToken(f"it is not an access token: it has none of the claims {', '.join(evidence)}")


def check(claims: Mapping[str, Any], issuer: str, audiences: Collection[str]) -> None:
    """Check the claims of an access token: issuer, audience, times, id, and that it is a bearer token.

    Raises:
        UntrustedToken: one of these is not right; the message names it.
    """
    now = time.time()
    if claims.get("iss") != issuer:
        raise UntrustedToken("it is another issuer's")
    if not {*audiences} & {*_audiences(claims)}:
        raise UntrustedToken("it is for another resource")
    expires = claims.get("exp")
    # Comparisons only, no arithmetic: a JSON number may be too large for a float, infinite, or (in lenient decoders) not a number.
    if not id_tokens.is_number(expires) or not now < expires:
        raise UntrustedToken("it has expired")
    if not expires <= now + LONGEST:
        raise UntrustedToken(f"it is valid for longer than {LONGEST / 86400:.0f} days (exp)")
    for name in ("nbf", "iat"):
        if name in claims and (not id_tokens.is_number(claims[name]) or not 0 <= claims[name] <= now + id_tokens.SKEW):
            raise UntrustedToken(f"it is not valid yet ({name})")
    if "jti" in claims and (not isinstance(claims["jti"], str) or not claims["jti"]):
        raise UntrustedToken("its id is not a text (jti)")
    if "cnf" in claims:
        raise UntrustedToken("it is bound to a key, and was sent as a bearer token (RFC 9449, section 7.2)")


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    audience = claims.get("aud")
    return [one for one in (audience if isinstance(audience, list) else [audience]) if isinstance(one, str)]


def _telling(value: Any) -> bool:
    return value not in (None, False, "", [], {})


def _part(token: str, index: int, kind: type[P]) -> P:
    """Read one part of a JWT, unverified.

    Raises:
        UntrustedToken: it is not a JWT.
    """
    parts = token.split(".")
    try:
        if len(parts) == 3:
            return msgspec.json.decode(base64.urlsafe_b64decode(parts[index] + "=="), type=kind)
    except (ValueError, msgspec.DecodeError, RecursionError):
        pass
    raise UntrustedToken("it is not a signed token (RFC 7519)")


def _key_set(issuer: str, jwks_uri: str | None) -> Flow[Any]:
    if jwks_uri is None:
        server = yield from server_metadata.discovered(issuer, attempts=1)
        jwks_uri = server.endpoint("jwks_uri", "keys for access tokens")
    keys = yield from get(jwks_uri, "authorization server's key set", attempts=1)  # `SharedFetch` spaces attempts out
    return id_tokens.key_set(keys.object(), most=_MOST_KEYS)
