"""Records of which the vendor returns one part in a separate response. Used by mappings by name (`exchange`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.adapter_api.filled_responses import filled_response
from unified_runtime.adapter_api.steps import Steps, call
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.symbols import Symbol

S = TypeVar("S")


def with_part(
    endpoint: Endpoint,
    *,
    query: Mapping[str, Any] | None = None,
    path: Sequence[object] = (),
    schema: type[S],
    fills: Sequence[str],
    read: Endpoint,
) -> Steps[tuple[S, Raw]]:
    """Return a record with one more part at `fills`: the value of the last name of `fills` in the response of `read`, which has the same
    path parameters as the record."""
    record = yield from call(endpoint, path=path, query=query, schema=dict[str, Any], save_as=fills[-1])
    part = yield from call(read, path=path, schema=dict[str, Any])
    if isinstance(record, Symbol) or isinstance(part, Symbol):
        return record, Raw(Document(b"null"))
    return filled_response(record, fills, part.get(fills[-1]), schema)
