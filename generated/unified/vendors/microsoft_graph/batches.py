"""Batch operations of Microsoft Graph. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, ItemRequest, SameValue

POST_BATCH_SAFE = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.SAFE),
    max_items=20,
    items=("body", "requests"),
    item_request=ItemRequest(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant_headers=(
            ("Prefer", 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="html"'),
        ),
    ),
    item_id=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_BATCH_KEYED = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.KEYED),
    max_items=20,
    items=("body", "requests"),
    item_request=ItemRequest(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant_headers=(
            ("Prefer", 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="html"'),
        ),
    ),
    item_id=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_BATCH_NEVER = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.NEVER),
    max_items=20,
    items=("body", "requests"),
    item_request=ItemRequest(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant_headers=(
            ("Prefer", 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="html"'),
        ),
    ),
    item_id=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_BATCH_IDEMPOTENT = Batch(
    endpoint=Endpoint("POST /$batch", "POST", "/$batch", Retry.IDEMPOTENT),
    max_items=20,
    items=("body", "requests"),
    item_request=ItemRequest(
        method=("method",),
        address=("url",),
        body=("body",),
        headers=("headers",),
        constant_headers=(
            ("Prefer", 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="html"'),
        ),
    ),
    item_id=("id",),
    results=("responses",),
    status=("status",),
    headers=("headers",),
    result=("body",),
    match=(SameValue(result=("id",), item=("id",)),),
)
