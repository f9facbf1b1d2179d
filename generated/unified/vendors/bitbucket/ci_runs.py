"""Bitbucket ci_runs, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.ci_runs import CiRun, CiRunFilters, CiRunValues

GET_PIPELINE_FOR_REPOSITORY = Endpoint(
    "getPipelineForRepository", "GET", "/repositories/{workspace}/{repo_slug}/pipelines/{pipeline_uuid}", Retry.SAFE
)
GET_PIPELINES_FOR_REPOSITORY = Endpoint(
    "getPipelinesForRepository", "GET", "/repositories/{workspace}/{repo_slug}/pipelines", Retry.SAFE
)

make_ci_run = record_factory(CiRun, "bitbucket")
PATTERN_WORKSPACE_REPO_SLUG_PIPELINE_UUID = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_WORKSPACE_REPO_SLUG = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"target.branch": "branch", "target.commit.hash": "commit"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[CiRun]:
    """Read a CI run: GET /repositories/{workspace}/{repo_slug}/pipelines/{pipeline_uuid}."""
    workspace, repo_slug, pipeline_uuid = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_PIPELINE_UUID, id, "id")
    response, raw = yield from fetch(
        GET_PIPELINE_FOR_REPOSITORY, path=(workspace, repo_slug, pipeline_uuid), schema=types.CiRunsObject4
    )
    return read_ci_run(response, raw, workspace=workspace, repo_slug=repo_slug)


def list_(ctx: Context, filters: CiRunFilters) -> Steps[Page[CiRun]]:
    """List the CI runs of a repository: GET /repositories/{workspace}/{repo_slug}/pipelines."""
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"sort": "created_on", "pagelen": input_validation.page_size(ctx.limit, 100)}
    if filters.branch is not None:
        query["target.branch"] = input_validation.at_least(filters.branch, 1, "branch", "Bitbucket")
    if filters.commit is not None:
        query["target.commit.hash"] = input_validation.at_least(filters.commit, 1, "commit", "Bitbucket")
    query = input_validation.merge(query, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        GET_PIPELINES_FOR_REPOSITORY,
        path=(workspace, repo_slug),
        query=pagination.page_query(query, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedPipelines,
    )
    items = response.values or []
    records = [
        read_ci_run(each, raw.at("values", index), workspace=workspace, repo_slug=repo_slug)
        for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.next))


def _read_status(
    state_name: Any, state_result_name: Any
) -> Literal["queued", "running", "succeeded", "failed", "canceled", "skipped"] | None:
    if state_name == "PENDING":
        return "queued"
    if state_name == "IN_PROGRESS":
        return "running"
    if state_name == "COMPLETED" and state_result_name == "SUCCESSFUL":
        return "succeeded"
    if state_name == "COMPLETED" and state_result_name in ("FAILED", "ERROR", "EXPIRED"):
        return "failed"
    if state_name == "COMPLETED" and state_result_name == "STOPPED":
        return "canceled"
    return None


def read_ci_run(r: types.CiRunsObject4, raw: Raw, *, workspace: str, repo_slug: str) -> CiRun:
    """Read a unified CiRun from a pipeline of Bitbucket."""
    target = r.target or types.CiRunsObject()
    selector = target.selector or types.PipelineSelector()
    state = r.state or types.CiRunsObject2()
    result = state.result or types.ObjectResult()
    commit = target.commit or types.Object()
    trigger = r.trigger or types.CiRunsObject3()
    values: CiRunValues = {
        "id": responses.required(
            f"{workspace}/{repo_slug}:{r.uuid}" if r.uuid is not None else None, "id", "Bitbucket"
        ),
        "name": selector.pattern,
        "status": _read_status(state.name, result.name),
        "status_label": state.name,
        "repository_id": f"{workspace}/{repo_slug}",
        "branch": target.ref_name,
        "commit": commit.hash,
        "event": trigger.type,
        "url": f"https://bitbucket.org/{workspace}/{repo_slug}/pipelines/results/{r.build_number}"
        if r.build_number is not None
        else None,
        "started_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
        "ended_at": datetimes.decode(r.completed_on) if r.completed_on is not None else None,
    }
    return make_ci_run(values, raw)
