"""Vendors' names as module names."""

from __future__ import annotations


def module_name(vendor: str) -> str:
    """Return a vendor's name as a module: `google-drive` is `google_drive`."""
    return vendor.replace("-", "_")
