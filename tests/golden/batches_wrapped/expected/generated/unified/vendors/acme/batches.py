"""Batch operations of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, QueryParameter, SameValue, Wraps

RUN_REQUESTS_IDEMPOTENT = Batch(
    endpoint=Endpoint("runRequests", "PUT", "/batch", Retry.IDEMPOTENT),
    most=20,
    items=("body", "requests"),
    wraps=Wraps(
        method=("verb",), address=("url",), body=("body",), headers=("headers",), constant=(("Prefer", "whole"),)
    ),
    mark=("id",),
    results=("responses",),
    status=("status",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
RUN_ACTIONS_NEVER = Batch(
    endpoint=Endpoint("runActions", "POST", "/batch", Retry.NEVER),
    most=10,
    items=("body", "actions"),
    wraps=Wraps(
        method=("method",),
        address=("path",),
        lower=True,
        separate_query=True,
        query=(QueryParameter(parameter="expand", path=("options", "expand"), is_list=True),),
        body=("data",),
        headers=("headers",),
        constant=(("Prefer", "whole"),),
    ),
    results=("done",),
    status=("status",),
    headers=("headers",),
    result=("body",),
)
