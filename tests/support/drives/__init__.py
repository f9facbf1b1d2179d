"""Servers on loopback for the file protocols of vendors, by their documentation; they reject requests that it does not allow.

They are independent of mappings and of the runtime: ranges, sizes of pieces, offsets and hashes are checked by code of their own.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.support.drives.blobs import Blob
from tests.support.drives.server import Loopback
from tests.support.store import Document
from unified_openapi.documents.load import parse_document
from unified_openapi.documents.overlay import apply, load_overlay

SPECS = Path(__file__).parents[3] / "specs"
VENDORS = {"dropbox": "dropbox.DropboxDouble", "google-drive": "google.GoogleDrive", "microsoft-graph": "graph.GraphDouble"}


class Double(Protocol):
    """Emulator of a vendor. `server` is the connection's server; `wrong` collects requests that the vendor would reject, normally none."""

    api: Loopback
    elsewhere: Loopback
    wrong: list[str]
    unknown: str
    """A valid id that no record has."""
    trusted: bool
    """True if `elsewhere` is a host of the vendor that needs the credential, false if it is a target that must not receive it."""

    def servers(self) -> Mapping[str, str]: ...

    def keep(self, name: str, content: Blob) -> str:
        """Store a file; return its id."""

    def content(self, id: str) -> Blob: ...

    def contents(self) -> int:
        """Return the number of files that have content."""


@functools.cache
def _document(vendor: str) -> Document:
    """Return the facts of the vendor's document from this repository."""
    file = SPECS / vendor / "openapi.yaml"
    document = parse_document(file.read_bytes(), file.name)
    overlay = SPECS / vendor / "overlay.yaml"
    return Document((apply(document, load_overlay(overlay)) if overlay.exists() else document).root)


def double_of(vendor: str) -> Double:
    """Return a new emulator of a vendor, not yet running."""
    module, _, name = VENDORS[vendor].partition(".")
    made: Double = getattr(importlib.import_module(f"tests.support.drives.{module}"), name)(_document(vendor))
    return made
