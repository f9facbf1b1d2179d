"""Jira projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

GET_PROJECT = Endpoint("getProject", "GET", "/rest/api/3/project/{projectIdOrKey}", Retry.SAFE)
SEARCH_PROJECTS = Endpoint("searchProjects", "GET", "/rest/api/3/project/search", Retry.SAFE)

make_project = record_factory(Project, "jira")

FIELDS: dict[str, str] = {"projectIdOrKey": "id", "query": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /rest/api/3/project/{projectIdOrKey}."""
    response, raw = yield from fetch(GET_PROJECT, path=(id,), schema=types.Project)
    return read_project(ctx, response, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /rest/api/3/project/search."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"expand": "description", "maxResults": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["query"] = input_validation.at_least(filters.text, 1, "text", "Jira")
    query["startAt"] = start
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
        "archived": r.archived,
        "url": f"https://{ctx.connection['site']}.atlassian.net/browse/{r.key}" if r.key is not None else None,
    }
    return make_project(values, raw)
