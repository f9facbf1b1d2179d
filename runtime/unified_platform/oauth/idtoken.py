"""ID tokens: who the user is, by a signature of the authorization server (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any

from unified_platform.oauth import jose
from unified_platform.oauth.errors import Untrusted
from unified_platform.oauth.http import get
from unified_platform.oauth.servers import Server
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that only the server has: neither `none` nor the HMACs, which a client secret or a public key could forge."""

SKEW = 60.0
"""Seconds that clocks may differ."""

_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


def validated(
    token: Secret, server: Server, client_id: str, *, nonce: Secret | None, access_token: Secret | None = None
) -> Flow[Mapping[str, Any]]:
    """The claims of an ID token, after its signature, issuer, audience, times and nonce were checked.

    Raises:
        Untrusted: one of these is not right; says which.
        Unavailable, RateLimited, VendorProtocolError: the server's keys cannot be had.
    """
    issuer = server.issuer
    if issuer is None:
        raise Untrusted("an ID token cannot be checked: the authorization server's issuer is not known")
    keys = yield from get(server.endpoint("jwks_uri", "keys for ID tokens"), "authorization server's key set")
    offered = server.id_token_signing_alg_values_supported
    allowed = [name for name in ALGORITHMS if offered is None or name in offered]
    header, claims = signed(token, keys.object(), allowed, f"ID token of {issuer}")
    _check(claims, issuer, client_id, nonce)
    if access_token is not None and "at_hash" in claims:
        _check_hash(str(claims["at_hash"]), access_token, str(header["alg"]))
    return claims


def signed(token: Secret, keys: Mapping[str, Any], algorithms: Sequence[str], what: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The header and the claims of a token (RFC 7519) that one of the keys of a JWK Set signed.

    Raises:
        Untrusted: none did, or by an algorithm that is not allowed.
    """
    errors, jwk, jwt = jose.module("errors"), jose.module("jwk"), jose.module("jwt")
    try:
        usable = [key for key in keys.get("keys", []) if isinstance(key, Mapping) and key.get("kty") in {"RSA", "EC", "OKP"}]
        decoded = jwt.decode(token.reveal(), jwk.KeySet.import_key_set({"keys": usable}), algorithms=[*algorithms])
        return decoded.header, decoded.claims
    except (errors.JoseError, ValueError, TypeError, KeyError) as error:
        reason = type(error).__name__
    # Raised out of the handler: the library's error may quote the token.
    raise Untrusted(f"the {what} is not signed by its issuer with an algorithm that is allowed ({reason})")


def _check(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: Secret | None) -> None:
    if claims.get("iss") != issuer:
        raise Untrusted(f"the ID token is another issuer's: {str(claims.get('iss'))[:100]!r} and not {issuer}")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise Untrusted("the ID token is for another client")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise Untrusted("the ID token was issued to another client (azp)")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Untrusted("the ID token names no user (sub)")
    now = time.time()
    if not _number(claims.get("exp")) or claims["exp"] + SKEW <= now:
        raise Untrusted("the ID token has expired")
    if not _number(claims.get("iat")) or claims["iat"] - SKEW > now:
        raise Untrusted("the ID token was issued in the future: is this machine's clock right?")
    if "nbf" in claims and (not _number(claims["nbf"]) or claims["nbf"] - SKEW > now):
        raise Untrusted("the ID token is not valid yet (nbf)")
    if nonce is not None and not hmac.compare_digest(str(claims.get("nonce", "")).encode("utf-8"), nonce.reveal().encode("utf-8")):
        raise Untrusted("the ID token was made for another authorization: its nonce is not the one sent")


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_hash(at_hash: str, access_token: Secret, algorithm: str) -> None:
    """Section 3.1.3.6: the left half of the token's hash, by the hash of the signature's algorithm (Ed25519's is SHA-512)."""
    digest = _HASHES.get(algorithm[-3:], hashlib.sha512)(access_token.reveal().encode("ascii")).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
    if not hmac.compare_digest(half, at_hash.rstrip("=")):
        raise Untrusted("the ID token belongs to another access token (at_hash)")
