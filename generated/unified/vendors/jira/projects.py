"""Jira projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
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

GET_PROJECT = Endpoint("getProject", "GET", "/rest/api/3/project/{projectIdOrKey}", Retry.SAFE)
GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/rest/api/3/myself", Retry.SAFE)
CREATE_PROJECT = Endpoint("createProject", "POST", "/rest/api/3/project", Retry.NEVER)
UPDATE_PROJECT = Endpoint("updateProject", "PUT", "/rest/api/3/project/{projectIdOrKey}", Retry.IDEMPOTENT)
ARCHIVE_PROJECT = Endpoint("archiveProject", "POST", "/rest/api/3/project/{projectIdOrKey}/archive", Retry.NEVER)
RESTORE = Endpoint("restore", "POST", "/rest/api/3/project/{projectIdOrKey}/restore", Retry.NEVER)
SEARCH_PROJECTS = Endpoint("searchProjects", "GET", "/rest/api/3/project/search", Retry.SAFE)

make_project = record_factory(Project, "jira", absent=("parent_id",))
CREATE_UNSUPPORTED = {"parent_id": "Jira projects have a category, but no parent"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {
    "projectIdOrKey": "id",
    "name": "name",
    "key": "key",
    "description": "description",
    "query": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /rest/api/3/project/{projectIdOrKey}."""
    response, raw = yield from fetch(GET_PROJECT, path=(id,), schema=types.Project)
    return read_project(ctx, response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project.

    In turn:
        GET /rest/api/3/myself
        POST /rest/api/3/project
        GET /rest/api/3/project/{projectIdOrKey}
    """
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Jira")
    key = input_validation.require("key", project.key, "Jira")
    me = yield from call(GET_CURRENT_USER, schema=types.User, save_as="me")
    body: dict[str, Any] = {
        "name": project.name,
        "key": input_validation.bounded(key, "key", "Jira", min_length=2, max_length=10, pattern="^[A-Z][A-Z0-9]+$"),
    }
    if me.account_id is not None:
        body["leadAccountId"] = me.account_id
    if project.description is not None:
        body["description"] = project.description
    body = input_validation.merge(body, ctx.extra, "Jira")
    body = input_validation.default(body, {"projectTypeKey": "software"})
    created = yield from call(CREATE_PROJECT, json=body, schema=types.ProjectIdentifiers, save_as="created")
    yield CreatedRecord(created.key)
    response, raw = yield from fetch(GET_PROJECT, path=(created.key,), schema=types.Project)
    return read_project(ctx, response, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PUT /rest/api/3/project/{projectIdOrKey}."""
    given = input_validation.changes(project, ctx.extra, "Jira")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Jira")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["name"] = project.name
    if "description" in given:
        body["description"] = "" if project.description is None else project.description
    body = input_validation.merge(body, ctx.extra, "Jira")
    response, raw = yield from fetch(UPDATE_PROJECT, path=(id,), json=body, schema=types.Project)
    return read_project(ctx, response, raw)


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: POST /rest/api/3/project/{projectIdOrKey}/archive."""
    yield from call(ARCHIVE_PROJECT, path=(id,))


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: POST /rest/api/3/project/{projectIdOrKey}/restore."""
    yield from call(RESTORE, path=(id,))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /rest/api/3/project/search."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"expand": "description", "maxResults": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["query"] = input_validation.at_least(filters.text, 1, "text", "Jira")
    query["startAt"] = start
    query = input_validation.merge(query, ctx.extra, "Jira")
    response, raw = yield from fetch(SEARCH_PROJECTS, query=query, schema=types.PageBeanProject)
    items = response.values or []
    records = [read_project(ctx, each, raw.at("values", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_offset(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total
        ),
    )


def read_project(ctx: Context, r: types.Project, raw: Raw) -> Project:
    """Read a unified Project from a Project of Jira."""
    values: ProjectValues = {
        "id": responses.required(r.key, "id", "Jira"),
        "name": r.name,
        "key": r.key,
        "description": r.description,
        "parent_id": None,
        "archived": r.archived,
        "url": f"https://{ctx.connection['site']}.atlassian.net/browse/{r.key}" if r.key is not None else None,
    }
    return make_project(values, raw)
