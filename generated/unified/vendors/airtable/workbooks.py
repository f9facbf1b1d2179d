"""Airtable workbooks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import pagination, responses
from . import types
from ...models.workbooks import Workbook, WorkbookFilters, WorkbookValues

LIST_BASES = Endpoint("listBases", "GET", "/meta/bases", Retry.SAFE)

ACCESS_READ: dict[Any, Literal["none", "read", "comment", "write", "manage"]] = {
    "none": "none",
    "read": "read",
    "comment": "comment",
    "edit": "write",
    "create": "manage",
}
make_workbook = record_factory(Workbook, "airtable")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"get": "Airtable has no endpoint for a single base; `list` returns the same values"}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: WorkbookFilters) -> Steps[Page[Workbook]]:
    """List workbooks: GET /meta/bases."""
    query: dict[str, Any] = {}
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    response, raw = yield from fetch(LIST_BASES, query=query, schema=types.BaseList)
    items = response.bases or []
    records = [read_workbook(each, raw.at("bases", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.offset))


def read_workbook(r: types.BaseSummary, raw: Raw) -> Workbook:
    """Read a unified Workbook from a BaseSummary of Airtable."""
    values: WorkbookValues = {
        "id": responses.required(r.id, "id", "Airtable"),
        "name": r.name,
        "access": ACCESS_READ.get(r.permission_level),
        "url": f"https://airtable.com/{r.id}" if r.id is not None else None,
    }
    return make_workbook(values, raw)
