"""The least scopes for what an agent may do: the compiler knows which each operation of each vendor needs."""

from __future__ import annotations

from collections.abc import Iterable

from unified_platform import catalog, toolsets


def least(vendor: str, tools: Iterable[str]) -> tuple[str, ...]:
    """The scopes that the operations of a toolset need at a vendor.

    Args:
        tools: words as in `unified_platform.toolsets`: `tasks`, `tasks.read`, `tasks.create`.

    Raises:
        InvalidInput: a word names nothing that the vendor has.
    """
    entry = catalog.vendor(vendor)
    return toolsets.parse(tools, (entry,)).scopes(entry)
