"""Batch operations of Microsoft Graph. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, SameValue, Wraps

POST_BATCH_SAFE = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.SAFE),
    most=20,
    items=("body", "requests"),
    wraps=Wraps(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant=(("Prefer", 'outlook.timezone="UTC", outlook.body-content-type="html"'),),
    ),
    mark=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_BATCH_KEYED = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.KEYED),
    most=20,
    items=("body", "requests"),
    wraps=Wraps(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant=(("Prefer", 'outlook.timezone="UTC", outlook.body-content-type="html"'),),
    ),
    mark=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_BATCH_NEVER = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.NEVER),
    most=20,
    items=("body", "requests"),
    wraps=Wraps(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant=(("Prefer", 'outlook.timezone="UTC", outlook.body-content-type="html"'),),
    ),
    mark=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_BATCH_IDEMPOTENT = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.IDEMPOTENT),
    most=20,
    items=("body", "requests"),
    wraps=Wraps(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant=(("Prefer", 'outlook.timezone="UTC", outlook.body-content-type="html"'),),
    ),
    mark=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
