"""Tables of the broker in the database of approvals and the audit log: agent keys, login links, sessions, and the signing key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unified_platform.audit.database import open_store as open_control
from unified_platform.store.database import Database, migrate

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE broker_keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL, scope TEXT NOT NULL, note TEXT, created_at REAL NOT NULL, "
        "expires_at REAL, revoked_at REAL)",
        "CREATE TABLE broker_links (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at REAL NOT NULL)",
        "CREATE TABLE broker_sessions (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at REAL NOT NULL)",
        "CREATE TABLE broker_signing (id TEXT PRIMARY KEY, sealed BLOB NOT NULL, created_at REAL NOT NULL)",
    ),
    ("ALTER TABLE broker_keys ADD COLUMN tenant TEXT",),
)
"""Statements by version, from 1. A released migration is never changed; add a new version instead."""


def open_store(url: str | Path | None = None, *, exist: bool = False) -> Database:
    """Return the database of approvals and the audit log (`UNIFIED_CONTROL`), with the broker's tables.

    Raises:
        InvalidInput: the URL is not valid.
        UnifiedError: it cannot be opened.
    """
    found = open_control(url, exist=exist)
    migrate(found, MIGRATIONS, name="broker-schema")
    return found
