"""Database tables of a vault, for SQLite and Postgres, and their migrations.

The owner of a connection is in the clear, for look-ups; everything else about it is sealed. `manifest` has the newest version of every
connection, which reveals an older or removed row; both copies of a row of it are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE vault_keys (id TEXT PRIMARY KEY, root TEXT NOT NULL, wrapped BLOB NOT NULL, mirror BLOB NOT NULL)",
        "CREATE TABLE vault_connections (tenant TEXT NOT NULL, id TEXT NOT NULL, owner_kind TEXT NOT NULL, owner TEXT NOT NULL, "
        "vendor TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (tenant, id), "
        "UNIQUE (tenant, owner_kind, owner, vendor, name))",
        "CREATE TABLE vault_manifest (tenant TEXT NOT NULL, leaf INTEGER NOT NULL, sealed BLOB NOT NULL, mirror BLOB NOT NULL, "
        "PRIMARY KEY (tenant, leaf))",
        "CREATE TABLE vault_leases (tenant TEXT NOT NULL, id TEXT NOT NULL, holder TEXT NOT NULL, until REAL NOT NULL, "
        "PRIMARY KEY (tenant, id))",
        "CREATE TABLE vault_pending (tenant TEXT NOT NULL, digest TEXT NOT NULL, expires_at REAL NOT NULL, sealed BLOB NOT NULL, "
        "PRIMARY KEY (tenant, digest))",
        "CREATE INDEX vault_pending_expiry ON vault_pending (tenant, expires_at)",
    ),
    (
        "CREATE TABLE vault_cursor_keys (tenant TEXT NOT NULL, id TEXT NOT NULL, created_at REAL NOT NULL, sealed BLOB NOT NULL, "
        "PRIMARY KEY (tenant, id))",
    ),
    (
        "CREATE TABLE vault_hooks (tenant TEXT NOT NULL, name TEXT NOT NULL, created_at REAL NOT NULL, sealed BLOB NOT NULL, "
        "PRIMARY KEY (tenant, name))",
    ),
)
"""Statements by version, from 1, that migrate from the previous one. A released migration is never changed; add a new version instead."""

COLUMNS = {
    "vault_meta": ("name", "value"),
    "vault_keys": ("id", "root", "wrapped", "mirror"),
    "vault_connections": ("tenant", "id", "owner_kind", "owner", "vendor", "name", "version", "sealed"),
    "vault_manifest": ("tenant", "leaf", "sealed", "mirror"),
    "vault_pending": ("tenant", "digest", "expires_at", "sealed"),
    "vault_cursor_keys": ("tenant", "id", "created_at", "sealed"),
    "vault_hooks": ("tenant", "name", "created_at", "sealed"),
}
"""Columns of a backup, by table. Leases are temporary and left out."""
