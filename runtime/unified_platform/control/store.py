"""The database of approvals and the audit trail."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from unified_platform.store.database import Database, migrate
from unified_platform.store.errors import Contents
from unified_platform.store.places import data_home, database

URL = "UNIFIED_CONTROL"
CONTENTS = Contents("the control database")

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE control_approvals (id TEXT PRIMARY KEY, digest TEXT NOT NULL, status TEXT NOT NULL, claim TEXT NOT NULL, "
        "plan TEXT NOT NULL, reasons TEXT NOT NULL, asked_at REAL NOT NULL, expires_at REAL NOT NULL, decided_at REAL, decided_by TEXT, "
        "note TEXT, spent_at REAL)",
        "CREATE INDEX control_approvals_digest ON control_approvals (digest, status)",
        "CREATE TABLE control_audit (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, hash TEXT NOT NULL)",
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where they are: what `UNIFIED_CONTROL` says, else a file among the user's data."""
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
    return found
