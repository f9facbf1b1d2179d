"""Batches with the paths of each part of the single requests looked up in the batch's schema."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from unified_gen.language import ast as syntax
from unified_openapi.documents import OperationFacts

NamePath = tuple[str, ...]
"""A location in JSON by the names on the way; in a request, body, query or path is before them."""


class ResolvedItemRequest(Struct, frozen=True, kw_only=True):
    """Item that holds a complete request; the parts are those of the runtime's `ItemRequest`."""

    method: NamePath
    address: NamePath
    lower: bool
    separate_query: bool
    query: tuple[tuple[str, NamePath, bool], ...]
    body: NamePath | None
    body_root: str | None
    headers: NamePath | None
    constant: tuple[tuple[str, str], ...]


class ResolvedBatch(Struct, frozen=True, kw_only=True):
    """Batching of requests to `single` into one to `facts`; the parts are those of the runtime's `Batch`."""

    ast: syntax.Batch
    strategy: syntax.BatchStrategy
    single: OperationFacts
    facts: OperationFacts
    host: str | None
    items: NamePath
    item: tuple[tuple[NamePath, str], ...]
    body: NamePath | None
    item_constants: tuple[tuple[NamePath, Any], ...]
    fixed: tuple[tuple[NamePath, Any], ...]
    item_id: NamePath | None
    shared_params: tuple[tuple[NamePath, str, bool], ...]
    constants: tuple[tuple[NamePath, Any], ...]
    only_matching: tuple[tuple[str, str], ...] = ()
    results: NamePath | None = None
    result: NamePath = ()
    match: tuple[tuple[NamePath, NamePath], ...] = ()
    done_if: NamePath | None = None
    errors: NamePath | None = None
    failed_items: tuple[tuple[NamePath, NamePath], ...] = ()
    error: NamePath = ()
    status: NamePath | None = None
    item_request: ResolvedItemRequest | None = None
    headers: NamePath | None = None
