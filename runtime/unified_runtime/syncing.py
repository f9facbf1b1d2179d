"""What changed since a cursor: sync tokens, the pages between two of them, and tokens that are too old.

A vendor that pages by tokens is sent both on every further page; the cursor then holds the two, as JSON. Where the vendor gives addresses
(`@odata.deltaLink`), the address is the cursor and nothing of this is needed but `since`.
"""

from __future__ import annotations

import json
from typing import TypeVar

from unified_runtime.errors import InvalidInput, StaleCursor, UnifiedError
from unified_runtime.steps import Steps

T = TypeVar("T")


def given(cursor: str | None) -> tuple[str | None, str | None]:
    """The sync token and the page's token that a cursor holds.

    Raises:
        InvalidInput: it is no cursor of this operation.
    """
    if cursor is None:
        return None, None
    try:
        held = json.loads(cursor)
    except ValueError:
        held = None
    if not isinstance(held, list) or len(held) != 2 or not all(one is None or (isinstance(one, str) and one) for one in held):
        told = "must be the `cursor` or the `sync` of a page of changes"
        raise InvalidInput(f"{cursor[:40]!r} is no cursor of changes", fields={"cursor": told})
    return held[0], held[1]


def page(sync: str | None, token: str | None) -> str | None:
    """The cursor of the next page of the same changes; None after the last."""
    return None if token is None else json.dumps([sync, token])


def sync(token: str | None) -> str | None:
    """The cursor of what changes from now on; None on all pages but the last."""
    return None if token is None else json.dumps([token, None])


def since(steps: Steps[T], cursor: str | None, stale: int) -> Steps[T]:
    """The request; that the vendor no longer knows the token is told by a status of its own.

    Raises:
        StaleCursor: it answers `stale` to a cursor.
    """
    try:
        return (yield from steps)
    except UnifiedError as error:
        if cursor is None or error.status != stale:
            raise
        found = StaleCursor(
            "the vendor no longer knows what changed since this cursor: start over without one, and take what comes for all there is",
            fields={"cursor": "is too old: leave it out"},
            status=error.status,
            code=error.code,
            request_id=error.request_id,
        )
    raise found
