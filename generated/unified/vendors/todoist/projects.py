"""Todoist projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{id}", Retry.SAFE)
LIST_PROJECTS = Endpoint("listProjects", "GET", "/projects", Retry.SAFE)

make_project = record_factory(Project, "todoist", absent=("key",))

FIELDS: dict[str, str] = {"id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{id}."""
    response, raw = yield from fetch(GET_PROJECT, path=(id,), schema=types.Project)
    return read_project(response, raw)


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
        "archived": r.is_archived,
        "url": f"https://app.todoist.com/app/project/{r.id}" if r.id is not None else None,
    }
    return make_project(values, raw)
