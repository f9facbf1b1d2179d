"""GitHub task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

ORGS_LIST_ISSUE_FIELDS = Endpoint("orgs/list-issue-fields", "GET", "/orgs/{org}/issue-fields", Retry.SAFE)

CUSTOM_READ: dict[Any, bool] = {}
make_task_field = record_factory(TaskField, "github", absent=("required",))
LIST_UNSUPPORTED = {"type": "the issue fields of a GitHub organization apply to all issue types"}
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /orgs/{org}/issue-fields."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "GitHub")
    project_id = input_validation.require("project_id", filters.project_id, "GitHub")
    owner, _repo = input_validation.parts(PATTERN_OWNER_REPO, project_id, "project_id")
    response, raw = yield from fetch(ORGS_LIST_ISSUE_FIELDS, path=(owner,), schema=list[types.IssueField])
    records = [read_task_field(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def _read_choice(r: types.IssueFieldOptions) -> Choice:
    return Choice(id=str(r.id) if r.id is not None else None, name=r.name, value=r.name)


def read_task_field(r: types.IssueField, raw: Raw) -> TaskField:
    """Read a unified TaskField from an issue-field of GitHub."""
    values: TaskFieldValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitHub"),
        "name": r.name,
        "required": None,
        "custom": CUSTOM_READ.get(r.data_type, True),
        "kind": r.data_type,
        "choices": [_read_choice(each) for each in r.options or ()],
    }
    return make_task_field(values, raw)
