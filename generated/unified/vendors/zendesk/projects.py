"""Zendesk projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectCreate, ProjectFilters, ProjectUpdate, ProjectValues

SHOW_GROUP_BY_ID = Endpoint("ShowGroupById", "GET", "/api/v2/groups/{group_id}", Retry.SAFE)
CREATE_GROUP = Endpoint("CreateGroup", "POST", "/api/v2/groups", Retry.NEVER)
UPDATE_GROUP = Endpoint("UpdateGroup", "PUT", "/api/v2/groups/{group_id}", Retry.IDEMPOTENT)
LIST_GROUPS = Endpoint("ListGroups", "GET", "/api/v2/groups", Retry.SAFE)

make_project = record_factory(Project, "zendesk", absent=("key", "parent_id", "url"))
CREATE_UNSUPPORTED = {"key": "Zendesk groups have no short name", "parent_id": "Zendesk groups have no parent"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {
    "group_id": "id",
    "group.name": "name",
    "group.description": "description",
    "name": "name",
    "description": "description",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "archive": "Zendesk groups can be deleted, but not restored",
    "unarchive": "Zendesk groups can be deleted, but not restored",
}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /api/v2/groups/{group_id}."""
    response, raw = yield from fetch(
        SHOW_GROUP_BY_ID, path=(input_validation.integer_id(id, "id", "Zendesk"),), schema=types.GroupResponse
    )
    record = responses.required(response.group, "group", "Zendesk")
    return read_project(record, raw.at("group"))


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /api/v2/groups."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Zendesk")
    group: dict[str, Any] = {"name": project.name}
    if project.description is not None:
        group["description"] = project.description
    body: dict[str, Any] = {"group": group}
    body = input_validation.merge(body, ctx.extra, "Zendesk")
    response, raw = yield from fetch(CREATE_GROUP, json=body, schema=types.GroupResponse)
    record = responses.required(response.group, "group", "Zendesk")
    return read_project(record, raw.at("group"))


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PUT /api/v2/groups/{group_id}."""
    given = input_validation.changes(project, ctx.extra, "Zendesk")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Zendesk")
    group: dict[str, Any] = {}
    if project.name is not None:
        group["name"] = project.name
    if "description" in given:
        group["description"] = "" if project.description is None else project.description
    body: dict[str, Any] = {}
    if group:
        body["group"] = group
    body = input_validation.merge(body, ctx.extra, "Zendesk")
    response, raw = yield from fetch(
        UPDATE_GROUP, path=(input_validation.integer_id(id, "id", "Zendesk"),), json=body, schema=types.GroupResponse
    )
    record = responses.required(response.group, "group", "Zendesk")
    return read_project(record, raw.at("group"))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /api/v2/groups."""
    query: dict[str, Any] = {"page[size]": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Zendesk")
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
        "parent_id": None,
        "archived": r.deleted,
        "url": None,
    }
    return make_project(values, raw)
