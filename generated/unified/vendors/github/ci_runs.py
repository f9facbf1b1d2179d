"""GitHub ci_runs, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.ci_runs import CiRun, CiRunFilters, CiRunValues

ACTIONS_GET_WORKFLOW_RUN = Endpoint(
    "actions/get-workflow-run", "GET", "/repos/{owner}/{repo}/actions/runs/{run_id}", Retry.SAFE
)
ACTIONS_LIST_WORKFLOW_RUNS_FOR_REPO = Endpoint(
    "actions/list-workflow-runs-for-repo", "GET", "/repos/{owner}/{repo}/actions/runs", Retry.SAFE
)

make_ci_run = record_factory(CiRun, "github", absent=("ended_at",))
PATTERN_OWNER_REPO_RUN_ID = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"branch": "branch", "head_sha": "commit"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[CiRun]:
    """Read a CI run: GET /repos/{owner}/{repo}/actions/runs/{run_id}."""
    owner, repo, run_id = input_validation.parts(PATTERN_OWNER_REPO_RUN_ID, id, "id")
    response, raw = yield from fetch(
        ACTIONS_GET_WORKFLOW_RUN,
        path=(owner, repo, input_validation.integer_id(run_id, "id", "GitHub")),
        schema=types.WorkflowRun,
    )
    return read_ci_run(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: CiRunFilters) -> Steps[Page[CiRun]]:
    """List the CI runs of a repository: GET /repos/{owner}/{repo}/actions/runs."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.branch is not None:
        query["branch"] = input_validation.at_least(filters.branch, 1, "branch", "GitHub")
    if filters.commit is not None:
        query["head_sha"] = input_validation.at_least(filters.commit, 1, "commit", "GitHub")
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        ACTIONS_LIST_WORKFLOW_RUNS_FOR_REPO,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=types.ActionsListWorkflowRunsForRepoResponse,
    )
    items = response.workflow_runs or []
    records = [
        read_ci_run(each, raw.at("workflow_runs", index), owner=owner, repo=repo) for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.link_header(raw))


def _read_status(
    status: Any, conclusion: Any
) -> Literal["queued", "running", "succeeded", "failed", "canceled", "skipped"] | None:
    if status in ("queued", "requested", "waiting", "pending"):
        return "queued"
    if status == "in_progress":
        return "running"
    if status == "completed" and conclusion in ("success", "neutral"):
        return "succeeded"
    if status == "completed" and conclusion in ("failure", "timed_out", "startup_failure", "action_required", "stale"):
        return "failed"
    if status == "completed" and conclusion == "cancelled":
        return "canceled"
    if status == "completed" and conclusion == "skipped":
        return "skipped"
    return None


def read_ci_run(r: types.WorkflowRun, raw: Raw, *, owner: str, repo: str) -> CiRun:
    """Read a unified CiRun from a workflow-run of GitHub."""
    values: CiRunValues = {
        "id": responses.required(f"{owner}/{repo}:{r.id}" if r.id is not None else None, "id", "GitHub"),
        "name": r.name,
        "status": _read_status(r.status, r.conclusion),
        "status_label": r.status,
        "repository_id": f"{owner}/{repo}",
        "branch": r.head_branch,
        "commit": r.head_sha,
        "event": r.event,
        "url": r.html_url,
        "started_at": datetimes.decode(r.run_started_at) if r.run_started_at is not None else None,
        "ended_at": None,
    }
    return make_ci_run(values, raw)
