"""OAuth client and its authentication at an authorization server: secret, or signed assertion (RFC 6749, section 2.3; RFC 7523)."""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from unified_platform.oauth import jose
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

METHODS = ("none", "client_secret_basic", "client_secret_post", "private_key_jwt")
"""Client authentication methods, by their names of RFC 7591, section 2, and OpenID Connect Core, section 9."""

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """OAuth client: id, and a secret or, for `private_key_jwt`, a private key (PEM, or JWK as JSON).

    Raises:
        InvalidInput: the method is not known, or a value that it needs is missing.
    """

    id: str
    secret: Secret | None = None
    method: str = ""
    key_id: str | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.id.isprintable():
            raise InvalidInput("an OAuth client needs its client id")
        method = self.method or ("none" if self.secret is None else "client_secret_basic")
        if method not in METHODS:
            raise InvalidInput(f"{method!r} is not a client authentication method; valid are {', '.join(METHODS)}")
        if (method == "none") != (self.secret is None):
            needs = "accepts no secret" if method == "none" else "needs the client's secret"
            raise InvalidInput(f"the OAuth client {self.id} authenticates by {method}, which {needs}")
        object.__setattr__(self, "method", method)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return () if self.secret is None else (self.secret,)

    def proof(self, audience: str) -> tuple[dict[str, str | Secret], dict[str, str | Secret]]:
        """Return the form fields and headers that authenticate one request; `audience` is the audience of an assertion."""
        if self.method == "client_secret_basic":
            assert self.secret is not None
            pair = f"{quote_plus(self.id)}:{quote_plus(self.secret.reveal())}"
            return {}, {"Authorization": Secret("Basic " + base64.b64encode(pair.encode("ascii")).decode("ascii"))}
        if self.method == "client_secret_post":
            assert self.secret is not None
            return {"client_id": self.id, "client_secret": self.secret}, {}
        if self.method == "private_key_jwt":
            assert self.secret is not None
            now = int(time.time())
            claims = {"iss": self.id, "sub": self.id, "aud": audience, "jti": secrets.token_urlsafe(16), "iat": now}
            signed = sign(claims | {"exp": now + _ASSERTION_SECONDS}, self.secret, self.key_id)
            return {"client_id": self.id, "client_assertion_type": ASSERTION, "client_assertion": signed}, {}
        return {"client_id": self.id}, {}


def sign(claims: dict[str, Any], key: Secret, key_id: str | None = None) -> Secret:
    """Return a JWT (RFC 7519) signed by a private key, with the algorithm for the key's type.

    Raises:
        InvalidInput: the key cannot be read. The message does not quote it.
    """
    loaded = private_key(key)
    header = {"alg": _ALGORITHMS[loaded.key_type]} | ({"kid": key_id} if key_id is not None else {})
    return Secret(str(jose.module("jwt").encode(header, claims, loaded, algorithms=list(_ALGORITHMS.values()))))


def private_key(key: Secret) -> Any:
    """Return a private key from PEM, or from a JWK as JSON.

    Raises:
        InvalidInput: it cannot be read, or is not a private key of a type for signatures. The message does not quote it.
    """
    loaded = _loaded(key)
    if loaded is None or loaded.key_type not in _ALGORITHMS or not loaded.is_private:
        # Raised here, so that a traceback can reach neither the key's text nor the library's error, which may quote it.
        raise InvalidInput("the private key cannot be read: it must be PEM or a JWK, of type RSA, EC or OKP, and not encrypted")
    return loaded


def _loaded(key: Secret) -> Any:
    text = key.reveal().strip()
    errors, keys = jose.module("errors"), jose.module("jwk")
    try:
        if text.startswith("{"):
            return keys.import_key(json.loads(text))
        from cryptography.hazmat.primitives.asymmetric import ec, rsa
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        raw = load_pem_private_key(text.encode("utf-8"), None)
        rsa_or_ec = keys.RSAKey if isinstance(raw, rsa.RSAPrivateKey) else keys.ECKey
        kind = rsa_or_ec if isinstance(raw, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) else keys.OKPKey
        return kind.import_key(text)
    except (errors.JoseError, ValueError, TypeError, KeyError):
        return None
