"""Redmine projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.query import redmine
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{project_id}.{format}", Retry.SAFE)
GET_PROJECTS = Endpoint("getProjects", "GET", "/projects.{format}", Retry.SAFE)

ARCHIVED_READ: dict[Any, bool] = {5: True, 9: True, 10: True, 1: False}
make_project = record_factory(Project, "redmine")

FIELDS: dict[str, str] = {"project_id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{project_id}.{format}."""
    response, raw = yield from fetch(GET_PROJECT, path=(id, "json"), schema=types.GetProjectResponse)
    record = responses.required(response.project, "project", "Redmine")
    return read_project(ctx, record, raw.at("project"))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /projects.{format}."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["name"] = f"~{redmine.text(filters.text)}"
    query["offset"] = start
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
    values: ProjectValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "key": r.identifier,
        "description": r.description,
        "archived": ARCHIVED_READ.get(r.status),
        "url": f"{ctx.connection['url']}/projects/{r.identifier}" if r.identifier is not None else None,
    }
    return make_project(values, raw)
