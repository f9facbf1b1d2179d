"""Google Tasks projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectCreate, ProjectFilters, ProjectUpdate, ProjectValues

TASKS_TASKLISTS_GET = Endpoint("tasks.tasklists.get", "GET", "/tasks/v1/users/@me/lists/{tasklist}", Retry.SAFE)
TASKS_TASKLISTS_INSERT = Endpoint("tasks.tasklists.insert", "POST", "/tasks/v1/users/@me/lists", Retry.NEVER)
TASKS_TASKLISTS_PATCH = Endpoint("tasks.tasklists.patch", "PATCH", "/tasks/v1/users/@me/lists/{tasklist}", Retry.NEVER)
TASKS_TASKLISTS_LIST = Endpoint("tasks.tasklists.list", "GET", "/tasks/v1/users/@me/lists", Retry.SAFE)

make_project = record_factory(Project, "google-tasks", absent=("key", "description", "parent_id", "archived", "url"))
SELECT = "id,title"
CREATE_UNSUPPORTED = {
    "key": "a task list of Google Tasks has only a title",
    "description": "a task list of Google Tasks has only a title",
    "parent_id": "a task list of Google Tasks has only a title",
}
UPDATE_UNSUPPORTED = {"description": "a task list of Google Tasks has only a title"}
UPDATE_NEVER_CLEARED = ("name",)
SELECT_2 = "items(id,title),nextPageToken"

FIELDS: dict[str, str] = {"tasklist": "id", "title": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "archive": "Google Tasks cannot archive a task list",
    "unarchive": "Google Tasks cannot archive a task list",
}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /tasks/v1/users/@me/lists/{tasklist}."""
    response, raw = yield from fetch(TASKS_TASKLISTS_GET, path=(id,), query={"fields": SELECT}, schema=types.TaskList)
    return read_project(response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /tasks/v1/users/@me/lists."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Google Tasks")
    body: dict[str, Any] = {"title": project.name}
    body = input_validation.merge(body, ctx.extra, "Google Tasks")
    response, raw = yield from fetch(TASKS_TASKLISTS_INSERT, query={"fields": SELECT}, json=body, schema=types.TaskList)
    return read_project(response, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PATCH /tasks/v1/users/@me/lists/{tasklist}."""
    input_validation.reject_unsupported(project, UPDATE_UNSUPPORTED, "Google Tasks", clears=True)
    given = input_validation.changes(project, ctx.extra, "Google Tasks")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Google Tasks")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["title"] = project.name
    body = input_validation.merge(body, ctx.extra, "Google Tasks")
    response, raw = yield from fetch(
        TASKS_TASKLISTS_PATCH, path=(id,), query={"fields": SELECT}, json=body, schema=types.TaskList
    )
    return read_project(response, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /tasks/v1/users/@me/lists."""
    query: dict[str, Any] = {"fields": SELECT_2, "maxResults": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    response, raw = yield from fetch(TASKS_TASKLISTS_LIST, query=query, schema=types.TaskLists)
    items = response.items or []
    records = [read_project(each, raw.at("items", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.next_page_token))


def read_project(r: types.TaskList, raw: Raw) -> Project:
    """Read a unified Project from a TaskList of Google Tasks."""
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "Google Tasks"),
        "name": r.title,
        "key": None,
        "description": None,
        "parent_id": None,
        "archived": None,
        "url": None,
    }
    return make_project(values, raw)
