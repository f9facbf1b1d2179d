"""GitLab ci_runs, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.ci_runs import CiRun, CiRunFilters, CiRunValues

GET_API_V4_PROJECTS_ID_PIPELINES_PIPELINE_ID = Endpoint(
    "getApiV4ProjectsIdPipelinesPipelineId", "GET", "/api/v4/projects/{id}/pipelines/{pipeline_id}", Retry.SAFE
)
GET_API_V4_PROJECTS_ID_PIPELINES = Endpoint(
    "getApiV4ProjectsIdPipelines", "GET", "/api/v4/projects/{id}/pipelines", Retry.SAFE
)

STATUS_READ: dict[Any, Literal["queued", "running", "succeeded", "failed", "canceled", "skipped"]] = {
    "pending": "queued",
    "created": "queued",
    "waiting_for_resource": "queued",
    "preparing": "queued",
    "scheduled": "queued",
    "manual": "queued",
    "running": "running",
    "success": "succeeded",
    "failed": "failed",
    "canceled": "canceled",
    "skipped": "skipped",
}
make_ci_run = record_factory(CiRun, "gitlab")
PATTERN_ID_PIPELINE_ID = re.compile("([^:]+):(.+)")

FIELDS: dict[str, str] = {"id": "repository_id", "ref": "branch", "sha": "commit"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[CiRun]:
    """Read a CI run: GET /api/v4/projects/{id}/pipelines/{pipeline_id}."""
    id_, pipeline_id = input_validation.parts(PATTERN_ID_PIPELINE_ID, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_PIPELINES_PIPELINE_ID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(pipeline_id, "id", "GitLab"),
        ),
        schema=types.APIEntitiesCiPipelineBasic,
    )
    return read_ci_run(response, raw)


def list_(ctx: Context, filters: CiRunFilters) -> Steps[Page[CiRun]]:
    """List the CI runs of a repository: GET /api/v4/projects/{id}/pipelines."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.branch is not None:
        query["ref"] = input_validation.at_least(filters.branch, 1, "branch", "GitLab")
    if filters.commit is not None:
        query["sha"] = input_validation.at_least(filters.commit, 1, "commit", "GitLab")
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_PIPELINES,
        path=(input_validation.integer_id(filters.repository_id, "repository_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesCiPipelineBasic],
    )
    records = [read_ci_run(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_ci_run(r: types.APIEntitiesCiPipelineBasic, raw: Raw) -> CiRun:
    """Read a unified CiRun from an API_Entities_Ci_Pipeline of GitLab."""
    values: CiRunValues = {
        "id": responses.required(
            f"{r.project_id}:{r.id}" if r.project_id is not None and r.id is not None else None, "id", "GitLab"
        ),
        "name": r.name,
        "status": STATUS_READ.get(r.status),
        "status_label": r.status,
        "repository_id": str(r.project_id) if r.project_id is not None else None,
        "branch": r.ref,
        "commit": r.sha,
        "event": r.source,
        "url": r.web_url,
        "started_at": datetimes.decode(r.started_at) if r.started_at is not None else None,
        "ended_at": datetimes.decode(r.finished_at) if r.finished_at is not None else None,
    }
    return make_ci_run(values, raw)
