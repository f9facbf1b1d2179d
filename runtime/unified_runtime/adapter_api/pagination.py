"""Pagination: conversion between the next page in a vendor's response and the opaque cursor of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from unified_runtime.core.errors import InvalidInput, Unsupported
from unified_runtime.core.messages import NextPageURL
from unified_runtime.core.records import Raw
from unified_runtime.core.responses import Response

_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?', re.IGNORECASE)


def token(value: Any) -> str | None:
    """Return the vendor's token for the next page; None on the last page, for which vendors return null, an empty string or nothing."""
    return str(value) if value not in (None, "", False) else None


def behind_lowest(values: Sequence[Any], size: int | None) -> str | None:
    """Return the lowest of the values of a page's records; None on the last page, which has fewer than `size` records."""
    found = [value for value in values if value is not None]
    return token(min(found)) if found and (size is None or len(values) >= size) else None


def parts(*values: Any) -> str | None:
    """Return the cursor of a list whose next page is requested by several values of its last record; None if one is missing."""
    tokens = [token(value) for value in values]
    return None if None in tokens else json.dumps(tokens)


def after_last(cursor: str | None, count: int, total: int | None) -> str | None:
    """Return the cursor of a list whose next page is requested by its last record, if more than `count` records of `total` are left."""
    return None if total is not None and total <= count else cursor


def part(cursor: str, index: int, count: int) -> str:
    """Return one of the `count` values that `parts` combined.

    Raises:
        InvalidInput: the cursor is not from `parts`.
    """
    try:
        tokens = json.loads(cursor)
    except ValueError:
        tokens = None
    if not isinstance(tokens, list) or len(tokens) != count or not all(isinstance(value, str) for value in tokens):
        raise InvalidInput(f"{cursor[:40]!r} is not a cursor of this list", fields={"cursor": "must be one that a page returned"})
    return str(tokens[index])


def check_within(cursor: str | None, within: int, vendor: str) -> None:
    """Reject a cursor beyond the last record that the vendor returns of any list, at which it would return an empty page.

    Raises:
        Unsupported: the cursor, which is the number of previous records, is `within` or more.
    """
    if cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) <= 15 and int(cursor) >= within:
        raise Unsupported(
            f"{vendor} gives no more than the first {within} records of this list, and there are more: narrow it down by its filters",
            fields={"cursor": f"must be below {within}"},
        )


def truncated(cursor: str | None, total: int | None, within: int) -> str | None:
    """Return the cursor of the next page. A list that the vendor truncates to `within` records must not appear complete: its last page has
    a cursor too, which `check_within` rejects."""
    return str(within) if cursor is None and total is not None and total > within else cursor


def number(cursor: str | None, start: int) -> int:
    """Return the offset or page number of a cursor; `start` without one.

    Raises:
        InvalidInput: the cursor is not a number.
    """
    if cursor is None:
        return start
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 15:
        raise InvalidInput(f"{cursor[:40]!r} is not a cursor of this list", fields={"cursor": "must be one that a page returned"})
    return int(cursor)


def after_offset(start: int, count: int, size: int | None, total: int | None = None) -> str | None:
    """Return the cursor after `count` records from `start`. Without a total, a page shorter than requested is the last."""
    if count == 0:
        return None
    if total is not None:
        return str(start + count) if start + count < total else None
    return None if size is not None and count < size else str(start + count)


def after_page(page: int, count: int, size: int | None, total: int | None = None, first: int = 1) -> str | None:
    """Return the cursor after a numbered page; `first` is the first page's number. Without a total, a page shorter than requested is the
    last."""
    if count == 0:
        return None
    if total is not None and size:
        return str(page + 1) if (page - first + 1) * size < total else None
    return None if size is not None and count < size else str(page + 1)


def page_query(query: dict[str, Any], cursor: str | None, size: str) -> dict[str, Any]:
    """Return the query of a page, without the page size if the cursor is a URL, which already has it."""
    return query if cursor is None else {name: value for name, value in query.items() if name != size}


def next_page_url(cursor: str | None, added_params: tuple[str, ...] = (), *, allow_subpaths: bool = False) -> NextPageURL | None:
    """Return the URL of the page from its cursor, if there is one; see `NextPageURL`."""
    return None if cursor is None else NextPageURL(cursor, added_params, allow_subpaths)


def link_header(raw: Raw) -> str | None:
    """Return the URL of `rel="next"` in the response's Link header (RFC 8288)."""
    return next_link(raw.response) if raw.response is not None else None


def next_link(response: Response) -> str | None:
    """Return the URL of `rel="next"` in a response's Link header (RFC 8288)."""
    for value in response.headers.all("link"):
        if found := _NEXT.search(value):
            return found.group(1)
    return None
