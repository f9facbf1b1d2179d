"""Behavior that the schemas of vendors' documents do not declare: the property from which a written property is read.

Each declaration names the schema that states it. All are independent of mappings/.
"""

from __future__ import annotations

import importlib

from tests.support.store import Document, Store


def store_of(vendor: str, document: Document) -> Store:
    """Return a new, empty store for a vendor's complete document."""
    made: Store = importlib.import_module(f"tests.support.stores.{vendor.replace('-', '_')}").store(document)
    return made
