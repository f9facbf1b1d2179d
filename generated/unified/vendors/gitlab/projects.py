"""GitLab projects, compiled from its mapping. Written by `gen build`; do not edit."""

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

GET_API_V4_PROJECTS_ID = Endpoint("getApiV4ProjectsId", "GET", "/api/v4/projects/{id}", Retry.SAFE)
POST_API_V4_PROJECTS = Endpoint("postApiV4Projects", "POST", "/api/v4/projects", Retry.NEVER)
PUT_API_V4_PROJECTS_ID = Endpoint("putApiV4ProjectsId", "PUT", "/api/v4/projects/{id}", Retry.IDEMPOTENT)
POST_API_V4_PROJECTS_ID_ARCHIVE = Endpoint(
    "postApiV4ProjectsIdArchive", "POST", "/api/v4/projects/{id}/archive", Retry.NEVER
)
POST_API_V4_PROJECTS_ID_UNARCHIVE = Endpoint(
    "postApiV4ProjectsIdUnarchive", "POST", "/api/v4/projects/{id}/unarchive", Retry.NEVER
)
GET_API_V4_PROJECTS = Endpoint("getApiV4Projects", "GET", "/api/v4/projects", Retry.SAFE)

make_project = record_factory(Project, "gitlab")
CREATE_UNSUPPORTED = {"key": "GitLab derives the path of a project from its name"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {
    "id": "id",
    "name": "name",
    "description": "description",
    "namespace_id": "parent_id",
    "search": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /api/v4/projects/{id}."""
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID, path=(input_validation.integer_id(id, "id", "GitLab"),), schema=types.APIEntitiesProject
    )
    return read_project(response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /api/v4/projects."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "GitLab")
    body: dict[str, Any] = {"name": project.name}
    if project.description is not None:
        body["description"] = project.description
    if project.parent_id is not None:
        body["namespace_id"] = input_validation.integer_id(project.parent_id, "parent_id", "GitLab")
    body = input_validation.merge(body, ctx.extra, "GitLab")
    body = input_validation.default(body, {"visibility": "private"})
    response, raw = yield from fetch(POST_API_V4_PROJECTS, json=body, schema=types.APIEntitiesProject)
    return read_project(response, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PUT /api/v4/projects/{id}."""
    given = input_validation.changes(project, ctx.extra, "GitLab")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "GitLab")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["name"] = project.name
    if "description" in given:
        body["description"] = "" if project.description is None else project.description
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        PUT_API_V4_PROJECTS_ID,
        path=(input_validation.integer_id(id, "id", "GitLab"),),
        json=body,
        schema=types.APIEntitiesProject,
    )
    return read_project(response, raw)


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: POST /api/v4/projects/{id}/archive."""
    yield from call(POST_API_V4_PROJECTS_ID_ARCHIVE, path=(input_validation.integer_id(id, "id", "GitLab"),))


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: POST /api/v4/projects/{id}/unarchive."""
    yield from call(POST_API_V4_PROJECTS_ID_UNARCHIVE, path=(input_validation.integer_id(id, "id", "GitLab"),))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /api/v4/projects."""
    query: dict[str, Any] = {
        "membership": True,
        "search_namespaces": True,
        "per_page": input_validation.page_size(ctx.limit, 100),
    }
    if filters.text is not None:
        query["search"] = input_validation.at_least(filters.text, 1, "text", "GitLab")
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS,
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesProject],
    )
    records = [read_project(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_project(r: types.APIEntitiesProject, raw: Raw) -> Project:
    """Read a unified Project from an API_Entities_Project of GitLab."""
    namespace = r.namespace or types.APIEntitiesProjectNamespace()
    values: ProjectValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitLab"),
        "name": r.name,
        "key": r.path_with_namespace,
        "description": r.description,
        "parent_id": str(namespace.id) if namespace.id is not None else None,
        "archived": r.archived,
        "url": r.web_url,
    }
    return make_project(values, raw)
