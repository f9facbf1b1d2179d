"""Validation of ID tokens: signature, issuer, audience, times and nonce (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

import msgspec

from unified_platform.oauth import jose
from unified_platform.oauth.errors import UntrustedToken
from unified_platform.oauth.http import get
from unified_platform.oauth.server_metadata import Server
from unified_runtime.core.credentials import Secret
from unified_runtime.execution.flows import Flow

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signature algorithms with a key that only the server has. `none` and the HMACs (client secret, public key) could be forged."""

SKEW = 60.0
"""Tolerated clock difference, in seconds."""

_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


def validated(
    token: Secret, server: Server, client_id: str, *, nonce: Secret | None, access_token: Secret | None = None
) -> Flow[Mapping[str, Any]]:
    """Return the claims of an ID token after checking its signature, issuer, audience, times and nonce.

    Raises:
        UntrustedToken: one of these is not right; the message names it.
        Unavailable, RateLimited, VendorProtocolError: the server's keys cannot be fetched.
    """
    issuer = server.issuer
    if issuer is None:
        raise UntrustedToken("an ID token cannot be checked: the authorization server's issuer is not known")
    keys = yield from get(server.endpoint("jwks_uri", "keys for ID tokens"), "authorization server's key set")
    offered = server.id_token_signing_alg_values_supported
    allowed = [name for name in ALGORITHMS if offered is None or name in offered]
    header, claims = verified(token, key_set(keys.object()), allowed, f"ID token of {issuer}")
    _check(claims, issuer, client_id, nonce)
    if access_token is not None and "at_hash" in claims:
        _check_hash(str(claims["at_hash"]), access_token, str(header["alg"]))
    return claims


def key_set(document: Mapping[str, Any], *, most: int | None = None) -> Any:
    """Return the keys of a JWK Set (RFC 7517) that can verify signatures.

    Raises:
        UntrustedToken: it has none, one is not valid, or there are more than `most`.
    """
    errors, jwk = jose.module("errors"), jose.module("jwk")
    try:
        usable = [key for key in document.get("keys", []) if _verifies(key)]
        if most is not None and len(usable) > most:
            raise UntrustedToken(f"the issuer publishes {len(usable)} keys, and at most {most} are read")
        return jwk.KeySet.import_key_set({"keys": usable})
    except (errors.JoseError, ValueError, TypeError, KeyError) as error:
        reason = type(error).__name__
    raise UntrustedToken(f"the issuer publishes no keys that can be used ({reason})")


def _verifies(key: object) -> bool:
    return isinstance(key, Mapping) and key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"


def verified(token: Secret, keys: Any, algorithms: Sequence[str], what: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the header and the claims of a token (RFC 7519) that one of the keys signed.

    Raises:
        UntrustedToken: none of the keys signed it, or the algorithm is not allowed.
    """
    errors, jwt = jose.module("errors"), jose.module("jwt")
    try:
        decoded = jwt.decode(token.reveal(), keys, algorithms=[*algorithms])
        return decoded.header, decoded.claims
    except (errors.JoseError, ValueError, TypeError, KeyError) as error:
        reason = type(error).__name__
    # Raised outside the handler: the library's error may quote the token.
    raise UntrustedToken(f"the {what} is not signed by its issuer with an algorithm that is allowed ({reason})")


def unverified(token: Secret) -> Mapping[str, Any] | None:
    """Return the claims of a token whose signature was checked before; None if it is not a JWT."""
    parts = token.reveal().split(".")
    try:
        found = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "==")) if len(parts) == 3 else None
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _check(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: Secret | None) -> None:
    if claims.get("iss") != issuer:
        raise UntrustedToken(f"the ID token is another issuer's: {str(claims.get('iss'))[:100]!r} and not {issuer}")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise UntrustedToken("the ID token is for another client")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise UntrustedToken("the ID token was issued to another client (azp)")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise UntrustedToken("the ID token names no user (sub)")
    now = time.time()
    if not is_number(claims.get("exp")) or claims["exp"] + SKEW <= now:
        raise UntrustedToken("the ID token has expired")
    if not is_number(claims.get("iat")) or claims["iat"] - SKEW > now:
        raise UntrustedToken("the ID token was issued in the future: is this machine's clock right?")
    if "nbf" in claims and (not is_number(claims["nbf"]) or claims["nbf"] - SKEW > now):
        raise UntrustedToken("the ID token is not valid yet (nbf)")
    if nonce is not None and not hmac.compare_digest(str(claims.get("nonce", "")).encode("utf-8"), nonce.reveal().encode("utf-8")):
        raise UntrustedToken("the ID token was made for another authorization: its nonce is not the one sent")


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether a claim is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_hash(at_hash: str, access_token: Secret, algorithm: str) -> None:
    """Check the token's hash (section 3.1.3.6): its left half, by the hash of the signature's algorithm (SHA-512 for Ed25519)."""
    digest = _HASHES.get(algorithm[-3:], hashlib.sha512)(access_token.reveal().encode("ascii")).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
    if not hmac.compare_digest(half, at_hash.rstrip("=")):
        raise UntrustedToken("the ID token belongs to another access token (at_hash)")
