"""Parameters that select a page of a list, by their names and types."""

from __future__ import annotations

from dataclasses import dataclass

from unified_openapi.documents.operations import OperationFacts
from unified_openapi.documents.words import words
from unified_openapi.schemas.shapes import Schemas, Shape

SIZES = frozenset({
    "limit", "per_page", "perpage", "page_size", "pagesize", "max_results", "maxresults", "count", "top", "size", "page_limit",
    "page[size]", "first", "pagelen",
})  # fmt: skip
OFFSETS = frozenset({"offset", "start", "start_at", "startat", "skip", "@page_size"})
NUMBERS = frozenset({"page", "page_number", "pagenumber", "page_index", "@page_index"})
TOKENS = frozenset({
    "cursor", "page_token", "pagetoken", "next_page_token", "after", "skiptoken", "next_token", "page_cursor", "page[after]", "from",
})  # fmt: skip
KEYSETS = frozenset({"before", "after", "starting_after", "ending_before", "since_id", "start_id"})
"""Parameters that continue a list behind the record with an id."""
_OTHER = frozenset({"last", "around", "sync_token"})
"""Further parameters that select a page: a mapping or a toolkit does not begin with them."""


def normalized(name: str) -> str:
    """Return a parameter's name as the sets above have it: `maxResults` and `$top` are `max_results` and `top`."""
    plain = name.lstrip("$")
    return plain if plain[:1] == "@" or "[" in plain else "_".join(words(plain))


def selects_page(name: str) -> bool:
    """Return true if a parameter of this name selects a page of a list, in any way of paging."""
    return normalized(name) in SIZES | OFFSETS | NUMBERS | TOKENS | KEYSETS | _OTHER


@dataclass(frozen=True, slots=True)
class Pagination:
    """Parameters of an operation that select a page, by role; None for a role that it does not have."""

    size: str | None
    offset: str | None
    number: str | None
    token: str | None

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name in (self.size, self.offset, self.number, self.token) if name is not None)


def pagination_of(operation: OperationFacts, schemas: Schemas, body: str | None) -> Pagination:
    """Return how an operation is paged. A parameter called `offset` that is a text, not a number, is a token."""
    found: dict[str, str] = {}
    declared = [(one.name, schemas.shape(one.schema)) for one in operation.parameters if one.location == "query"]
    if body is not None:
        declared += [(name, schemas.shape(pointer)) for name, pointer in schemas.shape(body).properties.items()]
    for name, shape in declared:
        role = _role(normalized(name), shape)
        if role is not None:
            found.setdefault(role, name)
    return Pagination(found.get("size"), found.get("offset"), found.get("number"), found.get("token"))


def _role(name: str, shape: Shape) -> str | None:
    numeric = bool(shape.kinds & {"integer", "number"})
    if name in SIZES:
        return "size"
    if name in OFFSETS:
        return "offset" if numeric else "token"
    if name in NUMBERS:
        return "number" if numeric else "token"
    return "token" if name in TOKENS else None
