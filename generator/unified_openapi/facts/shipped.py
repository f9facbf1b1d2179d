"""Folder with the facts of the vendors: that of the distribution `unified-apis-facts`, or `specs/` of a checkout."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Mapping
from pathlib import Path

import msgspec

from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.toolkit_exceptions import COMPILED, Exceptions

PACKAGE = "unified_facts"
"""Package of the data distribution. It has a folder for each vendor, as `specs/` has."""


@functools.cache
def facts_folder() -> Path | None:
    """Return the folder that has a folder for each vendor; None if the data distribution is not installed and this is not a checkout."""
    found = importlib.util.find_spec(PACKAGE)
    if found is not None and found.submodule_search_locations:
        return Path(next(iter(found.submodule_search_locations)))
    checkout = Path(__file__).parents[3] / "specs"
    return checkout if checkout.is_dir() else None


def facts_file(vendor: str) -> Path | None:
    """Return the path of a vendor's facts; None if there are none. `vendor` must not come from an untrusted source unchecked."""
    folder = facts_folder()
    file = None if folder is None else folder / vendor / FACTS
    return file if file is not None and file.is_file() else None


@functools.cache
def shipped_exceptions() -> Mapping[str, Exceptions]:
    """Return the corrections of the shipped toolkits, by vendor."""
    folder = facts_folder()
    file = None if folder is None else folder / COMPILED
    if file is None or not file.is_file():
        return {}
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Exceptions])


@functools.cache
def shipped_vendors() -> tuple[str, ...]:
    """Return the names of the vendors with facts, sorted."""
    folder = facts_folder()
    return () if folder is None else tuple(sorted(file.parent.name for file in folder.glob(f"*/{FACTS}")))
