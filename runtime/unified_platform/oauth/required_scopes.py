"""Least OAuth scopes for the operations of an agent, from the compiled catalog."""

from __future__ import annotations

from collections.abc import Iterable

from unified_platform.catalog import toolsets


def required_scopes(vendor: str, tools: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes that the operations of a toolset need at a vendor.

    Args:
        tools: toolset entries as in `unified_platform.catalog.toolsets`: `tasks`, `tasks.read`, `tasks.create`.

    Raises:
        InvalidInput: the vendor has nothing of that name.
    """
    entry = toolsets.vendor_entry(vendor)
    return toolsets.parse_toolset(tools, (entry,)).scopes(entry)
