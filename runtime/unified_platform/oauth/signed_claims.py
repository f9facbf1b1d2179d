"""Signed claims that their own signer reads: JSON Web Tokens with an HMAC."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

from unified_platform.oauth import jose
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.owners import TENANT

ALGORITHM = "HS256"
"""HMAC with a shared key, since only the signer reads its tokens."""


class InvalidSignature(UnifiedError):
    """It was not signed here, or it has expired."""


class Signer:
    """Signs claims for one purpose and tenant, and verifies them."""

    def __init__(self, key: bytes, tenant: str = TENANT) -> None:
        self._tenant = tenant
        self._own = key
        self._key = jose.module("jwk").OctKey.import_key(key)
        self.id = hashlib.sha256(b"id of a signing key\n" + key).hexdigest()[:16]
        """Id of the key, which does not reveal it."""
        self._jwt = jose.module("jwt")
        self._errors = jose.module("errors")

    def sign(self, purpose: str, claims: Mapping[str, Any], lifetime: float) -> str:
        """Return a signed token with claims, valid for one purpose and so many seconds."""
        now = int(time.time())
        data = {**claims, "aud": self._audience(purpose), "iat": now, "exp": now + int(lifetime)}
        return str(self._jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, data, self._key))

    def read(self, purpose: str, token: str) -> Mapping[str, Any]:
        """Verify a token and return its claims.

        Raises:
            InvalidSignature: it was not signed here, or for another purpose, or has expired.
        """
        try:
            claims: Mapping[str, Any] = self._jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (self._errors.JoseError, ValueError, TypeError):
            claims = {}
        if claims.get("aud") != self._audience(purpose) or not isinstance(claims.get("exp"), int) or claims["exp"] <= time.time():
            raise InvalidSignature("it was not signed here for this purpose, or has expired")
        return claims

    def key(self, purpose: str) -> bytes:
        """Return a key for one purpose, from which that of tokens cannot be derived."""
        return hmac.digest(self._own, b"key for " + self._audience(purpose).encode(), "sha256")

    def _audience(self, purpose: str) -> str:
        return purpose if self._tenant == TENANT else f"{purpose} {self._tenant}"
