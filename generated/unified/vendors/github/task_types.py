"""GitHub task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified.models.task_types import TaskType, TaskTypeFilters, TaskTypeValues
from unified.vendors.github import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

REPOS_LIST_ISSUE_TYPES = Endpoint("repos/list-issue-types", "GET", "/repos/{owner}/{repo}/issue-types", Retry.SAFE)

make_task_type = maker(TaskType, "github", absent=("statuses",))
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /repos/{owner}/{repo}/issue-types."""
    project_id = inputs.require("project_id", filters.project_id, "GitHub")
    owner, repo = inputs.parts(PATTERN_OWNER_REPO, project_id, "project_id")
    answer, raw = yield from fetch(REPOS_LIST_ISSUE_TYPES, path=(owner, repo), reads=list[types.IssueType])
    records = [read_task_type(each, raw.at(index)) for index, each in enumerate(answer) if _is_task_type(each)]
    return Page(records)


def read_task_type(r: types.IssueType, raw: Raw) -> TaskType:
    """Read a unified TaskType from a issue-type of GitHub."""
    values: TaskTypeValues = {
        "id": answers.present(str(r.id) if r.id is not None else None, "id", "GitHub"),
        "name": r.name,
        "statuses": [],
    }
    return make_task_type(values, raw)


def _is_task_type(r: types.IssueType) -> bool:
    return r.is_enabled is not False
