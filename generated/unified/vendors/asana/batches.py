"""Batch operations of Asana. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, ItemRequest, QueryParameter

CREATE_BATCH_REQUEST_NEVER = Batch(
    endpoint=Endpoint("createBatchRequest", "POST", "/batch", Retry.NEVER),
    max_items=10,
    items=("body", "data", "actions"),
    item_request=ItemRequest(
        method=("method",),
        address=("relative_path",),
        lower=True,
        separate_query=True,
        query=(QueryParameter(parameter="opt_fields", path=("options", "fields"), is_list=True),),
        body=("data",),
        body_root="data",
    ),
    results=("data",),
    status=("status_code",),
    headers=("headers",),
    result=("body",),
)
CREATE_BATCH_REQUEST_IDEMPOTENT = Batch(
    endpoint=Endpoint("createBatchRequest", "POST", "/batch", Retry.IDEMPOTENT),
    max_items=10,
    items=("body", "data", "actions"),
    item_request=ItemRequest(
        method=("method",),
        address=("relative_path",),
        lower=True,
        separate_query=True,
        query=(QueryParameter(parameter="opt_fields", path=("options", "fields"), is_list=True),),
        body=("data",),
        body_root="data",
    ),
    results=("data",),
    status=("status_code",),
    headers=("headers",),
    result=("body",),
)
