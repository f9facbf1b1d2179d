"""Opening of databases by URL, and their default folders."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from unified_platform.store.database import Database
from unified_platform.store.errors import Contents
from unified_runtime.core.errors import InvalidInput


def database(url: str, contents: Contents, *, exist: bool = False) -> Database:
    """Return the database that a URL names.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`.
        contents: description of its contents, for errors.
        exist: raise if the database does not exist.

    Raises:
        InvalidInput: the URL is not valid.
        StoreError: it cannot be opened.
    """
    scheme = urlsplit(url).scheme if "://" in url else ""
    if scheme in {"postgresql", "postgres"}:
        from unified_platform.store.postgres import Postgres

        return Postgres(url, contents)
    if scheme not in {"", "sqlite"}:
        raise InvalidInput(f"{contents.name} is at a path, sqlite:///path or postgresql://…, not {scheme}://…")
    from unified_platform.store.sqlite import SQLite

    return SQLite(path_of(url), contents, exist=exist)


def exists(url: str) -> bool:
    """Return whether the database exists: its SQLite file; always true for a server."""
    return path_of(url).exists() if "://" not in url or url.startswith("sqlite://") else True


def path_of(url: str) -> Path:
    """Return the file of a SQLite database: a path or `sqlite:///path`."""
    return Path(unquote(url.removeprefix("sqlite://")) if url.startswith("sqlite://") else url).expanduser()
