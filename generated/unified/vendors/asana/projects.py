"""Asana projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{project_gid}", Retry.SAFE)
GET_PROJECTS = Endpoint("getProjects", "GET", "/projects", Retry.SAFE)

make_project = record_factory(Project, "asana", absent=("key",))
SELECT = "gid,name,notes,archived,permalink_url"

FIELDS: dict[str, str] = {"project_gid": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{project_gid}."""
    response, raw = yield from fetch(
        GET_PROJECT, path=(id,), query={"opt_fields": SELECT}, schema=types.GetProjectResponse
    )
    record = responses.required(response.data, "data", "Asana")
    return read_project(record, raw.at("data"))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /projects."""
    query: dict[str, Any] = {
        "workspace": ctx.connection["workspace"],
        "opt_fields": SELECT,
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
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
    values: ProjectValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "name": r.name,
        "key": None,
        "description": r.notes,
        "archived": r.archived,
        "url": r.permalink_url,
    }
    return make_project(values, raw)
