"""Batch operations of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, ItemRequest, QueryParameter, SameValue

RUN_REQUESTS_IDEMPOTENT = Batch(
    endpoint=Endpoint("runRequests", "PUT", "/batch", Retry.IDEMPOTENT),
    max_items=20,
    items=("body", "requests"),
    item_request=ItemRequest(
        method=("verb",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant_headers=(("Prefer", "whole"),),
    ),
    item_id=("id",),
    results=("responses",),
    status=("status",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
RUN_ACTIONS_NEVER = Batch(
    endpoint=Endpoint("runActions", "POST", "/batch", Retry.NEVER),
    max_items=10,
    items=("body", "actions"),
    item_request=ItemRequest(
        method=("method",),
        address=("path",),
        lower=True,
        separate_query=True,
        query=(QueryParameter(parameter="expand", path=("options", "expand"), is_list=True),),
        body=("data",),
        headers=("headers",),
        constant_headers=(("Prefer", "whole"),),
    ),
    results=("done",),
    status=("status",),
    headers=("headers",),
    result=("body",),
)
