"""The database of approvals and the audit log."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from unified_platform.store.database import Database, migrate
from unified_platform.store.errors import Contents
from unified_platform.store.urls import database
from unified_runtime.core.user_folders import data_home

URL = "UNIFIED_CONTROL"
CONTENTS = Contents("the control database")

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE control_approvals (id TEXT PRIMARY KEY, digest TEXT NOT NULL, status TEXT NOT NULL, subject TEXT NOT NULL, "
        "plan TEXT NOT NULL, reasons TEXT NOT NULL, requested_at REAL NOT NULL, expires_at REAL NOT NULL, decided_at REAL, "
        "decided_by TEXT, note TEXT, spent_at REAL)",
        "CREATE INDEX control_approvals_digest ON control_approvals (digest, status)",
        "CREATE TABLE control_audit (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, hash TEXT NOT NULL)",
    ),
    (
        "ALTER TABLE control_approvals ADD COLUMN tenant TEXT",
        "ALTER TABLE control_approvals ADD COLUMN agent TEXT",
        "ALTER TABLE control_approvals ADD COLUMN for_user TEXT",
        "CREATE INDEX control_approvals_status ON control_approvals (status, requested_at, id)",
        "CREATE INDEX control_approvals_requested ON control_approvals (requested_at, id)",
        "CREATE INDEX control_approvals_expiry ON control_approvals (expires_at)",
        "CREATE INDEX control_approvals_agent ON control_approvals (status, tenant, agent)",
        "CREATE INDEX control_approvals_user ON control_approvals (status, tenant, for_user)",
    ),
    ("CREATE INDEX control_approvals_decided ON control_approvals (decided_at)",),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""

AUDIT_MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE control_audit_keys (number INTEGER PRIMARY KEY, root TEXT NOT NULL, sealed BLOB NOT NULL, seq INTEGER NOT NULL, "
        "hash TEXT NOT NULL, created_at REAL NOT NULL)",
    ),
    (
        "ALTER TABLE control_audit ADD COLUMN disclosed TEXT NOT NULL DEFAULT '{}'",
        "CREATE TABLE control_audit_start (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL)",
    ),
)
"""Keys of the audit log's chain: each from the entry after `seq` on, whose hash is `hash`; wrapped by the vault's root key.
Then personal values of entries (`disclosures.py`), and the last entry that was deleted by age."""


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of the database: `UNIFIED_CONTROL`, else a file in the user's data folder."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "control.db")


def open_store(url: str | Path | None = None, *, exist: bool = False) -> Database:
    """The database, with its tables.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        exist: refuse to make one.

    Raises:
        InvalidInput: the URL is none.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=exist)
    migrate(found, MIGRATIONS, name="control-schema")
    migrate(found, AUDIT_MIGRATIONS, name="audit-schema")
    return found
