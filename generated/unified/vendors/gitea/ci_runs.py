"""Gitea ci_runs, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.ci_runs import CiRun, CiRunFilters, CiRunValues

GET_WORKFLOW_RUN = Endpoint("GetWorkflowRun", "GET", "/repos/{owner}/{repo}/actions/runs/{run}", Retry.SAFE)
GET_WORKFLOW_RUNS = Endpoint("getWorkflowRuns", "GET", "/repos/{owner}/{repo}/actions/runs", Retry.SAFE)

make_ci_run = record_factory(CiRun, "gitea")
PATTERN_OWNER_REPO_RUN = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"branch": "branch", "head_sha": "commit"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[CiRun]:
    """Read a CI run: GET /repos/{owner}/{repo}/actions/runs/{run}."""
    owner, repo, run = input_validation.parts(PATTERN_OWNER_REPO_RUN, id, "id")
    response, raw = yield from fetch(GET_WORKFLOW_RUN, path=(owner, repo, run), schema=types.ActionWorkflowRun)
    return read_ci_run(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: CiRunFilters) -> Steps[Page[CiRun]]:
    """List the CI runs of a repository: GET /repos/{owner}/{repo}/actions/runs."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 50)}
    if filters.branch is not None:
        query["branch"] = input_validation.at_least(filters.branch, 1, "branch", "Gitea")
    if filters.commit is not None:
        query["head_sha"] = input_validation.at_least(filters.commit, 1, "commit", "Gitea")
    query = input_validation.merge(query, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        GET_WORKFLOW_RUNS,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=types.ActionWorkflowRunsResponse,
    )
    items = response.workflow_runs or []
    records = [
        read_ci_run(each, raw.at("workflow_runs", index), owner=owner, repo=repo) for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.link_header(raw))


def _read_status(
    status: Any, conclusion: Any
) -> Literal["queued", "running", "succeeded", "failed", "canceled", "skipped"] | None:
    if status in ("queued", "waiting"):
        return "queued"
    if status == "in_progress":
        return "running"
    if status == "completed" and conclusion == "success":
        return "succeeded"
    if status == "completed" and conclusion == "failure":
        return "failed"
    if status == "completed" and conclusion == "cancelled":
        return "canceled"
    if status == "completed" and conclusion == "skipped":
        return "skipped"
    return None


def read_ci_run(r: types.ActionWorkflowRun, raw: Raw, *, owner: str, repo: str) -> CiRun:
    """Read a unified CiRun from an ActionWorkflowRun of Gitea."""
    values: CiRunValues = {
        "id": responses.required(f"{owner}/{repo}:{r.id}" if r.id is not None else None, "id", "Gitea"),
        "name": r.display_title,
        "status": _read_status(r.status, r.conclusion),
        "status_label": r.status,
        "repository_id": f"{owner}/{repo}",
        "branch": r.head_branch,
        "commit": r.head_sha,
        "event": r.event,
        "url": r.html_url,
        "started_at": datetimes.decode(r.started_at) if r.started_at is not None else None,
        "ended_at": datetimes.decode(r.completed_at) if r.completed_at is not None else None,
    }
    return make_ci_run(values, raw)
