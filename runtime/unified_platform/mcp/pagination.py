"""Pagination of MCP lists. A cursor names the last item, so it stays valid if items are added or removed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, PaginatedRequestParams

T = TypeVar("T")


def page(
    items: Sequence[T], name: Callable[[T], str], order: Sequence[str], params: PaginatedRequestParams | None, size: int
) -> tuple[list[T], str | None]:
    """Return a page of items and the cursor of the next one.

    Args:
        items: all present items.
        name: name of an item; unique.
        order: every possible name of an item, in the order of `items`, including absent ones.
        params: parameters of the request.
        size: items of a page.

    Raises:
        MCPError: this server did not issue the cursor.
    """
    locations = {known: number for number, known in enumerate(order)}
    after = -1
    if params is not None and params.cursor is not None:
        last = _named(params.cursor)
        if last not in locations:
            raise MCPError(INVALID_PARAMS, "The cursor is none that this server gave: list from the start.")
        after = locations[last]
    rest = [item for item in items if locations[name(item)] > after]
    shown = rest[:size]
    return shown, _cursor(name(shown[-1])) if len(rest) > size else None


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _named(cursor: str) -> str | None:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
