"""Batch operations of Jira. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, ItemParameter, SameValue, SharedParameter

BULK_FETCH_ISSUES_SAFE = Batch(
    endpoint=Endpoint("bulkFetchIssues", "POST", "/rest/api/3/issue/bulkfetch", Retry.SAFE),
    max_items=100,
    items=("body", "issueIdsOrKeys"),
    item_parameters=(ItemParameter(path=(), parameter="issueIdOrKey"),),
    shared_parameters=(SharedParameter(path=("body", "fields"), parameter="fields", is_list=True),),
    results=("issues",),
    match=(SameValue(result=("key",), item=()),),
)
CREATE_ISSUES_NEVER = Batch(
    endpoint=Endpoint("createIssues", "POST", "/rest/api/3/issue/bulk", Retry.NEVER),
    max_items=50,
    items=("body", "issueUpdates"),
    body=(),
    results=("issues",),
    errors=("errors",),
    status=("status",),
    error=("elementErrors",),
    failed_items=(SameValue(result=("failedElementNumber",), item=("#",)),),
)
