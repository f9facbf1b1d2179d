"""Opening the vault that a URL, the environment or the default names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from unified_platform.vault.database import Database
from unified_platform.vault.roots import root
from unified_platform.vault.sealed import TENANT, SealedVault
from unified_runtime.errors import InvalidInput

URL, KEY = "UNIFIED_VAULT", "UNIFIED_VAULT_KEY"


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where the vault is: what `UNIFIED_VAULT` says, else a file among the user's data (XDG base directories)."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "vault.db")


def default_key(environ: Mapping[str, str] = os.environ) -> str:
    """Where its key comes from: what `UNIFIED_VAULT_KEY` says, else a file among the user's settings, apart from the vault."""
    return environ.get(KEY) or f"file:{_home(environ, 'XDG_CONFIG_HOME', '.config') / 'unified' / 'vault.key'}"


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


def database(url: str, *, exist: bool = False) -> Database:
    """The database that a URL names.

    Raises:
        InvalidInput: it names none.
    """
    scheme = urlsplit(url).scheme if "://" in url else ""
    if scheme in {"postgresql", "postgres"}:
        from unified_platform.vault.postgres import Postgres

        return Postgres(url)
    if scheme not in {"", "sqlite"}:
        raise InvalidInput(f"a vault is a path, sqlite:///path or postgresql://…, not {scheme}://…")
    from unified_platform.vault.sqlite import SQLite

    return SQLite(_path(url), exist=exist)


def _path(url: str) -> Path:
    return Path(unquote(url.removeprefix("sqlite://")) if url.startswith("sqlite://") else url).expanduser()


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the user's data."""
    return _home(environ, "XDG_DATA_HOME", ".local/share")


def _home(environ: Mapping[str, str], variable: str, below: str) -> Path:
    told = environ.get(variable, "")
    # Relative ones are to be ignored, by that specification.
    return Path(told) if os.path.isabs(told) else Path.home() / below
