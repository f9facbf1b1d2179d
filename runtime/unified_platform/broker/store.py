"""The broker's tables, beside approvals and the audit trail: agents' keys, people's links and sessions, and the key that it signs with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unified_platform.control.store import open_store as open_control
from unified_platform.store.database import Database, migrate

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE broker_keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL, scope TEXT NOT NULL, note TEXT, created_at REAL NOT NULL, "
        "expires_at REAL, revoked_at REAL)",
        "CREATE TABLE broker_links (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at REAL NOT NULL)",
        "CREATE TABLE broker_sessions (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at REAL NOT NULL)",
        "CREATE TABLE broker_signing (id TEXT PRIMARY KEY, sealed BLOB NOT NULL, created_at REAL NOT NULL)",
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""


def open_store(url: str | Path | None = None, *, exist: bool = False) -> Database:
    """The database of approvals and the audit trail (`UNIFIED_CONTROL`), with the broker's tables.

    Raises:
        InvalidInput: the URL is none.
        UnifiedError: it cannot be opened.
    """
    found = open_control(url, exist=exist)
    migrate(found, MIGRATIONS, name="broker-schema")
    return found
