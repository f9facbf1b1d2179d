"""Redmine projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.query import redmine
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

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{project_id}.{format}", Retry.SAFE)
CREATE_PROJECT = Endpoint("createProject", "POST", "/projects.{format}", Retry.NEVER)
UPDATE_PROJECT = Endpoint("updateProject", "PUT", "/projects/{project_id}.{format}", Retry.IDEMPOTENT)
ARCHIVE_PROJECT = Endpoint("archiveProject", "PUT", "/projects/{project_id}/archive.{format}", Retry.IDEMPOTENT)
UNARCHIVE_PROJECT = Endpoint("unarchiveProject", "PUT", "/projects/{project_id}/unarchive.{format}", Retry.IDEMPOTENT)
GET_PROJECTS = Endpoint("getProjects", "GET", "/projects.{format}", Retry.SAFE, query={"include": styles.COMMAS})

ARCHIVED_READ: dict[Any, bool] = {5: True, 9: True, 10: True, 1: False}
make_project = record_factory(Project, "redmine")
UPDATE_NEVER_CLEARED = ("name",)
UPDATE_PROJECT_SENDS = frozenset(("description", "name"))

FIELDS: dict[str, str] = {
    "project_id": "id",
    "project.name": "name",
    "project.identifier": "key",
    "project.description": "description",
    "project.parent_id": "parent_id",
    "name": "name",
    "identifier": "key",
    "description": "description",
    "parent_id": "parent_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "archive", "unarchive")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{project_id}.{format}."""
    response, raw = yield from fetch(
        GET_PROJECT,
        path=(input_validation.matching(id, "^[a-z0-9_-]+$", "id", "Redmine"), "json"),
        schema=types.GetProjectResponse,
    )
    record = responses.required(response.project, "project", "Redmine")
    return read_project(ctx, record, raw.at("project"))


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /projects.{format}."""
    key = input_validation.require("key", project.key, "Redmine")
    project_2: dict[str, Any] = {"name": project.name, "identifier": key}
    if project.description is not None:
        project_2["description"] = project.description
    if project.parent_id is not None:
        project_2["parent_id"] = input_validation.integer_id(project.parent_id, "parent_id", "Redmine")
    body: dict[str, Any] = {"project": project_2}
    body = input_validation.merge(body, ctx.extra, "Redmine")
    body = input_validation.default(body, {"project": {"is_public": False}})
    response, raw = yield from fetch(CREATE_PROJECT, path=("json",), json=body, schema=types.CreateProjectResponse)
    record = responses.required(response.project, "project", "Redmine")
    return read_project(ctx, record, raw.at("project"))


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description.

    In turn:
        PUT /projects/{project_id}.{format}, if needed
        GET /projects/{project_id}.{format}
    """
    given = input_validation.changes(project, ctx.extra, "Redmine")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Redmine")
    if given & UPDATE_PROJECT_SENDS or ctx.extra:
        project_2: dict[str, Any] = {}
        if project.name is not None:
            project_2["name"] = project.name
        if "description" in given:
            project_2["description"] = project.description
        body: dict[str, Any] = {}
        if project_2:
            body["project"] = project_2
        body = input_validation.merge(body, ctx.extra, "Redmine")
        yield from call(
            UPDATE_PROJECT, path=(input_validation.matching(id, "^[a-z0-9_-]+$", "id", "Redmine"), "json"), json=body
        )
    response, raw = yield from fetch(
        GET_PROJECT,
        path=(input_validation.matching(id, "^[a-z0-9_-]+$", "id", "Redmine"), "json"),
        schema=types.GetProjectResponse,
    )
    record = responses.required(response.project, "project", "Redmine")
    return read_project(ctx, record, raw.at("project"))


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: PUT /projects/{project_id}/archive.{format}."""
    yield from call(ARCHIVE_PROJECT, path=(input_validation.matching(id, "^[a-z0-9_-]+$", "id", "Redmine"), "json"))


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: PUT /projects/{project_id}/unarchive.{format}."""
    yield from call(UNARCHIVE_PROJECT, path=(input_validation.matching(id, "^[a-z0-9_-]+$", "id", "Redmine"), "json"))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /projects.{format}."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["name"] = f"~{redmine.text(filters.text)}"
    query["offset"] = start
    query = input_validation.merge(query, ctx.extra, "Redmine")
    response, raw = yield from fetch(GET_PROJECTS, path=("json",), query=query, schema=types.GetProjectsResponse)
    items = response.projects or []
    records = [read_project(ctx, each, raw.at("projects", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(
        records,
        cursor=pagination.after_offset(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
        ),
    )


def read_project(ctx: Context, r: types.Project, raw: Raw) -> Project:
    """Read a unified Project from a project of Redmine."""
    parent = r.parent or types.IdName()
    values: ProjectValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "key": r.identifier,
        "description": r.description,
        "parent_id": str(parent.id) if parent.id is not None else None,
        "archived": ARCHIVED_READ.get(r.status),
        "url": f"{ctx.connection['url']}/projects/{r.identifier}" if r.identifier is not None else None,
    }
    return make_project(values, raw)
