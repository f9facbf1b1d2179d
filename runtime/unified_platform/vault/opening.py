"""Opening of a vault by its URL and key source, or by the defaults of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unified_platform.vault.location import KEY, database, default_url
from unified_platform.vault.root_keys import root
from unified_platform.vault.sealed_vault import SealedVault
from unified_runtime.core.owners import TENANT
from unified_runtime.core.user_folders import home


def default_key(environ: Mapping[str, str] = os.environ) -> str:
    """Return the default source of the vault's key: `UNIFIED_VAULT_KEY`, else a file in the user's settings, separate from the vault."""
    return environ.get(KEY) or f"file:{home(environ, 'XDG_CONFIG_HOME', '.config') / 'unified' / 'vault.key'}"


def open_vault(url: str | Path | None = None, *, key: str | None = None, tenant: str = TENANT, exist: bool = False) -> SealedVault:
    """Open a vault; create it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        key: source of its key, such as `file:/path`; by default see `default_key`.
        tenant: tenant of the connections.
        exist: raise if the vault does not exist.

    Raises:
        InvalidInput: the URL or the source is not valid.
        VaultError: it cannot be opened; see `unified_platform.connections.errors`.
    """
    return SealedVault(database(str(url) if url is not None else default_url(), exist=exist), root(key or default_key()), tenant=tenant)
