"""Cursors: what an answer says of the next page, as the opaque text that asks for it."""

from __future__ import annotations

import json
import re
from typing import Any

from unified_runtime.errors import InvalidInput, Unsupported
from unified_runtime.records import Raw

_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?', re.IGNORECASE)


def token(value: Any) -> str | None:
    """The vendor's token for the next page; None on the last page, which vendors tell by null, by nothing, or by empty text."""
    return str(value) if value not in (None, "", False) else None


def parts(*values: Any) -> str | None:
    """The cursor of a list that is asked for the next page by several values of its last record; None where it lacks one."""
    told = [token(value) for value in values]
    return None if None in told else json.dumps(told)


def part(cursor: str, index: int, count: int) -> str:
    """One of the `count` values that `parts` put together.

    Raises:
        InvalidInput: the cursor is not one of ours.
    """
    try:
        told = json.loads(cursor)
    except ValueError:
        told = None
    if not isinstance(told, list) or len(told) != count or not all(isinstance(value, str) for value in told):
        raise InvalidInput(f"{cursor[:40]!r} is no cursor of this list", fields={"cursor": "must be one that a page returned"})
    return str(told[index])


def check_within(cursor: str | None, within: int, vendor: str) -> None:
    """Refuse to ask for records beyond those that the vendor gives of any list: it would say that there are none.

    Raises:
        Unsupported: the cursor, which counts the records before it, points there.
    """
    if cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) <= 15 and int(cursor) >= within:
        raise Unsupported(
            f"{vendor} gives no more than the first {within} records of this list, and there are more: ask for fewer, by its filters",
            fields={"cursor": f"must be below {within}"},
        )


def cut_off(cursor: str | None, total: int | None, within: int) -> str | None:
    """The cursor of the next page. A list that ends with `within` records, though there are more, does not pass for complete:
    its last page has a cursor too, which `check_within` refuses."""
    return str(within) if cursor is None and total is not None and total > within else cursor


def number(cursor: str | None, start: int) -> int:
    """The offset or page that a cursor stands for.

    Raises:
        InvalidInput: the cursor is not one of ours.
    """
    if cursor is None:
        return start
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 15:
        raise InvalidInput(f"{cursor[:40]!r} is no cursor of this list", fields={"cursor": "must be one that a page returned"})
    return int(cursor)


def after_offset(start: int, count: int, size: int | None, total: int | None = None) -> str | None:
    """The cursor after `count` records from `start`. Without a total, a page shorter than asked for is the last."""
    if count == 0:
        return None
    if total is not None:
        return str(start + count) if start + count < total else None
    return None if size is not None and count < size else str(start + count)


def after_page(page: int, count: int, size: int | None, total: int | None = None, first: int = 1) -> str | None:
    """The cursor after a numbered page; `first` is the number of the first. Without a total, a page shorter than asked for is the last."""
    if count == 0:
        return None
    if total is not None and size:
        return str(page + 1) if (page - first + 1) * size < total else None
    return None if size is not None and count < size else str(page + 1)


def onward(query: dict[str, Any], cursor: str | None, size: str) -> dict[str, Any]:
    """The query of a page whose address is the cursor: that address tells the page's size."""
    return query if cursor is None else {name: value for name, value in query.items() if name != size}


def link(raw: Raw) -> str | None:
    """The URL of `rel="next"` in the answer's Link header (RFC 8288)."""
    response = raw.response
    for value in response.headers.all("link") if response is not None else ():
        if found := _NEXT.search(value):
            return found.group(1)
    return None
