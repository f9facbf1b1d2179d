"""Reads that name fields, of which the account may hide some: the vendor then rejects the request as a whole."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.messages import Request

T = TypeVar("T")


def or_unselected(steps: Steps[T], parameter: str, code: str) -> Steps[T]:
    """Run the steps of a read. A request that the vendor rejects with this code is sent again without `parameter`, which names fields.

    The vendor then returns all fields that are visible.
    """
    try:
        request = next(steps)
        while True:
            try:
                response = yield request
            except UnifiedError as error:
                query = request.query if isinstance(request, Request) else None
                if error.code == code and query is not None and parameter in query and isinstance(request, Request):
                    request = replace(request, query={name: value for name, value in query.items() if name != parameter})
                else:
                    request = steps.throw(error)
            else:
                request = steps.send(response)
    except StopIteration as stop:
        value: T = stop.value
        return value
