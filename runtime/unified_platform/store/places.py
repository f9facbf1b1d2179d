"""Databases by their URLs, and the folders where they are by default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from unified_platform.store.database import Database
from unified_platform.store.errors import Contents
from unified_runtime.errors import InvalidInput


def database(url: str, contents: Contents, *, exist: bool = False) -> Database:
    """The database that a URL names.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`.
        contents: what it holds, for what is said about it.
        exist: refuse to make one.

    Raises:
        InvalidInput: it names none.
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
    """Whether there is a database: a file of SQLite, or any that a server keeps."""
    return path_of(url).exists() if "://" not in url or url.startswith("sqlite://") else True


def path_of(url: str) -> Path:
    """The file of a database of SQLite: a path or `sqlite:///path`."""
    return Path(unquote(url.removeprefix("sqlite://")) if url.startswith("sqlite://") else url).expanduser()


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the user's data."""
    return home(environ, "XDG_DATA_HOME", ".local/share")


def home(environ: Mapping[str, str], variable: str, below: str) -> Path:
    """A folder of the user's by the XDG base directory specification."""
    told = environ.get(variable, "")
    # Relative ones are to be ignored, by that specification.
    return Path(told) if os.path.isabs(told) else Path.home() / below
