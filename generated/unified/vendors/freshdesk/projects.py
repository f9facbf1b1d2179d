"""Freshdesk projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectCreate, ProjectFilters, ProjectUpdate, ProjectValues

CREATE_GROUP = Endpoint("createGroup", "POST", "/groups", Retry.NEVER)
GET_GROUP = Endpoint("getGroup", "GET", "/groups/{group_id}", Retry.SAFE)
LIST_GROUPS = Endpoint("listGroups", "GET", "/groups", Retry.SAFE)
UPDATE_GROUP = Endpoint("updateGroup", "PUT", "/groups/{group_id}", Retry.IDEMPOTENT)

make_project = record_factory(Project, "freshdesk", absent=("key", "parent_id", "archived", "url"))
CREATE_UNSUPPORTED = {"key": "Freshdesk groups have no short name", "parent_id": "Freshdesk groups have no parent"}
UPDATE_NEVER_CLEARED = ("name",)
UPDATE_GROUP_SENDS = frozenset(("description",))

FIELDS: dict[str, str] = {"name": "name", "description": "description", "group_id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "archive": "Freshdesk groups can be deleted, not archived",
    "unarchive": "Freshdesk groups can be deleted, not archived",
}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /groups."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Freshdesk")
    body: dict[str, Any] = {"name": project.name}
    if project.description is not None:
        body["description"] = project.description
    body = input_validation.merge(body, ctx.extra, "Freshdesk")
    response, raw = yield from fetch(CREATE_GROUP, json=body, schema=types.Group)
    return read_project(response, raw)


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /groups/{group_id}."""
    response, raw = yield from fetch(
        GET_GROUP, path=(input_validation.integer_id(id, "id", "Freshdesk"),), schema=types.Group
    )
    return read_project(response, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /groups."""
    response, raw = yield from fetch(
        LIST_GROUPS,
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.Group],
    )
    records = [read_project(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(records, cursor=pagination.link_header(raw))


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description.

    One of:
        PUT /groups/{group_id}
        GET /groups/{group_id}, then PUT /groups/{group_id}, if needed
    """
    given = input_validation.changes(project, ctx.extra, "Freshdesk")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Freshdesk")
    if project.name is not None:
        body: dict[str, Any] = {"name": project.name}
        if "description" in given:
            body["description"] = "" if project.description is None else project.description
        body = input_validation.merge(body, ctx.extra, "Freshdesk")
        response, raw = yield from fetch(
            UPDATE_GROUP, path=(input_validation.integer_id(id, "id", "Freshdesk"),), json=body, schema=types.Group
        )
        return read_project(response, raw)
    found: tuple[types.Group, Raw] | None = None
    before = yield from call(
        GET_GROUP,
        path=(input_validation.integer_id(id, "id", "Freshdesk"),),
        schema=types.ProjectsGroup,
        save_as="before",
    )
    if given & UPDATE_GROUP_SENDS or ctx.extra:
        body_2: dict[str, Any] = {}
        if before.name is not None:
            body_2["name"] = before.name
        if "description" in given:
            body_2["description"] = "" if project.description is None else project.description
        body_2 = input_validation.merge(body_2, ctx.extra, "Freshdesk")
        response_2, raw = yield from fetch(
            UPDATE_GROUP, path=(input_validation.integer_id(id, "id", "Freshdesk"),), json=body_2, schema=types.Group
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "Freshdesk")
    return read_project(record, raw)


def read_project(r: types.Group, raw: Raw) -> Project:
    """Read a unified Project from a Group of Freshdesk."""
    values: ProjectValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Freshdesk"),
        "name": r.name,
        "key": None,
        "description": r.description,
        "parent_id": None,
        "archived": None,
        "url": None,
    }
    return make_project(values, raw)
