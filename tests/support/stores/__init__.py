"""What the vendors' documents do not say in their schemas, declared by hand: what a written property becomes when it is read.

Each declaration names the schema it was read from. Nothing here knows of mappings/.
"""

from __future__ import annotations

import importlib

from tests.support.store import Document, Store


def store_of(vendor: str, document: Document) -> Store:
    """A fresh, empty store over a vendor's whole document."""
    made: Store = importlib.import_module(f"tests.support.stores.{vendor.replace('-', '_')}").store(document)
    return made
