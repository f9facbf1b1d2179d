"""Pages of a list that no mapping describes: the items of a response, and what requests the next page.

The parameters of a page are recognized by their names and types (`unified_openapi.schemas.pagination`), and the next page by the usual
properties of responses and the `Link` header (RFC 8288). A cursor is `token:…`, `page:…`, `offset:…` or `url:…`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from unified_openapi.schemas.pagination import Pagination, normalized
from unified_runtime.adapter_api.pagination import next_link
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.messages import NextPageURL
from unified_runtime.core.responses import Response

_TOKENS = (
    "next_cursor", "next_page_token", "next_token", "next_page_cursor", "next_page", "next", "cursor", "offset", "after", "end_cursor",
)  # fmt: skip
_ADDRESSES = (
    "next", "next_page", "next_link", "odata_next_link", "next_url", "next_page_url", "next_records_url", "href", "uri",
)  # fmt: skip
_AROUND = frozenset({
    "response_metadata", "paging", "pagination", "next_page", "meta", "links", "page_info", "cursors", "page", "next", "metadata",
    "additional_data",
})  # fmt: skip
_ITEMS = (
    "items", "data", "results", "values", "value", "records", "entries", "elements", "list", "members", "objects", "content", "rows",
    "resources", "nodes",
)  # fmt: skip
_LAST = {"is_last": True, "last_page": True, "done": True, "has_more": False, "more": False, "has_next_page": False, "has_next": False,
         "more_items_in_collection": False}  # fmt: skip


def items_of(body: Any, noun: str) -> list[Any] | None:
    """Return the items of a response; None if it is not a list. `noun` is the operation's group, which may name the list."""
    if isinstance(body, list):
        return body
    if not isinstance(body, dict):
        return None
    lists = {name: value for name, value in body.items() if isinstance(value, list)}
    for name in (*_ITEMS, noun, noun.removesuffix("s")):
        if name in lists:
            return lists[name]
    of_objects = [value for value in lists.values() if value and all(isinstance(one, dict) for one in value)]
    if len(of_objects) == 1:
        return of_objects[0]
    if len(lists) == 1:
        return next(iter(lists.values()))
    inner = body.get("data") or body.get("result") or body.get("response")
    return items_of(inner, noun) if isinstance(inner, dict) else None


def query_of(pages: Pagination, cursor: str | None) -> tuple[dict[str, Any], NextPageURL | None]:
    """Return the parameters, or the address, that request the page at a cursor.

    Raises:
        InvalidInput: the cursor is not from this module.
    """
    if cursor is None:
        return {}, None
    kind, _, value = cursor.partition(":")
    if kind in ("page", "offset"):
        value = value.partition("#")[0]
    if kind == "token" and pages.token is not None:
        return {pages.token: value}, None
    if kind == "page" and pages.number is not None and value.isdigit():
        return {pages.number: int(value)}, None
    if kind == "offset" and pages.offset is not None and value.isdigit():
        return {pages.offset: int(value)}, None
    if kind == "url":
        added = tuple(dict.fromkeys(name for name, _ in parse_qsl(urlsplit(value).query, keep_blank_values=True)))
        return {}, NextPageURL(value, added_params=added, allow_subpaths=True)
    raise InvalidInput(f"{cursor[:40]!r} is not a cursor of this list", fields={"cursor": "must be one that a page returned"})


def next_cursor(
    pages: Pagination, response: Response, body: Any, count: int, sent: Mapping[str, Any], cursor: str | None = None
) -> str | None:
    """Return the cursor of the next page; None on the last one.

    Args:
        cursor: that of this page. If it was an address, so is that of the next page.
        body: the decoded response.
        count: the number of items in it.
        sent: the parameters that the page was requested with.
    """
    link = next_link(response)
    if link is not None:
        return f"url:{link}"
    known = _flat(body) if isinstance(body, dict) else {}
    if any(known.get(name) is last for name, last in _LAST.items() if isinstance(known.get(name), bool)):
        return None
    for name in _ADDRESSES:
        value = known.get(name)
        if isinstance(value, str) and value.startswith(("https://", "http://", "/")):
            return f"url:{value}"
    if pages.token is not None:
        own = normalized(pages.token)
        value = next((known[name] for name in (f"next_{own}", *_TOKENS, own) if known.get(name) not in (None, "", False)), None)
        return f"token:{value}" if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    if count == 0 or (cursor is not None and cursor.startswith("url:")):
        return None
    return _counted(pages, known, count, sent)


def marked(following: str | None, items: list[Any]) -> str | None:
    """Return a cursor with a hash of the page before it, by which a server that ignores the number of a page is recognized."""
    if following is None or not following.startswith(("page:", "offset:")):
        return following
    return f"{following}#{_hash(items)}"


def repeats(cursor: str | None, items: list[Any]) -> bool:
    """Return true if the page at a cursor has the items of the page before it."""
    return cursor is not None and cursor.startswith(("page:", "offset:")) and bool(items) and cursor.partition("#")[2] == _hash(items)


def _hash(items: list[Any]) -> str:
    return hashlib.blake2b(msgspec.json.encode(items), digest_size=8).hexdigest()


def _counted(pages: Pagination, known: Mapping[str, Any], count: int, sent: Mapping[str, Any]) -> str | None:
    """Return the cursor of a list whose pages are requested by a number."""
    totals = ("total", "total_count", "total_size", "total_results", "total_items")
    total = next((known[name] for name in totals if _number(known.get(name))), None)
    size = sent.get(pages.size) if pages.size is not None else None
    if pages.offset is not None:
        start = sent.get(pages.offset, known.get(normalized(pages.offset), 0))
        after = int(start) + count if _number(start) else count
        full = total > after if total is not None else (not _number(size) or count >= int(str(size)))
        return f"offset:{after}" if full else None
    if pages.number is not None:
        number = sent.get(pages.number, known.get(normalized(pages.number), 1))
        current = int(number) if _number(number) else 1
        pages_in_all = next((known[name] for name in ("total_pages", "page_count", "pages", "last_page") if _number(known.get(name))), None)
        if pages_in_all is not None:
            more = current < pages_in_all
        else:
            more = not _number(size) or count >= int(str(size))
        return f"page:{current + 1}" if more else None
    return None


def _number(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.isdigit())


def _flat(body: Mapping[str, Any], level: int = 0) -> dict[str, Any]:
    """Return the scalars of an envelope by their normalized names, those of its objects for pages too; the outer ones first."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        key = normalized(name.lstrip("@"))
        if isinstance(value, (str, int, float)) or value is None:
            found.setdefault(key, value)
    for name, value in body.items():
        if isinstance(value, dict) and level < 3 and normalized(name.lstrip("@_")) in _AROUND:
            inner = _flat(value, level + 1)
            if normalized(name) in ("next", "next_page") and isinstance(inner.get("href") or inner.get("uri"), str):
                found.setdefault("next", inner.get("href") or inner.get("uri"))
            for key, one in inner.items():
                if key not in ("href", "uri"):
                    found.setdefault(key, one)
    return found
