"""Folders of the user, by the XDG base directory specification."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for the user's data."""
    return home(environ, "XDG_DATA_HOME", ".local/share")


def home(environ: Mapping[str, str], variable: str, below: str) -> Path:
    """Return the folder that a variable of the specification names; by default the folder `below` the user's home."""
    given = environ.get(variable, "")
    # The specification requires relative paths to be ignored.
    return Path(given) if os.path.isabs(given) else Path.home() / below
