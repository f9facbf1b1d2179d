"""Where sagas are kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unified_platform.store.places import data_home

URL = "UNIFIED_SAGAS"


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """What `UNIFIED_SAGAS` says, else a file among the user's data."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "sagas.db")


def database_url(url: str | Path | None = None) -> str:
    """The same as DBOS takes it; a file is made, its owner's alone, if it is not there."""
    found = str(url) if url is not None else default_url()
    if "://" in found:
        return found
    path = Path(found).expanduser().absolute()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return f"sqlite:///{path}"
