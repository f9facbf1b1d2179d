"""The same operation on many inputs, several at a time: each has a result of its own, and none stops the others.

Where the vendor takes many of them in one request, as many as it takes are made together (`folding`).
"""

from unified_runtime.bulk.aio import amany
from unified_runtime.bulk.jobs import CONCURRENCY, PATIENCE
from unified_runtime.bulk.results import Item, Progress, Results
from unified_runtime.bulk.sync import many, plan, planned

__all__ = ["CONCURRENCY", "PATIENCE", "Item", "Progress", "Results", "amany", "many", "plan", "planned"]
