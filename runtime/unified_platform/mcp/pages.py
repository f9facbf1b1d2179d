"""Lists of the protocol in pages. A cursor names what came last, so it holds when something is added or goes meanwhile."""

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
    """A page of items and the cursor of the next one.

    Args:
        items: what there is.
        name: of an item; no two have the same.
        order: every name that an item can have, in the order of `items`, those that are not there now included.
        params: of the request.
        size: of a page.

    Raises:
        MCPError: the cursor is none that this server gave.
    """
    places = {known: number for number, known in enumerate(order)}
    after = -1
    if params is not None and params.cursor is not None:
        last = _named(params.cursor)
        if last not in places:
            raise MCPError(INVALID_PARAMS, "The cursor is none that this server gave: list from the start.")
        after = places[last]
    rest = [item for item in items if places[name(item)] > after]
    shown = rest[:size]
    return shown, _cursor(name(shown[-1])) if len(rest) > size else None


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _named(cursor: str) -> str | None:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
