"""Location of the database of sagas."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unified_platform.store.errors import Contents
from unified_platform.store.sqlite import SQLite
from unified_platform.store.urls import path_of
from unified_runtime.core.user_folders import data_home

URL = "UNIFIED_SAGAS"
CONTENTS = Contents("the database of sagas")


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of the database: `UNIFIED_SAGAS`, else a file in the user's data folder."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "sagas.db")


def database_url(url: str | Path | None = None) -> str:
    """Return a URL in the form of DBOS; a missing file is created, readable only by its owner.

    Raises:
        StoreError: the file cannot be made.
    """
    found = str(url) if url is not None else default_url()
    if "://" in found and not found.startswith("sqlite://"):
        return found
    found = str(path_of(found))
    path = Path(found).expanduser().absolute()
    if not path.exists():  # complete from the start, so that the idempotency store and others may be in the same file
        SQLite(path, CONTENTS).close()
    return f"sqlite:///{path}"
