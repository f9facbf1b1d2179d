"""Opening the vault that a URL, the environment or the default names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unified_platform.store.places import home
from unified_platform.vault.places import database, default_url
from unified_platform.vault.roots import root
from unified_platform.vault.sealed import TENANT, SealedVault

KEY = "UNIFIED_VAULT_KEY"


def default_key(environ: Mapping[str, str] = os.environ) -> str:
    """Where its key comes from: what `UNIFIED_VAULT_KEY` says, else a file among the user's settings, apart from the vault."""
    return environ.get(KEY) or f"file:{home(environ, 'XDG_CONFIG_HOME', '.config') / 'unified' / 'vault.key'}"


def open_vault(url: str | Path | None = None, *, key: str | None = None, tenant: str = TENANT, exist: bool = False) -> SealedVault:
    """Open a vault, and make it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        key: the source of its key, such as `file:/path`; by default see `default_key`.
        tenant: whose connections.
        exist: refuse to make one.

    Raises:
        InvalidInput: the URL or the source is none.
        VaultError: it cannot be opened; see `unified_platform.vault.errors`.
    """
    return SealedVault(database(str(url) if url is not None else default_url(), exist=exist), root(key or default_key()), tenant=tenant)
