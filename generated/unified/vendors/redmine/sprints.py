"""Redmine sprints, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from unified_runtime.adapter_api.codecs import dates
from . import types
from ...models.sprints import Sprint, SprintFilters, SprintValues

GET_VERSIONS_BY_PROJECT = Endpoint(
    "getVersionsByProject", "GET", "/projects/{project_id}/versions.{format}", Retry.SAFE
)

DONE_READ: dict[Any, bool] = {"open": False, "locked": True, "closed": True}
make_sprint = record_factory(Sprint, "redmine", absent=("start_date",))

FIELDS: dict[str, str] = {"project_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: SprintFilters) -> Steps[Page[Sprint]]:
    """List sprints: GET /projects/{project_id}/versions.{format}."""
    project_id = input_validation.require("project_id", filters.project_id, "Redmine")
    response, raw = yield from fetch(
        GET_VERSIONS_BY_PROJECT,
        path=(input_validation.matching(project_id, "^[a-z0-9_-]+$", "project_id", "Redmine"), "json"),
        query=ctx.extra or None,
        schema=types.GetVersionsByProjectResponse,
    )
    items = response.versions or []
    records = [read_sprint(each, raw.at("versions", index)) for index, each in enumerate(items)]
    return Page(records)


def read_sprint(r: types.VersionSummary, raw: Raw) -> Sprint:
    """Read a unified Sprint from a version.summary of Redmine."""
    values: SprintValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "start_date": None,
        "due_date": dates.decode(r.due_date) if r.due_date is not None else None,
        "done": DONE_READ.get(r.status),
    }
    return make_sprint(values, raw)
