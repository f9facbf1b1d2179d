"""Redmine projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.projects import Project, ProjectFilters, ProjectValues
from unified.vendors.redmine import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker, paging
from unified_runtime.query import redmine

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{project_id}.{format}", Retry.SAFE)
GET_PROJECTS = Endpoint("getProjects", "GET", "/projects.{format}", Retry.SAFE)

ARCHIVED_READ: dict[Any, bool] = {5: True, 9: True, 10: True, 1: False}
make_project = maker(Project, "redmine")

FIELDS: dict[str, str] = {"project_id": "id"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /projects/{project_id}.{format}."""
    answer, raw = yield from fetch(GET_PROJECT, path=(id, "json"), reads=types.GetProjectAnswer)
    record = answers.present(answer.project, "project", "Redmine")
    return read_project(ctx, record, raw.at("project"))


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /projects.{format}."""
    start = paging.number(ctx.cursor, 0)
    query: dict[str, Any] = {"limit": inputs.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["name"] = f"~{redmine.text(filters.text)}"
    query["offset"] = start
    answer, raw = yield from fetch(GET_PROJECTS, path=("json",), query=query, reads=types.GetProjectsAnswer)
    items = answer.projects or []
    records = [read_project(ctx, each, raw.at("projects", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=paging.after_offset(start, len(items), size=inputs.page_size(ctx.limit, 100), total=answer.total_count),
    )


def read_project(ctx: Context, r: types.Project, raw: Raw) -> Project:
    """Read a unified Project from a project of Redmine."""
    values: ProjectValues = {
        "id": answers.present(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "key": r.identifier,
        "description": r.description,
        "archived": ARCHIVED_READ.get(r.status),
        "url": f"{ctx.connection['url']}/projects/{r.identifier}" if r.identifier is not None else None,
    }
    return make_project(values, raw)
