"""Files whose properties and content the vendor returns in separate responses. Used by mappings by name (`exchange`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.adapter_api.filled_responses import filled_response
from unified_runtime.adapter_api.steps import Steps, call, fetch
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.symbols import Symbol

S = TypeVar("S")


def text_content(
    endpoint: Endpoint,
    *,
    query: Mapping[str, Any] | None = None,
    path: Sequence[object] = (),
    schema: type[S],
    fills: Sequence[str],
    read: Endpoint,
) -> Steps[tuple[S, Raw]]:
    """Return the properties of a file with its text at `fills`: the response of `read`, under the same path as the properties.

    Bytes that are not UTF-8 become U+FFFD, as with `base64_text`.
    """
    properties = yield from call(endpoint, path=path, query=query, schema=dict[str, Any], save_as=fills[-1])
    content, _ = yield from fetch(read, path=path, headers={"Accept": "*/*"}, schema=bytes)
    if isinstance(properties, Symbol):
        return properties, Raw(Document(b"null"))
    return filled_response(properties, fills, content.decode(errors="replace"), schema)
