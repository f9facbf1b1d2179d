"""GitHub task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_types import TaskType, TaskTypeFilters, TaskTypeValues

REPOS_LIST_ISSUE_TYPES = Endpoint("repos/list-issue-types", "GET", "/repos/{owner}/{repo}/issue-types", Retry.SAFE)

make_task_type = record_factory(TaskType, "github", absent=("statuses",))
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /repos/{owner}/{repo}/issue-types."""
    project_id = input_validation.require("project_id", filters.project_id, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, project_id, "project_id")
    response, raw = yield from fetch(REPOS_LIST_ISSUE_TYPES, path=(owner, repo), schema=list[types.IssueType])
    records = [read_task_type(each, raw.at(index)) for index, each in enumerate(response) if _is_task_type(each)]
    return Page(records)


def read_task_type(r: types.IssueType, raw: Raw) -> TaskType:
    """Read a unified TaskType from an issue-type of GitHub."""
    values: TaskTypeValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitHub"),
        "name": r.name,
        "statuses": [],
    }
    return make_task_type(values, raw)


def _is_task_type(r: types.IssueType) -> bool:
    return r.is_enabled is not False
