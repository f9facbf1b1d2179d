"""Signing of the broker's own tokens, with one key for all its processes.

The key is in the database, wrapped by the vault's root key: read access to the database is not enough to forge tokens.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any

from unified_platform.connections.errors import VaultKeyError
from unified_platform.oauth import jose
from unified_platform.store.database import Database, blob
from unified_platform.vault.keys import Root
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.owners import TENANT

ALGORITHM = "HS256"
"""HMAC with a shared key, since only the broker reads its tokens."""

_ABOUT = b"unified broker signing"


class InvalidSignature(UnifiedError):
    """This broker did not sign the token, or it has expired."""


class Signer:
    """Signs claims for one purpose and tenant, and verifies them."""

    def __init__(self, key: bytes, tenant: str = TENANT) -> None:
        self._tenant = tenant
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
            raise InvalidSignature("it was not signed by this broker for this purpose, or has expired")
        return claims

    def _audience(self, purpose: str) -> str:
        return purpose if self._tenant == TENANT else f"{purpose} {self._tenant}"


def signer(database: Database, root: Root, tenant: str = TENANT) -> Signer:
    """Return the signer that all processes with this database and root key share; its key is created on first use.

    Raises:
        UnifiedError: the database or the root key cannot be used.
    """
    root.prepare(create=True)
    key = _key(database, root)
    if key is None:
        _store(database, root, secrets.token_bytes(32))
        key = _key(database, root)
    if key is None or len(key) != 32:
        raise VaultKeyError("the broker's signing key is damaged")
    return Signer(key, tenant)


def hand_over(database: Database, root: Root, to: Root) -> bool:
    """Store the signing key under another root key too: signed tokens stay valid. Return whether there is a key.

    Raises:
        UnifiedError: the database or a root key cannot be used.
    """
    root.prepare(create=False)
    to.prepare(create=True)
    key = _key(database, root)
    if key is not None:
        _store(database, to, key)
    return key is not None


def _key(database: Database, root: Root) -> bytes | None:
    with database.reading() as session:
        rows = session.rows("SELECT sealed FROM broker_signing WHERE id = ?", root.fingerprint())
    return root.unwrap(blob(rows[0][0]), _ABOUT) if rows else None


def _store(database: Database, root: Root, key: bytes) -> None:
    """Store a key, unless there is one of this root key: the first one counts."""
    sealed = root.wrap(key, _ABOUT)
    with database.writing("broker-signing") as session:
        session.run(
            "INSERT INTO broker_signing (id, sealed, created_at) VALUES (?, ?, NOW()) ON CONFLICT (id) DO NOTHING",
            root.fingerprint(),
            sealed,
        )
