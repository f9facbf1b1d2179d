"""Jira projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.projects import Project, ProjectFilters, ProjectValues
from unified.vendors.jira import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker, paging

GET_PROJECT = Endpoint("getProject", "GET", "/rest/api/3/project/{projectIdOrKey}", Retry.SAFE)
SEARCH_PROJECTS = Endpoint("searchProjects", "GET", "/rest/api/3/project/search", Retry.SAFE)

make_project = maker(Project, "jira")

FIELDS: dict[str, str] = {"projectIdOrKey": "id", "query": "text"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /rest/api/3/project/{projectIdOrKey}."""
    answer, raw = yield from fetch(GET_PROJECT, path=(id,), reads=types.Project)
    return read_project(ctx, answer, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /rest/api/3/project/search."""
    start = paging.number(ctx.cursor, 0)
    query: dict[str, Any] = {"expand": "description", "maxResults": inputs.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["query"] = inputs.at_least(filters.text, 1, "text", "Jira")
    query["startAt"] = start
    answer, raw = yield from fetch(SEARCH_PROJECTS, query=query, reads=types.PageBeanProject)
    items = answer.values or []
    records = [read_project(ctx, each, raw.at("values", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=paging.after_offset(start, len(items), size=inputs.page_size(ctx.limit, 100), total=answer.total),
    )


def read_project(ctx: Context, r: types.Project, raw: Raw) -> Project:
    """Read a unified Project from a Project of Jira."""
    values: ProjectValues = {
        "id": answers.present(r.key, "id", "Jira"),
        "name": r.name,
        "key": r.key,
        "description": r.description,
        "archived": r.archived,
        "url": f"https://{ctx.connection['site']}.atlassian.net/browse/{r.key}" if r.key is not None else None,
    }
    return make_project(values, raw)
