"""Values in the headers of a response, such as the id of a created record in `Location`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import unquote

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.decoding import broken, decode
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.messages import Request
from unified_runtime.core.planning import PlannedResponse
from unified_runtime.core.responses import Response
from unified_runtime.core.symbols import Symbol


def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    schema: type[Any] | None = None,
    save_as: str | None = None,
) -> Steps[tuple[Any, Response]]:
    """Send one request, and return its response decoded into `schema` (None without one) and the response itself."""
    request = Request(
        endpoint=endpoint,
        target=endpoint.url(path),
        path=path,
        query=query,
        headers=headers,
        json=json,
        form=form,
        expects=schema is not None,
    )
    response = yield request
    if schema is None:
        return None, response
    if isinstance(response, PlannedResponse):
        return Symbol(save_as or endpoint.operation), response
    if endpoint.retry is not Retry.NEVER and broken(response):
        response = yield request
    return decode(response, schema), response


def value(response: Response | None, name: str, save_as: str, vendor: str) -> str:
    """Return a header. In a plan, the result is `Symbol(save_as)`.

    Raises:
        VendorProtocolError: the response lacks the header.
    """
    if response is None or isinstance(response, PlannedResponse):
        return cast("str", Symbol(save_as))
    found = response.headers.get(name.lower())
    if not found:
        raise VendorProtocolError(f"{vendor} returned no header {name}", request_id=response.request_id)
    return found


def parts(response: Response | None, name: str, pattern: re.Pattern[str], save_as: str, vendor: str) -> tuple[Any, ...]:
    """Return the parts of a header by a pattern with named groups, with percent-encoding removed.

    Raises:
        VendorProtocolError: the response lacks the header, or it does not match.
    """
    if response is None or isinstance(response, PlannedResponse):
        return tuple(Symbol(f"{save_as}.{part}") for part in pattern.groupindex)
    found = pattern.fullmatch(value(response, name, save_as, vendor))
    if found is None:
        raise VendorProtocolError(f"the header {name} of {vendor} has another form than expected", request_id=response.request_id)
    return tuple(unquote(part) for part in found.groups())
