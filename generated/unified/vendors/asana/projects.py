"""Asana projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import (
    Project,
    ProjectArchive,
    ProjectCreate,
    ProjectFilters,
    ProjectUnarchive,
    ProjectUpdate,
    ProjectValues,
)

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{project_gid}", Retry.SAFE)
CREATE_PROJECT = Endpoint("createProject", "POST", "/projects", Retry.NEVER)
UPDATE_PROJECT = Endpoint("updateProject", "PUT", "/projects/{project_gid}", Retry.IDEMPOTENT)
GET_PROJECTS = Endpoint("getProjects", "GET", "/projects", Retry.SAFE)

make_project = record_factory(Project, "asana", absent=("key",))
SELECT = "gid,name,notes,team,archived,permalink_url"
CREATE_UNSUPPORTED = {"key": "Asana projects have no short name"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"project_gid": "id", "name": "name", "notes": "description", "team": "parent_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "archive", "unarchive")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{project_gid}."""
    response, raw = yield from fetch(
        GET_PROJECT, path=(id,), query={"opt_fields": SELECT}, schema=types.GetProjectResponse
    )
    record = responses.required(response.data, "data", "Asana")
    return read_project(record, raw.at("data"))


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /projects."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Asana")
    body: dict[str, Any] = {"workspace": ctx.connection["workspace"], "name": project.name}
    if project.description is not None:
        body["notes"] = project.description
    if project.parent_id is not None:
        body["team"] = project.parent_id
    body = input_validation.merge(body, ctx.extra, "Asana")
    response, raw = yield from fetch(
        CREATE_PROJECT, query={"opt_fields": SELECT}, json={"data": body}, schema=types.CreateProjectResponse
    )
    record = responses.required(response.data, "data", "Asana")
    return read_project(record, raw.at("data"))


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PUT /projects/{project_gid}."""
    given = input_validation.changes(project, ctx.extra, "Asana")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Asana")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["name"] = project.name
    if "description" in given:
        body["notes"] = "" if project.description is None else project.description
    body = input_validation.merge(body, ctx.extra, "Asana")
    response, raw = yield from fetch(
        UPDATE_PROJECT,
        path=(id,),
        query={"opt_fields": SELECT},
        json={"data": body},
        schema=types.UpdateProjectResponse,
    )
    record = responses.required(response.data, "data", "Asana")
    return read_project(record, raw.at("data"))


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: PUT /projects/{project_gid}."""
    body: dict[str, Any] = {"archived": True}
    yield from call(UPDATE_PROJECT, path=(id,), json={"data": body})


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: PUT /projects/{project_gid}."""
    body: dict[str, Any] = {"archived": False}
    yield from call(UPDATE_PROJECT, path=(id,), json={"data": body})


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /projects."""
    query: dict[str, Any] = {
        "workspace": ctx.connection["workspace"],
        "opt_fields": SELECT,
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Asana")
    response, raw = yield from fetch(GET_PROJECTS, query=query, schema=types.GetProjectsResponse)
    items = response.data or []
    records = [read_project(each, raw.at("data", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    next_page = response.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page.offset))


def read_project(r: types.ProjectCompact, raw: Raw) -> Project:
    """Read a unified Project from a ProjectResponse of Asana."""
    team = r.team or types.TeamCompact()
    values: ProjectValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "name": r.name,
        "key": None,
        "description": r.notes,
        "parent_id": team.gid,
        "archived": r.archived,
        "url": r.permalink_url,
    }
    return make_project(values, raw)
