"""What the broker signs for itself: tokens that it exchanged, and tickets of lists. One key for all processes of a broker.

The key lies in the database, wrapped by the vault's root key: whoever reads the database alone can forge nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from unified_platform.oauth import jose
from unified_platform.store.database import Database, blob
from unified_platform.vault.errors import VaultKeyError
from unified_platform.vault.keys import Root
from unified_runtime.errors import UnifiedError

ALGORITHM = "HS256"
"""A shared key, since nobody but the broker reads what it signs."""

_ABOUT = b"unified broker signing"


class Forged(UnifiedError):
    """A token or ticket that this broker did not sign, or that has expired."""


class Signer:
    """Signs claims for one purpose, and reads them again."""

    def __init__(self, key: bytes) -> None:
        self._key = jose.module("jwk").OctKey.import_key(key)
        self._jwt = jose.module("jwt")
        self._errors = jose.module("errors")

    def sign(self, purpose: str, claims: Mapping[str, Any], lifetime: float) -> str:
        """A token that holds claims, good for one purpose and so many seconds."""
        now = int(time.time())
        told = {**claims, "aud": purpose, "iat": now, "exp": now + int(lifetime)}
        return str(self._jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, told, self._key))

    def read(self, purpose: str, token: str) -> Mapping[str, Any]:
        """The claims of a token.

        Raises:
            Forged: it was not signed here, or not for this purpose, or has expired.
        """
        try:
            claims: Mapping[str, Any] = self._jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (self._errors.JoseError, ValueError, TypeError):
            claims = {}
        if claims.get("aud") != purpose or not isinstance(claims.get("exp"), int) or claims["exp"] <= time.time():
            raise Forged("it was not signed by this broker for this purpose, or has expired")
        return claims


def signer(database: Database, root: Root) -> Signer:
    """The signer that all processes with this database and root key share; its key is made on first use.

    Raises:
        UnifiedError: the database or the root key cannot be used.
    """
    root.prepare(create=True)
    with database.reading() as session:
        rows = session.rows("SELECT sealed FROM broker_signing WHERE id = ?", root.fingerprint())
    if not rows:
        sealed = root.wrap(secrets.token_bytes(32), _ABOUT)
        with database.writing("broker-signing") as session:
            session.run(
                "INSERT INTO broker_signing (id, sealed, created_at) VALUES (?, ?, NOW()) ON CONFLICT (id) DO NOTHING",
                root.fingerprint(),
                sealed,
            )
            rows = session.rows("SELECT sealed FROM broker_signing WHERE id = ?", root.fingerprint())
    key = root.unwrap(blob(rows[0][0]), _ABOUT)
    if len(key) != 32:
        raise VaultKeyError("the broker's signing key is damaged")
    return Signer(key)
