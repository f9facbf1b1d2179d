"""Todoist projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectArchive, ProjectCreate, ProjectFilters, ProjectUpdate, ProjectValues

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{id}", Retry.SAFE)
CREATE_PROJECT = Endpoint("createProject", "POST", "/projects", Retry.NEVER)
UPDATE_PROJECT = Endpoint("updateProject", "POST", "/projects/{id}", Retry.NEVER)
ARCHIVE_PROJECT = Endpoint("archiveProject", "POST", "/projects/{id}/archive", Retry.NEVER)
LIST_PROJECTS = Endpoint("listProjects", "GET", "/projects", Retry.SAFE)

make_project = record_factory(Project, "todoist", absent=("key",))
CREATE_UNSUPPORTED = {
    "key": "Todoist projects have no short name",
    "description": "the Todoist API cannot set the description of a project; write it in Todoist",
}
UPDATE_UNSUPPORTED = {"description": "the Todoist API cannot set the description of a project; write it in Todoist"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"id": "id", "name": "name", "parent_id": "parent_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"unarchive": "the Todoist API has no operation that restores a project"}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{id}."""
    response, raw = yield from fetch(GET_PROJECT, path=(id,), schema=types.Project)
    return read_project(response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /projects."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Todoist")
    body: dict[str, Any] = {"name": project.name}
    if project.parent_id is not None:
        body["parent_id"] = project.parent_id
    body = input_validation.merge(body, ctx.extra, "Todoist")
    response, raw = yield from fetch(CREATE_PROJECT, json=body, schema=types.Project)
    return read_project(response, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: POST /projects/{id}."""
    input_validation.reject_unsupported(project, UPDATE_UNSUPPORTED, "Todoist", clears=True)
    given = input_validation.changes(project, ctx.extra, "Todoist")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Todoist")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["name"] = project.name
    body = input_validation.merge(body, ctx.extra, "Todoist")
    response, raw = yield from fetch(UPDATE_PROJECT, path=(id,), json=body, schema=types.Project)
    return read_project(response, raw)


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: POST /projects/{id}/archive."""
    yield from call(ARCHIVE_PROJECT, path=(id,))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /projects."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    response, raw = yield from fetch(LIST_PROJECTS, query=query, schema=types.ListProjectsResponse)
    items = response.results or []
    records = [read_project(each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.next_cursor))


def read_project(r: types.Project, raw: Raw) -> Project:
    """Read a unified Project from a Project of Todoist."""
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "Todoist"),
        "name": r.name,
        "key": None,
        "description": r.description,
        "parent_id": r.parent_id,
        "archived": r.is_archived,
        "url": f"https://app.todoist.com/app/project/{r.id}" if r.id is not None else None,
    }
    return make_project(values, raw)
