"""Lists whose records have only an id: each record is read by itself. Used by mappings by name (`exchange`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.adapter_api.filled_responses import filled_response
from unified_runtime.adapter_api.steps import Steps, call, fetch
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import NotFound, VendorProtocolError
from unified_runtime.core.raw import Raw
from unified_runtime.core.symbols import Symbol

S = TypeVar("S")

_AT_ONCE = 25
"""Maximum records of one page: each needs a separate request."""


def read_each(
    endpoint: Endpoint,
    *,
    query: Mapping[str, Any] | None = None,
    path: Sequence[object] = (),
    schema: type[S],
    fills: Sequence[str],
    read: Endpoint,
) -> Steps[tuple[S, Raw]]:
    """Return a page of a list in which each record is what `read` returns for its id, under the same path as the list's with the id
    behind it. Records that no longer exist are left out. `fills` is the path of the records in the response.

    The page size is at most 25, under any name: it is the only number in the query.
    """
    sized = {name: min(value, _AT_ONCE) if type(value) is int else value for name, value in (query or {}).items()}
    page = yield from call(endpoint, path=path, query=sized, schema=dict[str, Any], save_as=fills[-1])
    if isinstance(page, Symbol):  # a plan shows the request for one record
        yield from fetch(read, path=(*path, page[0].id), schema=dict[str, Any])
    found: list[Any] = []
    for each in _records(page, fills):
        id = each.get("id") if isinstance(each, dict) else None
        if not isinstance(id, str):
            raise VendorProtocolError(f"a record of {'.'.join(fills)} has no id")
        try:
            record = yield from call(read, path=(*path, id), schema=dict[str, Any])
        except NotFound:
            continue
        found.append(record)
    return filled_response(page, fills, found, schema)


def _records(page: Mapping[str, Any], fills: Sequence[str]) -> Sequence[Any]:
    found: Any = page
    for name in fills:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else ()
