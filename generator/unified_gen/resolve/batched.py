"""A batch with everything looked up."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from unified_gen.documents import OperationFacts
from unified_gen.language import ast as syntax

Where = tuple[str, ...]
"""A place in JSON by the names that lead there; in a request, body, query or path stands before them."""


class Wrapped(Struct, frozen=True, kw_only=True):
    """How an item holds a whole request; the parts are those of the runtime's `Wraps`."""

    method: Where
    address: Where
    lower: bool
    apart: bool
    query: tuple[tuple[str, Where, bool], ...]
    body: Where | None
    below: str | None
    headers: Where | None
    constant: tuple[tuple[str, str], ...]


class Batched(Struct, frozen=True, kw_only=True):
    """How requests to `single` are folded into one to `facts`; the parts are those of the runtime's `Batch`."""

    ast: syntax.Batch
    way: syntax.BatchWay
    single: OperationFacts
    facts: OperationFacts
    host: str | None
    items: Where
    item: tuple[tuple[Where, str], ...]
    body: Where | None
    each: tuple[tuple[Where, Any], ...]
    fixed: tuple[tuple[Where, Any], ...]
    mark: Where | None
    once: tuple[tuple[Where, str, bool], ...]
    set: tuple[tuple[Where, Any], ...]
    only: tuple[tuple[str, str], ...] = ()
    results: Where | None = None
    result: Where = ()
    match: tuple[tuple[Where, Where], ...] = ()
    done: Where | None = None
    errors: Where | None = None
    blames: tuple[tuple[Where, Where], ...] = ()
    error: Where = ()
    status: Where | None = None
    wraps: Wrapped | None = None
    headers: Where | None = None
