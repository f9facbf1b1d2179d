"""Batch operations of Asana. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, QueryParameter, Wraps

CREATE_BATCH_REQUEST_NEVER = Batch(
    endpoint=Endpoint("createBatchRequest", "POST", "/batch", Retry.NEVER),
    most=10,
    items=("body", "data", "actions"),
    wraps=Wraps(
        method=("method",),
        address=("relative_path",),
        lower=True,
        separate_query=True,
        query=(QueryParameter(parameter="opt_fields", path=("options", "fields"), is_list=True),),
        body=("data",),
        below="data",
    ),
    results=("data",),
    status=("status_code",),
    headers=("headers",),
    result=("body",),
)
CREATE_BATCH_REQUEST_IDEMPOTENT = Batch(
    endpoint=Endpoint("createBatchRequest", "POST", "/batch", Retry.IDEMPOTENT),
    most=10,
    items=("body", "data", "actions"),
    wraps=Wraps(
        method=("method",),
        address=("relative_path",),
        lower=True,
        separate_query=True,
        query=(QueryParameter(parameter="opt_fields", path=("options", "fields"), is_list=True),),
        body=("data",),
        below="data",
    ),
    results=("data",),
    status=("status_code",),
    headers=("headers",),
    result=("body",),
)
