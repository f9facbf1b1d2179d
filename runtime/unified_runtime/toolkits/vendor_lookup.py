"""Vendors by name: those of the compiled catalog, and those that only a toolkit describes."""

from __future__ import annotations

from unified_runtime.core import vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.vendors import Vendor


def load_vendor(name: str) -> Vendor:
    """Return the vendor of that name.

    Raises:
        InvalidInput: neither the catalog nor a toolkit has it.
    """
    try:
        return vendors.load(name)
    except InvalidInput:
        from unified_runtime.toolkits import registry  # imported late: vendors of the catalog do not need it

        if name not in registry.names():
            raise
    return registry.toolkit(name).vendor
