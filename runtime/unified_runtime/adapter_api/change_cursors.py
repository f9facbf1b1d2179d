"""Cursors of `changes` (records changed since a sync token): their encoding, and the error for tokens that have expired.

A vendor whose pagination uses tokens receives the sync token and the page token on every further page; the cursor then has both, as JSON.
If the vendor returns URLs (`@odata.deltaLink`), the URL is the cursor, and only `since` of this module is needed.
"""

from __future__ import annotations

import json
from typing import TypeVar

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.errors import InvalidInput, StaleCursor, UnifiedError

T = TypeVar("T")


def parse(cursor: str | None) -> tuple[str | None, str | None]:
    """Return the sync token and the page token of a cursor.

    Raises:
        InvalidInput: it is not a cursor of this operation.
    """
    if cursor is None:
        return None, None
    try:
        held = json.loads(cursor)
    except ValueError:
        held = None
    if not isinstance(held, list) or len(held) != 2 or not all(one is None or (isinstance(one, str) and one) for one in held):
        requirement = "must be the `cursor` or the `sync` of a page of changes"
        raise InvalidInput(f"{cursor[:40]!r} is not a cursor of changes", fields={"cursor": requirement})
    return held[0], held[1]


def page_cursor(sync: str | None, token: str | None) -> str | None:
    """Return the cursor of the next page of the same changes; None after the last."""
    return None if token is None else json.dumps([sync, token])


def sync_cursor(token: str | None) -> str | None:
    """Return the cursor of the changes from now on; None on all pages except the last."""
    return None if token is None else json.dumps([token, None])


def detect_stale(steps: Steps[T], cursor: str | None, stale: int) -> Steps[T]:
    """Send the request of a page of changes. The HTTP status `stale` means that the vendor no longer knows the token.

    Raises:
        StaleCursor: the vendor responds with the status `stale` to a request with a cursor.
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
