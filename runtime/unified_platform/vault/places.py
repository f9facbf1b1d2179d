"""Where the vault is. What asks for that alone pays for no encryption."""

from __future__ import annotations

import os
from collections.abc import Mapping

from unified_platform.store import places
from unified_platform.store.database import Database
from unified_platform.vault.errors import CONTENTS

URL = "UNIFIED_VAULT"


def database(url: str, *, exist: bool = False) -> Database:
    """The vault's database that a URL names; see `unified_platform.store.places.database`."""
    return places.database(url, CONTENTS, exist=exist)


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where the vault is: what `UNIFIED_VAULT` says, else a file among the user's data (XDG base directories)."""
    return environ.get(URL) or str(places.data_home(environ) / "unified" / "vault.db")
