"""Signing of the broker's own tokens, with one key for all its processes.

The key is in the database, wrapped by the vault's root key: read access to the database is not enough to forge tokens.
"""

from __future__ import annotations

import secrets

from unified_platform.connections.errors import VaultKeyError
from unified_platform.oauth.signed_claims import InvalidSignature as InvalidSignature
from unified_platform.oauth.signed_claims import Signer as Signer
from unified_platform.store.database import Database, blob
from unified_platform.vault.keys import Root
from unified_runtime.core.owners import TENANT

_ABOUT = b"unified broker signing"


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
