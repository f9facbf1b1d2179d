"""Pages of a list, by the names and types of the parameters and of the response's properties."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from unified_openapi.schemas.pagination import KEYSETS, TOKENS, Pagination, normalized
from unified_openapi.schemas.shapes import Schemas, Shape

_FIRST = "$page:"
CONTINUATION = "page_token"
ODATA = "$skiptoken"
"""Parameters in the address of a next page, if the document declares none that selects a page; the latter in OData (11.2.6.7)."""
DEFAULT_SIZE = 2
_LEVELS = 4
"""Levels of objects that describe a page: a schema may contain itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """Page of a list: the number of its first record, how many it may have, and how many there are in all."""

    start: int
    size: int
    total: int

    @property
    def more(self) -> bool:
        return self.start + self.size < self.total

    @property
    def next(self) -> int:
        return self.start + self.size


class BadPage(Exception):
    """A page that does not exist, or a token that no response contained."""


def page_of(
    paging: Pagination, given: Mapping[str, Any], total: int, marked: bool, behind: Mapping[str, int], usual: int, first: int
) -> Page:
    """Return the page that a request selects. `marked`: the response declares what leads to the next page. `behind` has, by the ids of
    the list's records, the number of the next one. `usual` is the size of a page if a request states none. `first` is the number of
    the first page.

    Raises:
        BadPage: its token or number is not valid.
    """
    last = next((behind[str(value)] for name, value in given.items() if normalized(name) in KEYSETS and str(value) in behind), None)
    if not paging.names and not marked:
        return Page(0, max(total, 1), total)
    size = given.get(paging.size, DEFAULT_SIZE) if paging.size is not None else usual
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise BadPage(f"`{paging.size}` is not a page size: {size!r}")
    if last is not None:
        return Page(last, size, total)
    start = 0
    token = paging.token or (ODATA if ODATA in given else CONTINUATION)
    if given.get(token) not in (None, ""):
        match = re.fullmatch(re.escape(_FIRST) + r"([0-9]+)", str(given[token]))
        if match is None:
            raise BadPage(f"`{token}` is not a token of this list: {given[token]!r}")
        start = int(match[1])
    if paging.offset is not None and paging.offset in given:
        start = int(given[paging.offset])
    if paging.number is not None and paging.number in given:
        start = max(int(given[paging.number]) - first, 0) * size
    return Page(start, size, total)


def marks(schemas: Schemas, shape: Shape, page: Page, paging: Pagination, url: str, at: Sequence[str]) -> dict[str, Any]:
    """Return the properties of a response that describe the page: the next token or address, whether there is more, totals."""
    found: dict[str, Any] = {}
    for name, pointer in shape.properties.items():
        if at and name == at[0]:
            continue
        inner = schemas.shape(pointer)
        value = _mark(schemas, name, inner, page, paging, url)
        if value is not None or _ends(schemas, name, inner, page, paging, url):
            found[name] = value
    return found


def _ends(schemas: Schemas, name: str, shape: Shape, page: Page, paging: Pagination, url: str) -> bool:
    """Return true if a property leads to the next page, is null if there is none, and there is none."""
    further = Page(0, 1, 2)
    return not page.more and shape.takes_null and _mark(schemas, name, shape, further, paging, url) is not None


def _mark(
    schemas: Schemas, name: str, shape: Shape, page: Page, paging: Pagination, url: str, level: int = 0, *, linked: bool = False
) -> Any:
    """Return the value of a property that describes the page. `linked`: it is in an object of links, whose values are addresses."""
    found = normalized(name.lstrip("@"))
    if shape.properties and "object" in shape.kinds:
        if level > _LEVELS or (not page.more and found in ("next_page", "next")):
            return None
        inner = {
            key: value
            for key, pointer in shape.properties.items()
            if (value := _mark(schemas, key, schemas.shape(pointer), page, paging, url, level + 1, linked=found == "links")) is not None
        }
        return inner or None
    if "boolean" in shape.kinds:
        if found in ("has_more", "more", "more_items_in_collection", "has_next_page", "incomplete_results"):
            return page.more and found != "incomplete_results"
        if found in ("is_last", "last_page", "done", "end_of_stream"):
            return not page.more
    if shape.kinds & {"integer", "number"}:
        numbers = {
            "total": page.total, "total_count": page.total, "total_size": page.total, "count": page.total,
            "start_at": page.start, "offset": page.start, "start": page.start,
            "limit": page.size, "max_results": page.size, "per_page": page.size, "page_size": page.size,
        }  # fmt: skip
        if found in numbers:
            return numbers[found]
        return page.next if page.more and found in ("next_start", "next_offset", "next_page") else None
    if "string" in shape.kinds and page.more:
        return _text_mark(found, shape, page, paging, url, linked=linked)
    return None


def _text_mark(found: str, shape: Shape, page: Page, paging: Pagination, url: str, *, linked: bool) -> str | None:
    address = found in ("next", "next_link", "odata_next_link", "next_page", "next_url", "next_records_url")
    if address and (shape.format in ("uri", "uri-reference", "url") or linked or "link" in found or "url" in found or paging.token is None):
        return next_url(url, page, paging, ODATA if "odata" in found else CONTINUATION)
    tokens = {*TOKENS, "next_cursor", "end_cursor", "next_page_token", "next_batch", "next", "next_page", "end", "offset", "after_cursor"}
    return f"{_FIRST}{page.next}" if found in tokens else None


def leads_on(marks: Mapping[str, Any]) -> bool:
    """Return true if the properties of a page hold a token or address of the next one."""
    return any(leads_on(value) if isinstance(value, dict) else isinstance(value, str) for value in marks.values())


def next_url(url: str, page: Page, paging: Pagination, continuation: str = CONTINUATION) -> str:
    """Return the address of the next page: that of the request, with the parameter of the page in it."""
    base, _, query = url.partition("?")
    name, value = continuation, f"{_FIRST}{page.next}"
    if paging.token is not None:
        name = paging.token
    elif paging.offset is not None:
        name, value = paging.offset, str(page.next)
    elif paging.number is not None:
        name, value = paging.number, str(page.next // page.size + 1)
    parts = [part for part in query.split("&") if part and part.partition("=")[0] not in (name, quote(name))]
    return f"{base}?{'&'.join([*parts, f'{quote(name)}={quote(value)}'])}"
