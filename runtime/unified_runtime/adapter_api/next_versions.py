"""Requests with the number of the version that they create. Used by mappings by name (`exchange`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unified_runtime.adapter_api.mime_requests import with_value
from unified_runtime.adapter_api.steps import Steps, call
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.symbols import Symbol


def next_version(endpoint: Endpoint, *, fills: Sequence[str], current: int | None, json: Any = None, **request: Any) -> Steps[Any]:
    """Send a request with the number after `current`, that of the stored version.

    Raises:
        VendorProtocolError: the vendor returned no number.
    """
    if isinstance(current, Symbol):
        number: object = Symbol(f"{str(current)[1:-1]} + 1")
    elif isinstance(current, int):
        number = current + 1
    else:
        raise VendorProtocolError("the vendor returned no number of the stored version")
    return (yield from call(endpoint, json=with_value(json, fills, number), **request))
