"""Bulk calls: one operation on many inputs, several at a time; each has its own result, and a failure does not stop the others.

If the vendor accepts batch requests, as many calls as fit into one are made together (`execution.batching`).
"""

from unified_runtime.client.bulk._async.calls import amany
from unified_runtime.client.bulk._sync.calls import many
from unified_runtime.client.bulk.base import CONCURRENCY, PATIENCE
from unified_runtime.client.bulk.plans import plan, planned
from unified_runtime.client.bulk.results import Item, Progress, Results

__all__ = ["CONCURRENCY", "PATIENCE", "Item", "Progress", "Results", "amany", "many", "plan", "planned"]
