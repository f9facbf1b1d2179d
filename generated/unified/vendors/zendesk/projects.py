"""Zendesk projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

SHOW_GROUP_BY_ID = Endpoint("ShowGroupById", "GET", "/api/v2/groups/{group_id}", Retry.SAFE)
LIST_GROUPS = Endpoint("ListGroups", "GET", "/api/v2/groups", Retry.SAFE)

make_project = record_factory(Project, "zendesk", absent=("key", "url"))

FIELDS: dict[str, str] = {"group_id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /api/v2/groups/{group_id}."""
    response, raw = yield from fetch(
        SHOW_GROUP_BY_ID, path=(input_validation.integer_id(id, "id", "Zendesk"),), schema=types.GroupResponse
    )
    record = responses.required(response.group, "group", "Zendesk")
    return read_project(record, raw.at("group"))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /api/v2/groups."""
    query: dict[str, Any] = {"page[size]": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    response, raw = yield from fetch(LIST_GROUPS, query=query, schema=types.GroupsResponse)
    items = response.groups or []
    records = [read_project(each, raw.at("groups", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    meta = response.meta or types.GroupsResponseMeta()
    return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)


def read_project(r: types.GroupObject, raw: Raw) -> Project:
    """Read a unified Project from a GroupObject of Zendesk."""
    values: ProjectValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "name": r.name,
        "key": None,
        "description": r.description,
        "archived": r.deleted,
        "url": None,
    }
    return make_project(values, raw)
