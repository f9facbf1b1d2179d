"""Location of the vault's database, without the imports of the encryption."""

from __future__ import annotations

import os
from collections.abc import Mapping

from unified_platform.connections.errors import CONTENTS
from unified_platform.store import urls
from unified_platform.store.database import Database
from unified_runtime.core.user_folders import data_home

KEY = "UNIFIED_VAULT_KEY"
URL = "UNIFIED_VAULT"


def database(url: str, *, exist: bool = False) -> Database:
    """Return the vault's database that a URL names; see `unified_platform.store.urls.database`."""
    return urls.database(url, CONTENTS, exist=exist)


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the vault's default URL: `UNIFIED_VAULT`, else a file in the user's data folder (XDG base directories)."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "vault.db")
