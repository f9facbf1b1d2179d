"""Servers on loopback that speak the file protocols of vendors, as their documentation has them, and refuse what it does not allow.

They know nothing of mappings or of the runtime: ranges, sizes of pieces, offsets and hashes are checked by code of their own.
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
from unified_gen.documents.load import parse_document
from unified_gen.documents.overlay import apply, load_overlay

SPECS = Path(__file__).parents[3] / "specs"
VENDORS = {"dropbox": "dropbox.DropboxDouble", "google-drive": "google.GoogleDrive", "microsoft-graph": "graph.GraphDouble"}


class Double(Protocol):
    """A vendor's double. `server` is what a connection names; `wrong` collects what the vendor would refuse: tests expect none."""

    api: Loopback
    elsewhere: Loopback
    wrong: list[str]
    unknown: str
    """An id of the vendor's form that nothing has."""
    trusted: bool
    """Whether `elsewhere` is the vendor's own host, which takes the credential, or one that answers lead to, which must not get it."""

    def servers(self) -> Mapping[str, str]: ...

    def keep(self, name: str, content: Blob) -> str:
        """Put a file there; its id."""

    def content(self, id: str) -> Blob: ...

    def contents(self) -> int:
        """How many files with a content there are."""


@functools.cache
def _document(vendor: str) -> Document:
    """The facts of the vendor's document that this repository holds."""
    file = SPECS / vendor / "openapi.yaml"
    document = parse_document(file.read_bytes(), file.name)
    overlay = SPECS / vendor / "overlay.yaml"
    return Document((apply(document, load_overlay(overlay)) if overlay.exists() else document).root)


def double_of(vendor: str) -> Double:
    """A fresh double of a vendor, not yet running."""
    module, _, name = VENDORS[vendor].partition(".")
    made: Double = getattr(importlib.import_module(f"tests.support.drives.{module}"), name)(_document(vendor))
    return made
