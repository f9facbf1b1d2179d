"""Smartsheet workbooks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.workbooks import Workbook, WorkbookFilters, WorkbookValues

GET_WORKSPACE = Endpoint("get-workspace", "GET", "/workspaces/{workspaceId}", Retry.SAFE)
LIST_WORKSPACES = Endpoint("list-workspaces", "GET", "/workspaces", Retry.SAFE)

ACCESS_READ: dict[Any, Literal["none", "read", "comment", "write", "manage"]] = {
    "VIEWER": "read",
    "COMMENTER": "comment",
    "EDITOR": "write",
    "EDITOR_SHARE": "write",
    "ADMIN": "manage",
    "OWNER": "manage",
}
make_workbook = record_factory(Workbook, "smartsheet")

FIELDS: dict[str, str] = {"workspaceId": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Workbook]:
    """Read a workbook: GET /workspaces/{workspaceId}."""
    response, raw = yield from fetch(
        GET_WORKSPACE, path=(input_validation.integer_id(id, "id", "Smartsheet"),), schema=types.WorkspaceListing
    )
    return read_workbook(response, raw)


def list_(ctx: Context, filters: WorkbookFilters) -> Steps[Page[Workbook]]:
    """List workbooks: GET /workspaces."""
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {"pageSize": input_validation.page_size(ctx.limit, 100)}
    query["page"] = start
    query = input_validation.merge(query, ctx.extra, "Smartsheet")
    response, raw = yield from fetch(LIST_WORKSPACES, query=query, schema=types.WorkbooksIndexResult)
    items = response.data or []
    records = [read_workbook(each, raw.at("data", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
        ),
    )


def read_workbook(r: types.WorkspaceListing, raw: Raw) -> Workbook:
    """Read a unified Workbook from a WorkspaceListing of Smartsheet."""
    values: WorkbookValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Smartsheet"),
        "name": r.name,
        "access": ACCESS_READ.get(r.access_level),
        "url": r.permalink,
    }
    return make_workbook(values, raw)
